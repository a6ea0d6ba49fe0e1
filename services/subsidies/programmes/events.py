"""What subsidies publishes of programmes."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from services.subsidies.programmes.documents import Programme
from shared.contracts.subsidies import ProgrammeCancelled, ProgrammeChecked, ProgrammeSubmitted, SkillLevel


class _Fields(TypedDict):
    """The fields of every event on a programme."""

    programme_id: str
    number: str
    title: str
    provider: str
    level: SkillLevel
    district: str
    starts_on: dt.date
    lead_department: str


def submitted(programme: Programme) -> ProgrammeSubmitted:
    return ProgrammeSubmitted(**_fields(programme))


def checked(programme: Programme, *, published: bool) -> ProgrammeChecked:
    return ProgrammeChecked(**_fields(programme), published=published)


def cancelled(programme: Programme) -> ProgrammeCancelled:
    return ProgrammeCancelled(**_fields(programme))


def _fields(programme: Programme) -> _Fields:
    return {
        "programme_id": programme.id,
        "number": programme.number,
        "title": programme.title,
        "provider": programme.provider,
        "level": programme.level,
        "district": programme.district,
        "starts_on": programme.starts_on,
        "lead_department": programme.department,
    }
