"""What complaints publishes of an application for legal aid: never what it is about, nor why it was refused."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from services.complaints.legal_aid.documents import LegalAid
from services.complaints.legal_aid.rules import Body
from shared.contracts.complaints import (
    LegalAidAssigned,
    LegalAidContested,
    LegalAidDecided,
    LegalAidFinished,
    LegalAidObjectionDecided,
    LegalAidReplacementAsked,
    LegalAidReplacementDecided,
    LegalAidSubmitted,
    LegalAidSupplementAsked,
    LegalAidTerminated,
    LegalAidWithdrawn,
)


class _Fields(TypedDict):
    """The fields of every event on legal aid."""

    legal_aid_id: str
    number: str
    worker_id: str
    body: Body
    lead_department: str
    district: str


def submitted(aid: LegalAid, decide_by: dt.date) -> LegalAidSubmitted:
    return LegalAidSubmitted(**_fields(aid), decide_by=decide_by)


def supplement_asked(aid: LegalAid, due_on: dt.date) -> LegalAidSupplementAsked:
    return LegalAidSupplementAsked(**_fields(aid), due_on=due_on)


def decided(aid: LegalAid, *, granted: bool) -> LegalAidDecided:
    return LegalAidDecided(**_fields(aid), granted=granted, first=aid.first)


def assigned(aid: LegalAid) -> LegalAidAssigned:
    return LegalAidAssigned(**_fields(aid), again=len(aid.lawyers) > 1)


def finished(aid: LegalAid) -> LegalAidFinished:
    assert aid.outcome is not None
    return LegalAidFinished(**_fields(aid), outcome=aid.outcome)


def terminated(aid: LegalAid) -> LegalAidTerminated:
    return LegalAidTerminated(**_fields(aid))


def withdrawn(aid: LegalAid, *, lapsed: bool) -> LegalAidWithdrawn:
    return LegalAidWithdrawn(**_fields(aid), lapsed=lapsed)


def contested(aid: LegalAid, due_on: dt.date) -> LegalAidContested:
    return LegalAidContested(**_fields(aid), due_on=due_on)


def objection_decided(aid: LegalAid, *, upheld: bool) -> LegalAidObjectionDecided:
    return LegalAidObjectionDecided(**_fields(aid), upheld=upheld)


def replacement_asked(aid: LegalAid, due_on: dt.date) -> LegalAidReplacementAsked:
    return LegalAidReplacementAsked(**_fields(aid), due_on=due_on)


def replacement_decided(aid: LegalAid, *, replaced: bool) -> LegalAidReplacementDecided:
    return LegalAidReplacementDecided(**_fields(aid), replaced=replaced)


def _fields(aid: LegalAid) -> _Fields:
    return {
        "legal_aid_id": aid.id,
        "number": aid.number,
        "worker_id": aid.worker_id,
        "body": aid.body,
        "lead_department": aid.department,
        "district": aid.district,
    }
