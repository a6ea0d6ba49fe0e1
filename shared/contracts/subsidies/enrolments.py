"""People in courses: enrolment, attendance, examinations."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

ENROLMENT = Topic("subsidies.enrolment")


class EnrolmentFact(Fact, frozen=True, kw_only=True):
    """A person in a course. `provider`: the credit code of the body that gives it."""

    enrolment_id: Id
    number: str
    worker_id: Id
    programme_id: Id
    title: str
    provider: Id
    starts_on: date
    district: District


@event("cn.deyang.subsidies.enrolment.made.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentMade(EnrolmentFact, frozen=True, kw_only=True):
    """A person is enrolled, or waits for a place; `agent`: they themselves, a platform or a union did it."""

    waiting: bool
    agent: Literal["worker", "platform", "union"]


@event("cn.deyang.subsidies.enrolment.moved_up.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentMovedUp(EnrolmentFact, frozen=True, kw_only=True):
    """Who waited has a place."""


@event("cn.deyang.subsidies.enrolment.completed.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentCompleted(EnrolmentFact, frozen=True, kw_only=True):
    """The course is completed; `hours`: the class hours attended."""

    hours: int
    completed_on: date


EnrolmentEnding = Literal["withdrawn", "cancelled", "lapsed", "joined"]
"""Taken back; the programme was cancelled; no place became free; another enrolment turned out to be the same person's."""


@event("cn.deyang.subsidies.enrolment.ended.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentEnded(EnrolmentFact, frozen=True, kw_only=True):
    """A person is in the course no more, or has not come into it."""

    ending: EnrolmentEnding


@event("cn.deyang.subsidies.examination.recorded.v1", topic=ENROLMENT, key="enrolment_id")
class ExaminationRecorded(Fact, frozen=True, kw_only=True):
    """The result of an attempt at the examination of a course; `evaluator`: the credit code of the body that examined."""

    enrolment_id: Id
    worker_id: Id
    programme_id: Id
    title: str
    evaluator: Id
    attempt: int
    taken_on: date
    passed: bool


class AttendanceSignFact(Fact, frozen=True, kw_only=True):
    """Two reports have one person in two places at the same time. `district` is null where the courses are of two districts."""

    sign_id: Id
    worker_id: Id
    enrolments: tuple[Id, ...]
    lead_department: Id
    district: District | None


@event("cn.deyang.subsidies.attendance.suspected.v1", topic=ENROLMENT, key="sign_id")
class AttendanceSuspected(AttendanceSignFact, frozen=True, kw_only=True):
    """An officer is to look at it; neither enrolment is completed before."""


@event("cn.deyang.subsidies.attendance.judged.v1", topic=ENROLMENT, key="sign_id")
class AttendanceJudged(AttendanceSignFact, frozen=True, kw_only=True):
    """An officer has judged it: `struck` are the enrolments whose session does not count."""

    struck: tuple[Id, ...]
