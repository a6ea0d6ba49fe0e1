"""Evidence over HTTP: what the routes of the matters have in common."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self
from urllib.parse import quote

from fastapi import Depends, File, Form, Response, UploadFile
from pydantic import BaseModel

from services.complaints.evidence import commands, rules
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from shared.web.paging import Page, PageAsked

LARGEST_REQUEST = rules.LARGEST + 64 * 1024
"""Bytes of a request with a file: with what stands between it and the other fields."""


async def _handed_in(
    file: Annotated[UploadFile, File(description="JPEG, PNG, PDF, MP3, WAV, M4A or MP4 of at most 10 MB")],
    about: Annotated[str, Form(min_length=1, max_length=500, description="what it shows")],
) -> commands.File:
    return commands.File(file.filename or "", about, await file.read())


HandedIn = Annotated[commands.File, Depends(_handed_in)]
"""A file in a request of `multipart/form-data`; the route allows `max_body_size=LARGEST_REQUEST`."""


class EvidenceView(BaseModel):
    """A file: who handed it in, what it shows, its hash, and to which parties it is shown."""

    evidence_id: str
    party: Party
    name: str
    about: str
    media_type: str
    size: int
    sha256: str
    shown_to: list[Party]
    created_at: dt.datetime

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        kept = {*cls.model_fields} - {"evidence_id", "name", "about"}
        return cls(
            evidence_id=evidence.id,
            name=evidence.clear_name,
            about=evidence.clear_about,
            **evidence.model_dump(include=kept),
        )


async def evidence_page(matter: str, party: Party, page: PageAsked) -> Page[EvidenceView]:
    """What a party may see of a matter's evidence, the oldest first."""
    return await Page.of(Evidence, {"matter": matter, "shown_to": party}, EvidenceView.of, page)


async def download(evidence: Evidence) -> Response:
    """A file as it was handed in, to be saved and never run."""
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(evidence.clear_name, safe='')}",
    }
    return Response(await commands.content_of(evidence), media_type=evidence.media_type, headers=headers)
