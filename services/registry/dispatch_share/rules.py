"""The share of the dispatched among the people of an employer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from shared.contracts.platform import Relation
from shared.policy.parameters import Law


class Work(NamedTuple):
    """One person's work through an employer's platform, on both legal days and between.

    `footings`: by the day from which each holds, the earliest first.
    """

    worker_id: str
    footings: tuple[tuple[dt.date, Relation], ...]
    dispatched: bool
    partner_uscc: str | None
    started_on: dt.date
    ended_on: dt.date | None

    def employed(self, day: dt.date) -> bool:
        """Whether it stands on a labour contract with the employer itself, by the footing that holds on a day."""
        begun = [relation for since, relation in self.footings if since <= day]
        return self.partner_uscc is None and begun[-1:] == ["employment"]


@dataclass(frozen=True, slots=True)
class Share:
    """The dispatched among an employer's people, in persons; the limit in per cent."""

    dispatched: int
    employed: int
    limit: Decimal

    @property
    def percent(self) -> Decimal:
        """Of a hundred people, to one decimal; 0 where there are none."""
        total = self.dispatched + self.employed
        exact = Decimal(100 * self.dispatched) / total if total else Decimal(0)
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def exceeded(self) -> bool:
        return 100 * self.dispatched > self.limit * (self.dispatched + self.employed)


def share(people: Iterable[Work], day: dt.date, law: Law) -> Share:
    """The dispatch share of an employer on a legal day (劳务派遣暂行规定 art. 4).

    All people are those with a labour contract of its own and those dispatched to it. Whoever works for a partner in another
    way is the partner's; a person with several engagements counts once, as dispatched where any of them is.
    """
    there = [work for work in people if work.started_on <= day and (work.ended_on is None or day <= work.ended_on)]
    dispatched = {work.worker_id for work in there if work.dispatched}
    own = {work.worker_id for work in there if work.employed(day)}
    return Share(len(dispatched), len(own - dispatched), law.amount("dispatch.max_percent"))
