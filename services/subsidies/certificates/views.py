"""What HTTP shows of certificates."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.subsidies.certificates.documents import Certificate
from services.subsidies.certificates.rules import GRADES, Grade, State, Verdict
from services.subsidies.providers.rules import LEVELS
from shared.contracts.subsidies import SkillLevel
from shared.policy.parameters import Used


class CertificateView(BaseModel):
    """A completed course; `hours` of instruction. `used` are the parameters that the completion rests on."""

    certificate_id: str
    number: str
    worker_id: str | None
    platform: str | None = Field(description="credit code of the platform that told of it, if one did")
    course: str
    occupation: str | None
    occupation_name: str | None
    level: SkillLevel | None
    grade: Grade | None
    hours: float
    completed_on: dt.date
    provider: str | None = Field(description="credit code of the body that gave the course, if one on file did")
    evaluator: str | None = Field(description="credit code of the body that examined, if one did")
    state: State
    kept: str | None = Field(description="of two certificates for one training, the one that stands")
    reason: str | None = Field(description="why it was revoked")
    used: list[Used]

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        kept = certificate.model_dump(include=set(cls.model_fields) - {"reason"})
        return cls(certificate_id=certificate.id, reason=certificate.clear_reason, **kept)


class Verification(BaseModel):
    """What everybody learns who knows a certificate's number and its holder's name; the rest is null where it is not valid."""

    result: Verdict
    course: str | None = None
    level: SkillLevel | None = None
    completed_on: dt.date | None = None

    @classmethod
    def of(cls, found: tuple[Verdict, Certificate] | None) -> Self:
        if found is None or found[0] == "not_valid":
            return cls(result="not_valid")
        result, certificate = found
        return cls(
            result=result, course=certificate.course, level=certificate.level, completed_on=certificate.completed_on
        )


class Print(BaseModel):
    """What a printed certificate says, for its holder. `verify_at`: where everybody may verify it."""

    title: str
    number: str
    name: str | None
    course: str
    occupation_name: str | None
    level_name: str | None
    grade_name: str | None
    hours: float
    completed_on: dt.date
    provider_name: str | None
    evaluator: str | None
    state: State
    verify_at: str

    @classmethod
    def of(cls, certificate: Certificate, name: str | None) -> Self:
        kept = certificate.model_dump(include=set(cls.model_fields))
        return cls(
            title="培训合格证书" if certificate.evaluator is None else "职业技能等级证书",
            name=name,
            level_name=None if certificate.level is None else LEVELS[certificate.level],
            grade_name=None if certificate.grade is None else GRADES[certificate.grade],
            verify_at="/v1/certificates/verification",
            **kept,
        )
