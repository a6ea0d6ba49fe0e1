"""Payments over HTTP: applicants follow theirs and correct an account, officers read those of their district."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.budgets.access import Officer
from services.subsidies.officers.commands import on_duty
from services.subsidies.payments import commands
from services.subsidies.payments.access import Reader, payment_of, seen_by
from services.subsidies.payments.documents import Payment
from services.subsidies.payments.rules import Payee, State
from services.subsidies.payments.views import PaymentView
from shared.callers import Caller
from shared.errors import Forbidden
from shared.storage.audit import write_down
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["payments 补贴发放"])


class PayeeBody(BaseModel):
    """Whose account is paid into. `bank_code`: the 12 digits of the bank in the payment system (联行号)."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    account: str = Field(pattern=r"^\d{8,30}$")
    bank: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] | None = None
    bank_code: str | None = Field(default=None, pattern=r"^\d{12}$")

    @property
    def payee(self) -> Payee:
        return Payee(name=self.name, account=self.account, bank=self.bank, bank_code=self.bank_code)


@router.get("/subsidy-payments")
async def list_payments(
    caller: Reader,
    page: PageAsked,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    doubted: Annotated[Literal["true"] | None, Query(description="only those of which the bank has said both")] = None,
) -> Page[PaymentView]:
    """Payments, the newest first: an applicant's own, or those of an officer's district."""
    query = seen_by(caller) | ({} if state is None else {"state": state})
    query |= {} if doubted is None else {"doubted": {"$gt": ""}}
    return await Page.of(Payment, query, PaymentView.of, page, sort="-_id")


@router.get("/subsidy-payments/{payment_id}")
async def read_payment(payment_id: str, caller: Reader, response: Response) -> PaymentView:
    """A payment, with what was done to it."""
    return _shown(await payment_of(payment_id, caller), response)


@router.put("/subsidy-payments/{payment_id}/account")
async def correct_account(
    payment_id: str, body: PayeeBody, caller: Reader, seen: RevisionSeen, response: Response
) -> PaymentView:
    """Name another account as the applicant, where nothing is on its way: what the bank could not pay is paid anew. For a community,
    which has no token of its own, a finance officer does so."""
    payee = body.payee

    async def check(payment: Payment, tx: Transaction) -> None:
        if caller.role == "officer":
            if payment.role != "community":
                raise Forbidden("账户由申请人本人更正", "the applicant corrects the account")
            await on_duty(caller, payment.district, "finance", tx=tx)

    return await _done(
        payment_id,
        caller,
        seen,
        response,
        "corrected",
        check,
        lambda one, tx: commands.correct_account(one, payee, caller.subject, tx),
    )


@router.post("/subsidy-payments/{payment_id}/cancellation")
async def cancel_payment(payment_id: str, officer: Officer, seen: RevisionSeen, response: Response) -> PaymentView:
    """Say that it is not to be paid after all, as a head: its money is available again."""

    async def check(payment: Payment, tx: Transaction) -> None:
        await on_duty(officer, payment.district, "head", tx=tx)

    return await _done(
        payment_id,
        officer,
        seen,
        response,
        "cancelled",
        check,
        lambda one, tx: commands.cancel(one, officer.subject, tx),
    )


async def _done(
    payment_id: str,
    caller: Caller,
    seen: int,
    response: Response,
    what: str,
    check: Callable[[Payment, Transaction], Awaitable[None]],
    step: Callable[[Payment, Transaction], Awaitable[Payment]],
) -> PaymentView:
    async def act(tx: Transaction) -> Payment:
        payment = await payment_of(payment_id, caller, tx)
        await check(payment, tx)
        require_revision(seen, payment.revision)
        await write_down(f"subsidy_payment.{what}", payment.id, caller, tx)
        return await step(payment, tx)

    return _shown(await transact(act), response)


def _shown(payment: Payment, response: Response) -> PaymentView:
    set_etag(response, payment.revision)
    return PaymentView.of(payment)
