"""Why a cooperation is refused, and what says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.registry.cooperations import rules
from services.registry.cooperations.rules import Form, Lack
from services.registry.enterprises.documents import Enterprise
from services.registry.licences.rules import NAMES
from services.registry.restrictions.documents import Restriction
from services.registry.restrictions.rules import stops
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law, MissingParameter
from shared.storage.transaction import Transaction

SOURCE = "德人社发〔2022〕95号 （三）"


async def check_on_file(platform: str, partner: str, form: Form, tx: Transaction) -> tuple[Enterprise, Enterprise]:
    """Platform and partner; raises RuleBroken where either side is not on file as what it has to be."""
    if platform == partner:
        raise RuleBroken("same-enterprise", "平台与合作企业不能为同一企业", "a platform is no partner of its own")
    found = await Enterprise.of(platform, tx)
    if found is None or "platform" not in found.kinds:
        raise RuleBroken("platform-not-on-file", "该平台企业未登记", "the platform is not on file as one")
    kind = rules.PARTNER_KIND[form]
    other = await Enterprise.of(partner, tx)
    if other is None or kind not in other.kinds:
        zh = "合作企业未登记" if form == "outsourcing" else "劳务派遣单位未登记"
        raise RuleBroken("partner-not-on-file", zh, f"the partner is not on file as a {kind.replace('_', ' ')}")
    return found, other


async def check_unrestricted(platform: str, partner: str, days: Iterable[dt.date], tx: Transaction) -> None:
    """Raise RuleBroken where either side is kept from new cooperations on any of these legal days."""
    for kind, zh, uscc in (("platform", "平台企业", platform), ("partner", "合作企业", partner)):
        restrictions = await Restriction.stops_of(uscc, tx)
        for day in sorted(days):
            if not stops(restrictions, "market_access", day):
                continue
            until = max(one.last for one in restrictions if one.holds(day))
            raise RuleBroken(
                f"{kind}-restricted",
                f"{zh}因失信被限制市场准入，至{until}止，不得新建立合作",
                f"the {kind} is kept from new cooperations until {until}",
                until=str(until),
                day=str(day),
                source="保障农民工工资支付条例 第48条",
            )


def unlicensed(lack: Lack, law: Law) -> RuleBroken:
    """The refusal that names each licence that the partner lacks on the first day, and what demands it."""
    sources = {used.key: used.source for used in law.used}
    missing = [
        {
            "kind": kind,
            "name": NAMES[kind][0],
            "name_en": NAMES[kind][1],
            "source": sources[f"licence.{kind}"],
        }
        for kind in lack.kinds
    ]
    zh = "、".join(NAMES[kind][0] for kind in lack.kinds)
    en = ", ".join(NAMES[kind][1] for kind in lack.kinds)
    return RuleBroken(
        "partner-unlicensed",
        f"合作企业在{law.day}不具备：{zh}",
        f"on {law.day} the partner lacks: {en}",
        day=str(law.day),
        missing=missing,
        source=SOURCE,
    )


def overlapping(cooperation_id: str) -> Conflict:
    return Conflict(
        "cooperation-on-file",
        "该合作在此期间已登记",
        "on file for some of these days",
        cooperation_id=cooperation_id,
    )


def not_known(missing: MissingParameter) -> RuleBroken:
    """The law of the first day is not known here: an officer has to look."""
    return RuleBroken(
        "law-not-known",
        "该日期适用的许可要求尚未收录，请联系人社部门",
        "what was demanded on that day is not known here; ask the labour department",
        parameter=missing.key,
        day=str(missing.day),
    )
