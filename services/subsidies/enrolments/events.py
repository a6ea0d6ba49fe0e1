"""What subsidies publishes of enrolments."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from services.subsidies.enrolments.documents import Enrolment
from shared.contracts.subsidies import (
    EnrolmentCompleted,
    EnrolmentEnded,
    EnrolmentEnding,
    EnrolmentMade,
    EnrolmentMovedUp,
)


class _Fields(TypedDict):
    """The fields of every event on an enrolment."""

    enrolment_id: str
    number: str
    worker_id: str
    programme_id: str
    title: str
    provider: str
    starts_on: dt.date
    district: str


def made(enrolment: Enrolment) -> EnrolmentMade:
    return EnrolmentMade(**_fields(enrolment), waiting=enrolment.state == "waiting", agent=enrolment.agent)


def moved_up(enrolment: Enrolment) -> EnrolmentMovedUp:
    return EnrolmentMovedUp(**_fields(enrolment))


def completed(enrolment: Enrolment) -> EnrolmentCompleted:
    assert enrolment.completed_on is not None
    return EnrolmentCompleted(**_fields(enrolment), hours=enrolment.hours, completed_on=enrolment.completed_on)


def ended(enrolment: Enrolment, ending: EnrolmentEnding) -> EnrolmentEnded:
    return EnrolmentEnded(**_fields(enrolment), ending=ending)


def _fields(enrolment: Enrolment) -> _Fields:
    return {
        "enrolment_id": enrolment.id,
        "number": enrolment.number,
        "worker_id": enrolment.worker_id,
        "programme_id": enrolment.programme_id,
        "title": enrolment.title,
        "provider": enrolment.provider,
        "starts_on": enrolment.starts_on,
        "district": enrolment.district,
    }
