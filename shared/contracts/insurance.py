"""What insurance tells."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Instant, Month, SignedMoney, Topic, event

ENROLMENT = Topic("insurance.enrolment")
BILL = Topic("insurance.bill")
CLAIM = Topic("insurance.claim")

Scheme = Literal["work_injury", "occupational_injury"]
CoverCheck = Literal["covered", "not_covered", "other_scheme", "pending"]


class EnrolmentFact(Fact, frozen=True, kw_only=True):
    """One person's cover through one engagement. `due_on`: until when the employer must register (work injury)."""

    enrolment_id: Id
    engagement_id: Id
    worker_id: Id
    platform: Id
    scheme: Scheme
    starts_on: date
    ends_on: date | None
    due_on: date | None


@event("cn.deyang.insurance.enrolment.opened.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentOpened(EnrolmentFact, frozen=True, kw_only=True):
    pass


@event("cn.deyang.insurance.enrolment.confirmed.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentConfirmed(EnrolmentFact, frozen=True, kw_only=True):
    """The provincial platform has answered."""

    receipt_number: str


@event("cn.deyang.insurance.enrolment.refused.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentRefused(EnrolmentFact, frozen=True, kw_only=True):
    """The provincial platform has answered that it does not take this enrolment."""

    reason: str


@event("cn.deyang.insurance.enrolment.ended.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentEnded(EnrolmentFact, frozen=True, kw_only=True):
    pass


@event("cn.deyang.insurance.enrolment.overdue.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentDutyOverdue(EnrolmentFact, frozen=True, kw_only=True):
    """The employer has not registered the person in time (社会保险法 art. 58)."""


@event("cn.deyang.insurance.bill.issued.v1", topic=BILL, key="bill_id")
class BillIssued(Fact, frozen=True, kw_only=True):
    """A platform's premium for a month. `orders` are the charged ones, `late_orders` those of earlier months among them."""

    bill_id: Id
    platform: Id
    month: Month
    orders: int
    late_orders: int
    premium: SignedMoney
    due_on: date


@event("cn.deyang.insurance.claim.filed.v1", topic=CLAIM, key="claim_id")
class ClaimFiled(Fact, frozen=True, kw_only=True):
    """An accident was reported. Nothing of the injury travels in events."""

    claim_id: Id
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    incident_id: Id
    occurred_at: Instant
    cover: CoverCheck


@event("cn.deyang.insurance.claim.checked.v1", topic=CLAIM, key="claim_id")
class ClaimChecked(Fact, frozen=True, kw_only=True):
    """Whether the cover holds for the accident, after facts that came later than the report."""

    claim_id: Id
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    cover: CoverCheck


@event("cn.deyang.insurance.premium.adjusted.v1", topic=BILL, key="platform")
class PremiumAdjusted(Fact, frozen=True, kw_only=True):
    """What a late fact changed in the ledger of a platform. Money in yuan."""

    platform: Id
    orders: int
    premium: SignedMoney
    reason: Literal["employment", "delivery_class"]
