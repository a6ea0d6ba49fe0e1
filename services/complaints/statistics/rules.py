"""What a matter counts as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.policy.calendar import is_working_day

Matter = Literal["case", "lead", "term"]
Dimension = Literal["month", "district", "department", "kind", "enterprise"]
NONE: Final = "-"
"""The enterprise of a matter that names none."""

LONGEST: Final = 400
"""Working days beyond which a step is counted as this long."""
ONE_DAY: Final = dt.timedelta(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How one matter counts: where, how it stands, and how many working days each step took."""

    matter: Matter
    month: str
    district: str
    department: str
    kind: str
    enterprise: str
    outcome: str
    steps: Mapping[str, int]

    @property
    def cell(self) -> str:
        return "|".join((self.matter, self.month, self.district, self.department, self.kind, self.enterprise))

    @property
    def names(self) -> list[str]:
        """The counters of the cell that it is counted in, each once."""
        return [f"outcome:{self.outcome}", *(f"step:{name}:{days}" for name, days in sorted(self.steps.items()))]


def working_days(first: dt.date, last: dt.date) -> int:
    """Working days from one day to another, the first not counted."""
    count, day = 0, first
    while day < last and count < LONGEST:
        day += ONE_DAY
        count += is_working_day(day)
    return count


def percentile(histogram: Mapping[int, int], percent: int) -> int:
    """The smallest number of days within which that share of the steps was taken."""
    whole, seen = sum(histogram.values()), 0
    for days in sorted(histogram):
        seen += histogram[days]
        if 100 * seen >= percent * whole:
            return days
    raise ValueError("there is no step to take a percentile of")
