"""Leads as HTTP shows them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field

from services.complaints.leads.documents import Lead
from services.complaints.leads.kinds import KINDS, QUESTIONS
from services.complaints.leads.rules import State
from services.complaints.parties.documents import Engagement
from shared.callers import Caller
from shared.contracts.complaints.leads import BecameKind, LeadKind
from shared.policy.parameters import Used


class ToJudge(BaseModel):
    """What the data leave open, for a person to judge."""

    code: str
    zh: str
    en: str


class LeadView(BaseModel):
    """A sign in the data that a rule was broken. `verified`: every figure used is. `holds`: the data still show it."""

    lead_id: str
    kind: LeadKind
    title: str
    platform: str
    worker_ref: str | None
    worker_id: str | None
    district: str
    departments: list[str]
    lead_department: str
    state: State
    holds: bool
    verified: bool
    finding: dict[str, Any] = Field(
        description="its arithmetic by kind, as in the schema of lead.raised.v2 at /v1/events"
    )
    to_judge: list[ToJudge]
    raised_at: dt.datetime
    changed_at: dt.datetime | None


class SupersededView(BaseModel):
    """What a lead showed by parameters that hold no more, and until when."""

    finding: dict[str, Any]
    used: list[Used]
    until: dt.datetime


class DecisionView(BaseModel):
    """What an officer decided: the matter that the lead became, or why it is dismissed. `became_id`: for others than who decided,
    but where the matter comes of a case in confidence or of a closed circle."""

    by: str
    at: dt.datetime
    became_kind: BecameKind | None
    became_id: str | None
    reason: str | None
    note: str | None


class LeadDetail(LeadView):
    """With what the arithmetic rests on, and what was decided."""

    events: list[str]
    used: list[Used]
    superseded: list[SupersededView]
    decision: DecisionView | None


class DismissalReason(BaseModel):
    """A reason for which leads are dismissed, and how many were in the whole city."""

    reason: str
    zh: str
    dismissed: int


def view_of(lead: Lead) -> LeadView:
    return LeadView(**_shown(lead))


async def detail_of(lead: Lead, caller: Caller) -> LeadDetail:
    """A lead in full. Whom the registry told of after it was raised is named too."""
    decided = lead.decision
    decision = None
    if decided is not None:
        shown = decided.model_dump(exclude={"note", "kept_back"})
        if decided.kept_back and decided.by != caller.subject:
            shown["became_id"] = None
        decision = DecisionView(**shown, note=lead.clear_note)
    worker_id = lead.worker_id
    if worker_id is None and lead.worker_ref is not None:
        worker_id = await Engagement.worker_behind(lead.platform, lead.worker_ref)
    superseded = [SupersededView(**one.model_dump()) for one in lead.superseded]
    return LeadDetail(
        **(_shown(lead) | {"worker_id": worker_id}),
        events=lead.events,
        used=lead.used,
        superseded=superseded,
        decision=decision,
    )


def _shown(lead: Lead) -> dict[str, Any]:
    own = lead.model_dump(include=set(LeadView.model_fields) - {"to_judge"})
    return {
        **own,
        "lead_id": lead.id,
        "title": KINDS[lead.kind].title,
        "to_judge": [ToJudge(code=code, zh=QUESTIONS[code].zh, en=QUESTIONS[code].en) for code in lead.to_judge],
        "raised_at": lead.created_at,
    }
