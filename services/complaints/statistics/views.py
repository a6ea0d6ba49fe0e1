"""Tables of figures, out of the counters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel, Field

from services.complaints.statistics.documents import Tally
from services.complaints.statistics.rules import Across, Dimension, Matter, Took, closed_on, satisfied, table_of
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, Used
from shared.storage.client import collection_of
from shared.web.scope import reach


class Line(BaseModel):
    """A row: how many matters in each column, and in all. Null where the number would show a person."""

    key: str
    cells: list[int | None]
    total: int | None
    steps: dict[str, Took] = Field(description="working days to each step; a step that few have taken is left out")
    satisfied: int | None = Field(default=None, description="ratings by grade: the percentage of those of 4 and 5")


class Figures(BaseModel):
    """Matters of a year as a table, as they stood at the end of `as_of`, the last month that is closed. `smallest`: numbers below
    it are not shown, nor others from which they would follow; every other is the nearest multiple of it, so that sums may differ."""

    matter: Matter
    year: str
    as_of: dt.date
    by: Dimension
    across: Across
    smallest: int
    columns: list[str]
    lines: list[Line]
    totals: list[int | None]
    total: int | None
    satisfied: int | None = None
    used: list[Used]


async def figures(matter: Matter, year: str, by: Dimension, across: Across, caller: Caller, law: Law) -> Figures:
    """The table that a caller may see of a year: an officer of a district that of their district alone."""
    query = {"matter": matter, "year": year} | reach(caller, district="district")
    rows = [row async for row in collection_of(Tally).find(query)]
    smallest, today = law.number("statistics.smallest_cell"), shanghai_date(clock.now())
    table = table_of(rows, by, across, today, smallest)
    whole = table.totals[-1] if table.totals else 0
    graded = matter == "rating" and across == "outcome"

    def share(cells: Sequence[int | None], total: int | None) -> int | None:
        return satisfied(table.columns, cells, total) if graded else None

    return Figures(
        matter=matter,
        year=year,
        as_of=closed_on(today),
        by=by,
        across=across,
        smallest=smallest,
        columns=list(table.columns),
        lines=[
            Line(key=key, cells=list(row[:-1]), total=row[-1], steps=dict(steps), satisfied=share(row[:-1], row[-1]))
            for key, row, steps in zip(table.keys, table.rows, table.steps, strict=True)
        ],
        totals=list(table.totals[:-1]),
        total=whole,
        satisfied=share(table.totals[:-1], whole),
        used=list(law.used),
    )
