"""Sheets of applications over HTTP, for unions and platforms: the empty form, the sheet, and the answer to each row."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.subsidies.bulk import commands
from services.subsidies.bulk.documents import ApplicationSheet, ApplicationSheetRow, RowState, Wrong
from shared.callers import Caller
from shared.errors import NotFound
from shared.sheets.reading import MOST_BYTES
from shared.web.paging import Page, PageAsked
from shared.web.scope import callers, fits, reach
from shared.web.tables import EXCEL, TableFormat, form_response, table_response

router = APIRouter(prefix="/v1", tags=["application sheets 批量申请"])

Sender = Annotated[Caller, callers("platform", "union")]
Kind = Annotated[str, Query(max_length=64, pattern=r"^[a-z_]+$", description="kind of subsidy")]

SHEET = {
    "requestBody": {
        "required": True,
        "description": "the columns of the kind's form, at most 20,000 rows",
        "content": {
            EXCEL: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


class SheetView(BaseModel):
    """A sheet and how far it is: `waiting` rows are not answered yet."""

    sheet_id: str
    kind: str
    state: Literal["working", "finished"]
    rows: int
    waiting: int
    submitted: int
    refused: int
    sent_at: dt.datetime

    @classmethod
    def of(cls, one: ApplicationSheet) -> Self:
        return cls(
            sheet_id=one.id,
            kind=one.kind,
            state=one.state,
            rows=one.rows,
            waiting=one.rows - one.submitted - one.refused,
            submitted=one.submitted,
            refused=one.refused,
            sent_at=one.created_at,
        )


class SheetRowView(BaseModel):
    """The answer to a row, by its first cell: the application that was submitted, or what is wrong with which cell."""

    cell: str
    state: RowState
    application_id: str | None
    wrong: list[Wrong]

    @classmethod
    def of(cls, one: ApplicationSheetRow) -> Self:
        return cls(cell=one.cell, state=one.state, application_id=one.application_id, wrong=one.wrong)


@router.get("/application-sheets/form", response_class=StreamingResponse)
async def download_form(caller: Sender, kind: Kind) -> StreamingResponse:
    """The empty sheet of a kind to fill in, all of it text."""
    return await form_response("补贴批量申请", [one.heading for one in commands.form_of(kind).columns])


@router.post("/application-sheets", status_code=202, max_body_size=MOST_BYTES, openapi_extra=SHEET)
async def send_sheet(request: Request, caller: Sender, kind: Kind) -> SheetView:
    """Apply for many people by a sheet: .xlsx, or CSV in UTF-8 or GB 18030. A bad row stops no good one; the same sheet sent again
    changes nothing."""
    return SheetView.of(await commands.take_in(kind, await request.body(), caller))


@router.get("/application-sheets")
async def list_sheets(caller: Sender, page: PageAsked) -> Page[SheetView]:
    """The caller's own sheets."""
    return await Page.of(ApplicationSheet, _own(caller), SheetView.of, page)


@router.get("/application-sheets/{sheet_id}")
async def read_sheet(sheet_id: str, caller: Sender) -> SheetView:
    """A sheet, and how far it is."""
    return SheetView.of(await _sheet_of(sheet_id, caller))


@router.get("/application-sheets/{sheet_id}/rows")
async def list_rows(
    sheet_id: str,
    caller: Sender,
    page: PageAsked,
    state: Annotated[RowState, Query(description="those that stand so")],
) -> Page[SheetRowView]:
    """The rows of a sheet that stand so, in its order."""
    sheet = await _sheet_of(sheet_id, caller)
    return await Page.of(ApplicationSheetRow, {"sheet": sheet.id, "state": state}, SheetRowView.of, page)


@router.get("/application-sheets/{sheet_id}/refusals", response_class=StreamingResponse)
async def download_refusals(sheet_id: str, caller: Sender, kind: TableFormat = "xlsx") -> StreamingResponse:
    """Every bad cell of a sheet as a sheet."""
    sheet = await _sheet_of(sheet_id, caller)
    found = ApplicationSheetRow.find({"sheet": sheet.id, "state": "refused"}).sort("_id")
    rows = ((wrong.cell, wrong.zh, wrong.en) async for row in found for wrong in row.wrong)
    return await table_response("批量申请错误", ["单元格", "说明", "English"], rows, kind)


def _own(caller: Caller) -> dict[str, str]:
    return reach(caller, platform="owner", union="owner")


async def _sheet_of(sheet_id: str, caller: Caller) -> ApplicationSheet:
    sheet = await ApplicationSheet.of(sheet_id)
    if sheet is None or not fits(sheet, _own(caller)):
        raise NotFound("该批量申请", "the sheet")
    return sheet
