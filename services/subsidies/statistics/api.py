"""The service's figures: of the report, and tables of a year."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.subsidies.applications.documents import ApplicationCount
from services.subsidies.statistics.views import Dimension, SubsidyFigures, figures
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.web.scope import ALL, CityOfficer, callers
from shared.web.tables import Cell, TableFormat, table_response

router = APIRouter(prefix="/v1", tags=["statistics 统计"])

FiguresReader = Annotated[Caller, callers(article=ALL, district="document")]
Year = Annotated[str, Query(pattern=r"^20\d\d$", description="the year in which they were filed")]
By = Annotated[Dimension, Query(description="what the rows are")]
Across = Annotated[Dimension, Query(description="what the columns are")]


class Statistics(BaseModel):
    """How many applications are on file."""

    applications: int


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many applications were filed."""
    cells = await ApplicationCount.find_all().to_list()
    return Statistics(applications=sum(number for cell in cells for number in cell.n.values()))


@router.get("/statistics/applications")
async def read_figures(year: Year, officer: FiguresReader, by: By = "kind", across: Across = "state") -> SubsidyFigures:
    """Applications of a year by two of their sides; an officer of a district sees that district's."""
    return await figures(year, by, across, officer, parameters.on(shanghai_date(clock.now())))


@router.get("/statistics/applications/table")
async def download_figures(
    year: Year, officer: FiguresReader, kind: TableFormat = "csv", by: By = "kind", across: Across = "state"
) -> StreamingResponse:
    """The same table to take away; what is not shown is marked with `*`."""
    found = await figures(year, by, across, officer, parameters.on(shanghai_date(clock.now())))

    async def cells() -> AsyncIterator[list[Cell]]:
        for line in found.lines:
            yield [line.key, *map(_cell, [*line.cells, line.total])]
        yield ["total", *map(_cell, [*found.totals, found.total])]

    return await table_response(f"applications-{year}-{by}", [by, *found.columns, "total"], cells(), kind)


def _cell(number: int | None) -> Cell:
    return "*" if number is None else number
