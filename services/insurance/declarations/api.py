"""Declarations over HTTP, by the employer's own token alone: whoever dispatches, a partner firm, or the platform."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Request, Response, status
from fastapi.responses import StreamingResponse

from services.insurance.declarations import commands, rules
from services.insurance.declarations.views import DeclarationMade, SheetTaken, WrongCell
from services.insurance.enrolment import commands as enrolment
from services.insurance.enrolment.access import enrolment_of
from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.views import EnrolmentDetail, detail
from shared import clock
from shared.callers import Caller
from shared.policy import calendar
from shared.sheets.reading import MOST_BYTES
from shared.storage.transaction import Transaction, transact
from shared.web.etags import set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.scope import callers
from shared.web.tables import EXCEL, form_response

router = APIRouter(prefix="/v1", tags=["declarations 参保申报"], route_class=IdempotentRoute)
sheets_router = APIRouter(prefix="/v1", tags=["declarations 参保申报"])

Employer = Annotated[Caller, callers("platform")]

SHEET = {
    "requestBody": {
        "required": True,
        "description": f"the columns {', '.join(rules.HEADINGS)}, at most {rules.MOST_ROWS} rows",
        "content": {
            EXCEL: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


@router.post("/enrolments/{enrolment_id}/declarations", status_code=status.HTTP_201_CREATED)
async def declare(enrolment_id: str, body: DeclarationMade, caller: Employer, response: Response) -> EnrolmentDetail:
    """Apply for the registration of an employee (社会保险法 art. 58); the province is asked at once.

    The employer alone may: whoever dispatches the person (劳动合同法 art. 58), the partner firm that employs them, or the
    platform. 403 for a platform that does not employ the person, 409 where the day is another one on file, or that was
    declared before.
    """

    async def work(tx: Transaction) -> Enrolment:
        found = await enrolment_of(enrolment_id, caller, tx)
        await enrolment.declare(found, caller.uscc or "", body.starts_on, caller.subject, tx)
        return found

    declared = await transact(work)
    set_etag(response, declared.revision)
    return detail(declared, calendar.shanghai_date(clock.now()))


@sheets_router.get("/enrolment-declarations/form", response_class=StreamingResponse)
async def download_form(caller: Employer) -> StreamingResponse:
    """The empty sheet to fill in, all of it text."""
    return await form_response("参保登记申报", rules.HEADINGS)


@sheets_router.post("/enrolment-declarations", max_body_size=MOST_BYTES, openapi_extra=SHEET)
async def send_sheet(request: Request, caller: Employer) -> SheetTaken:
    """Declare many employees by a sheet: .xlsx, or CSV in UTF-8 or GB 18030. A bad row stops no good one; the same sheet sent
    again changes nothing."""
    taken = await commands.take_sheet(await request.body(), caller.uscc or "", caller.subject)
    return SheetTaken(
        rows=taken.rows,
        declared=taken.declared,
        declared_before=taken.declared_before,
        wrong=[WrongCell(**asdict(fault)) for fault in taken.faults],
    )
