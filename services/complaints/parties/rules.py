"""On which footing a platform's worker works on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.contracts.platform import Relation

_PROTECTS: Final[tuple[Relation, ...]] = ("employment", "partial", "self_employed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """The footing of a worker from a day to a day, which is None while it goes on. `part_time`: employment by the hour
    (劳动合同法 art. 68), as the platform has declared it. `parties`: who works for whom; None where nobody asks."""

    first: dt.date
    last: dt.date | None
    relation: Relation
    part_time: bool = False
    parties: str | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def held_on(footings: Sequence[Footing], day: dt.date) -> Footing | None:
    """What holds on a day: of several footings the one that began last, of equals the one that protects most; None where none
    is known."""
    covering = [one for one in footings if one.covers(day)]
    order = {relation: -place for place, relation in enumerate(_PROTECTS)}
    return max(covering, key=lambda one: (one.first, order[one.relation]), default=None)


def footing_on(footings: Sequence[Footing], day: dt.date) -> Relation | None:
    """The footing on a day; None where none is known."""
    held = held_on(footings, day)
    return None if held is None else held.relation
