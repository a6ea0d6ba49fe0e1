"""What complaints tells."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Instant, Money, Topic, event
from shared.contracts.platform import District, Relation
from shared.contracts.registry.restrictions import RestrictedField

CASE = Topic("complaints.case")
LEAD = Topic("complaints.lead")
TERM = Topic("complaints.term")
INQUIRY = Topic("complaints.inquiry")
REPORTER = Topic("complaints.reporter")
LISTING = Topic("complaints.listing", partitions=1)
LEGAL_AID = Topic("complaints.legal_aid")
CAMPAIGN = Topic("complaints.campaign", partitions=1)
INSPECTION = Topic("complaints.inspection")
JOINT = Topic("complaints.joint")
DISPUTE = Topic("complaints.dispute")


DIRECTIVE = Topic("complaints.directive")

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
    """A complaint or a report. Its text never travels; `worker_id` is the complainant, null for an anonymous report."""

    case_id: Id
    number: str
    worker_id: Id | None
    platform: Id | None
    category: Category
    district: District
    departments: tuple[str, ...]
    lead_department: str


@event("cn.deyang.complaints.case.opened.v1", topic=CASE, key="case_id")
class CaseOpened(CaseFact, frozen=True, kw_only=True):
    """A case is on file. `accept_by`: until when it must be taken up or refused (关于实施《劳动保障监察条例》若干规定 art. 18)."""

    accept_by: date


@event("cn.deyang.complaints.case.accepted.v1", topic=CASE, key="case_id")
class CaseAccepted(CaseFact, frozen=True, kw_only=True):
    """A case is taken up. `decide_by`: until when it must be investigated (劳动保障监察条例 art. 17)."""

    decide_by: date


@event("cn.deyang.complaints.case.deadline_missed.v1", topic=CASE, key="case_id")
class CaseDeadlineMissed(CaseFact, frozen=True, kw_only=True):
    step: Literal["accept", "investigate"]
    due_on: date


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


@event("cn.deyang.complaints.case.extended.v1", topic=CASE, key="case_id")
class CaseExtended(CaseFact, frozen=True, kw_only=True):
    """The investigation was prolonged (劳动保障监察条例 art. 17)."""

    decide_by: date


@event("cn.deyang.complaints.case.decided.v1", topic=CASE, key="case_id")
class CaseDecided(CaseFact, frozen=True, kw_only=True):
    """A case is decided, as one officer proposed and another approved."""

    outcome: CaseOutcome


@event("cn.deyang.complaints.case.closed.v1", topic=CASE, key="case_id")
class CaseClosed(CaseFact, frozen=True, kw_only=True):
    """The decision is served on both sides, and the file closed."""


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


ReporterNews = Literal[
    "opened", "accepted", "refused", "transferred", "returned", "withdrawn", "reopened", "extended", "decided", "closed"
]


@event("cn.deyang.complaints.reporter.told.v1", topic=REPORTER, key="worker_id")
class ReporterTold(Fact, frozen=True, kw_only=True):
    """News for somebody whose report is confidential: names no case, no enterprise and no subject beside them, and the
    events on the case name no reporter."""

    worker_id: Id
    news: ReporterNews


@event("cn.deyang.complaints.lead.raised.v1", topic=LEAD, key="lead_id")
class LeadRaised(Fact, frozen=True, kw_only=True):
    """A sign in the data that a rule was broken, as it was told before `shared.contracts.leads`; published no more.

    Amounts are yuan, time is seconds. `collective_contract_id` is the contract by which more was due than by the minimum
    wage alone: `minimum` is then the higher of both, and `waiting_percent` of the working time is added to it.
    `agreement_id` says the same.
    """

    lead_id: Id
    kind: Literal["pay_below_minimum"]
    platform: Id
    worker_ref: Id
    worker_id: Id | None
    settlement_id: Id
    pay: Money
    working_seconds: int
    minimum: Money
    shortfall: Money
    verified: bool
    agreement_id: Id | None = None
    waiting_percent: str | None = None
    collective_contract_id: Id | None = None


MatterKind = Literal[
    "case", "lead", "finding", "inspection", "directive", "penalty", "credit", "dispute", "legal_aid", "joint"
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


class ListingFact(Fact, frozen=True, kw_only=True):
    """An enterprise on the list of those who have seriously broken trust (严重失信主体名单; 德人社发〔2022〕95 号 art. 5, 11).

    `restricts` are the restricted fields of the law of that day; `until` is the listing's last day.
    """

    listing_id: Id
    uscc: Id
    case_id: Id | None
    listed_on: date
    until: date
    restricts: tuple[RestrictedField, ...]


@event("cn.deyang.complaints.enterprise.listed.v1", topic=LISTING, key="uscc")
class EnterpriseListed(ListingFact, frozen=True, kw_only=True):
    """An enterprise was listed, or its listing extended."""


@event("cn.deyang.complaints.enterprise.delisted.v1", topic=LISTING, key="uscc")
class EnterpriseDelisted(ListingFact, frozen=True, kw_only=True):
    """A listing has ended; `delisted_on` was its last day."""

    delisted_on: date
    reason: Literal["expired", "corrected", "revoked"]


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


CampaignKind = Literal["routine", "special", "double_random"]
"""日常巡查、专项检查、双随机抽查。"""


@event("cn.deyang.complaints.campaign.announced.v1", topic=CAMPAIGN, key="campaign_id")
class CampaignAnnounced(Fact, frozen=True, kw_only=True):
    """An inspection campaign begins (德人社发〔2022〕95 号 art. 1). Whom it leads to is not told.

    Of a double-random one the lists are public: `lists_digest` is their SHA-256, `commitment` that of the secret which the draw
    will use, beside a public draw (`source`) whose result is known from `known_from` on.
    """

    campaign_id: Id
    kind: CampaignKind
    title: str
    articles: tuple[str, ...]
    district: District
    lead_department: str
    starts_on: date
    ends_on: date
    enterprises: int | None
    lists_digest: str | None
    commitment: str | None
    source: str | None
    known_from: Instant | None


class InspectionFact(Fact, frozen=True, kw_only=True):
    """One enterprise's inspection. Who inspects it, what was written and who gave a lead never travel."""

    inspection_id: Id
    number: str
    campaign_id: Id
    kind: CampaignKind
    uscc: Id
    district: District
    lead_department: str


class InspectionFields(TypedDict):
    """The fields of `InspectionFact`, for whoever makes its events."""

    inspection_id: Id
    number: str
    campaign_id: Id
    kind: CampaignKind
    uscc: Id
    district: District
    lead_department: str


@event("cn.deyang.complaints.inspection.drawn.v1", topic=INSPECTION, key="inspection_id")
class InspectionDrawn(InspectionFact, frozen=True, kw_only=True):
    """An enterprise is to be inspected, by the draw or (`by_lot` false) by an officer's choice. The enterprise is not told."""

    visit_by: date
    by_lot: bool


@event("cn.deyang.complaints.inspection.called_off.v1", topic=INSPECTION, key="inspection_id")
class InspectionCalledOff(InspectionFact, frozen=True, kw_only=True):
    """The enterprise was not inspected: it works no more, is not to be found, or is looked into in another matter."""

    cause: Literal["ceased", "untraceable", "another_matter"]


@event("cn.deyang.complaints.inspection.found.v1", topic=INSPECTION, key="inspection_id")
class InspectionFound(InspectionFact, frozen=True, kw_only=True):
    """The enterprise was visited, and the findings are on record. `violated`: the items that do not stand up to the law."""

    visited_on: date
    outcome: Literal["compliant", "violations"]
    violated: tuple[str, ...]
    publish_by: date


@event("cn.deyang.complaints.inspection.published.v1", topic=INSPECTION, key="inspection_id")
class InspectionPublished(InspectionFact, frozen=True, kw_only=True):
    """The result is public (国办发〔2015〕58 号)."""

    visited_on: date
    outcome: Literal["compliant", "violations"]
    violated: tuple[str, ...]
    published_on: date


@event("cn.deyang.complaints.inspection.proposed.v1", topic=INSPECTION, key="uscc")
class InspectionProposed(Fact, frozen=True, kw_only=True):
    """So many leads of an enterprise, or leads about so many persons, call for an inspection; an officer decides."""

    proposal_id: Id
    uscc: Id
    district: District
    lead_department: str
    leads: int
    persons: int
    since: date


class JointFact(Fact, frozen=True, kw_only=True):
    """Joint enforcement by several departments (德人社发〔2022〕95 号 art. 16). What they write never travels.

    `lead_department` leads; `departments` have a part each. `uscc` is the enterprise that it is about.
    """

    joint_id: Id
    number: str
    article: str
    uscc: Id
    district: District
    lead_department: str
    departments: tuple[str, ...]


class JointFields(TypedDict):
    """The fields of `JointFact`, for whoever makes its events."""

    joint_id: Id
    number: str
    article: str
    uscc: Id
    district: District
    lead_department: str
    departments: tuple[str, ...]


@event("cn.deyang.complaints.joint.part_asked.v1", topic=JOINT, key="joint_id")
class JointPartAsked(JointFact, frozen=True, kw_only=True):
    """A department is asked for its part, for the first time or again (`again`)."""

    department: str
    due_on: date
    again: bool


@event("cn.deyang.complaints.joint.part_answered.v1", topic=JOINT, key="joint_id")
class JointPartAnswered(JointFact, frozen=True, kw_only=True):
    """A department has answered; `waiting` others have not yet."""

    department: str
    in_time: bool
    waiting: int


@event("cn.deyang.complaints.joint.part_missed.v1", topic=JOINT, key="joint_id")
class JointPartMissed(JointFact, frozen=True, kw_only=True):
    """A department has not answered in time; the lead department hears too."""

    department: str
    due_on: date


@event("cn.deyang.complaints.joint.concluded.v1", topic=JOINT, key="joint_id")
class JointConcluded(JointFact, frozen=True, kw_only=True):
    """The lead department has drawn the one result. `missing`: departments that had not answered when it decided."""

    outcome: Literal["no_violation", "corrected", "ordered", "punished", "referred"]
    missing: tuple[str, ...]
    concluded_on: date


# Disputes: their events.

Forum = Literal["people", "arbitration", "court", "union", "trade", "enterprise"]
"""The body that mediates or decides: people's mediation, the arbitration commission, the court, the union, the trade's or the
enterprise's mediation committee (劳动争议调解仲裁法 art. 10)."""

DisputeState = Literal[
    "grievance", "negotiation", "open", "mediation", "agreed", "confirming", "breached", "payment_order", "filed", "refused",
    "arbitration", "awarded", "awarded_finally", "setting_aside", "set_aside", "court_filed", "court", "judged", "effective",
    "execution", "performed", "withdrawn", "closed",
]  # fmt: skip

DisputeMove = Literal[
    "answer", "settle", "fail", "lapse", "negotiate", "mediate", "apply", "sue", "perform", "consent", "ask_confirmation", "confirm",
    "deny", "breach", "ask_payment_order", "issue_order", "end_order", "accept", "refuse", "leave", "leave_award",
    "leave_final", "serve", "defend", "copy_defence", "name_panel", "set_hearing", "extend", "pause", "resume", "advance",
    "award_part", "award", "award_finally", "ask_to_set_aside", "reject", "set_aside", "judge", "appeal", "take_effect",
    "execute", "end_execution", "withdraw",
]  # fmt: skip


class DisputeFact(Fact, frozen=True, kw_only=True):
    """A dispute, told once for each worker in it. What is claimed and said never travels.

    `platforms` are the enterprises on the other side. `first`: this is the one of several that tells the enterprises and the
    department, so that they hear once; `platforms` is empty in the others.
    """

    dispute_id: Id
    number: str
    worker_id: Id
    platforms: tuple[Id, ...]
    first: bool
    lead_department: str
    district: District
    forum: Forum | None


@event("cn.deyang.complaints.dispute.opened.v1", topic=DISPUTE, key="dispute_id")
class DisputeOpened(DisputeFact, frozen=True, kw_only=True):
    """A grievance is put to the enterprise, which answers by `due_on`."""

    relation: Relation
    due_on: date


@event("cn.deyang.complaints.dispute.stepped.v1", topic=DISPUTE, key="dispute_id")
class DisputeStepped(DisputeFact, frozen=True, kw_only=True):
    """A step was taken, or happened by itself; `due_on` is the last day of what is open then, where there is one."""

    step: DisputeMove
    before: DisputeState
    state: DisputeState
    due_on: date | None


@event("cn.deyang.complaints.dispute.awarded.v1", topic=DISPUTE, key="dispute_id")
class DisputeAwarded(DisputeFact, frozen=True, kw_only=True):
    """An award (劳动争议调解仲裁法 art. 47-50). `worker_sues_by`, `enterprise_by`: the last days to sue, and for the enterprise to sue
    or, where the award is final, to ask that it be set aside."""

    final: bool
    worker_sues_by: date
    enterprise_by: date


@event("cn.deyang.complaints.dispute.overdue.v1", topic=DISPUTE, key="dispute_id")
class DisputeOverdue(DisputeFact, frozen=True, kw_only=True):
    """Arbitration has not taken up or not decided the dispute in time: the worker may sue (art. 29, 43)."""

    step: Literal["accept", "award"]


@event("cn.deyang.complaints.dispute.limitation_near.v1", topic=DISPUTE, key="dispute_id")
class DisputeLimitationNear(DisputeFact, frozen=True, kw_only=True):
    """The limitation of a claim ends soon, and no deciding procedure has begun (art. 27)."""

    limitation_on: date


class DirectiveFact(Fact, frozen=True, kw_only=True):
    """An order to put right (责令改正) that was served. What it arose from and what it says never travel."""

    directive_id: Id
    number: str
    uscc: Id
    lead_department: str
    district: District
    due_on: date


@event("cn.deyang.complaints.directive.served.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveServed(DirectiveFact, frozen=True, kw_only=True):
    """An order was served, or its term extended: things are to be put right by `due_on`."""


@event("cn.deyang.complaints.directive.overdue.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveOverdue(DirectiveFact, frozen=True, kw_only=True):
    """The term has passed, and nobody has found that the order is met."""


@event("cn.deyang.complaints.directive.closed.v1", topic=DIRECTIVE, key="directive_id")
class DirectiveClosed(DirectiveFact, frozen=True, kw_only=True):
    """Two officers found an order met or not met, or it was withdrawn."""

    outcome: Literal["met", "unmet", "withdrawn"]


@event("cn.deyang.complaints.credit.notified.v1", topic=LISTING, key="uscc")
class CreditNotified(Fact, frozen=True, kw_only=True):
    """An enterprise is told that it is to be listed, or its violation published; it may speak until `speak_until`."""

    listing_id: Id
    number: str
    uscc: Id
    kind: Literal["serious_violation", "wage_arrears"]
    speak_until: date
