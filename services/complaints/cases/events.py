"""What complaints publishes of a case. The text of a complaint never travels, nor in a confidential case who reported."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TypedDict

from services.complaints.cases.documents import Case, Part
from shared.contracts.base import Fact
from shared.contracts.complaints import (
    CaseAccepted,
    CaseAnswered,
    CaseAssigned,
    CaseClosed,
    CaseDecided,
    CaseExtended,
    CaseJoiningAnswered,
    CaseJoiningAsked,
    CaseOpened,
    CaseOutcome,
    CaseRefused,
    CaseReopened,
    CaseReturned,
    CaseTransferred,
    CaseWithdrawn,
    Category,
    ClosingReason,
    InquiryDecided,
    InquiryEnded,
    InquiryOpened,
    JoiningReason,
    RefusalGround,
    ReporterInvolved,
    ReporterNews,
    ReporterTold,
)
from shared.storage.transaction import Transaction

NEWS: dict[type[Fact], ReporterNews] = {
    CaseOpened: "opened",
    CaseAccepted: "accepted",
    CaseRefused: "refused",
    CaseTransferred: "transferred",
    CaseReturned: "returned",
    CaseWithdrawn: "withdrawn",
    CaseReopened: "reopened",
    CaseExtended: "extended",
    CaseDecided: "decided",
    CaseClosed: "closed",
}
"""What a confidential reporter, and whoever joined a case, hears by an event of its own."""

KEEPS: Mapping[type[Fact], bool] = {
    CaseOpened: True,
    CaseAccepted: True,
    CaseReopened: True,
    CaseReturned: True,
    CaseRefused: False,
    CaseTransferred: False,
    CaseWithdrawn: False,
    CaseClosed: False,
}
"""By which events a case keeps the records of those in it, and by which it does no longer."""


class _CaseFields(TypedDict):
    """The fields of every event on a case."""

    case_id: str
    number: str
    worker_id: str | None
    platform: str | None
    category: Category
    district: str
    departments: tuple[str, ...]
    lead_department: str
    filing_union: str | None


class _InquiryFields(TypedDict):
    """The fields of every event for the enterprise."""

    inquiry_id: str
    platform: str
    category: Category
    district: str
    lead_department: str


def publish(case: Case, fact: Fact, tx: Transaction) -> None:
    """Publish an event on a case, to whoever it does not name that there is news, and who else has a part in it.

    Those parts are noted in the case, which the caller stores.
    """
    tx.publish(fact)
    if (keeps := KEEPS.get(type(fact))) is not None:
        _fresh_parts(case)
        for part in case.parts:
            tx.publish(_involved(part, keeps=keeps))
    if (news := NEWS.get(type(fact))) is not None:
        for worker_id in _unnamed(case):
            tx.publish(reporter_told(worker_id, news, joint=not case.confidential))


def involve(case: Case, tx: Transaction) -> None:
    """Say of each who has come to have a part that the case keeps their record; the caller stores the case."""
    for part in _fresh_parts(case):
        tx.publish(_involved(part, keeps=True))


def tell_joining(case: Case, worker_id: str, reason: JoiningReason, tx: Transaction, *, agreed: bool) -> None:
    """Tell somebody whether they are in a case. No event on one in confidence names who complains (劳动保障监察条例 art. 9): whom an
    officer added to it hears by an event that names no case. Nobody asks to join such a one."""
    if not case.protected:
        tx.publish(joining_answered(case, worker_id, reason, agreed=agreed))
    elif agreed:
        tx.publish(reporter_told(worker_id, "joined"))


def _fresh_parts(case: Case) -> list[Part]:
    known = {one.worker_id for one in case.parts}
    fresh = [Part(worker_id=one, part_id=str(uuid.uuid4())) for one in _unnamed(case) if one not in known]
    case.parts = [*case.parts, *fresh]
    return fresh


def _unnamed(case: Case) -> list[str]:
    """Whom the events on a case do not name: who joined it, and in confidence who complains."""
    return case.people if case.confidential else case.members


def _involved(part: Part, *, keeps: bool) -> ReporterInvolved:
    return ReporterInvolved(part_id=part.part_id, worker_id=part.worker_id, open=keeps)


def reporter_told(worker_id: str, news: ReporterNews, *, joint: bool = False) -> ReporterTold:
    return ReporterTold(worker_id=worker_id, news=news, joint=joint)


def opened(case: Case) -> CaseOpened:
    return CaseOpened(**_fields(case), accept_by=case.accept_by)


def accepted(case: Case, decide_by: dt.date) -> CaseAccepted:
    return CaseAccepted(**_fields(case), decide_by=decide_by)


def refused(case: Case, ground: RefusalGround) -> CaseRefused:
    return CaseRefused(**_fields(case), ground=ground)


def transferred(case: Case) -> CaseTransferred:
    return CaseTransferred(**_fields(case))


def returned(case: Case, complete_by: dt.date) -> CaseReturned:
    return CaseReturned(**_fields(case), complete_by=complete_by)


def withdrawn(case: Case) -> CaseWithdrawn:
    return CaseWithdrawn(**_fields(case))


def reopened(case: Case) -> CaseReopened:
    return CaseReopened(**_fields(case), accept_by=case.accept_by)


def assigned(case: Case) -> CaseAssigned:
    return CaseAssigned(**_fields(case), officer=case.handler)


def answered(case: Case) -> CaseAnswered:
    return CaseAnswered(**_fields(case))


def joining_asked(case: Case) -> CaseJoiningAsked:
    return CaseJoiningAsked(**_fields(case))


def joining_answered(case: Case, worker_id: str, reason: JoiningReason, *, agreed: bool) -> CaseJoiningAnswered:
    fields = _fields(case)
    fields["worker_id"] = worker_id
    return CaseJoiningAnswered(**fields, agreed=agreed, reason=reason)


def extended(case: Case, decide_by: dt.date) -> CaseExtended:
    return CaseExtended(**_fields(case), decide_by=decide_by)


def decided(case: Case, outcome: CaseOutcome) -> CaseDecided:
    return CaseDecided(**_fields(case), outcome=outcome)


def closed(case: Case, reason: ClosingReason) -> CaseClosed:
    return CaseClosed(**_fields(case), reason=reason)


def inquiry_opened(case: Case, answer_by: dt.date) -> InquiryOpened:
    return InquiryOpened(**_inquiry(case), answer_by=answer_by)


def inquiry_decided(case: Case, outcome: CaseOutcome) -> InquiryDecided:
    return InquiryDecided(**_inquiry(case), outcome=outcome)


def inquiry_ended(case: Case) -> InquiryEnded:
    return InquiryEnded(**_inquiry(case), reason="to_dispute")


def _fields(case: Case) -> _CaseFields:
    return {
        "case_id": case.id,
        "number": case.number,
        "worker_id": None if case.confidential else case.worker_id,
        "platform": case.platform,
        "category": case.category,
        "district": case.district,
        "departments": tuple(case.departments),
        "lead_department": case.lead_department,
        "filing_union": None if case.confidential else case.filing_union,
    }


def _inquiry(case: Case) -> _InquiryFields:
    assert case.inquiry_id is not None
    assert case.platform is not None
    return {
        "inquiry_id": case.inquiry_id,
        "platform": case.platform,
        "category": case.category,
        "district": case.district,
        "lead_department": case.lead_department,
    }
