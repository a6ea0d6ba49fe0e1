"""What a credit listing stops, from when until when (保障农民工工资支付条例 art. 48).

`listed` is a word whose last day is still to come or is today, `listed_late` one whose last day is over already. The first
word may be any of complaints', since they may come in any order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.contracts.registry import RestrictedField
from shared.states import Machine

State = Literal["in_force", "expired", "delisted", "withdrawn"]
Event = Literal["listed", "listed_late", "delisted", "expired", "withdrawn"]

MOVES: Final[Mapping[tuple[State | None, Event], State]] = {
    (None, "listed"): "in_force",
    (None, "listed_late"): "expired",
    (None, "delisted"): "delisted",
    ("in_force", "listed"): "in_force",
    ("in_force", "listed_late"): "expired",
    ("in_force", "delisted"): "delisted",
    ("in_force", "expired"): "expired",
    ("in_force", "withdrawn"): "withdrawn",
    ("expired", "listed"): "in_force",
    ("expired", "listed_late"): "expired",
    ("expired", "delisted"): "delisted",
    ("delisted", "listed"): "delisted",
    ("delisted", "listed_late"): "delisted",
    ("delisted", "delisted"): "delisted",
    ("withdrawn", "listed"): "withdrawn",
    ("withdrawn", "listed_late"): "withdrawn",
    ("withdrawn", "delisted"): "withdrawn",
}

STATES: Machine[State | None, Event, State] = Machine(
    "restriction", MOVES, kind="restriction-state", zh="该限制已经解除"
)

WORDS: Final[Mapping[RestrictedField, tuple[str, str]]] = {
    "government_funds": ("政府资金支持", "support from public funds"),
    "procurement": ("政府采购", "government procurement"),
    "bidding": ("招标投标", "bidding for contracts"),
    "credit": ("融资贷款", "financing and loans"),
    "market_access": ("市场准入，包括新的合作用工", "access to markets, new cooperations with platforms among it"),
    "tax_preference": ("税收优惠", "tax preferences"),
    "awards": ("评优评先", "awards and honours"),
    "travel": ("交通出行", "travel"),
}
"""What each field stops, in Chinese and English, after the list of 保障农民工工资支付条例 art. 48."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Fields that are stopped from one legal day to another, both included; nothing is where `last` lies before `first`."""

    fields: tuple[RestrictedField, ...]
    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def last_day(until: dt.date, delisted_on: dt.date | None, withdrawn_on: dt.date | None) -> dt.date:
    """The last day that a restriction stops anything: the listing's, unless it was delisted or withdrawn earlier.

    It still holds on the day of delisting, which is the listing's last; on the day of its withdrawal it holds no more.
    """
    ends = [until]
    if delisted_on is not None:
        ends.append(delisted_on)
    if withdrawn_on is not None:
        ends.append(withdrawn_on - dt.timedelta(days=1))
    return min(ends)


def stops(restrictions: Iterable[Stop], field: RestrictedField, day: dt.date) -> bool:
    """Whether any of an enterprise's restrictions stops it from something on a legal day."""
    return any(field in stop.fields and stop.holds(day) for stop in restrictions)
