"""What is known of files that technical equipment recorded by itself, as it is stored within a penalty."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.complaints.penalties.payment_documents import MaybeText, Text


class Monitored(BaseModel):
    """A file that technical monitoring equipment recorded (行政处罚法 art. 41): which equipment, where it stands, since when it is
    approved in law and technology, and its place public. `passed`: what another officer found of the record, null until then."""

    evidence_id: str
    equipment: Text
    place: Text
    approved_on: dt.date
    announced_on: dt.date
    by: str
    passed: bool | None = None
    opinion: MaybeText = None
    reviewed_by: str | None = None
    reviewed_on: dt.date | None = None
