"""What HTTP shows of legal aid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from services.complaints.legal_aid.documents import NOTE, Lawyer, LegalAid, Replacement
from services.complaints.legal_aid.rules import Body, Ending, Form, Ground, Outcome, State, Subject
from shared.policy.parameters import Used
from shared.storage.encryption import decrypt_field


class StepView(BaseModel):
    """Something that was done."""

    on: dt.date
    kind: str
    note: str


class ReplacementView(BaseModel):
    """A wish for another lawyer than `lawyer`. `replaced`: None until it is decided on, and where the aid ended before."""

    lawyer: str
    asked_on: dt.date
    text: str
    replaced: bool | None
    answer: str | None
    decided_on: dt.date | None


class LegalAidView(BaseModel):
    """An application for legal aid."""

    legal_aid_id: str
    number: str
    state: State
    body: Body
    department: str
    district: str
    subject: Subject
    form: Form
    received_on: dt.date
    ends_on: dt.date | None
    first: bool = Field(description="Whether aid was given before it was decided on.")
    decided_on: dt.date | None
    ending: Ending | None
    outcome: Outcome | None

    @classmethod
    def of(cls, aid: LegalAid) -> Self:
        return cls(legal_aid_id=aid.id, **aid.model_dump(include={*cls.model_fields} - {"legal_aid_id"}))


class LegalAidDetail(LegalAidView):
    """The same with its texts, what the machine proposes and why, and what the proposal rests on.

    `origin`: where it comes from, for the worker, and for officers but where that is a case in confidence or for another circle.
    `lawyers` have or had the matter, the last of them has it now. `answer`: why it was refused or ended, or what is missing.
    """

    text: str
    origin: str | None
    ground: Ground | None
    pledged: bool
    grant_proposed: bool | None
    reasons: list[str]
    answer: str | None
    recovered: Decimal | None
    lawyers: list[str]
    steps: list[StepView]
    replacements: list[ReplacementView]
    rests_on: list[Used]

    @classmethod
    def of_file(cls, aid: LegalAid, origin: str | None) -> Self:
        kept = {*cls.model_fields} - {"legal_aid_id", "origin", "text", "answer", "steps", "replacements", "rests_on"}
        return cls(
            legal_aid_id=aid.id,
            origin=origin,
            text=aid.clear_text,
            answer=aid.clear_answer,
            steps=[
                StepView(on=step.on, kind=step.kind, note=decrypt_field(NOTE, aid.id, step.note)) for step in aid.steps
            ],
            replacements=[_replacement(aid, one) for one in aid.replacements],
            rests_on=aid.used,
            **aid.model_dump(include=kept),
        )


class LawyerView(BaseModel):
    """Somebody who gives legal aid; `load` is how many matters they have."""

    lawyer_id: str
    name: str
    firm: str
    body: Body
    districts: list[str]
    fields: list[Subject]
    active: bool
    load: int

    @classmethod
    def of(cls, lawyer: Lawyer) -> Self:
        kept = {*cls.model_fields} - {"lawyer_id", "name"}
        return cls(lawyer_id=lawyer.id, name=lawyer.clear_name, **lawyer.model_dump(include=kept))


def _replacement(aid: LegalAid, asked: Replacement) -> ReplacementView:
    return ReplacementView(
        text=decrypt_field(NOTE, aid.id, asked.text),
        answer=None if asked.answer is None else decrypt_field(NOTE, aid.id, asked.answer),
        **asked.model_dump(include={"lawyer", "asked_on", "replaced", "decided_on"}),
    )
