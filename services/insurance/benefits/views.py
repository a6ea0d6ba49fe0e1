"""What callers see of benefits, advances and recoveries. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel

from services.insurance.benefits.commands import Proposal
from services.insurance.benefits.documents import Advance, Benefit, Debt, Recovery
from services.insurance.benefits.rules import AdvanceState, DebtState, State
from shared.contracts.insurance import Debtor, Payer, Scheme
from shared.identity.masking import mask_bank_account, mask_name
from shared.policy.parameters import Used, parameters
from shared.storage.fields import Yuan


class BenefitPaymentView(BaseModel):
    """Money that reached the payee. `source`: who paid; `month` is null for what is paid once."""

    month: str | None
    amount: Yuan
    paid_on: dt.date
    source: Payer


class PaymentOrderView(BaseModel):
    """A payment order to the province. `reason`: why it failed."""

    number: str
    month: str | None
    amount: Yuan
    status: Literal["waiting", "sent", "paid", "failed"]
    reason: str | None


class BenefitStepView(BaseModel):
    """One entry of a history."""

    at: dt.datetime
    event: str
    by: str
    reason: str | None


class BenefitView(BaseModel):
    """A benefit. `amount` is one payment's, for monthly kinds a month's; null while it is open for want of the parameter
    `missing`. `account` is masked. `liable`: who owes what the fund has taken over. `payee`, `orders`, `basis`, `used` and `history`
    are shown to the worker, and to an officer who reads this one benefit.
    """

    benefit_id: str
    claim_id: str
    platform: str
    partner: str | None
    district: str
    scheme: Scheme
    kind: str
    title: str
    payer: Payer
    liable: Payer | None
    state: State
    amount: Yuan | None
    missing: str | None
    month: str | None
    last_month: str | None
    due_on: dt.date | None
    paid: Yuan
    payments: list[BenefitPaymentView]
    payee: str | None
    account: str | None
    orders: list[PaymentOrderView] | None
    basis: dict[str, Any] | None
    used: list[Used] | None
    history: list[BenefitStepView] | None


class ProposalView(BaseModel):
    """What a benefit would come to, without granting it; `missing` as in a benefit."""

    kind: str
    title: str
    payer: Payer
    amount: Yuan | None
    missing: str | None
    first_month: str | None
    last_month: str | None
    used: list[Used]


class AccountView(BaseModel):
    """A payee in clear."""

    id_number: str
    name: str
    account: str


class InstalmentView(BaseModel):
    """Money that came back, and the legal day."""

    on: dt.date
    amount: Yuan


class DebtView(BaseModel):
    """What is owed back, and what has come."""

    owed: Yuan
    repaid: Yuan
    state: DebtState
    instalments: list[InstalmentView]
    closed_on: dt.date | None
    closed_for: str | None


class AdvanceView(BaseModel):
    """What a platform must advance, or has. `recourse`: what the partner firm owes it, null until it has advanced."""

    advance_id: str
    benefit_id: str
    claim_id: str
    platform: str
    partner: str
    month: str | None
    amount: Yuan
    state: AdvanceState
    due_on: dt.date
    reminders: int
    paid_on: dt.date | None
    recourse: DebtView | None


class RecoveryView(BaseModel):
    """What was paid wrongly, or in another's place, and is claimed back from the `debtor`."""

    recovery_id: str
    benefit_id: str
    debtor: Debtor
    reason: str
    debt: DebtView


def title_of(kind: str, day: dt.date) -> str:
    """The Chinese name of a kind."""
    return parameters.on(day).text("benefit.titles", kind)


def benefit_view(benefit: Benefit, *, whole: bool) -> BenefitView:
    """A benefit; `whole`: with what only the worker and officers see."""
    kept = set(BenefitView.model_fields) - {"benefit_id", "title", "payee", "account"}
    values = benefit.model_dump(include=kept)
    values["history"] = [
        {**step.model_dump(exclude={"reason"}), "reason": step.clear_reason(benefit.id)} for step in benefit.history
    ]
    values["orders"] = [
        {**order.model_dump(exclude={"reason"}), "reason": order.clear_reason(benefit.id)} for order in benefit.orders
    ]
    if not whole:
        values |= dict.fromkeys(("orders", "basis", "used", "history"))
    _, name, account = benefit.payee.opened(benefit.id) if benefit.payee and whole else (None, None, None)
    return BenefitView(
        **values,
        benefit_id=benefit.id,
        title=title_of(benefit.kind, benefit.occurred_on),
        paid=benefit.paid,
        payee=mask_name(name) if name else None,
        account=mask_bank_account(account) if account else None,
    )


def proposal_view(kind: str, proposal: Proposal, day: dt.date) -> ProposalView:
    return ProposalView(
        kind=kind,
        title=title_of(kind, day),
        payer=proposal.payer,
        amount=proposal.reckoned.amount,
        missing=proposal.reckoned.missing,
        first_month=proposal.month,
        last_month=proposal.last_month,
        used=proposal.used,
    )


def advance_view(advance: Advance) -> AdvanceView:
    kept = set(AdvanceView.model_fields) - {"advance_id", "recourse"}
    recourse = _debt(advance.id, advance.recourse) if advance.recourse else None
    return AdvanceView(**advance.model_dump(include=kept), advance_id=advance.id, recourse=recourse)


def recovery_view(recovery: Recovery) -> RecoveryView:
    return RecoveryView(
        recovery_id=recovery.id,
        benefit_id=recovery.benefit_id,
        debtor=recovery.debtor,
        reason=recovery.reason,
        debt=_debt(recovery.id, recovery.debt),
    )


def _debt(record_id: str, debt: Debt) -> DebtView:
    kept = debt.model_dump(exclude={"closed_for"})
    return DebtView(**kept, closed_for=debt.clear_closed_for(record_id), repaid=debt.repaid)
