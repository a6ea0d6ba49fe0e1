"""What an enterprise is, and which delivery class holds from which day, out of declarations that may come in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from shared.contracts.platform import DeliveryClass
from shared.contracts.registry import EnterpriseKind
from shared.errors import RuleBroken
from shared.policy.calendar import SHANGHAI

UNDECLARED: Final[DeliveryClass] = "a"
"""The class of a platform that declares none: part of the outside contract."""

MOST_DAYS: Final = 4000
"""On how many different days an enterprise may declare itself: ours, not the law's."""

KINDS: Final[tuple[EnterpriseKind, ...]] = ("platform", "partner", "dispatch_agency")


class Declared(NamedTuple):
    """A class declared on a legal day, and the instant of that declaration."""

    day: dt.date
    delivery_class: DeliveryClass
    declared_at: dt.datetime


def declare(
    history: Iterable[Declared], delivery_class: DeliveryClass | None, declared_at: dt.datetime
) -> list[Declared]:
    """The history with one more declaration, by day: the latest one of a day holds for it.

    Raises `RuleBroken` where it is of too many days.
    """
    fresh = Declared(declared_at.astimezone(SHANGHAI).date(), delivery_class or UNDECLARED, declared_at)
    by_day = {kept.day: kept for kept in history}
    kept = by_day.get(fresh.day)
    if kept is None or kept.declared_at <= fresh.declared_at:
        by_day[fresh.day] = fresh
    if len(by_day) > MOST_DAYS:
        raise RuleBroken(
            "too-many-declarations",
            f"企业申报的日期不能超过{MOST_DAYS}个",
            f"declarations of more than {MOST_DAYS} days",
        )
    return [by_day[day] for day in sorted(by_day)]


def changes(history: Sequence[Declared]) -> tuple[tuple[dt.date, DeliveryClass], ...]:
    """The days on which the class changes, the earliest declaration first."""
    found: list[tuple[dt.date, DeliveryClass]] = []
    for declared in history:
        if not found or found[-1][1] != declared.delivery_class:
            found.append((declared.day, declared.delivery_class))
    return tuple(found)


def kinds(filed: Collection[EnterpriseKind], *, pushes: bool) -> tuple[EnterpriseKind, ...]:
    """What an enterprise is: as an officer has filed it, and a platform wherever it pushes a profile."""
    return tuple(kind for kind in KINDS if kind in filed or (kind == "platform" and pushes))
