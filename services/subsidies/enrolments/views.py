"""What HTTP shows of enrolments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, Field

from services.subsidies.enrolments.commands import Answer, Row
from services.subsidies.enrolments.documents import Enrolment, Places
from services.subsidies.enrolments.rules import Agent, State
from shared.identity.masking import mask_name
from shared.policy.parameters import Used


class EnrolmentView(BaseModel):
    """A person in a programme. `used` are the parameters that the completion rests on."""

    enrolment_id: str
    number: str
    programme_id: str
    title: str
    starts_on: dt.date
    worker_id: str
    name: str | None = Field(default=None, description="masked")
    agent: Agent = Field(description="who enrolled them: they themselves, a platform or a union")
    provider: str
    state: State
    hours: int = Field(description="class hours attended")
    completed_on: dt.date | None
    by_word: bool = Field(
        description="completed by the word of the body or an officer: no share of the hours was known"
    )
    kept: str | None = Field(description="where two records were one person's, the enrolment that stands")
    used: list[Used]

    @classmethod
    def of(cls, enrolment: Enrolment) -> Self:
        return cls(enrolment_id=enrolment.id, **enrolment.model_dump(include=set(cls.model_fields)))

    def named(self, names: Mapping[str, str | None]) -> Self:
        """The same with the person's name, masked."""
        name = names.get(self.worker_id)
        return self.model_copy(update={"name": None if name is None else mask_name(name)})


class EnrolmentRow(BaseModel):
    """What became of a person on a list."""

    worker_ref: str | None
    worker_id: str | None
    answer: Answer
    enrolment_id: str | None

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(
            worker_ref=row.listed.worker_ref,
            worker_id=row.listed.worker_id,
            answer=row.answer,
            enrolment_id=row.enrolment_id,
        )


class ListAnswer(BaseModel):
    """The rows in the order of the list."""

    rows: list[EnrolmentRow]


class PlacesView(BaseModel):
    """How many places a programme has, how many are taken, and how many wait for one."""

    capacity: int
    taken: int
    waiting: int

    @classmethod
    def of(cls, places: Places) -> Self:
        return cls(**places.model_dump(include=set(cls.model_fields)))
