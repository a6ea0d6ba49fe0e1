"""An accident reported by the worker, or for them by next of kin or a union, in one step with photos."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.insurance.claims import commands, photos
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import RuleBroken
from services.insurance.claims.steps import By
from services.insurance.footing.documents import Footing
from shared.contracts.insurance import Reporter
from shared.policy import calendar
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Kin:
    """The next of kin who reports: the relation to the worker, name and phone."""

    relation: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Account:
    """A platform's account of the worker, with the order under way at the moment asked for, if there was one."""

    platform: str
    worker_ref: str
    worker_id: str | None
    order_id: str | None
    taken_at: dt.datetime | None


async def report(
    asked: commands.Report, reporter: Reporter, kin: Kin | None, pictures: Sequence[bytes], by: By, tx: Transaction
) -> Claim:
    """Open a claim for a person who is named by `worker_id`, or by a platform's account. Photos are kept with it."""
    if asked.occurred_at > by.at:
        raise RuleBroken("in-the-future", "事故时间不能晚于当前时间", "the accident lies in the future")
    photos.check(pictures)
    accounts = await _accounts(asked, tx)
    account = accounts[0]
    filled = replace(
        asked,
        platform=account.platform,
        worker_ref=account.worker_ref,
        worker_id=asked.worker_id or account.worker_id,
        order_id=account.order_id,
        kin=json.dumps(_kin(kin), ensure_ascii=False) if kin else None,
        other_platforms=tuple(one.platform for one in accounts[1:] if one.order_id is not None),
    )
    claim = await commands.open_claim(filled, reporter, by, tx)
    await photos.keep(claim, pictures, None, by.role, tx)
    await claim.put(tx)
    return claim


def _kin(kin: Kin) -> dict[str, str]:
    return {"relation": kin.relation, "name": kin.name, "phone": kin.phone}


async def _accounts(asked: commands.Report, tx: Transaction) -> list[Account]:
    """The accounts that the accident may belong to, the likeliest first.

    The one whose order was under way; of several the one taken first, and an officer judges of the others. Where there
    is none, the only engagement of that day, or the platform that the reporter names.
    """
    if asked.worker_id is None:
        return [Account(asked.platform, asked.worker_ref, None, asked.order_id, None)]
    day = calendar.shanghai_date(asked.occurred_at)
    query = {"worker_id": asked.worker_id} | ({"platform": asked.platform} if asked.platform else {})
    footings = [
        footing
        for footing in await tx.find(Footing, query)
        if footing.started_on <= day and (footing.ended_on is None or day <= footing.ended_on)
    ]
    accounts = [await _account(footing, asked) for footing in footings]
    under_way = sorted((one for one in accounts if one.taken_at), key=lambda one: str(one.taken_at))
    if under_way:
        return under_way
    if not accounts:
        raise RuleBroken(
            "no-engagement", "未查到事故当日的用工关系，请联系人社部门", "no engagement on that day was found"
        )
    if len({one.platform for one in accounts}) > 1:
        platforms = sorted({one.platform for one in accounts})
        raise RuleBroken("platform-unclear", "请指明事故涉及的平台", "say which platform it was", platforms)
    return accounts[:1]


async def _account(footing: Footing, asked: commands.Report) -> Account:
    at = asked.occurred_at
    orders = await commands.orders_around(footing.platform, footing.worker_ref, at)
    under_way = {
        order_id: taken_at for order_id, (taken_at, finished_at) in orders.items() if taken_at <= at <= finished_at
    }
    order_id = min(under_way, key=lambda one: under_way[one], default=None)
    taken_at = under_way[order_id] if order_id else None
    return Account(footing.platform, footing.worker_ref, footing.worker_id, order_id, taken_at)


def reporter_of(role: str, by_kin: bool) -> Reporter:
    """Who is said to report: kin cannot log in, and speak through an officer or a union."""
    if role == "worker":
        return "worker"
    return "kin" if by_kin else "union" if role == "union" else "worker"
