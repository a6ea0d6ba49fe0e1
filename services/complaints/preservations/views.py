"""What HTTP shows of evidence that is kept: the enterprise reads its list, never why, nor its origin."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from pydantic import BaseModel

from services.complaints.preservations.documents import Preservation, clear
from services.complaints.preservations.rules import OriginKind, Outcome, State
from shared.policy.parameters import Used


class ItemView(BaseModel):
    """A thing on the list."""

    what: str
    count: int
    condition: str


class InspectingView(BaseModel):
    """An officer who registered it, by the card that they showed."""

    certificate: str


class PreservationRow(BaseModel):
    """In a list."""

    preservation_id: str
    number: str
    state: State
    enterprise: str
    district: str
    asked_on: dt.date
    decide_by: dt.date | None

    @classmethod
    def of(cls, one: Preservation) -> Self:
        kept = {*cls.model_fields} - {"preservation_id"}
        return cls(preservation_id=one.id, **one.model_dump(include=kept))


class KeptList(BaseModel):
    """The list (证据登记清单) as the enterprise has it: nobody destroys or moves what is on it while it is `kept`."""

    preservation_id: str
    number: str
    state: State
    place: str
    items: list[ItemView]
    officers: list[InspectingView]
    kept_on: dt.date
    decide_by: dt.date
    outcome: Outcome | None
    text: str | None
    ended_on: dt.date | None
    rests_on: list[Used]

    @classmethod
    def of(cls, one: Preservation) -> Self:
        return cls(**_shown(one))


class PreservationFile(BaseModel):
    """The same as officers read it, with why and for what it was asked."""

    preservation_id: str
    number: str
    state: State
    place: str
    items: list[ItemView]
    kept_on: dt.date | None
    decide_by: dt.date | None
    outcome: Outcome | None
    text: str | None
    ended_on: dt.date | None
    rests_on: list[Used]
    origin: OriginKind
    origin_id: str
    enterprise: str
    district: str
    reason: str
    officers: list[str]
    asked_by: str
    asked_on: dt.date
    approved_by: str | None
    answer: str | None

    @classmethod
    def of(cls, one: Preservation) -> Self:
        kept = {"origin", "origin_id", "enterprise", "district", "asked_by", "asked_on", "approved_by"}
        more = {
            "reason": clear(one.id, one.reason),
            "officers": [who.officer for who in one.officers],
            "answer": None if one.answer is None else clear(one.id, one.answer),
        }
        return cls(**_shown(one) | one.model_dump(include=kept) | more)


def _shown(one: Preservation) -> dict[str, Any]:
    ending = one.ending
    return {
        "preservation_id": one.id,
        "number": one.number,
        "state": one.state,
        "place": clear(one.id, one.place),
        "items": [
            ItemView(what=clear(one.id, item.what), count=item.count, condition=clear(one.id, item.condition))
            for item in one.items
        ],
        "officers": [InspectingView(certificate=who.certificate) for who in one.officers],
        "kept_on": one.kept_on,
        "decide_by": one.decide_by,
        "outcome": None if ending is None else ending.outcome,
        "text": None if ending is None else clear(one.id, ending.text),
        "ended_on": one.lapsed_on if ending is None else ending.on,
        "rests_on": one.used,
    }
