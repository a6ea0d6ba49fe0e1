"""What a matter counts as, and what of the counts is shown.

Whoever reads a table again and again could tell from the difference of two who has come in between, though each by itself shows
no person. Against that stand three things together, as in official statistics: small cells are left out of each table, with
others from which they would follow (`shared.policy.small_cells`); a table says how matters stood when the last period, a month,
was closed, so that it is the same whenever it is read within a month; and every number is rounded to a multiple of the smallest
that may be shown, so that one person more, from one month to the next, changes no number by one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from shared.policy.calendar import is_working_day
from shared.policy.small_cells import rounded, tabulated

Matter = Literal["case", "lead", "term", "rating"]
"""What is counted; a rating is of a case, and its outcome the grade, from 1 to 5."""
Dimension = Literal["month", "district", "department", "kind", "enterprise"]
Across = Literal["outcome", "month", "district", "department", "kind"]
NONE: Final = "-"
"""The enterprise of a matter that names none."""

SATISFIED: Final = frozenset({"4", "5"})
"""Grades of who is content; 3 is neither content nor not."""

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


def period_of(day: dt.date) -> str:
    """The period, a month, that a day is in."""
    return f"{day:%Y-%m}"


def closed_on(today: dt.date) -> dt.date:
    """The last day of the last period that is closed."""
    return today.replace(day=1) - ONE_DAY


def place_of(cell: str) -> dict[str, str]:
    """What a cell says of itself, apart."""
    matter, month, district, department, kind, enterprise = cell.split("|")
    return {
        "matter": matter,
        "year": month[:4],
        "month": month,
        "district": district,
        "department": department,
        "kind": kind,
        "enterprise": enterprise,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """How many working days a step took, in the middle and for nine of ten."""

    median: int
    p90: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is shown of counts: a row for each key, with its total and how long its steps took, and the totals of the columns."""

    columns: Sequence[str]
    keys: Sequence[str]
    rows: Sequence[Sequence[int | None]]
    steps: Sequence[Mapping[str, Took]]
    totals: Sequence[int | None]


def table_of(rows: Iterable[Mapping[str, Any]], by: Dimension, across: Across, today: dt.date, smallest: int) -> Table:
    """The table of tallies as it may be shown on a day: as of the last closed period, without small cells, and rounded."""
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    steps: defaultdict[str, defaultdict[str, defaultdict[int, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for row in rows:
        if (row.get("period") or "") >= period_of(today):
            continue
        for name, number in row["n"].items():
            family, _, rest = name.partition(":")
            if family == "outcome":
                counts[row[by]][rest if across == "outcome" else row[across]] += number
            else:
                step, _, days = rest.rpartition(":")
                steps[row[by]][step][int(days)] += number
    keys, columns, found = tabulated(counts, by, across, smallest)
    table = rounded(found, smallest)
    totals = table.pop() if table else []
    return Table(
        columns=columns,
        keys=keys,
        rows=table,
        steps=[{} if line[-1] is None else _took(steps[key], smallest) for key, line in zip(keys, table, strict=True)],
        totals=totals,
    )


def _took(steps: Mapping[str, Mapping[int, int]], smallest: int) -> dict[str, Took]:
    return {
        name: Took(median=percentile(days, 50), p90=percentile(days, 90))
        for name, days in sorted(steps.items())
        if sum(days.values()) >= smallest
    }


def satisfied(columns: Sequence[str], cells: Sequence[int | None], total: int | None) -> int | None:
    """The share, in percent, of ratings by who is content, out of what is shown alone; None where that does not tell it."""
    content = [number for column, number in zip(columns, cells, strict=True) if column in SATISFIED]
    known = [number for number in content if number is not None]
    if not total or len(known) < len(content):
        return None
    return min(100, (200 * sum(known) + total) // (2 * total))


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
