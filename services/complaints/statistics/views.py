"""Tables of figures, out of the counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field

from services.complaints.statistics.documents import Tally
from services.complaints.statistics.rules import Dimension, Matter, percentile
from shared.callers import Caller
from shared.policy.parameters import Law, Used
from shared.policy.small_cells import tabulated
from shared.storage.client import Row, collection_of
from shared.web.scope import reach

Across = Literal["outcome", "month", "district", "department", "kind"]


class Took(BaseModel):
    """How many working days a step took, in the middle and for nine of ten."""

    median: int
    p90: int


class Line(BaseModel):
    """A row: how many matters in each column, and in all. Null where the number would show a person."""

    key: str
    cells: list[int | None]
    total: int | None
    steps: dict[str, Took] = Field(description="working days to each step; a step that few have taken is left out")


class Figures(BaseModel):
    """Matters of a year as a table. `smallest`: numbers below it are not shown, nor others from which they would follow."""

    matter: Matter
    year: str
    by: Dimension
    across: Across
    smallest: int
    columns: list[str]
    lines: list[Line]
    totals: list[int | None]
    total: int | None
    used: list[Used]


async def figures(matter: Matter, year: str, by: Dimension, across: Across, caller: Caller, law: Law) -> Figures:
    """The table that a caller may see of a year: an officer of a district that of their district alone."""
    query = {"matter": matter, "year": year} | reach(caller, district="district")
    rows = [row async for row in collection_of(Tally).find(query)]
    smallest = law.number("statistics.smallest_cell")
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    steps: defaultdict[str, defaultdict[str, defaultdict[int, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for row in rows:
        for outcome, number in _counted(row, "outcome"):
            counts[row[by]][outcome if across == "outcome" else row[across]] += number
        for step, number in _counted(row, "step"):
            name, _, days = step.rpartition(":")
            steps[row[by]][name][int(days)] += number
    keys, columns, table = tabulated(counts, by, across, smallest)
    totals = table.pop() if table else []
    lines = [
        Line(key=key, cells=line[:-1], total=line[-1], steps={} if line[-1] is None else _took(steps[key], smallest))
        for key, line in zip(keys, table, strict=True)
    ]
    return Figures(
        matter=matter,
        year=year,
        by=by,
        across=across,
        smallest=smallest,
        columns=columns,
        lines=lines,
        totals=totals[:-1],
        total=totals[-1] if totals else 0,
        used=list(law.used),
    )


def _counted(row: Row, family: str) -> Iterable[tuple[str, int]]:
    for name, number in row["n"].items():
        head, _, rest = name.partition(":")
        if head == family and number:
            yield rest, number


def _took(steps: defaultdict[str, defaultdict[int, int]], smallest: int) -> dict[str, Took]:
    return {
        name: Took(median=percentile(days, 50), p90=percentile(days, 90))
        for name, days in sorted(steps.items())
        if sum(days.values()) >= smallest
    }
