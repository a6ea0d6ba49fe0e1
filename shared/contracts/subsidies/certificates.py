"""Certificates of completed courses."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.subsidies.terms import Named, SkillLevel

CERTIFICATE = Topic("subsidies.certificate")


@event("cn.deyang.subsidies.certificate.issued.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateIssued(Fact, frozen=True, kw_only=True):
    """A person completed a course. `worker_id` is null while nobody knows who the platform's worker is.

    `platform` and `worker_ref` are empty where no platform told of it, but a body on file: the credit codes of who gave the
    course and who examined are `provider` and `evaluator`, `occupation` is the code of the classification (职业编码).
    """

    certificate_id: Id
    number: str
    worker_id: Id | None
    platform: Named
    worker_ref: Named
    course: str
    completed_on: date
    provider: Id | None = None
    evaluator: Id | None = None
    occupation: str | None = None
    level: SkillLevel | None = None
    enrolment_id: Id | None = None


@event("cn.deyang.subsidies.certificate.revoked.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateRevoked(Fact, frozen=True, kw_only=True):
    """A certificate is not valid any more: the body that examined, or the department, has found that it should not be."""

    certificate_id: Id
    number: str
    worker_id: Id | None
    course: str
    completed_on: date
    revoked_by: Literal["evaluation_body", "department"]
