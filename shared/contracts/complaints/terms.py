"""What complaints tells of terms: of a matter's step, near, missed and told to the level above."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

TERM = Topic("complaints.term")

MatterKind = Literal[
    "case",
    "lead",
    "finding",
    "inspection",
    "directive",
    "penalty",
    "credit",
    "dispute",
    "legal_aid",
    "joint",
    "preservation",
]
"""What a term belongs to."""

TermLevel = Literal["chief", "city"]
"""Who hears that a missed step is still not taken: the chief of the office, and then the city's."""


class TermFields(TypedDict):
    """The fields of every event on a term."""

    term_id: str
    matter_kind: MatterKind
    matter_id: str
    number: str
    step: str
    due_on: date
    provisional: bool
    officer: str | None
    lead_department: str
    district: str


class TermFact(Fact, frozen=True, kw_only=True):
    """A term of a matter's step. `officer`: the subject of who is to hear, or null where the department's desk is."""

    term_id: Id
    matter_kind: MatterKind
    matter_id: Id
    number: str
    step: str
    due_on: date
    provisional: bool
    officer: Id | None
    lead_department: str
    district: District


@event("cn.deyang.complaints.term.near.v1", topic=TERM, key="matter_id")
class TermNear(TermFact, frozen=True, kw_only=True):
    """Most of a term has passed, and the step is not taken."""


@event("cn.deyang.complaints.term.missed.v1", topic=TERM, key="matter_id")
class TermMissed(TermFact, frozen=True, kw_only=True):
    """A term is over, and the step is not taken."""


@event("cn.deyang.complaints.term.escalated.v1", topic=TERM, key="matter_id")
class TermEscalated(TermFact, frozen=True, kw_only=True):
    """Working days after a term's end the step is still not taken: the next level up hears."""

    level: TermLevel
