"""What insurance tells out of the exchange with the provincial platform. Money is yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Money, Month, Topic, event

CONTRIBUTION = Topic("insurance.contribution", partitions=3)
RECONCILIATION = Topic("insurance.reconciliation", partitions=1)
TRANSFER = Topic("insurance.transfer", partitions=1)
QUALIFICATION = Topic("insurance.qualification", partitions=1)

Insurance = Literal["pension", "medical", "unemployment", "work_injury", "maternity"]


@event("cn.deyang.insurance.contribution.recorded.v1", topic=CONTRIBUTION, key="worker_id")
class ContributionRecorded(Fact, frozen=True, kw_only=True):
    """A social-insurance contribution for a person's month has been paid; a later fact of the same id takes its place.

    `payer`: the employer's credit code, or null where the person pays in flexible employment (灵活就业).
    """

    contribution_id: Id
    worker_id: Id
    insurance: Insurance
    month: Month
    base: Money
    employer_amount: Money
    worker_amount: Money
    payer: Id | None
    paid_on: date
    reversed: bool


@event("cn.deyang.insurance.reconciliation.finished.v1", topic=RECONCILIATION, key="day")
class ReconciliationFinished(Fact, frozen=True, kw_only=True):
    """A day's records here and at the province were compared; `mended` of the differences are gone."""

    day: date
    compared: int
    differences: int
    mended: int
    to_officer: int


class TransferFact(Fact, frozen=True, kw_only=True):
    """A person's social-insurance relation moves into or out of the city (社会保险法 art. 19)."""

    transfer_id: Id
    worker_id: Id
    direction: Literal["in", "out"]
    insurance: Insurance
    other_place: str


class TransferFields(TypedDict):
    """The fields of `TransferFact`, for whoever makes its events."""

    transfer_id: Id
    worker_id: Id
    direction: Literal["in", "out"]
    insurance: Insurance
    other_place: str


@event("cn.deyang.insurance.transfer.requested.v1", topic=TRANSFER, key="worker_id")
class TransferRequested(TransferFact, frozen=True, kw_only=True):
    """A transfer is under way; `due_on`: until when it is done."""

    due_on: date | None


@event("cn.deyang.insurance.transfer.completed.v1", topic=TRANSFER, key="worker_id")
class TransferCompleted(TransferFact, frozen=True, kw_only=True):
    """The relation has moved."""

    months: int


@event("cn.deyang.insurance.transfer.refused.v1", topic=TRANSFER, key="worker_id")
class TransferRefused(TransferFact, frozen=True, kw_only=True):
    """The transfer cannot be done. `reason` is the province's code, or `other`."""

    reason: str


@event("cn.deyang.insurance.transfer.withdrawn.v1", topic=TRANSFER, key="worker_id")
class TransferWithdrawn(TransferFact, frozen=True, kw_only=True):
    """It was taken back before it was sent. Where the province has taken it all the same, it is told as requested again."""


@event("cn.deyang.insurance.transfer.overdue.v1", topic=TRANSFER, key="worker_id")
class TransferOverdue(TransferFact, frozen=True, kw_only=True):
    """The transfer was not done in time."""

    due_on: date


class QualificationFact(Fact, frozen=True, kw_only=True):
    """The yearly check that whoever draws a benefit is still entitled to it (待遇领取资格认证).

    `to_kin`, `kin`: as in `BenefitFact`, where all that is drawn is paid to next of kin.
    """

    check_id: Id
    worker_id: Id
    due_on: date
    to_kin: bool = False
    kin: tuple[Id, ...] = ()


class QualificationFields(TypedDict):
    """The fields of `QualificationFact`, for whoever makes its events."""

    check_id: Id
    worker_id: Id
    due_on: date
    to_kin: bool
    kin: tuple[Id, ...]


@event("cn.deyang.insurance.qualification.due_near.v1", topic=QUALIFICATION, key="worker_id")
class QualificationDueNear(QualificationFact, frozen=True, kw_only=True):
    """The check is due soon."""


@event("cn.deyang.insurance.qualification.confirmed.v1", topic=QUALIFICATION, key="worker_id")
class QualificationConfirmed(QualificationFact, frozen=True, kw_only=True):
    """The entitlement holds; `next_due_on` is the next check's day."""

    next_due_on: date | None


@event("cn.deyang.insurance.qualification.ended.v1", topic=QUALIFICATION, key="worker_id")
class QualificationEnded(QualificationFact, frozen=True, kw_only=True):
    """An officer has found that the entitlement ended on a day (社会保险经办条例 art. 25, 26). `benefits`: the ids of those that end;
    `paid_through`: the last month for which they are due.
    """

    ended_on: date
    paid_through: Month
    benefits: tuple[Id, ...]


@event("cn.deyang.insurance.qualification.missed.v1", topic=QUALIFICATION, key="worker_id")
class QualificationMissed(QualificationFact, frozen=True, kw_only=True):
    """The check was not done in time: payments rest until it is."""
