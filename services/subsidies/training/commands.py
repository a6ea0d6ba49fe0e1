"""Gather the facts of a training subsidy."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from pydantic import BaseModel, StringConstraints, model_validator

from services.subsidies.certificates.documents import Certificate
from services.subsidies.decisions.commands import paid_keys
from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.persons import commands as persons
from services.subsidies.training.course_rules import skill_prefix, training_prefix
from services.subsidies.training.first_rules import year_prefix
from services.subsidies.training.rules import TrainingFacts
from shared.storage.transaction import Transaction

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


class Stated(BaseModel):
    """What the subsidy is for: a certificate by its id or its number, or a course with the day of its completion.

    `public_pension`: whether the person is in the pension scheme of public bodies, as they declare.
    """

    certificate_id: Name | None = None
    certificate_number: Name | None = None
    course: Name | None = None
    completed_on: dt.date | None = None
    public_pension: bool | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_course = self.course is not None or self.completed_on is not None
        if sum([self.certificate_id is not None, self.certificate_number is not None, by_course]) != 1:
            raise ValueError("either certificate_id, or certificate_number, or course with completed_on")
        if by_course and (self.course is None or self.completed_on is None):
            raise ValueError("course and completed_on go together")
        return self


async def facts(stated: Stated, applicant: Applying, tx: Transaction) -> TrainingFacts:
    """What is known of the training and of what was paid before, by what is stored here."""
    certificate = await _certificate(stated, applicant.id, tx)
    course = None if certificate is None else course_of(certificate)
    person = await persons.person(applicant.id, tx)
    day = applicant.filed_on if certificate is None else certificate.completed_on
    courses = await paid_keys(training_prefix(applicant.id), tx, but=applicant.application_id)
    slots = await paid_keys(year_prefix(applicant.id, day.year), tx, but=applicant.application_id)
    skilled = [await paid_keys(skill_prefix(one), tx, but=applicant.application_id) for one in person.ids]
    return TrainingFacts(
        day=day,
        place=applicant.place,
        events=_told(completed_on=certificate and certificate.event_id, born_on=person.event_id),
        worker_id=applicant.id,
        certificate_id=None if certificate is None else certificate.id,
        course=course,
        completed_on=None if certificate is None else certificate.completed_on,
        revoked=certificate is not None and certificate.state == "revoked",
        born_on=person.born_on,
        public_pension=stated.public_pension,
        paid_courses=tuple(courses),
        paid_slots=tuple(sorted(map(int, slots))),
        skilled=any(course in found for found in skilled),
        skill_courses=tuple(sorted({one for found in skilled for one in found})),
    )


def course_of(certificate: Certificate) -> str:
    """The occupation with its grade, where a body on file says so; else what the platform calls the course."""
    if certificate.occupation is None or certificate.level is None:
        return certificate.course
    return f"{certificate.occupation}:{certificate.level}"


def _told(**by: str | None) -> dict[str, tuple[str, ...]]:
    return {name: (event_id,) for name, event_id in by.items() if event_id is not None}


async def _certificate(stated: Stated, worker_id: str, tx: Transaction) -> Certificate | None:
    """The applicant's own certificate that is meant: the first issued where several fit, one that was revoked last."""
    query: dict[str, Any] = {
        "_id": stated.certificate_id,
        "number": stated.certificate_number,
        "course": stated.course,
        "completed_on": stated.completed_on,
    }
    asked = {name: value for name, value in query.items() if value is not None}
    found = await tx.find(Certificate, {"worker_id": worker_id, "state": {"$ne": "joined"}, **asked}, sort="_id")
    return min(found, key=lambda one: one.state == "revoked", default=None)
