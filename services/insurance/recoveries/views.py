"""Recoveries as callers ask for and see them. Money is yuan, a decimal string."""

from __future__ import annotations

from pydantic import BaseModel

from services.insurance.benefits.views import Code, PositiveYuan
from services.insurance.debts.views import DebtView, debt_view
from services.insurance.recoveries.documents import Recovery
from shared.contracts.insurance import Debtor


class RecoveryView(BaseModel):
    """What was paid wrongly, or in another's place, and is claimed back from the `debtor`."""

    recovery_id: str
    benefit_id: str
    debtor: Debtor
    reason: str
    debt: DebtView


def recovery_view(recovery: Recovery) -> RecoveryView:
    return RecoveryView(
        recovery_id=recovery.id,
        benefit_id=recovery.benefit_id,
        debtor=recovery.debtor,
        reason=recovery.reason,
        debt=debt_view(recovery.id, recovery.debt),
    )


class RecoveryToOpen(BaseModel):
    """`reason` is a code, such as `overpaid`, `recognition_revoked`, `fraud`, `no_longer_entitled`, `fund_advance`.

    `debtor`: the payee; the employer, for what the fund took over; a third party, for medical costs.
    """

    amount: PositiveYuan
    reason: Code
    debtor: Debtor = "payee"
