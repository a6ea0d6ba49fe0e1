"""The service's figures: of the report, and tables of a year."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.complaints.cases.documents import Case
from services.complaints.leads.documents import Lead
from services.complaints.statistics.rules import Across, Dimension, Matter
from services.complaints.statistics.views import Figures, figures
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.web.scope import ALL, CityOfficer, callers
from shared.web.tables import Cell, TableFormat, table_response

router = APIRouter(prefix="/v1", tags=["statistics 统计"])

FiguresReader = Annotated[Caller, callers(article=ALL, district="document")]
Year = Annotated[str, Query(pattern=r"^20\d\d$", description="the year in which the matters began")]

By = Annotated[Dimension, Query(description="what the rows are")]
AcrossAsked = Annotated[Across, Query(description="what the columns are")]


class Statistics(BaseModel):
    """How many cases are on file, and leads that the data give, but for those withdrawn."""

    cases: int
    leads: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many cases were filed and leads raised until now: of the whole city, for its officers, and by no side of theirs.

    They are live, unlike the tables: the demo and whoever runs the services read from them whether what was sent has arrived, and two
    reads one after the other say that something was filed in between, never where, about whom or by whom.
    """
    standing = {"state": {"$in": ["raised", "taken_up", "dismissed"]}}
    return Statistics(cases=await Case.find_all().count(), leads=await Lead.find(standing).count())


@router.get("/statistics/{matter}")
async def read_figures(
    matter: Matter, year: Year, officer: FiguresReader, by: By = "kind", across: AcrossAsked = "outcome"
) -> Figures:
    """Cases, leads, terms or ratings of cases of a year by two of their sides, as of the last month that is closed; an officer of a
    district sees that district's. Numbers are rounded, so that two tables read one after the other show no person."""
    return await _figures(matter, year, by, across, officer)


@router.get("/statistics/{matter}/table")
async def download_figures(
    matter: Matter,
    year: Year,
    officer: FiguresReader,
    kind: TableFormat = "csv",
    by: By = "kind",
    across: AcrossAsked = "outcome",
) -> StreamingResponse:
    """The same table to take away; what is not shown is marked with `*`."""
    found = await _figures(matter, year, by, across, officer)
    steps = sorted({name for line in found.lines for name in line.steps})
    graded = ["satisfied %"] if matter == "rating" and across == "outcome" else []
    columns = [
        by,
        *found.columns,
        "total",
        *graded,
        *(f"{step} {part}" for step in steps for part in ("median", "p90")),
    ]

    async def cells() -> AsyncIterator[list[Cell]]:
        for line in found.lines:
            took = [line.steps.get(step) for step in steps]
            days: list[Cell] = [part for one in took for part in ((one.median, one.p90) if one else (None, None))]
            yield [line.key, *map(_cell, [*line.cells, line.total, *([line.satisfied] if graded else [])]), *days]
        total = [*found.totals, found.total, *([found.satisfied] if graded else [])]
        yield ["total", *map(_cell, total), *([None] * 2 * len(steps))]

    return await table_response(f"{matter}-{year}-{by}", columns, cells(), kind)


async def _figures(matter: Matter, year: str, by: Dimension, across: Across, officer: Caller) -> Figures:
    return await figures(matter, year, by, across, officer, parameters.on(shanghai_date(clock.now())))


def _cell(number: int | None) -> Cell:
    return "*" if number is None else number
