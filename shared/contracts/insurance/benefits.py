"""What insurance tells of benefits, advances, recourse and recovery. Money is yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Money, Topic, event

BENEFIT = Topic("insurance.benefit", partitions=3)

Payer = Literal["fund", "partner", "platform"]

Debtor = Literal["payee", "employer", "third_party"]


class BenefitFact(Fact, frozen=True, kw_only=True):
    """A benefit of a recognised claim. `kind` is a code of the dated parameters.

    `partner`: the firm that organises the work, where there is one. `to_kin`: the worker has died, and next of kin are paid;
    `kin`: the ids of those who can be told.
    """

    benefit_id: Id
    claim_id: Id
    worker_id: Id
    platform: Id
    kind: str
    amount: Money
    payer: Payer
    partner: Id | None = None
    to_kin: bool = False
    kin: tuple[Id, ...] = ()


class BenefitFields(TypedDict):
    """The fields of `BenefitFact`, for whoever makes its events."""

    benefit_id: Id
    claim_id: Id
    worker_id: Id
    platform: Id
    kind: str
    amount: Money
    payer: Payer
    partner: Id | None
    to_kin: bool
    kin: tuple[Id, ...]


@event("cn.deyang.insurance.benefit.granted.v1", topic=BENEFIT, key="benefit_id")
class BenefitGranted(BenefitFact, frozen=True, kw_only=True):
    """A benefit is due."""

    due_on: date | None


@event("cn.deyang.insurance.benefit.paid.v1", topic=BENEFIT, key="benefit_id")
class BenefitPaid(BenefitFact, frozen=True, kw_only=True):
    """The money has reached the worker."""

    paid_on: date


@event("cn.deyang.insurance.benefit.payment_failed.v1", topic=BENEFIT, key="benefit_id")
class BenefitPaymentFailed(BenefitFact, frozen=True, kw_only=True):
    """A payment did not go through; `final` where it is not tried again by itself."""

    reason: str
    final: bool


@event("cn.deyang.insurance.benefit.adjusted.v1", topic=BENEFIT, key="benefit_id")
class BenefitAdjusted(BenefitFact, frozen=True, kw_only=True):
    """A monthly benefit comes to another sum from a month on (YYYY-MM); `amount` holds `arrears`, for earlier months."""

    from_month: str
    arrears: Money


@event("cn.deyang.insurance.benefit.ended.v1", topic=BENEFIT, key="benefit_id")
class BenefitEnded(BenefitFact, frozen=True, kw_only=True):
    """A benefit ends with its `last_month` (YYYY-MM; null where none was paid). `ended_for`: the code of what ended it.

    `told_before`: whoever draws it was told of this end already, by the check that found it or when its last month was set.
    """

    last_month: str | None
    ended_for: str
    told_before: bool = False


class AdvanceFact(Fact, frozen=True, kw_only=True):
    """What a platform advances in a partner firm's place (德人社发〔2022〕95 号 art. 3)."""

    advance_id: Id
    benefit_id: Id
    claim_id: Id
    worker_id: Id
    platform: Id
    partner: Id
    amount: Money


class AdvanceFields(TypedDict):
    """The fields of `AdvanceFact`, for whoever makes its events."""

    advance_id: Id
    benefit_id: Id
    claim_id: Id
    worker_id: Id
    platform: Id
    partner: Id
    amount: Money


@event("cn.deyang.insurance.advance.due.v1", topic=BENEFIT, key="benefit_id")
class AdvanceDue(AdvanceFact, frozen=True, kw_only=True):
    """The partner firm has not paid in time: the platform must advance."""

    due_on: date | None


@event("cn.deyang.insurance.advance.paid.v1", topic=BENEFIT, key="benefit_id")
class AdvancePaid(AdvanceFact, frozen=True, kw_only=True):
    """The platform has advanced the benefit, and may take recourse to the partner firm."""

    paid_on: date


@event("cn.deyang.insurance.recourse.closed.v1", topic=BENEFIT, key="benefit_id")
class RecourseClosed(AdvanceFact, frozen=True, kw_only=True):
    """The recourse has come to its end; `recovered` is what the partner firm has paid back."""

    outcome: Literal["recovered", "partly_recovered", "written_off"]
    recovered: Money


@event("cn.deyang.insurance.recourse.corrected.v1", topic=BENEFIT, key="benefit_id")
class RecourseCorrected(AdvanceFact, frozen=True, kw_only=True):
    """Money was recorded wrongly on the recourse and counts no more, or on another advance (`moved`). The recourse is open again,
    unless it is told closed after this; `recovered` is what the partner firm has paid back, `outstanding` what it owes.
    """

    recovered: Money
    outstanding: Money
    moved: bool


@event("cn.deyang.insurance.recovery.proposed.v1", topic=BENEFIT, key="benefit_id")
class RecoveryProposed(BenefitFact, frozen=True, kw_only=True):
    """What was paid too much may be claimed back from the payee, who can speak to it until `answer_by` before an officer decides.

    `to_recover` is the sum, `reason` a code.
    """

    recovery_id: Id
    to_recover: Money
    reason: str
    answer_by: date


@event("cn.deyang.insurance.recovery.dropped.v1", topic=BENEFIT, key="benefit_id")
class RecoveryDropped(BenefitFact, frozen=True, kw_only=True):
    """Nothing is claimed back after all of what was proposed."""

    recovery_id: Id


@event("cn.deyang.insurance.recovery.opened.v1", topic=BENEFIT, key="benefit_id")
class RecoveryOpened(BenefitFact, frozen=True, kw_only=True):
    """What was paid wrongly, or in another's place, is claimed back. `to_recover` is the sum, `reason` a code.

    `debtor`: the payee; the employer, whose contributions were not paid (社会保险法 art. 41); a third party (art. 42).
    """

    to_recover: Money
    reason: str
    debtor: Debtor = "payee"


@event("cn.deyang.insurance.recovery.closed.v1", topic=BENEFIT, key="benefit_id")
class RecoveryClosed(BenefitFact, frozen=True, kw_only=True):
    """The recovery has come to its end."""

    recovered: Money
    outcome: Literal["recovered", "partly_recovered", "written_off"]
    debtor: Debtor = "payee"
