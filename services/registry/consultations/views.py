"""What HTTP shows of consultations."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from services.registry.consultations.documents import ANSWER, DEMAND, NOTE, SUMMARY, Answer, Consultation, Note
from services.registry.consultations.rules import Level, Outcome, Side, State, subject_names
from shared import clock
from shared.contracts.platform import Industry
from shared.contracts.registry import Subject
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.encryption import decrypt_field


class SubjectView(BaseModel):
    """A subject of consultations by its code, and its Chinese name."""

    code: Subject
    name: str = Field(description="The name in 德人社发〔2022〕95 号 art. 10.")


class ConsultationView(BaseModel):
    """A consultation. `answer_by` is the last legal day for an answer; `overdue`: it is over and nobody has answered."""

    consultation_id: str
    level: Level
    side: Side = Field(description="Who speaks for the workers: a union, or representatives whom they elected.")
    workers_side: str
    platforms: list[str] = Field(description="Credit codes; empty where the enterprises of a trade are asked.")
    industry: Industry | None
    district: str
    subjects: list[SubjectView]
    demand: str
    asked_on: dt.date
    answer_by: dt.date
    overdue: bool
    state: State
    answers: list[Answer]
    notes: list[Note]
    outcome: Outcome | None
    summary: str | None
    contract_id: str | None
    closed_at: dt.datetime | None
    rests_on: list[Used] = Field(description="The parameters used.")


def consultation_view(kept: Consultation) -> ConsultationView:
    names = subject_names(parameters.on(kept.asked_on, place=kept.district))
    texts = {"demand", "answers", "notes", "summary"}
    return ConsultationView(
        **kept.model_dump(include={*ConsultationView.model_fields} - {"subjects"} - texts),
        consultation_id=kept.id,
        demand=decrypt_field(DEMAND, kept.id, kept.demand),
        answers=[one.model_copy(update={"text": decrypt_field(ANSWER, kept.id, one.text)}) for one in kept.answers],
        notes=[one.model_copy(update={"text": decrypt_field(NOTE, kept.id, one.text)}) for one in kept.notes],
        summary=kept.summary and decrypt_field(SUMMARY, kept.id, kept.summary),
        subjects=[SubjectView(code=code, name=names[code]) for code in kept.subjects],
        overdue=kept.state == "asked" and kept.answer_by < shanghai_date(clock.now()),
        rests_on=kept.used,
    )
