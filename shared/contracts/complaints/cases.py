"""What complaints tells of complaints and reports, and of what enterprises and reporters hear of them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

CASE = Topic("complaints.case")

INQUIRY = Topic("complaints.inquiry")

REPORTER = Topic("complaints.reporter")

Category = Literal[
    "no_contract",
    "partner_default",
    "discrimination",
    "unlawful_fee",
    "exclusivity",
    "late_pay",
    "short_pay",
    "below_minimum_wage",
    "collective_contract",
    "rest",
    "holiday_pay",
    "safety",
    "social_insurance",
    "occupational_injury",
    "platform_rules",
    "other",
]
"""The categories of the dated parameter `complaint.categories`."""


class CaseFact(Fact, frozen=True, kw_only=True):
    """A complaint or a report. Its text never travels; `worker_id` is the complainant, null for an anonymous report.

    `filing_union`: the subject of whoever filed it for a trade union; null where no union did, and in a confidential report.
    """

    case_id: Id
    number: str
    worker_id: Id | None
    platform: Id | None
    category: Category
    district: District
    departments: tuple[str, ...]
    lead_department: str
    filing_union: Id | None = None


@event("cn.deyang.complaints.case.opened.v1", topic=CASE, key="case_id")
class CaseOpened(CaseFact, frozen=True, kw_only=True):
    """A case is on file. `accept_by`: until when it must be taken up or refused (关于实施《劳动保障监察条例》若干规定 art. 18)."""

    accept_by: date


@event("cn.deyang.complaints.case.accepted.v1", topic=CASE, key="case_id")
class CaseAccepted(CaseFact, frozen=True, kw_only=True):
    """A case is taken up. `decide_by`: until when it must be investigated (劳动保障监察条例 art. 17)."""

    decide_by: date


RefusalGround = Literal["over_two_years", "no_violator", "not_inspection", "to_dispute", "not_completed", "other"]
"""Why a case is not taken up (关于实施《劳动保障监察条例》若干规定 art. 18; 劳动保障监察条例 art. 20, 21)."""

CaseOutcome = Literal["penalty", "order", "withdrawn", "referred", "referred_to_police", "guidance"]
"""How a case ends (劳动保障监察条例 art. 18), or with administrative guidance, where no penalty has a ground in law."""


@event("cn.deyang.complaints.case.refused.v1", topic=CASE, key="case_id")
class CaseRefused(CaseFact, frozen=True, kw_only=True):
    """A case is not taken up; the complainant reads why, and which way is open."""

    ground: RefusalGround


@event("cn.deyang.complaints.case.transferred.v1", topic=CASE, key="case_id")
class CaseTransferred(CaseFact, frozen=True, kw_only=True):
    """A case was handed to the body that is competent for it, which the complainant is told."""


@event("cn.deyang.complaints.case.returned.v1", topic=CASE, key="case_id")
class CaseReturned(CaseFact, frozen=True, kw_only=True):
    """The complainant is asked to complete what is missing, once."""

    complete_by: date


@event("cn.deyang.complaints.case.withdrawn.v1", topic=CASE, key="case_id")
class CaseWithdrawn(CaseFact, frozen=True, kw_only=True):
    """The complainant has withdrawn the case."""


@event("cn.deyang.complaints.case.reopened.v1", topic=CASE, key="case_id")
class CaseReopened(CaseFact, frozen=True, kw_only=True):
    """A case that was over is open again, and is to be accepted or refused anew."""

    accept_by: date


@event("cn.deyang.complaints.case.assigned.v1", topic=CASE, key="case_id")
class CaseAssigned(CaseFact, frozen=True, kw_only=True):
    """A case has come into an officer's hands. `officer`: the subject of their token, null where nobody may take it."""

    officer: Id | None


@event("cn.deyang.complaints.case.answered.v1", topic=CASE, key="case_id")
class CaseAnswered(CaseFact, frozen=True, kw_only=True):
    """The enterprise has answered what it was asked."""


@event("cn.deyang.complaints.case.joining_asked.v1", topic=CASE, key="case_id")
class CaseJoiningAsked(CaseFact, frozen=True, kw_only=True):
    """Somebody asks to join a case. Who asks is not said: whoever agrees to it reads it in the case."""


JoiningReason = Literal["answered", "added", "over"]
"""Why somebody hears whether they are in a matter of others: who may do so has answered, an officer has added them though they did not
ask, or it can be joined no more."""


@event("cn.deyang.complaints.case.joining_answered.v1", topic=CASE, key="case_id")
class CaseJoiningAnswered(CaseFact, frozen=True, kw_only=True):
    """Whether somebody is in a case of others: `worker_id` is who asked to join it, or was added, and not the complainant. Of one in
    confidence it is not told."""

    agreed: bool
    reason: JoiningReason


@event("cn.deyang.complaints.case.extended.v1", topic=CASE, key="case_id")
class CaseExtended(CaseFact, frozen=True, kw_only=True):
    """The investigation was prolonged (劳动保障监察条例 art. 17)."""

    decide_by: date


@event("cn.deyang.complaints.case.decided.v1", topic=CASE, key="case_id")
class CaseDecided(CaseFact, frozen=True, kw_only=True):
    """A case is decided, as one officer proposed and another approved."""

    outcome: CaseOutcome


ClosingReason = Literal["served", "to_dispute"]


@event("cn.deyang.complaints.case.closed.v1", topic=CASE, key="case_id")
class CaseClosed(CaseFact, frozen=True, kw_only=True):
    """The file is closed: its decision is served on both sides, or whoever complained has taken their claim to arbitration or a
    court, which ends the investigation of it (劳动保障监察条例 art. 21)."""

    reason: ClosingReason = "served"


class InquiryFact(Fact, frozen=True, kw_only=True):
    """What an enterprise hears of a case: by an id of its own, from which neither the case nor who reported is found."""

    inquiry_id: Id
    platform: Id
    category: Category
    district: District
    lead_department: str


@event("cn.deyang.complaints.inquiry.opened.v1", topic=INQUIRY, key="inquiry_id")
class InquiryOpened(InquiryFact, frozen=True, kw_only=True):
    """An enterprise is asked to answer, until `answer_by`."""

    answer_by: date


@event("cn.deyang.complaints.inquiry.decided.v1", topic=INQUIRY, key="inquiry_id")
class InquiryDecided(InquiryFact, frozen=True, kw_only=True):
    """What was looked into at an enterprise is decided, and served on it."""

    outcome: CaseOutcome


@event("cn.deyang.complaints.inquiry.ended.v1", topic=INQUIRY, key="inquiry_id")
class InquiryEnded(InquiryFact, frozen=True, kw_only=True):
    """What was looked into at an enterprise is not decided by labour inspection: arbitration or a court does. Of a case in
    confidence it is not told, since the moment would show who complained."""

    reason: Literal["to_dispute"]


ReporterNews = Literal[
    "opened", "accepted", "refused", "transferred", "returned", "withdrawn", "reopened", "extended", "decided", "closed",
    "recusal_decided", "joined",
]  # fmt: skip


@event("cn.deyang.complaints.reporter.told.v1", topic=REPORTER, key="worker_id")
class ReporterTold(Fact, frozen=True, kw_only=True):
    """News for somebody whom the events on a case do not name: names no case, no enterprise and no subject beside them. Who reports in
    confidence, and whoever joined them; `joint`: who joined a case that is not in confidence."""

    worker_id: Id
    news: ReporterNews
    joint: bool = False


@event("cn.deyang.complaints.reporter.involved.v1", topic=REPORTER, key="worker_id")
class ReporterInvolved(Fact, frozen=True, kw_only=True):
    """Somebody whom the events on a case do not name has a part in one that is open, or is over: who joined it, and who reports in
    confidence. `part_id` is their part's own name, from which the case is not found."""

    part_id: Id
    worker_id: Id
    open: bool


@event("cn.deyang.complaints.union_filing.proposed.v1", topic=REPORTER, key="worker_id")
class UnionFilingProposed(Fact, frozen=True, kw_only=True):
    """A union would file something for a worker, who confirms it by the end of `confirm_by`, or it lapses. What it is about, and about
    whom, does not travel."""

    filing_id: Id
    worker_id: Id
    confirm_by: date
