"""What insurance tells of enrolments."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import Industry

ENROLMENT = Topic("insurance.enrolment")

Scheme = Literal["work_injury", "occupational_injury"]


class EnrolmentFact(Fact, frozen=True, kw_only=True):
    """One segment of a person's cover through one engagement. `due_on`: until when the employer must register.

    `ends_on` before `starts_on`: it turned out that the segment never was; it covers no day. `unit` is the credit code of
    whoever insures: the employer (the firm that dispatches, or the partner firm that employs), the platform, or for a courier
    outlet the enterprise that answers for it. `declared_on`: when the employer declared the person, null where it has not, or
    where no employer must. `listed`: the platform's name is on the list of those admitted to the occupational scheme; null in
    any other scheme, and in events older than the field.

    `basis`: whether the employer insures its employee, a courier outlet its people on the work-injury scheme (人社厅发
    〔2021〕101号), or a platform those who take its orders.
    """

    enrolment_id: Id
    engagement_id: Id
    worker_id: Id
    platform: Id
    scheme: Scheme
    starts_on: date
    ends_on: date | None
    due_on: date | None
    basis: Literal["employer", "outlet", "platform"] | None = None
    unit: Id | None = None
    declared_on: date | None = None
    listed: bool | None = None


class EnrolmentFields(TypedDict):
    """The fields of `EnrolmentFact`, for whoever makes its events."""

    enrolment_id: Id
    engagement_id: Id
    worker_id: Id
    platform: Id
    scheme: Scheme
    starts_on: date
    ends_on: date | None
    due_on: date | None
    basis: Literal["employer", "outlet", "platform"] | None
    unit: Id | None
    declared_on: date | None
    listed: bool | None


@event("cn.deyang.insurance.enrolment.opened.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentOpened(EnrolmentFact, frozen=True, kw_only=True):
    """A segment of cover began, or has no end any more."""


@event("cn.deyang.insurance.enrolment.declared.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentDeclared(EnrolmentFact, frozen=True, kw_only=True):
    """The employer has declared the person, and the provincial platform is asked to register them (社会保险法 art. 58)."""


@event("cn.deyang.insurance.enrolment.confirmed.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentConfirmed(EnrolmentFact, frozen=True, kw_only=True):
    """The provincial platform has answered."""

    receipt_number: str


@event("cn.deyang.insurance.enrolment.refused.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentRefused(EnrolmentFact, frozen=True, kw_only=True):
    """The provincial platform has answered that it does not take this enrolment. `reason` is its code, or `other`."""

    reason: str


@event("cn.deyang.insurance.enrolment.ended.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentEnded(EnrolmentFact, frozen=True, kw_only=True):
    """A segment of cover has its last day, or another one than was told before."""


@event("cn.deyang.insurance.enrolment.overdue.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentDutyOverdue(EnrolmentFact, frozen=True, kw_only=True):
    """The employer has not declared the person in time, or was refused and has not put it right (社会保险法 art. 58)."""


@event("cn.deyang.insurance.enrolment.suspended.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentSuspended(EnrolmentFact, frozen=True, kw_only=True):
    """The cover rests from `since` on. `reason` stands only in events of the past."""

    since: date
    reason: str


@event("cn.deyang.insurance.enrolment.resumed.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentResumed(EnrolmentFact, frozen=True, kw_only=True):
    """The cover holds again from `since` on."""

    since: date


@event("cn.deyang.insurance.enrolment.due_near.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentDutyNear(EnrolmentFact, frozen=True, kw_only=True):
    """The employer's deadline is near, and the province has not confirmed."""


@event("cn.deyang.insurance.enrolment.excluded.v1", topic=ENROLMENT, key="engagement_id")
class EnrolmentExcluded(Fact, frozen=True, kw_only=True):
    """No scheme insures the person's work through this engagement, from `since` on: its trade is none of those that the
    occupational scheme names (办法（试行） art. 2). `withdrawn`: that is not so, or not any more."""

    engagement_id: Id
    worker_id: Id
    platform: Id
    industry: Industry
    since: date
    withdrawn: bool


@event("cn.deyang.insurance.declaration.unmatched.v1", topic=ENROLMENT, key=("platform", "worker_ref"))
class DeclarationUnmatched(Fact, frozen=True, kw_only=True):
    """An employer (`platform`, its credit code) pushed that it employs somebody since a day, and nobody came on file as its employee
    since then: nobody is declared. `worker_ref`: its own name for them."""

    platform: Id
    worker_ref: Id
    starts_on: date
