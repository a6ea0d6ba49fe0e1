"""What callers see of benefits. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel

from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.missing_views import AwaitedView, EnteredView, awaited_views
from services.insurance.benefits.proposal_commands import Proposal
from services.insurance.benefits.rules import State, ThirdParty
from shared.contracts.insurance import Payer, Scheme
from shared.identity.masking import mask_bank_account, mask_name
from shared.policy.parameters import Used, parameters
from shared.storage.fields import Yuan


class BenefitPaymentView(BaseModel):
    """Money that reached the payee. `source`: who paid; `month` is null for what is paid once. `arrears`: the part of it that makes up
    for earlier months."""

    month: str | None
    amount: Yuan
    arrears: Yuan
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
    """A benefit. `amount` is one payment's, for monthly kinds a month's; null while it is open for want of the parameter `missing`.
    `arrears` is paid beside the month that is due, for earlier ones; `overpaid`: for months after the last one. `ends_for`: the code
    of what ended it, `stopped_for`: of what keeps it back now (工伤保险条例 art. 42). `dependant`: whose number in the register.
    `third_party`: why the fund pays in place of whoever caused the injury. `account` is masked. `liable`: who owes what the fund has
    taken over. `formula`: how the kind is calculated; `waits`: for a person, who enters the values that it `awaits` (with what is
    known in `used` and `basis`), or the sum. `payee`, `orders`, `basis`, `used`, `entered` and `history` are shown to the worker, and
    to an officer who reads this one benefit.
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
    arrears: Yuan
    overpaid: Yuan
    ends_for: str | None
    stopped_for: str | None
    dependant: int | None
    third_party: ThirdParty | None
    due_on: dt.date | None
    formula: str
    waits: bool
    awaits: list[AwaitedView]
    entered: list[EnteredView]
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
    formula: str
    awaits: list[AwaitedView]
    first_month: str | None
    last_month: str | None
    used: list[Used]


class AccountView(BaseModel):
    """A payee in clear."""

    id_number: str
    name: str
    account: str


def title_of(kind: str, day: dt.date) -> str:
    """The Chinese name of a kind."""
    return parameters.on(day).text("benefit.titles", kind)


def formula_of(kind: str, day: dt.date) -> str:
    """How a kind is calculated, in words."""
    return parameters.on(day).text("benefit.formulas", kind)


def benefit_view(benefit: Benefit, *, whole: bool) -> BenefitView:
    """A benefit; `whole`: with what only the worker and officers see."""
    kept = set(BenefitView.model_fields) - {"benefit_id", "title", "payee", "account", "formula", "awaits"}
    values = benefit.model_dump(include=kept) | {"overpaid": benefit.overpaid}
    values["history"] = [
        {**step.model_dump(exclude={"reason"}), "reason": step.clear_reason(benefit.id)} for step in benefit.history
    ]
    values["orders"] = [
        {**order.model_dump(exclude={"reason"}), "reason": order.clear_reason(benefit.id)} for order in benefit.orders
    ]
    if not whole:
        values |= dict.fromkeys(("orders", "basis", "used", "history")) | {"entered": []}
    awaits = [(one.key, one.entry) for one in benefit.awaits]
    _, name, account = benefit.payee.opened(benefit.id) if benefit.payee and whole else (None, None, None)
    return BenefitView(
        **values,
        benefit_id=benefit.id,
        title=title_of(benefit.kind, benefit.occurred_on),
        formula=formula_of(benefit.kind, benefit.occurred_on),
        awaits=awaited_views(awaits, benefit.occurred_on, benefit.district),
        paid=benefit.paid,
        payee=mask_name(name) if name else None,
        account=mask_bank_account(account) if account else None,
    )


def proposal_view(kind: str, proposal: Proposal, day: dt.date, district: str) -> ProposalView:
    return ProposalView(
        kind=kind,
        title=title_of(kind, day),
        payer=proposal.payer,
        amount=proposal.calculated.amount,
        missing=proposal.calculated.missing,
        formula=formula_of(kind, day),
        awaits=awaited_views(proposal.awaits, day, district),
        first_month=proposal.month,
        last_month=proposal.last_month,
        used=proposal.used,
    )
