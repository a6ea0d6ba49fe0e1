"""Which payments a caller reaches: an applicant their own, an officer those that their department pays, of the district."""

from __future__ import annotations

from typing import Annotated, Any

from services.subsidies.budgets.access import kept_by
from services.subsidies.budgets.rules import KEEPERS
from services.subsidies.payments.documents import Payment
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import callers, fits, reach

Reader = Annotated[
    Caller, callers("worker", "platform", "provider", "union", departments=set(KEEPERS.values()), district="document")
]
Payee = Annotated[Caller, callers("worker", "platform", "provider", "union")]


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on payments that a caller may see: an officer's department and
    district, else who it is paid to as what they are."""
    if caller.role == "officer":
        return kept_by(caller)
    own = "applicant"
    return reach(caller, worker=own, platform=own, provider=own, union=own) | {"role": caller.role}


async def payment_of(payment_id: str, caller: Caller, tx: Transaction | None = None) -> Payment:
    """A payment that the caller may see; any other is not found."""
    payment = await Payment.of(payment_id, tx)
    if payment is None or not fits(payment, seen_by(caller)):
        raise NotFound("该笔款项", "the payment")
    return payment
