"""What subsidies tells."""

from __future__ import annotations

from datetime import date

from shared.contracts.base import Fact, Id, Money, Topic, event

CERTIFICATE = Topic("subsidies.certificate")
APPLICATION = Topic("subsidies.application")


@event("cn.deyang.subsidies.certificate.issued.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateIssued(Fact, frozen=True, kw_only=True):
    """A person completed a course. `worker_id` is null while nobody knows who the platform's worker is."""

    certificate_id: Id
    number: str
    worker_id: Id | None
    platform: Id
    worker_ref: Id
    course: str
    completed_on: date


class ApplicationFact(Fact, frozen=True, kw_only=True):
    application_id: Id
    number: str
    worker_id: Id
    certificate_id: Id | None


@event("cn.deyang.subsidies.application.submitted.v1", topic=APPLICATION, key="application_id")
class ApplicationSubmitted(ApplicationFact, frozen=True, kw_only=True):
    pass


@event("cn.deyang.subsidies.application.approved.v1", topic=APPLICATION, key="application_id")
class ApplicationApproved(ApplicationFact, frozen=True, kw_only=True):
    """`amount` is yuan; null where no amount is published and an officer sets it."""

    amount: Money | None


@event("cn.deyang.subsidies.application.refused.v1", topic=APPLICATION, key="application_id")
class ApplicationRefused(ApplicationFact, frozen=True, kw_only=True):
    """`reasons` are codes of the rules that are not met."""

    reasons: tuple[str, ...]
