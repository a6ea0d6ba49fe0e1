"""The bank's results over HTTP: sent in as a sheet or as rows, and shown line by line."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated, Literal, Self

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.bank_results import commands
from services.subsidies.bank_results.documents import REASON, ResultEnd, ResultFile
from services.subsidies.bank_results.doubt_commands import Found
from services.subsidies.bank_results.doubt_commands import find_out as find_out_payment
from services.subsidies.bank_results.rules import Heap, ResultLine, Said
from services.subsidies.batches.access import batch_of
from services.subsidies.batches.documents import Batch
from services.subsidies.budgets.access import Officer
from services.subsidies.officers.commands import on_duty
from services.subsidies.payments.access import payment_of
from services.subsidies.payments.views import PaymentView
from shared.callers import Caller
from shared.errors import NotFound
from shared.sheets.reading import MOST_BYTES
from shared.storage.audit import write_down
from shared.storage.encryption import decrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked
from shared.web.tables import EXCEL

router = APIRouter(prefix="/v1", tags=["bank results 银行回盘"])

SHEET = {
    "requestBody": {
        "required": True,
        "description": "the columns 流水号, 金额, 结果, and 原因 where there is one",
        "content": {
            EXCEL: {"schema": {"type": "string", "format": "binary"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


class ResultRow(BaseModel):
    """What the bank says of one line of a batch."""

    reference: str = Field(max_length=64)
    amount: Annotated[Yuan, Field(ge=0)]
    result: Said
    reason: str | None = Field(default=None, max_length=200)


class ResultRows(BaseModel):
    """What the bank says of some lines."""

    rows: list[ResultRow] = Field(min_length=1, max_length=5000)


class BankResultView(BaseModel):
    """A result. When it is `finished`, the heaps add up to `lines`; until then those that were worked off are in them."""

    result_id: str
    batch_id: str
    sha256: str
    state: Literal["working", "finished"]
    lines: int
    matched: int
    duplicate: int
    unknown: int
    amount_differs: int
    returned: int
    sent_by: str
    sent_at: dt.datetime

    @classmethod
    def of(cls, one: ResultFile) -> Self:
        return cls(
            result_id=one.id,
            batch_id=one.batch,
            sha256=one.sha256,
            state=one.state,
            lines=one.lines,
            matched=one.matched,
            duplicate=one.duplicate,
            unknown=one.unknown,
            amount_differs=one.amount_differs,
            returned=one.returned,
            sent_by=one.sent_by,
            sent_at=one.created_at,
        )


class EndView(BaseModel):
    """Where a line of a result ended."""

    cell: str
    reference: str
    amount: Yuan | None
    heap: Heap
    reason: str | None

    @classmethod
    def of(cls, one: ResultEnd) -> Self:
        reason = None if one.reason is None else decrypt_field(REASON, one.id, one.reason)
        return cls(cell=one.cell, reference=one.reference, amount=one.amount, heap=one.heap, reason=reason)


@router.post("/payment-batches/{batch_id}/results", status_code=202, max_body_size=MOST_BYTES, openapi_extra=SHEET)
async def send_sheet(batch_id: str, request: Request, officer: Officer) -> BankResultView:
    """Send in the bank's result of a batch: .xlsx, or CSV in UTF-8 or GB 18030. The same file sent again changes nothing."""
    batch = await _in_hand(batch_id, officer)
    return BankResultView.of(await commands.take_in_file(batch, await request.body(), officer.subject))


@router.post("/payment-batches/{batch_id}/result-rows", status_code=202)
async def send_rows(batch_id: str, body: ResultRows, officer: Officer) -> BankResultView:
    """Send in what the bank says of some lines of a batch. The same rows sent again change nothing."""
    batch = await _in_hand(batch_id, officer)
    lines = [
        ResultLine(f"#{number}", row.reference, row.amount, row.result, row.reason)
        for number, row in enumerate(body.rows, 1)
    ]
    sha256 = hashlib.sha256(msgspec.json.encode(lines)).hexdigest()
    return BankResultView.of(await commands.take_in(batch, lines, sha256, officer.subject))


class BankFindingBody(BaseModel):
    """What an officer has found out at the bank. `on`: the day on which it was paid; `evidence`: the number of the bank's paper."""

    found: Found
    on: Annotated[dt.date, Field(ge=dt.date(2020, 1, 1), lt=dt.date(2100, 1, 1))] | None = None
    evidence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@router.post("/subsidy-payments/{payment_id}/bank-finding")
async def find_out(
    payment_id: str, body: BankFindingBody, officer: Officer, seen: RevisionSeen, response: Response
) -> PaymentView:
    """Say, as a head who did not make the batch, what became of a payment of which the bank has said both that it was paid and that it
    was not: until then it is neither paid anew nor given up."""

    async def act(tx: Transaction) -> None:
        payment = await payment_of(payment_id, officer, tx)
        await on_duty(officer, payment.district, "head", tx=tx)
        require_revision(seen, payment.revision)
        await write_down(f"subsidy_payment.found_{body.found}", payment.id, officer, tx, detail=body.evidence)
        await find_out_payment(payment, body.found, body.on, officer.subject, tx)

    await transact(act)
    payment = await payment_of(payment_id, officer)
    set_etag(response, payment.revision)
    return PaymentView.of(payment)


@router.get("/payment-batches/{batch_id}/results")
async def list_results(batch_id: str, officer: Officer, page: PageAsked) -> Page[BankResultView]:
    """The results of a batch."""
    batch = await batch_of(batch_id, officer)
    return await Page.of(ResultFile, {"batch": batch.id}, BankResultView.of, page)


@router.get("/payment-batches/{batch_id}/results/{result_id}")
async def read_result(batch_id: str, result_id: str, officer: Officer) -> BankResultView:
    """A result, and how far it is worked off."""
    return BankResultView.of(await _result_of(batch_id, result_id, officer))


@router.get("/payment-batches/{batch_id}/results/{result_id}/lines")
async def list_ends(
    batch_id: str,
    result_id: str,
    officer: Officer,
    page: PageAsked,
    heap: Annotated[Heap, Query(description="those that ended so")],
) -> Page[EndView]:
    """The lines of a result that ended in one heap."""
    result = await _result_of(batch_id, result_id, officer)
    return await Page.of(ResultEnd, {"result": result.id, "heap": heap}, EndView.of, page)


async def _in_hand(batch_id: str, officer: Caller) -> Batch:
    batch = await batch_of(batch_id, officer)
    await on_duty(officer, batch.district, "finance")
    await write_down("payment_batch.result_sent", batch.id, officer)
    return batch


async def _result_of(batch_id: str, result_id: str, officer: Caller) -> ResultFile:
    batch = await batch_of(batch_id, officer)
    result = await ResultFile.of(result_id)
    if result is None or result.batch != batch.id:
        raise NotFound("该回盘文件", "the result")
    return result
