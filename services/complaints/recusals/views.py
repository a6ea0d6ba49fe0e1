"""Requests that an officer stay away as HTTP shows them; to officers they do not name the person who asks."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.complaints.recusals.documents import RecusalRequest
from services.complaints.recusals.rules import Side, State
from shared.callers import Caller


class RecusalView(BaseModel):
    """A request: which side asks and why, and what was decided, with the reasons. `officer` and `decided_by` are for officers."""

    request_id: str
    side: Side
    reason: str
    state: State
    answer: str | None
    decided_on: dt.date | None
    asked_at: dt.datetime
    officer: str | None
    decided_by: str | None


def view_of(request: RecusalRequest, caller: Caller) -> RecusalView:
    shown = as_party(request)
    if caller.role == "officer":
        shown.officer, shown.decided_by = request.officer, request.decided_by
    return shown


def as_party(request: RecusalRequest) -> RecusalView:
    """A request as the side that asks reads it."""
    return RecusalView(
        **request.model_dump(include={"side", "state", "decided_on"}),
        request_id=request.id,
        reason=request.clear_reason,
        answer=request.clear_answer,
        asked_at=request.created_at,
        officer=None,
        decided_by=None,
    )
