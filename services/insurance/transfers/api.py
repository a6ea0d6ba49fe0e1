"""Transfers over HTTP: workers their own, officers by district."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from services.insurance.enrolment.queries import district_for_caller
from services.insurance.persons.commands import present_id
from services.insurance.persons.documents import Person
from services.insurance.transfers import commands
from services.insurance.transfers.documents import REASON, Transfer
from services.insurance.transfers.rules import State
from shared.callers import Caller
from shared.contracts.insurance import Insurance
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, fits, reach

router = APIRouter(prefix="/v1", tags=["transfers 关系转移"], route_class=IdempotentRoute)

Party = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]

WHOSE = {"worker": "worker_id", "district": "district"}
"""The fields that say whose a transfer is."""


class TransferToRequest(BaseModel):
    """`direction`: into the city or out of it; `other_place`: the six-digit code (GB/T 2260) of where it comes from or goes.

    `worker_id` is given by officers only, of those who work in the district; a worker asks for their own.
    """

    worker_id: str | None = Field(default=None, max_length=128)
    direction: Literal["in", "out"]
    insurance: Insurance = Field(description="pension, medical and unemployment move; the others do not")
    other_place: str = Field(pattern=r"^[1-9]\d{5}$")


class TransferView(BaseModel):
    """A transfer. `due_on`: its last day, null where no term is known, and `watch` says why an officer watches it.

    `months` of contributions that it carried, once completed; `reason`: why it was refused; `used`: the parameters that its
    term rests on.
    """

    transfer_id: str
    worker_id: str
    district: str
    direction: Literal["in", "out"]
    insurance: Insurance
    other_place: str
    state: State
    asked_on: dt.date
    due_on: dt.date | None
    watch: str | None
    reason: str | None
    months: int | None
    used: list[Used]


@router.post("/transfers", status_code=status.HTTP_201_CREATED)
async def request_transfer(body: TransferToRequest, caller: Party, response: Response) -> TransferView:
    """Ask that one insurance move with the person; by the worker, or by an officer for a worker on file."""
    worker_id = _worker_of(body, caller)

    async def request(tx: Transaction) -> Transfer:
        present = await present_id(worker_id, tx)  # a token outlives the merging of its record
        district = await district_for_caller(present, caller, tx)
        if district is None or await Person.of(present, tx) is None:
            raise NotFound("该人员", "the worker")
        return await commands.request(
            worker_id=present,
            district=district,
            direction=body.direction,
            insurance=body.insurance,
            other_place=body.other_place,
            by=caller.subject,
            tx=tx,
        )

    transfer = await transact(request)
    set_etag(response, transfer.revision)
    return _view(transfer)


@router.get("/transfers")
async def list_transfers(
    caller: Party,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those in this state")] = None,
) -> Page[TransferView]:
    """Transfers that the caller may see, the newest first."""
    query = reach(caller, **WHOSE) | ({"state": state} if state else {})
    return await Page.of(Transfer, query, _view, page, sort="-_id")


@router.get("/transfers/{transfer_id}")
async def read_transfer(transfer_id: str, caller: Party, response: Response) -> TransferView:
    """One transfer, with the `ETag` that a withdrawal needs."""
    transfer = await _own(transfer_id, caller)
    set_etag(response, transfer.revision)
    return _view(transfer)


@router.post("/transfers/{transfer_id}/withdrawal")
async def withdraw_transfer(transfer_id: str, caller: Party, seen: RevisionSeen) -> TransferView:
    """Take back a transfer that was not sent to the province yet."""

    async def withdraw(tx: Transaction) -> Transfer:
        transfer = await _own(transfer_id, caller, tx)
        require_revision(seen, transfer.revision)
        return await commands.withdraw(transfer, tx)

    return _view(await transact(withdraw))


def _worker_of(body: TransferToRequest, caller: Caller) -> str:
    worker_id = caller.worker_id or body.worker_id
    if worker_id is None:
        raise RuleBroken("worker-missing", "缺少人员标识 worker_id", "a worker_id is needed")
    if body.worker_id not in (None, worker_id):
        raise Forbidden()
    return worker_id


async def _own(transfer_id: str, caller: Caller, tx: Transaction | None = None) -> Transfer:
    found = await Transfer.of(transfer_id, tx)
    if found is None or not fits(found, reach(caller, **WHOSE)):
        raise NotFound("该转移申请", "the transfer")
    return found


def _view(transfer: Transfer) -> TransferView:
    reason = transfer.reason and decrypt_field(REASON, transfer.id, transfer.reason)
    return TransferView(transfer_id=transfer.id, **transfer.model_dump(exclude={"id", "reason"}), reason=reason)
