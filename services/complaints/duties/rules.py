"""What events of other services show of a duty: of each subject the facts as they were told last, and the signs in them.

A sign depends on the facts alone and never on the order in which they came, nor on the day on which they are looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.complaints.duties.dues_rules import dues
from services.complaints.duties.firm_rules import (
    advances,
    cooperation,
    cooperation_people,
    dispatch_share,
    licence,
    licence_people,
    unrecorded,
)
from services.complaints.duties.paper_rules import agreement
from services.complaints.duties.premium_rules import bill, policy
from services.complaints.duties.term_rules import terms
from services.complaints.duties.told_rules import Around, Found, People, Person, Told
from services.complaints.duties.work_rules import block, block_spans, enrolment, gap_spans
from shared.contracts.base import Fact
from shared.contracts.insurance import (
    AdvanceDue,
    AdvancePaid,
    BenefitPaid,
    BillOverdue,
    BillPaid,
    DuesFact,
    DuesOverdue,
    DuesSettled,
    EnrolmentConfirmed,
    EnrolmentDeclared,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentFact,
    EnrolmentOpened,
    EnrolmentRefused,
    EnrolmentResumed,
    EnrolmentSuspended,
    PolicyGapFound,
    PolicyRecorded,
    RecourseClosed,
    RecourseCorrected,
)
from shared.contracts.registry import (
    AgreementFact,
    AgreementMissing,
    AgreementRecorded,
    AgreementTermsExamined,
    CooperationEnded,
    CooperationFact,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
    DispatchShareExceeded,
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    LicenceFact,
    LicenceLapsed,
    LicenceRecorded,
    LicenceResumed,
    LicenceSuspended,
)

Subject = Literal[
    "agreement",
    "terms",
    "enrolment",
    "dues",
    "bill",
    "benefit",
    "cooperation",
    "partner",
    "licence",
    "dispatch_share",
    "policy",
    "block",
]

HEARD: Final[tuple[type[Fact], ...]] = (
    AgreementMissing,
    AgreementRecorded,
    AgreementTermsExamined,
    EnrolmentOpened,
    EnrolmentConfirmed,
    EnrolmentDeclared,
    EnrolmentRefused,
    EnrolmentEnded,
    EnrolmentDutyOverdue,
    EnrolmentSuspended,
    EnrolmentResumed,
    DuesOverdue,
    DuesSettled,
    BillOverdue,
    BillPaid,
    AdvanceDue,
    AdvancePaid,
    RecourseClosed,
    RecourseCorrected,
    BenefitPaid,
    CooperationRecorded,
    CooperationUnlicensed,
    CooperationRelicensed,
    CooperationEnded,
    LicenceRecorded,
    LicenceLapsed,
    LicenceSuspended,
    LicenceResumed,
    DispatchShareExceeded,
    PolicyRecorded,
    PolicyGapFound,
    EngagementBlocked,
    EngagementCorrected,
    EngagementActivated,
)
"""The events of which something is kept."""

TYPES: Final = {one.__name__: one for one in HEARD}

SIGNS: Final[dict[Subject, Callable[[Sequence[Told], Around], list[Found]]]] = {
    "agreement": agreement,
    "terms": terms,
    "enrolment": enrolment,
    "dues": dues,
    "bill": bill,
    "benefit": advances,
    "cooperation": cooperation,
    "partner": unrecorded,
    "licence": licence,
    "dispatch_share": dispatch_share,
    "policy": policy,
    "block": block,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact is kept: its subject, what that is about, and the slot in which a later fact takes its place."""

    subject: Subject
    about: str
    slot: str
    engagement_id: str | None = None
    people_of: str | None = None

    @property
    def key(self) -> str:
        return f"{self.subject}|{self.about}"


def place_of(fact: Fact) -> Place | None:
    """Where a fact is kept, or None where it shows nothing by itself."""
    name = type(fact).__name__
    match fact:
        case PolicyGapFound(begun=False):
            return None
        case EngagementActivated(was_blocked=False, trained_on=day) if day is None or day <= fact.started_on:
            return None
        case EngagementCorrected(trained_on=None):
            return None
        case EngagementBlocked() | EngagementActivated() | EngagementCorrected():
            return Place("block", fact.engagement_id, str(fact.version), fact.engagement_id)
        case AgreementFact():
            return Place("agreement", fact.engagement_id, name, fact.engagement_id)
        case AgreementTermsExamined():
            return Place("terms", fact.agreement_id, name, fact.engagement_id)
        case EnrolmentSuspended() | EnrolmentResumed():
            return Place("enrolment", fact.enrolment_id, f"{name}|{fact.since}", fact.engagement_id)
        case EnrolmentFact():
            return Place("enrolment", fact.enrolment_id, name, fact.engagement_id)
        case DuesFact():
            return Place("dues", f"{fact.platform}|{fact.worker_id}", fact.month, fact.engagement_id)
        case BillOverdue() | BillPaid():
            return Place("bill", fact.bill_id, name)
        case AdvanceDue() | AdvancePaid() | RecourseClosed() | RecourseCorrected():
            return Place("benefit", fact.benefit_id, f"{name}|{fact.advance_id}")
        case BenefitPaid():
            return Place("benefit", fact.benefit_id, name)
        case CooperationFact():
            return Place("cooperation", fact.cooperation_id, name, people_of=fact.partner)
        case LicenceFact():
            return Place("licence", f"{fact.uscc}|{fact.kind}", fact.licence_id, people_of=fact.uscc)
        case DispatchShareExceeded():
            return Place("dispatch_share", fact.uscc, fact.on.isoformat())
        case PolicyGapFound():
            return Place("policy", f"{fact.platform}|{fact.kind}", f"{name}|{fact.since}")
        case PolicyRecorded():
            return Place("policy", f"{fact.platform}|{fact.kind}", fact.policy_id)
    return None


def spans(subject: Subject, told: Sequence[Told], person: Person | None) -> list[tuple[dt.date, dt.date | None]]:
    """Days on which orders would be a sign; the last one is None while it goes on."""
    if subject == "block":
        return [(first, until) for first, until, _ in block_spans(told, person)]
    if subject == "enrolment":
        return [(first, last) for first, last, _ in gap_spans(told)]
    return []


def people(subject: Subject, told: Sequence[Told]) -> People | None:
    """Whose work matters to a subject, if anybody's."""
    if subject == "cooperation":
        return cooperation_people(told)
    return licence_people(told) if subject == "licence" else None
