"""Facts as other services and platforms tell them; every number in them is made up."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from shared.contracts.platform import (
    Component,
    Deduction,
    Industry,
    OrderFinished,
    Relation,
    SettlementPaid,
    platform_source,
)
from shared.contracts.registry import EngagementFact
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI

PLATFORM = "91510600MA0000001E"
SOURCE = platform_source(PLATFORM)

E = TypeVar("E", bound=EngagementFact)


def engagement(
    fact: type[E],
    worker_id: str,
    worker_ref: str,
    *,
    version: int = 1,
    industry: Industry = "instant_delivery",
    engagement_id: str | None = None,
    relation: Relation = "self_employed",
    started_on: dt.date = dt.date(2026, 8, 1),
    **more: Any,
) -> E:
    return fact(
        engagement_id=engagement_id or f"engagement-of-{worker_ref}",
        version=version,
        worker_id=worker_id,
        platform=PLATFORM,
        worker_ref=worker_ref,
        industry=industry,
        relation=relation,
        started_on=started_on,
        ended_on=None,
        district="510603",
        agreement=None,
        partner_uscc=None,
        dispatched=False,
        happened_at=dt.datetime(2026, 8, 1, 8, version, tzinfo=SHANGHAI),
        **more,
    )


def order(
    worker_ref: str, hour: int, hours: int = 1, *, day: int = 3, month: int = 9, order_id: str | None = None
) -> OrderFinished:
    taken_at = dt.datetime(2026, month, day, hour, tzinfo=SHANGHAI)
    return OrderFinished(
        order_id=order_id or new_id(),
        worker_ref=worker_ref,
        industry="instant_delivery",
        taken_at=taken_at,
        finished_at=taken_at + dt.timedelta(hours=hours),
        district="510681",
        fee="8.00",
    )


def settlement(
    worker_ref: str,
    gross: str,
    *,
    settlement_id: str | None = None,
    deductions: tuple[tuple[str, str], ...] = (),
    first: dt.date = dt.date(2026, 9, 1),
    last: dt.date = dt.date(2026, 9, 15),
    components: tuple[tuple[str, str], ...] = (),
    net: str | None = None,
    paid_on: dt.date | None = None,
    replaces: str | None = None,
) -> SettlementPaid:
    return SettlementPaid(
        settlement_id=settlement_id or new_id(),
        worker_ref=worker_ref,
        period_start=first,
        period_end=last,
        orders=1,
        gross=gross,
        deductions=tuple(Deduction(kind=kind, amount=amount) for kind, amount in deductions),
        net=gross if net is None else net,
        due_on=last,
        paid_on=paid_on or last,
        components=tuple(Component(kind=kind, amount=amount) for kind, amount in components),
        replaces=replaces,
    )
