"""What is claimed back, over HTTP: one officer proposes, who was paid is heard, another decides; a head alone gives up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.budgets.access import Officer
from services.subsidies.officers.commands import on_duty
from services.subsidies.officers.rules import Duty
from services.subsidies.payments.access import Payee, Reader, payment_of, seen_by
from services.subsidies.recoveries import commands
from services.subsidies.recoveries.documents import Part, Receipt, Recovery
from services.subsidies.recoveries.rules import REASONS, Reason, State
from shared.callers import Caller
from shared.errors import NotFound
from shared.policy.parameters import Used
from shared.storage.audit import write_down
from shared.storage.fields import Yuan
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import fits

TAGS = ["recoveries 补贴追回"]
claiming = APIRouter(prefix="/v1", tags=[*TAGS], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=[*TAGS])

Day = Annotated[dt.date, Field(ge=dt.date(2020, 1, 1), lt=dt.date(2100, 1, 1))]
Instalments = Annotated[int, Field(ge=1, le=120)]
Amount = Annotated[Yuan, Field(gt=0)]


class ClaimBody(BaseModel):
    """What is claimed back, why, and in how many monthly instalments."""

    amount: Amount
    reason: Reason
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    instalments: Instalments = 1


class StatementBody(BaseModel):
    """What who was paid says to it."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class ReceiptBody(BaseModel):
    """Money that came back. `reference`: by what the bank names the transfer; the same one again changes nothing."""

    reference: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    amount: Amount
    on: Day


class AgreementBody(BaseModel):
    """Other monthly instalments for what is still owed."""

    instalments: Instalments
    first: Day


class RecoveryView(BaseModel):
    """What is claimed back. `left`: what is still owed; until the end of `heard_by`, who was paid may say their view first."""

    recovery_id: str
    payment_id: str
    district: str
    amount: Yuan
    received: Yuan
    left: Yuan
    reason: Reason
    reason_text: str
    note: str
    state: State
    heard_by: dt.date
    statement: str | None
    instalments: list[Part]
    receipts: list[Receipt]
    used: list[Used]

    @classmethod
    def of(cls, one: Recovery) -> Self:
        return cls(
            recovery_id=one.id,
            payment_id=one.payment_id,
            district=one.district,
            amount=one.amount,
            received=one.received,
            left=one.left,
            reason=one.reason,
            reason_text=REASONS[one.reason],
            note=one.clear_note,
            state=one.state,
            heard_by=one.heard_by,
            statement=one.clear_statement,
            instalments=one.parts,
            receipts=one.receipts,
            used=one.used,
        )


@claiming.post("/subsidy-payments/{payment_id}/recoveries", status_code=201)
async def claim_back(payment_id: str, body: ClaimBody, officer: Officer, response: Response) -> RecoveryView:
    """Propose to claim back what was paid wrongly, as a finance officer."""

    async def store(tx: Transaction) -> Recovery:
        payment = await payment_of(payment_id, officer, tx)
        await on_duty(officer, payment.district, "finance", "head", tx=tx)
        await write_down("subsidy_recovery.proposed", payment.id, officer, tx)
        return await commands.propose(
            payment, body.amount, body.reason, body.note, body.instalments, officer.subject, tx
        )

    recovery = await transact(store)
    response.headers["Location"] = f"/v1/subsidy-recoveries/{recovery.id}"
    return _shown(recovery, response)


@router.get("/subsidy-recoveries")
async def list_recoveries(caller: Reader, page: PageAsked) -> Page[RecoveryView]:
    """What is claimed back, the newest first: of the caller, or in an officer's district."""
    return await Page.of(Recovery, seen_by(caller), RecoveryView.of, page, sort="-_id")


@router.get("/subsidy-recoveries/{recovery_id}")
async def read_recovery(recovery_id: str, caller: Reader, response: Response) -> RecoveryView:
    """What is claimed back, with its instalments and what came back."""
    return _shown(await _recovery_of(recovery_id, caller), response)


@router.post("/subsidy-recoveries/{recovery_id}/statement")
async def state(
    recovery_id: str, body: StatementBody, caller: Payee, seen: RevisionSeen, response: Response
) -> RecoveryView:
    """Say, as who was paid, what speaks against it, before it is decided."""

    async def act(tx: Transaction) -> Recovery:
        recovery = await _recovery_of(recovery_id, caller, tx)
        require_revision(seen, recovery.revision)
        return await commands.state(recovery, body.text, tx)

    return _shown(await transact(act), response)


@router.post("/subsidy-recoveries/{recovery_id}/decision")
async def decide(recovery_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> RecoveryView:
    """Decide that it is claimed back, as another officer, after who was paid was heard; `/cancellation` decides otherwise."""
    return await _done(
        recovery_id,
        officer,
        seen,
        response,
        "claimed",
        ("finance", "head"),
        lambda one, tx: commands.claim(one, officer.subject, tx),
    )


@router.post("/subsidy-recoveries/{recovery_id}/receipts")
async def receive(
    recovery_id: str, body: ReceiptBody, officer: Officer, seen: RevisionSeen, response: Response
) -> RecoveryView:
    """Take down what came back, as a finance officer."""
    return await _done(
        recovery_id,
        officer,
        seen,
        response,
        "received",
        ("finance",),
        lambda one, tx: commands.receive(one, body.reference, body.amount, body.on, officer.subject, tx),
    )


@router.post("/subsidy-recoveries/{recovery_id}/agreement")
async def agree(
    recovery_id: str, body: AgreementBody, officer: Officer, seen: RevisionSeen, response: Response
) -> RecoveryView:
    """Agree on other instalments."""
    return await _done(
        recovery_id,
        officer,
        seen,
        response,
        "agreed",
        ("finance", "head"),
        lambda one, tx: commands.agree(one, body.instalments, body.first, tx),
    )


@router.post("/subsidy-recoveries/{recovery_id}/cancellation")
async def cancel(recovery_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> RecoveryView:
    """End a claim that was not owed, as another officer than who made it."""
    return await _done(
        recovery_id,
        officer,
        seen,
        response,
        "cancelled",
        ("finance", "head"),
        lambda one, tx: commands.cancel(one, officer.subject, tx),
    )


@router.post("/subsidy-recoveries/{recovery_id}/write-off")
async def write_off(recovery_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> RecoveryView:
    """Give up what is still owed, as a head."""
    return await _done(
        recovery_id,
        officer,
        seen,
        response,
        "written_off",
        ("head",),
        lambda one, tx: commands.write_off(one, officer.subject, tx),
    )


async def _done(
    recovery_id: str,
    officer: Caller,
    seen: int,
    response: Response,
    what: str,
    duties: tuple[Duty, ...],
    step: Callable[[Recovery, Transaction], Awaitable[Recovery]],
) -> RecoveryView:
    async def act(tx: Transaction) -> Recovery:
        recovery = await _recovery_of(recovery_id, officer, tx)
        await on_duty(officer, recovery.district, *duties, tx=tx)
        require_revision(seen, recovery.revision)
        await write_down(f"subsidy_recovery.{what}", recovery.id, officer, tx)
        return await step(recovery, tx)

    return _shown(await transact(act), response)


async def _recovery_of(recovery_id: str, caller: Caller, tx: Transaction | None = None) -> Recovery:
    recovery = await Recovery.of(recovery_id, tx)
    if recovery is None or not fits(recovery, seen_by(caller)):
        raise NotFound("该追回", "the recovery")
    return recovery


def _shown(recovery: Recovery, response: Response) -> RecoveryView:
    set_etag(response, recovery.revision)
    return RecoveryView.of(recovery)
