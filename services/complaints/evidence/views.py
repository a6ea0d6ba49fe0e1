"""Evidence as HTTP shows it."""

from __future__ import annotations

import datetime as dt
from typing import Self

from fastapi import Response
from pydantic import BaseModel

from services.complaints.evidence import commands
from services.complaints.evidence.documents import Evidence
from services.complaints.evidence.rules import Party
from shared.web.files import to_save


class EvidenceView(BaseModel):
    """A file: who handed it in, of several enterprises which, what it shows, its hash, and to which parties it is shown. `removed_on`:
    it is there no more, since who alone it told of is erased."""

    evidence_id: str
    party: Party
    enterprise: str | None
    name: str
    about: str
    media_type: str
    size: int
    sha256: str
    shown_to: list[Party]
    created_at: dt.datetime
    removed_on: dt.date | None

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        kept = {*cls.model_fields} - {"evidence_id", "name", "about"}
        return cls(
            evidence_id=evidence.id,
            name=evidence.clear_name,
            about=evidence.clear_about,
            **evidence.model_dump(include=kept),
        )


async def download(evidence: Evidence) -> Response:
    """A file as it was handed in, to be saved and never run."""
    return to_save(await commands.content_of(evidence), evidence.media_type, evidence.clear_name)
