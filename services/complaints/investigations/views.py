"""Investigations as HTTP shows them: steps to officers, inquiries to the enterprise, which tell nothing of the reporter."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from services.complaints.investigations.documents import (
    ANSWER,
    QUESTION,
    RECORD,
    Inquiry,
    InvestigationStep,
    Participant,
    clear,
)
from services.complaints.investigations.rules import StepKind
from shared.contracts.complaints import Category
from shared.identity import regions
from shared.policy.parameters import Used, parameters


class InvestigationStepView(BaseModel):
    """A step of an investigation, with its record."""

    step_id: str
    kind: StepKind
    taken_on: dt.date
    participants: list[Participant]
    record: str
    evidence: list[str]
    used: list[Used]


class AnswerView(BaseModel):
    """What an enterprise answered."""

    at: dt.datetime
    text: str


class InquiryView(BaseModel):
    """What an enterprise is asked: the subject and district, the question, until when, and what it answered."""

    inquiry_id: str
    platform: str
    category: Category
    category_name: str
    subject: str
    district: str
    district_name: str
    lead_department: str
    question: str
    asked_on: dt.date
    answer_by: dt.date
    answers: list[AnswerView]
    used: list[Used]


def step_view(step: InvestigationStep) -> InvestigationStepView:
    return InvestigationStepView(
        **step.model_dump(include={"kind", "taken_on", "participants", "evidence", "used"}),
        step_id=step.id,
        record=clear(RECORD, step.id, step.record),
    )


def inquiry_view(inquiry: Inquiry) -> InquiryView:
    law = parameters.on(inquiry.asked_on, place=inquiry.district)
    kept = {"platform", "category", "district", "lead_department", "asked_on", "answer_by", "used"}
    return InquiryView(
        **inquiry.model_dump(include=kept),
        inquiry_id=inquiry.id,
        category_name=law.text("complaint.categories", inquiry.category),
        subject=law.text("duty.titles", inquiry.article),
        district_name=regions.name(inquiry.district),
        question=clear(QUESTION, inquiry.id, inquiry.question),
        answers=[AnswerView(at=one.at, text=clear(ANSWER, inquiry.id, one.text)) for one in inquiry.answers],
    )
