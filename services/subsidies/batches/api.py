"""Payment batches over HTTP: finance officers make, approve and export them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.batches import bank_files, commands
from services.subsidies.batches.access import batch_in_hand, batch_of
from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.batches.views import BatchView, LineView
from services.subsidies.budgets.access import Officer, check_keeper, kept_by
from services.subsidies.budgets.rules import Source
from services.subsidies.officers.commands import on_duty
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.officers.rules import Duty
from shared import faults
from shared.callers import Caller
from shared.spooled import pieces
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import DistrictOrCity
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.tables import EXCEL, TableFormat

TAGS = ["payment batches 发放批次"]
making = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])


class BatchBody(BaseModel):
    """Which payments a batch is made of: those of a kind and source that are due on a day, in a district or the whole city.
    `layout`: the form of the bank's file (`payment_batch.layouts`); `purpose`: what payees read."""

    kind: str = Field(max_length=64, pattern=r"^[a-z_]+$")
    source: Source
    district: DistrictOrCity
    day: Annotated[dt.date, Field(ge=dt.date(2020, 1, 1), lt=dt.date(2100, 1, 1))]
    layout: str = Field(default="plain", max_length=32, pattern=r"^[a-z_]+$")
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)] = "补贴"


@making.post("/payment-batches", status_code=201)
async def make_batch(body: BatchBody, officer: Officer, response: Response) -> BatchView:
    """Begin a batch; it can be approved when everything that is due is in it (`state` is `ready`)."""

    async def store(tx: Transaction) -> Batch:
        check_keeper(officer, body.source)
        await on_duty(officer, body.district, "finance", tx=tx)
        return await commands.make(**body.model_dump(), by=officer.subject, tx=tx)

    batch = await transact(store)
    response.headers["Location"] = f"/v1/payment-batches/{batch.id}"
    return _shown(batch, response)


@router.get("/payment-batches")
async def list_batches(officer: Officer, page: PageAsked) -> Page[BatchView]:
    """The batches of an officer's department, in their district or the whole city, the newest first."""
    return await Page.of(Batch, kept_by(officer), BatchView.of, page, sort="-_id")


@router.get("/payment-batches/{batch_id}")
async def read_batch(batch_id: str, officer: Officer, response: Response) -> BatchView:
    """A batch, and how far its lines are."""
    return _shown(await batch_of(batch_id, officer), response)


@router.get("/payment-batches/{batch_id}/lines")
async def list_lines(batch_id: str, officer: Officer, page: PageAsked) -> Page[LineView]:
    """The lines of a batch, masked."""
    batch = await batch_of(batch_id, officer)
    return await Page.of(BatchLine, {"batch": batch.id}, LineView.of, page)


@router.post("/payment-batches/{batch_id}/approval")
async def approve_batch(batch_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> BatchView:
    """Give the next approval that a batch needs: a second finance officer's, and a head's where its total demands that."""
    return await _done(batch_id, officer, seen, response, "approved", ("finance", "head"), commands.approve)


@router.post("/payment-batches/{batch_id}/cancellation")
async def cancel_batch(batch_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> BatchView:
    """Cancel a batch whose file has not gone out: its payments are due again."""
    return await _done(
        batch_id, officer, seen, response, "cancelled", ("finance", "head"), lambda one, _, tx: commands.cancel(one, tx)
    )


@router.post("/payment-batches/{batch_id}/exports", response_class=StreamingResponse)
async def export_batch(
    batch_id: str,
    officer: Officer,
    kind: TableFormat = "csv",
) -> StreamingResponse:
    """The file of an approved batch with the accounts in full, for a finance officer; always the same bytes. Each time that
    somebody has it is written down."""

    async def act(tx: Transaction) -> Batch:
        batch, _ = await batch_in_hand(batch_id, officer, ("finance",), None, tx)
        await write_down("payment_batch.exported", batch.id, officer, tx, detail=kind)
        commands.check_file(batch, sha256, kind)
        return await commands.export(batch, tx)

    async def ready(tx: Transaction) -> Batch:
        batch, _ = await batch_in_hand(batch_id, officer, ("finance",), None, tx)
        commands.check_export(batch)
        return batch

    # written first: a batch whose file cannot be given has not gone out, and can be cancelled
    file, sha256 = await bank_files.written(await transact(ready), kind)
    try:
        batch = await transact(act)
    except BaseException:
        file.close()
        raise
    faults.reach("batch.exported")
    headers = {
        "Content-Disposition": f'attachment; filename="{batch.id}.{kind}"',
        "Content-SHA256": sha256,
        "Cache-Control": "no-store",
    }
    media_type = "text/csv; charset=gb18030" if kind == "csv" else EXCEL
    return StreamingResponse(pieces(file), media_type=media_type, headers=headers)


async def _done(
    batch_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    what: str,
    duties: tuple[Duty, ...],
    step: Callable[[Batch, MoneyOfficer, Transaction], Awaitable[Batch]],
) -> BatchView:
    async def act(tx: Transaction) -> Batch:
        batch, officer = await batch_in_hand(batch_id, caller, duties, seen, tx)
        await write_down(f"payment_batch.{what}", batch.id, caller, tx)
        return await step(batch, officer, tx)

    return _shown(await transact(act), response)


def _shown(batch: Batch, response: Response) -> BatchView:
    set_etag(response, batch.revision)
    return BatchView.of(batch)
