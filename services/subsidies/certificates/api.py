"""Certificates over HTTP."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.subsidies.certificates.documents import Certificate
from shared.web.auth import Worker
from shared.web.paging import Page, PageAsked

router = APIRouter(prefix="/v1", tags=["certificates 证书"])


class CertificateView(BaseModel):
    """A completed course; `hours` of instruction."""

    certificate_id: str
    number: str
    platform: str
    course: str
    hours: float
    completed_on: dt.date


@router.get("/certificates")
async def list_certificates(worker: Worker, page: PageAsked) -> Page[CertificateView]:
    """The worker's own certificates, the newest first."""
    return await Page.of(Certificate, {"worker_id": worker.worker_id}, _view, page, sort="-_id")


def _view(one: Certificate) -> CertificateView:
    return CertificateView(certificate_id=one.id, **one.model_dump(include=set(CertificateView.model_fields)))
