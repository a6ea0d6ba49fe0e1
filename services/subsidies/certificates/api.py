"""Certificates over HTTP: holders read and print their own, everybody verifies one, bodies and officers revoke."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, StringConstraints

from services.subsidies.certificates import commands, verification
from services.subsidies.certificates.access import Reader, Revoker, certificate_of, not_too_often, seen_by
from services.subsidies.certificates.documents import Certificate
from services.subsidies.certificates.views import CertificateView, Print, Verification
from services.subsidies.trainees.documents import Person
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import RevisionSeen, set_etag
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["certificates 证书"])

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Reason(BaseModel):
    """Why."""

    reason: Text


@router.get("/certificates")
async def list_certificates(caller: Reader, page: PageAsked) -> Page[CertificateView]:
    """Certificates, the newest first: a person's own, those that an evaluation body examined for, or those of an officer's
    department and district."""
    return await Page.of(Certificate, seen_by(caller), CertificateView.of, page, sort="-_id")


@router.get("/certificates/verification", dependencies=[Depends(not_too_often)])
async def verify(
    number: Annotated[str, Query(min_length=1, max_length=128, description="the certificate's number")],
    name: Annotated[str, Query(min_length=1, max_length=64, description="its holder's name")],
) -> Verification:
    """Whether a certificate of that number and holder is valid, for everybody; nothing else is told of it."""
    return Verification.of(await verification.verify(number.strip(), name))


@router.get("/certificates/{certificate_id}")
async def read_certificate(certificate_id: str, caller: Reader, response: Response) -> CertificateView:
    """A certificate."""
    return _shown(await certificate_of(certificate_id, caller), response)


@router.get("/certificates/{certificate_id}/print")
async def read_print(certificate_id: str, worker: Worker) -> Print:
    """What the printed certificate says, for its holder."""
    certificate = await certificate_of(certificate_id, worker)
    person = await Person.of(str(certificate.worker_id))
    return Print.of(certificate, None if person is None else person.clear_name)


@router.post("/certificates/{certificate_id}/revocation")
async def revoke(
    certificate_id: str, body: Reason, caller: Revoker, seen: RevisionSeen, response: Response
) -> CertificateView:
    """Revoke a certificate, with the reason: as the evaluation body that examined, or as the department."""

    async def take(tx: Transaction) -> Certificate:
        certificate = await certificate_of(certificate_id, caller, tx)
        require_revision(seen, certificate.revision)
        who: Literal["evaluation_body", "department"] = "evaluation_body" if caller.role == "provider" else "department"
        return await commands.revoke(certificate, body.reason, caller.subject, who, tx)

    return _shown(await transact(take), response)


def _shown(certificate: Certificate, response: Response) -> CertificateView:
    set_etag(response, certificate.revision)
    return CertificateView.of(certificate)
