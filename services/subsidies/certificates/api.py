"""Certificates over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from services.subsidies.certificates.documents import Certificate
from shared.web.auth import Worker
from shared.web.paging import Page, PageAsked, cursor_of

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
    query: dict[str, Any] = {"worker_id": worker.worker_id}
    if page.after:
        query["_id"] = {"$lt": str(page.after)}
    found = await Certificate.find(query).sort("-_id").limit(page.limit + 1).to_list()
    shown = found[: page.limit]
    items = [
        CertificateView(certificate_id=one.id, **one.model_dump(include=set(CertificateView.model_fields)))
        for one in shown
    ]
    return Page(items=items, next=cursor_of(shown[-1].id) if len(found) > page.limit else None)
