"""Money paid out and claimed back."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Money, Topic, event
from shared.contracts.platform import District

PAYMENT = Topic("subsidies.payment")


class SubsidyPaymentFact(Fact, frozen=True, kw_only=True):
    """Money of a subsidy. `payment_id`: what is owed; `number`: the application's; exactly one of `worker_id`, `uscc`
    (an enterprise), `provider` (a body that trains or evaluates, by its credit code) and `union_id` names who applied, or none
    of them where that was a community. `amount` is yuan.
    """

    payment_id: Id
    application_id: Id
    number: str
    kind: Id
    district: District
    worker_id: Id | None
    uscc: Id | None
    provider: Id | None
    union_id: Id | None
    amount: Money


@event("cn.deyang.subsidies.subsidy.paid.v1", topic=PAYMENT, key="payment_id")
class SubsidyPaid(SubsidyPaymentFact, frozen=True, kw_only=True):
    """The bank has paid it out."""

    paid_on: date


@event("cn.deyang.subsidies.subsidy.failed.v1", topic=PAYMENT, key="payment_id")
class SubsidyFailed(SubsidyPaymentFact, frozen=True, kw_only=True):
    """The bank could not pay it out: the account is to be corrected, and it is paid anew."""


@event("cn.deyang.subsidies.subsidy.returned.v1", topic=PAYMENT, key="payment_id")
class SubsidyReturned(SubsidyPaymentFact, frozen=True, kw_only=True):
    """It was paid out, and came back: the account is to be corrected, and it is paid anew."""


class SubsidyRecoveryFact(SubsidyPaymentFact, frozen=True, kw_only=True):
    """What is claimed back of a subsidy; `amount` is what is to come back in all."""

    recovery_id: Id
    lead_department: Id


@event("cn.deyang.subsidies.recovery.proposed.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryProposed(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """An officer proposes to claim it back; until the end of `heard_by` who was paid may say their view before it is decided."""

    heard_by: date


@event("cn.deyang.subsidies.recovery.heard.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryHeard(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """Who was paid has said their view (`stated`), or let the time for it pass: an officer can decide."""

    stated: bool


@event("cn.deyang.subsidies.recovery.opened.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryOpened(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """It is claimed back. `due_on`: until when the first instalment, or all of it, is to be paid back."""

    due_on: date
    instalments: int


@event("cn.deyang.subsidies.recovery.overdue.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryOverdue(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """An instalment was not paid back in time. `missing`: yuan that were due by `due_on` and are not there."""

    due_on: date
    missing: Money


@event("cn.deyang.subsidies.recovery.closed.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryClosed(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """It came back in full, is no longer owed, or was written off by the head. `recovered`: yuan that came back."""

    ending: Literal["recovered", "cancelled", "written_off"]
    recovered: Money
