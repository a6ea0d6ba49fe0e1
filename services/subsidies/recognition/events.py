"""What subsidies publishes of a recognition as hard to employ: never the category."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from services.subsidies.recognition.documents import Recognition
from shared.contracts.subsidies import (
    AssistanceOffered,
    AssistanceOverdue,
    RecognitionCheckNear,
    RecognitionCheckOverdue,
    RecognitionEnded,
    RecognitionRecorded,
)


class _Fields(TypedDict):
    """The fields of every event on a recognition."""

    recognition_id: str
    number: str
    worker_id: str
    district: str
    lead_department: str


def recorded(recognition: Recognition) -> RecognitionRecorded:
    return RecognitionRecorded(**_fields(recognition), since=recognition.since, until=recognition.until)


def ended(recognition: Recognition) -> RecognitionEnded:
    assert recognition.ending is not None
    assert recognition.last is not None
    return RecognitionEnded(**_fields(recognition), ended_on=recognition.last, ending=recognition.ending)


def check_near(recognition: Recognition, check_by: dt.date) -> RecognitionCheckNear:
    return RecognitionCheckNear(**_fields(recognition), check_by=check_by)


def check_overdue(recognition: Recognition, check_by: dt.date) -> RecognitionCheckOverdue:
    return RecognitionCheckOverdue(**_fields(recognition), check_by=check_by)


def assistance_offered(recognition: Recognition) -> AssistanceOffered:
    return AssistanceOffered(**_fields(recognition))


def assistance_overdue(recognition: Recognition, due_on: dt.date) -> AssistanceOverdue:
    return AssistanceOverdue(**_fields(recognition), due_on=due_on)


def _fields(recognition: Recognition) -> _Fields:
    return {
        "recognition_id": recognition.id,
        "number": recognition.number,
        "worker_id": recognition.worker_id,
        "district": recognition.district,
        "lead_department": recognition.department,
    }
