"""Gather the facts of a skill subsidy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, StringConstraints, model_validator

from services.subsidies.certificates.documents import Certificate
from services.subsidies.decisions.commands import paid_keys
from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.persons import commands as persons
from services.subsidies.persons.rules import Person
from services.subsidies.skill.first_rules import prefix
from services.subsidies.skill.rules import SkillFacts
from services.subsidies.training.commands import course_of
from services.subsidies.training.course_rules import training_prefix
from shared.storage.transaction import Transaction

EARLIEST: Final = "1986-01"
"""Before this month nobody was insured against unemployment."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


class Stated(BaseModel):
    """The certificate that the subsidy is for, by its id or its number."""

    certificate_id: Name | None = None
    certificate_number: Name | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.certificate_id is None) == (self.certificate_number is None):
            raise ValueError("either certificate_id or certificate_number")
        return self


async def facts(stated: Stated, applicant: Applying, tx: Transaction) -> SkillFacts:
    """What is known of the certificate, of unemployment insurance and of what was paid before, by what is stored here."""
    person = await persons.person(applicant.id, tx)
    certificate = await _certificate(stated, person, tx)
    course = None if certificate is None else course_of(certificate)
    until = applicant.filed_on
    paid = await persons.contributions(person, EARLIEST, f"{until:%Y-%m}", tx)
    insured = [one for one in paid if one.insurance == "unemployment" and one.paid_on <= until]
    trained = await _paid(training_prefix, person, applicant.application_id, tx)
    told = {
        "issued_on": (certificate.event_id,) if certificate is not None and certificate.event_id is not None else (),
        "insured_months": tuple(one.event_id for one in insured),
    }
    return SkillFacts(
        day=until if certificate is None else certificate.completed_on,
        place=applicant.place,
        events={field: events for field, events in told.items() if events},
        persons=person.ids,
        filed_on=until,
        certificate_id=None if certificate is None else certificate.id,
        course=course,
        level=None if certificate is None else certificate.level,
        issued_on=None if certificate is None else certificate.completed_on,
        revoked=certificate is not None and certificate.state == "revoked",
        evaluator=certificate is not None and certificate.evaluator is not None,
        insured_months=tuple(sorted({one.month for one in insured})),
        paid=await _paid(prefix, person, applicant.application_id, tx),
        trained=course in trained,
        trained_courses=trained,
    )


async def _paid(begin: Callable[[str], str], person: Person, application_id: str, tx: Transaction) -> tuple[str, ...]:
    found = [await paid_keys(begin(one), tx, but=application_id) for one in person.ids]
    return tuple(sorted({key for keys in found for key in keys}))


async def _certificate(stated: Stated, person: Person, tx: Transaction) -> Certificate | None:
    """The applicant's own certificate that is meant: the first issued where several fit, one that was revoked last."""
    query: dict[str, Any] = {"_id": stated.certificate_id, "number": stated.certificate_number}
    asked = {name: value for name, value in query.items() if value is not None}
    mine = {"worker_id": {"$in": list(person.ids)}, "state": {"$ne": "joined"}}
    found = await tx.find(Certificate, {**mine, **asked}, sort="_id")
    return min(found, key=lambda one: one.state == "revoked", default=None)
