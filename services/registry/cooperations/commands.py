"""Record cooperations, end them, and examine them again when a partner's licences change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from services.registry.cooperations import rules
from services.registry.cooperations.documents import Cooperation
from services.registry.cooperations.refusals import (
    check_on_file,
    check_unrestricted,
    not_known,
    overlapping,
    unlicensed,
)
from services.registry.cooperations.rules import Form
from services.registry.dispatch_share.commands import watch
from services.registry.licences.documents import Licence
from services.registry.licences.rules import Held
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import (
    CooperationEnded,
    CooperationFields,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
)
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.identity.regions import CITY
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law, MissingParameter, parameters
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

LAST_DAY = TimerKind("registry.cooperation_last_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A cooperation as both sides agreed on it."""

    platform: str
    partner: str
    form: Form
    industry: Industry
    district: str
    starts_on: dt.date
    ends_on: dt.date | None


async def record(agreed: Agreed, caller: Caller, tx: Transaction) -> Cooperation:
    """Put a cooperation on file, if the partner may enter into it on its first day; raises Forbidden, Conflict or RuleBroken."""
    _check_caller(agreed.platform, agreed.district, caller)
    if agreed.ends_on is not None and agreed.ends_on < agreed.starts_on:
        raise RuleBroken("ends-before-it-begins", "终止日期早于开始日期", "the last day lies before the first")
    platform, partner = await check_on_file(agreed.platform, agreed.partner, agreed.form, tx)
    # nobody gets past a listing by dating a cooperation before it; that one is older, an officer may record
    days = {agreed.starts_on}
    if caller.role == "platform":
        days.add(max(agreed.starts_on, shanghai_date(clock.now())))
    await check_unrestricted(agreed.platform, agreed.partner, days, tx)
    held = [licence.held for licence in await Licence.of_enterprise(agreed.partner, tx)]
    cooperation = Cooperation(**asdict(agreed), recorded_by=caller.subject)
    law = _law(cooperation, agreed.starts_on)
    try:
        lack = rules.lack(agreed.form, agreed.industry, held, agreed.starts_on, agreed.starts_on, law)
    except MissingParameter as missing:
        raise not_known(missing) from None
    if lack is not None:
        raise unlicensed(lack, law)
    for other in await _of_partner(agreed.partner, tx):
        if _same(other, agreed) and rules.overlap(agreed.starts_on, agreed.ends_on, other.starts_on, other.ends_on):
            raise overlapping(other.id)
    await partner.put(tx)
    await platform.put(tx)  # so that neither is restricted beside it
    cooperation.used = list(law.used)
    tx.publish(CooperationRecorded(**_fields(cooperation)))
    await _settle(cooperation, held, shanghai_date(clock.now()), tx)
    return cooperation


async def end(cooperation_id: str, ends_on: dt.date, caller: Caller, seen: int, tx: Transaction) -> Cooperation:
    """Name a cooperation's last day, which is never later than one named before; raises a problem where that cannot be."""
    cooperation = await Cooperation.of(cooperation_id, tx)
    if cooperation is None or not may_see(cooperation, caller):
        raise NotFound("该合作", "this cooperation")
    _check_caller(cooperation.platform, cooperation.district, caller)
    require_revision(seen, cooperation.revision)
    if cooperation.state == "ended":
        raise Conflict("cooperation-state", "该合作已终止", "the cooperation has ended already")
    if not cooperation.starts_on <= ends_on <= (cooperation.ends_on or dt.date.max):
        raise RuleBroken(
            "outside-cooperation",
            "终止日期应在合作期内；延长合作请另行登记",
            "a day of the cooperation; what goes on longer is a new cooperation",
        )
    cooperation.ends_on = ends_on
    tx.publish(CooperationRecorded(**_fields(cooperation)))
    held = [licence.held for licence in await Licence.of_enterprise(cooperation.partner, tx)]
    await _settle(cooperation, held, shanghai_date(clock.now()), tx)
    return cooperation


async def end_if_over(cooperation_id: str, tx: Transaction) -> None:
    """End a cooperation whose last day is over; any other stays as it is."""
    cooperation, today = await Cooperation.of(cooperation_id, tx), shanghai_date(clock.now())
    if cooperation is None or cooperation.state == "ended" or not _over(cooperation, today):
        return
    _end(cooperation, tx)
    await cooperation.put(tx)


async def examine(partner: str, held: Sequence[Held], today: dt.date, tx: Transaction) -> None:
    """Look again at every cooperation of a partner, now that its licences are others."""
    for cooperation in await _of_partner(partner, tx):
        if cooperation.state != "ended":
            before = cooperation.lack
            _stand(cooperation, held, today, tx)
            if cooperation.lack != before:
                await cooperation.put(tx)


def may_see(cooperation: Cooperation, caller: Caller) -> bool:
    """An officer of its district (of any, where it is the whole city's), the platform, or the partner."""
    if caller.role == "platform":
        return caller.uscc in (cooperation.platform, cooperation.partner)
    return caller.role == "officer" and (cooperation.district == CITY or caller.reaches(cooperation.district))


async def _settle(cooperation: Cooperation, held: Sequence[Held], today: dt.date, tx: Transaction) -> None:
    if _over(cooperation, today):
        _end(cooperation, tx)
        tx.cancel(LAST_DAY, cooperation.id)
    else:
        _stand(cooperation, held, today, tx)
        if cooperation.ends_on is not None:
            tx.schedule(LAST_DAY, cooperation.id, end_of_day(cooperation.ends_on))
        if cooperation.form == "dispatch":
            await watch(cooperation.platform, tx)
    await cooperation.put(tx)


def _stand(cooperation: Cooperation, held: Sequence[Held], today: dt.date, tx: Transaction) -> None:
    day, before = max(today, cooperation.starts_on), cooperation.lack
    law = _law(cooperation, day)
    lack = rules.lack(cooperation.form, cooperation.industry, held, day, cooperation.starts_on, law)
    if lack == before:
        return
    cooperation.state = rules.STATES.next(cooperation.state, "lose" if lack else "regain")
    cooperation.missing = list(lack.kinds) if lack else []
    cooperation.unlicensed_since = lack.since if lack else None
    cooperation.used = list(law.used)
    if lack:
        tx.publish(CooperationUnlicensed(**_fields(cooperation), since=lack.since, missing=lack.kinds))
    else:
        tx.publish(CooperationRelicensed(**_fields(cooperation)))


def _end(cooperation: Cooperation, tx: Transaction) -> None:
    cooperation.state = rules.STATES.next(cooperation.state, "end")
    tx.publish(CooperationEnded(**_fields(cooperation)))


def _over(cooperation: Cooperation, today: dt.date) -> bool:
    return cooperation.ends_on is not None and cooperation.ends_on < today


def _law(cooperation: Cooperation, day: dt.date) -> Law:
    return parameters.on(day, place=cooperation.district, industry=cooperation.industry, platform=cooperation.platform)


def _check_caller(platform: str, district: str, caller: Caller) -> None:
    if caller.role == "platform" and caller.uscc == platform:
        return
    if not caller.reaches(district):
        raise Forbidden()


def _same(cooperation: Cooperation, agreed: Agreed) -> bool:
    return all(getattr(cooperation, name) == getattr(agreed, name) for name in ("platform", "form", "industry"))


async def _of_partner(partner: str, tx: Transaction) -> list[Cooperation]:
    return await tx.find(Cooperation, {"partner": partner}, sort="_id")


def _fields(cooperation: Cooperation) -> CooperationFields:
    return {
        "cooperation_id": cooperation.id,
        "platform": cooperation.platform,
        "partner": cooperation.partner,
        "form": cooperation.form,
        "industry": cooperation.industry,
        "starts_on": cooperation.starts_on,
        "ends_on": cooperation.ends_on,
        "licensed": cooperation.lack is None,
        "district": cooperation.district,
    }
