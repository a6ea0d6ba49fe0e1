"""What subsidies publishes of nominations for titles."""

from __future__ import annotations

from typing import TypedDict

from services.subsidies.titles.documents import Nomination
from shared.contracts.subsidies import NominationOutcome, TitleChecked, TitleDecided, TitleNominated


class _Fields(TypedDict):
    """The fields of every event on a nomination."""

    nomination_id: str
    number: str
    worker_id: str
    platform: str | None
    title: str
    district: str
    lead_department: str


def nominated(nomination: Nomination) -> TitleNominated:
    return TitleNominated(**_fields(nomination), nominator_name=nomination.nominator_name)


def checked(nomination: Nomination, outcome: NominationOutcome) -> TitleChecked:
    return TitleChecked(**_fields(nomination), outcome=outcome)


def decided(nomination: Nomination) -> TitleDecided:
    return TitleDecided(**_fields(nomination), awarded=nomination.state == "awarded")


def _fields(nomination: Nomination) -> _Fields:
    return {
        "nomination_id": nomination.id,
        "number": nomination.number,
        "worker_id": nomination.worker_id,
        "platform": nomination.nominator_id if nomination.nominator == "platform" else None,
        "title": nomination.title,
        "district": nomination.district,
        "lead_department": "hrss",
    }
