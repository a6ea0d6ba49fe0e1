"""Courses that bodies on file give."""

from __future__ import annotations

from datetime import date

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District
from shared.contracts.subsidies.terms import SkillLevel

PROGRAMME = Topic("subsidies.programme", partitions=1)


class ProgrammeFact(Fact, frozen=True, kw_only=True):
    """A course that a body on file gives. `provider`: its credit code; `lead_department`: whose officers check it."""

    programme_id: Id
    number: str
    title: str
    provider: Id
    level: SkillLevel
    district: District
    starts_on: date
    lead_department: Id


@event("cn.deyang.subsidies.programme.submitted.v1", topic=PROGRAMME, key="programme_id")
class ProgrammeSubmitted(ProgrammeFact, frozen=True, kw_only=True):
    """A body asks to open a course."""


@event("cn.deyang.subsidies.programme.checked.v1", topic=PROGRAMME, key="programme_id")
class ProgrammeChecked(ProgrammeFact, frozen=True, kw_only=True):
    """An officer has published it, or refused it."""

    published: bool


@event("cn.deyang.subsidies.programme.cancelled.v1", topic=PROGRAMME, key="programme_id")
class ProgrammeCancelled(ProgrammeFact, frozen=True, kw_only=True):
    """It does not take place, or goes on no longer."""
