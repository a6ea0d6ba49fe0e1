"""What complaints tells of legal aid."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

LEGAL_AID = Topic("complaints.legal_aid")


class LegalAidFact(Fact, frozen=True, kw_only=True):
    """An application for legal aid to the legal aid centre or the union's lawyers. What it is about never travels."""

    legal_aid_id: Id
    number: str
    worker_id: Id
    body: Literal["centre", "union"]
    lead_department: str
    district: District


@event("cn.deyang.complaints.legal_aid.submitted.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidSubmitted(LegalAidFact, frozen=True, kw_only=True):
    """`decide_by`: until when it is decided on (法律援助法 art. 43)."""

    decide_by: date


@event("cn.deyang.complaints.legal_aid.supplement_asked.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidSupplementAsked(LegalAidFact, frozen=True, kw_only=True):
    """Without what is missing the application counts as withdrawn after `due_on`."""

    due_on: date


@event("cn.deyang.complaints.legal_aid.decided.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidDecided(LegalAidFact, frozen=True, kw_only=True):
    """`first`: aid was given before (art. 44)."""

    granted: bool
    first: bool


@event("cn.deyang.complaints.legal_aid.assigned.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidAssigned(LegalAidFact, frozen=True, kw_only=True):
    """Somebody was assigned; `again`: in another's place."""

    again: bool


@event("cn.deyang.complaints.legal_aid.finished.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidFinished(LegalAidFact, frozen=True, kw_only=True):
    outcome: Literal["won", "partly_won", "settled", "lost", "withdrawn", "advised"]


@event("cn.deyang.complaints.legal_aid.terminated.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidTerminated(LegalAidFact, frozen=True, kw_only=True):
    """Aid has ended before its time (art. 48)."""


@event("cn.deyang.complaints.legal_aid.withdrawn.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidWithdrawn(LegalAidFact, frozen=True, kw_only=True):
    """`lapsed`: since what was asked for did not come."""

    lapsed: bool


@event("cn.deyang.complaints.legal_aid.contested.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidContested(LegalAidFact, frozen=True, kw_only=True):
    """Somebody objects to a refusal or an end; it is answered by `due_on` (art. 49)."""

    due_on: date


@event("cn.deyang.complaints.legal_aid.objection_decided.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidObjectionDecided(LegalAidFact, frozen=True, kw_only=True):
    upheld: bool


@event("cn.deyang.complaints.legal_aid.replacement_asked.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidReplacementAsked(LegalAidFact, frozen=True, kw_only=True):
    """Somebody asks for another lawyer (art. 55); it is decided on by `due_on`."""

    due_on: date


@event("cn.deyang.complaints.legal_aid.replacement_decided.v1", topic=LEGAL_AID, key="legal_aid_id")
class LegalAidReplacementDecided(LegalAidFact, frozen=True, kw_only=True):
    """Another lawyer was assigned as was asked, or that was refused in writing."""

    replaced: bool
