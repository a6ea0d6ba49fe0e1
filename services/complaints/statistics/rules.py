"""What a matter counts as, and which cells of a table would show a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
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


def shown(cells: Sequence[Sequence[int]], smallest: int) -> list[list[int | None]]:
    """A table with its totals, without what would show a person: the last row and the last column are totals.

    A cell below `smallest`, but for 0, is left out. Of every row and column further ones are, the smallest first, until what is
    left out of it cannot be told from the rest: at least two cells, that come to `smallest` together.
    """
    rows = [[*row, sum(row)] for row in cells]
    rows.append([sum(column) for column in zip(*rows, strict=True)] if rows else [])
    tall, wide = len(rows), len(rows[0]) if rows else 0
    out = {(r, c) for r in range(tall) for c in range(wide) if 0 < rows[r][c] < smallest}
    lines = [[(r, c) for c in range(wide)] for r in range(tall)] + [[(r, c) for r in range(tall)] for c in range(wide)]
    while True:
        before = len(out)
        for line in lines:
            hidden = [place for place in line if place in out]
            while hidden and (len(hidden) == 1 or _inner(hidden, rows, line) < smallest):
                left = [place for place in line if place not in out and rows[place[0]][place[1]] > 0]
                if not left:
                    break
                # a total is left out only where nothing else is there to leave out
                nearest = min(left, key=lambda place: (place == line[-1], rows[place[0]][place[1]], place))
                out.add(nearest)
                hidden.append(nearest)
        if len(out) == before:
            return [[None if (r, c) in out else rows[r][c] for c in range(wide)] for r in range(tall)]


def _inner(hidden: Sequence[tuple[int, int]], rows: Sequence[Sequence[int]], line: Sequence[tuple[int, int]]) -> int:
    """What is left out of a line comes to this, without its total."""
    return sum(rows[r][c] for r, c in hidden if (r, c) != line[-1])
