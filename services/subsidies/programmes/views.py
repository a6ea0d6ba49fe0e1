"""What HTTP shows of programmes."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel, Field

from services.subsidies.programmes.documents import Programme, Session
from services.subsidies.programmes.rules import Mode, Remark, State
from shared.contracts.platform import Industry
from shared.contracts.subsidies import SkillLevel
from shared.policy.parameters import Used


class ProgrammeView(BaseModel):
    """A course as everybody sees it."""

    programme_id: str
    number: str
    title: str
    provider: str = Field(description="credit code of the body that gives it")
    provider_name: str
    industry: Industry
    occupation: str
    occupation_name: str
    level: SkillLevel
    hours: int = Field(description="class hours")
    capacity: int
    mode: Mode
    address: str
    district: str
    starts_on: dt.date
    ends_on: dt.date
    enrol_until: dt.date
    sessions: list[Session]
    evaluator: str | None = Field(description="credit code of the body that examines; null where nobody does")
    state: State

    @classmethod
    def of(cls, programme: Programme) -> Self:
        return cls(programme_id=programme.id, **programme.model_dump(include=set(cls.model_fields)))


class ProgrammeDetail(ProgrammeView):
    """The same for the body and its officers: what the machine points out, why it was refused or cancelled, and what that rests
    on."""

    remarks: list[Remark]
    answer: str | None
    used: list[Used]

    @classmethod
    def of(cls, programme: Programme) -> Self:
        kept = programme.model_dump(include=set(cls.model_fields) - {"answer"})
        return cls(programme_id=programme.id, answer=programme.clear_answer, **kept)
