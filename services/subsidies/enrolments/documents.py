"""What is stored of enrolments."""

from __future__ import annotations

import datetime as dt
from typing import Self

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.subsidies.enrolments.rules import Agent, Move, State
from shared.policy.parameters import Used
from shared.storage.records import Record
from shared.storage.taken import Taken
from shared.storage.transaction import Transaction


class Step(BaseModel):
    """Something that was done to an enrolment; `by`: the subject of a token, or what did it by itself."""

    at: dt.datetime
    move: Move
    by: str


class Enrolment(Record):
    """A person in a programme. `agent_id`: the credit code or subject of the platform or union that enrolled them.

    `bodies`: the credit codes of who gives the course and of who examines. `hours`: class hours attended, each session once.
    `completed_on` and `used`: the legal day of completion, and the parameters that it rests on; `by_word`: no share
    of the hours was known, and the word of the body or an officer decided. `kept`: where the person had two
    records that turned out to be one person's, the enrolment that stands.
    """

    number: str
    programme_id: str
    title: str
    starts_on: dt.date
    worker_id: str
    agent: Agent
    agent_id: str | None
    provider: str
    bodies: list[str]
    department: str
    district: str
    hours: int = 0
    state: State = "none"
    steps: list[Step] = []
    completed_on: dt.date | None = None
    by_word: bool = False
    kept: str | None = None
    used: list[Used] = []

    class Settings:
        name = "enrolments"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("agent_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("bodies", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("programme_id", ASCENDING), ("state", ASCENDING), ("_id", ASCENDING)]),
        ]


class EnrolledPerson(Taken):
    """That a person is in a programme: `<programme>|<worker>`, so that they are once."""

    class Settings:
        name = "enrolled_persons"

    @staticmethod
    def key(programme_id: str, worker_id: str) -> str:
        return f"{programme_id}|{worker_id}"


class Places(Record):
    """The places of a programme, by its id. Whatever takes one or gives one back stores this document, so that of two such
    transactions at once one is run again, and no place is given twice. `closed`: the programme was cancelled."""

    capacity: int
    taken: int = 0
    waiting: int = 0
    closed: bool = False

    class Settings:
        name = "programme_places"

    @classmethod
    async def of_programme(cls, programme_id: str, capacity: int, tx: Transaction | None = None) -> Self:
        """The places of a programme, also where nobody has taken one yet."""
        return await cls.of(programme_id, tx) or cls(id=programme_id, capacity=capacity)

    @property
    def is_full(self) -> bool:
        return self.taken >= self.capacity
