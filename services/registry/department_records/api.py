"""Department records over HTTP: sent in one by one or as a sheet, read by departments and the enterprise itself."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, StringConstraints

from services.registry.department_records import commands, rules
from services.registry.department_records.documents import DepartmentRecord
from services.registry.department_records.rules import Said, State
from shared.callers import Caller
from shared.contracts.registry import DepartmentRecordKind
from shared.errors import Forbidden, NotFound
from shared.sheets.reading import MOST_BYTES
from shared.storage.audit import write_down
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import callers
from shared.web.tables import EXCEL, form_response

creating = APIRouter(prefix="/v1", tags=["department records 部门信息归集"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["department records 部门信息归集"])

Sender = Annotated[Caller, callers(article=11, district="any")]
Reader = Annotated[Caller, callers("platform", article=11, district="any")]


def _text(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


SHEET = {
    "requestBody": {
        "required": True,
        "description": "the columns " + "、".join(rules.COLUMNS) + f", at most {rules.MOST_ROWS} rows",
        "content": {
            EXCEL: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


class RecordToFile(BaseModel):
    """A licence, penalty or inspection result of the caller's department. The same `kind` and `number` again says it anew."""

    uscc: Uscc
    kind: DepartmentRecordKind = Field(description="permit 行政许可, penalty 行政处罚, inspection 抽查检查结果")
    number: Annotated[str, _text(rules.LONGEST_NUMBER)] = Field(description="of the document")
    authority: Annotated[str, _text(rules.LONGEST_AUTHORITY)] = Field(description="the organ that issued it")
    decided_on: dt.date = Field(ge=rules.EARLIEST)
    text: Annotated[str, _text(rules.LONGEST_TEXT)] = Field(description="what it says; kept encrypted")


class RecordView(BaseModel):
    """A record with its source. `withdrawal`: why its department took it back."""

    record_id: str
    uscc: str
    kind: DepartmentRecordKind
    number: str
    authority: str
    decided_on: dt.date
    text: str
    department: str = Field(description="code of the department that said it")
    state: State
    withdrawal: str | None
    updated_at: dt.datetime

    @classmethod
    def of(cls, one: DepartmentRecord) -> Self:
        plain = one.model_dump(include={*cls.model_fields} - {"record_id", "text", "withdrawal"})
        return cls(record_id=one.id, text=one.clear_text, withdrawal=one.clear_withdrawal, **plain)


class Wrong(BaseModel):
    """What is wrong with a cell of a sheet."""

    cell: str
    zh: str
    en: str


class SheetAnswer(BaseModel):
    """What became of a sheet: rows that are on file now, and what is wrong with the others."""

    rows: int
    recorded: int
    wrong: list[Wrong]


class TakingBack(BaseModel):
    """Why a department takes its record back."""

    reason: Annotated[str, _text(1000)]


@creating.post("/department-records", status_code=201)
async def file_record(body: RecordToFile, officer: Sender, response: Response) -> RecordView:
    """Send in a record, as any of the departments of 德人社发〔2022〕95 号 art. 11; its source is the caller's department."""
    said = Said(**body.model_dump())
    kept = await transact(lambda tx: commands.record(said, officer, tx))
    response.headers["Location"] = f"/v1/department-records/{kept.id}"
    set_etag(response, kept.revision)
    return RecordView.of(kept)


@router.get("/department-record-sheets/form", response_class=StreamingResponse)
async def download_form(officer: Sender) -> StreamingResponse:
    """The empty sheet to fill in."""
    return await form_response("部门信息归集", list(rules.COLUMNS))


@router.post("/department-record-sheets", max_body_size=MOST_BYTES, openapi_extra=SHEET)
async def send_sheet(request: Request, officer: Sender) -> SheetAnswer:
    """Send in many records as a sheet: .xlsx, or CSV in UTF-8 or GB 18030. A bad row stops no good one; the same sheet sent again
    changes nothing."""
    await write_down("department_record.sheet_sent", str(officer.department), officer)
    rows = await commands.rows_of(await request.body())
    faults = await commands.take_in(rows, officer)
    lines = {"".join(filter(str.isdigit, fault.cell)) for fault in faults}
    return SheetAnswer(
        rows=len(rows),
        recorded=len(rows) - len(lines),
        wrong=[Wrong(cell=fault.cell, zh=fault.zh, en=fault.en) for fault in faults],
    )


@router.get("/department-records")
async def list_records(
    caller: Reader,
    page: PageAsked,
    uscc: Annotated[str | None, Query(max_length=18, description="unified social credit code")] = None,
    department: Annotated[str | None, Query(max_length=32, description="only what this department said")] = None,
) -> Page[RecordView]:
    """Records with their sources, for the departments of art. 11; an enterprise's own for itself."""
    asked: dict[str, Any] = {"uscc": uscc, "department": department}
    if caller.role == "platform":
        if uscc not in (None, caller.uscc):
            raise Forbidden()
        asked["uscc"] = caller.uscc
    wanted = {name: value for name, value in asked.items() if value is not None}
    return await Page.of(DepartmentRecord, wanted, RecordView.of, page)


@router.get("/department-records/{record_id}")
async def read_record(record_id: str, caller: Reader, response: Response) -> RecordView:
    """One record, for an officer or the enterprise itself."""
    kept = await DepartmentRecord.of(record_id)
    if kept is None or (caller.role == "platform" and caller.uscc != kept.uscc):
        raise NotFound("该部门信息", "this department record")
    set_etag(response, kept.revision)
    return RecordView.of(kept)


@router.post("/department-records/{record_id}/withdrawal")
async def withdraw_record(
    record_id: str, body: TakingBack, officer: Sender, seen: RevisionSeen, response: Response
) -> RecordView:
    """Take a record back, as the department that said it: it was wrong, or was undone."""
    kept = await transact(lambda tx: commands.withdraw(record_id, body.reason, officer, seen, tx))
    set_etag(response, kept.revision)
    return RecordView.of(kept)
