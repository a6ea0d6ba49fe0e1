"""What subsidies publishes of certificates."""

from __future__ import annotations

from typing import Literal

from services.subsidies.certificates.documents import Certificate
from shared.contracts.subsidies import CertificateIssued, CertificateRevoked


def issued(certificate: Certificate) -> CertificateIssued:
    return CertificateIssued(
        certificate_id=certificate.id,
        number=certificate.number,
        worker_id=certificate.worker_id,
        platform=certificate.platform or "",
        worker_ref=certificate.worker_ref or "",
        course=certificate.course,
        completed_on=certificate.completed_on,
        provider=certificate.provider,
        evaluator=certificate.evaluator,
        occupation=certificate.occupation,
        level=certificate.level,
        enrolment_id=certificate.enrolment_id,
    )


def revoked(certificate: Certificate, by: Literal["evaluation_body", "department"]) -> CertificateRevoked:
    return CertificateRevoked(
        certificate_id=certificate.id,
        number=certificate.number,
        worker_id=certificate.worker_id,
        course=certificate.course,
        completed_on=certificate.completed_on,
        revoked_by=by,
    )
