"""Tables of figures, out of the counters."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from pydantic import BaseModel

from services.subsidies.applications.documents import ApplicationCount
from shared.callers import Caller
from shared.policy.parameters import Law, Used
from shared.policy.small_cells import rounded, tabulated
from shared.storage.client import collection_of
from shared.web.scope import reach

Dimension = Literal["month", "district", "kind", "state"]


class SubsidyLine(BaseModel):
    """A row: how many applications in each column, and in all. Null where the number would show a person."""

    key: str
    cells: list[int | None]
    total: int | None


class SubsidyFigures(BaseModel):
    """Applications of a year as a table, by the month in which they were filed and the state that they are in now.

    `smallest`: numbers below it are not shown, nor others from which they would follow; every other is the nearest multiple of it,
    so that sums may differ.
    """

    year: str
    by: Dimension
    across: Dimension
    smallest: int
    columns: list[str]
    lines: list[SubsidyLine]
    totals: list[int | None]
    total: int | None
    used: list[Used]


async def figures(year: str, by: Dimension, across: Dimension, caller: Caller, law: Law) -> SubsidyFigures:
    """The table that a caller may see of a year: an officer of a district that of their district alone."""
    smallest = law.number("statistics.smallest_cell")
    query = {"month": {"$gte": f"{year}-01", "$lte": f"{year}-12"}} | reach(caller, district="district")
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    async for row in collection_of(ApplicationCount).find(query):
        for state, number in row["n"].items():
            place = {"month": row["month"], "district": row["district"], "kind": row["kind"], "state": state}
            counts[place[by]][place[across]] += number
    keys, columns, found = tabulated(counts, by, across, smallest)
    table = rounded(found, smallest)
    totals = table.pop() if table else []
    return SubsidyFigures(
        year=year,
        by=by,
        across=across,
        smallest=smallest,
        columns=columns,
        lines=[SubsidyLine(key=key, cells=line[:-1], total=line[-1]) for key, line in zip(keys, table, strict=True)],
        totals=totals[:-1],
        total=totals[-1] if totals else 0,
        used=list(law.used),
    )
