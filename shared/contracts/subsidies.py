"""What subsidies tells."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from shared.contracts.base import Fact, Id, Money, Sealed, SignedMoney, Topic, event
from shared.contracts.platform import District

CERTIFICATE = Topic("subsidies.certificate")
APPLICATION = Topic("subsidies.application")
PROVIDER = Topic("subsidies.provider", partitions=1)
PROGRAMME = Topic("subsidies.programme", partitions=1)
ENROLMENT = Topic("subsidies.enrolment")
TITLE = Topic("subsidies.title", partitions=1)
RECOGNITION = Topic("subsidies.recognition", partitions=1)

SkillLevel = Literal["special", "junior", "intermediate", "senior", "technician", "senior_technician"]
"""专项职业能力或岗位培训；初级工（五级）、中级工（四级）、高级工（三级）、技师（二级）、高级技师（一级）。"""


Named = Annotated[str, msgspec.Meta(max_length=128)]
"""An id, or empty where there is none."""


@event("cn.deyang.subsidies.certificate.issued.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateIssued(Fact, frozen=True, kw_only=True):
    """A person completed a course. `worker_id` is null while nobody knows who the platform's worker is.

    `platform` and `worker_ref` are empty where no platform told of it, but a body on file: the credit codes of who gave the
    course and who examined are `provider` and `evaluator`, `occupation` is the code of the classification (职业编码).
    """

    certificate_id: Id
    number: str
    worker_id: Id | None
    platform: Named
    worker_ref: Named
    course: str
    completed_on: date
    provider: Id | None = None
    evaluator: Id | None = None
    occupation: str | None = None
    level: SkillLevel | None = None
    enrolment_id: Id | None = None


class ApplicationFact(Fact, frozen=True, kw_only=True):
    application_id: Id
    number: str
    worker_id: Id
    certificate_id: Id | None


@event("cn.deyang.subsidies.application.submitted.v1", topic=APPLICATION, key="application_id")
class ApplicationSubmittedV1(ApplicationFact, frozen=True, kw_only=True):
    """Published no more: version 2 tells of every kind and applicant."""


@event("cn.deyang.subsidies.application.approved.v1", topic=APPLICATION, key="application_id")
class ApplicationApprovedV1(ApplicationFact, frozen=True, kw_only=True):
    """Published no more. `amount` is yuan; null where no amount is published and an officer sets it."""

    amount: Money | None


@event("cn.deyang.subsidies.application.refused.v1", topic=APPLICATION, key="application_id")
class ApplicationRefusedV1(ApplicationFact, frozen=True, kw_only=True):
    """Published no more. `reasons` are codes of the rules that are not met."""

    reasons: tuple[str, ...]


class FiledFact(Fact, frozen=True, kw_only=True):
    """An application of any kind. `title`: what the kind is called in Chinese. Of `worker_id`, `platform`, `provider` and
    `union_id` the one that applies is there, none for a community; `lead_department`: whose officers check it."""

    application_id: Id
    number: str
    kind: Id
    title: str
    worker_id: Id | None
    platform: Id | None
    provider: Id | None
    union_id: Id | None
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.application.submitted.v2", topic=APPLICATION, key="application_id")
class ApplicationSubmitted(FiledFact, frozen=True, kw_only=True):
    """`by_agent`: somebody else filed it in the applicant's name."""

    by_agent: bool


@event("cn.deyang.subsidies.application.accepted.v1", topic=APPLICATION, key="application_id")
class ApplicationAccepted(FiledFact, frozen=True, kw_only=True):
    """It is complete. `due_on`: the last day to decide on it, null where no term is known."""

    due_on: date | None


@event("cn.deyang.subsidies.application.supplement_asked.v1", topic=APPLICATION, key="application_id")
class SupplementAsked(FiledFact, frozen=True, kw_only=True):
    """Something is missing, and is handed in by the end of `until`."""

    until: date


@event("cn.deyang.subsidies.application.withdrawn.v1", topic=APPLICATION, key="application_id")
class ApplicationWithdrawn(FiledFact, frozen=True, kw_only=True):
    """It was taken back. `lapsed`: what was missing did not come in time."""

    lapsed: bool


@event("cn.deyang.subsidies.application.approved.v2", topic=APPLICATION, key="application_id")
class ApplicationApproved(FiledFact, frozen=True, kw_only=True):
    """`amount` is yuan; null for a kind under which nothing is paid."""

    amount: Money | None


@event("cn.deyang.subsidies.application.refused.v2", topic=APPLICATION, key="application_id")
class ApplicationRefused(FiledFact, frozen=True, kw_only=True):
    """`reasons` are codes of the grounds that stand against it."""

    reasons: tuple[str, ...]


@event("cn.deyang.subsidies.application.queued.v1", topic=APPLICATION, key="application_id")
class ApplicationQueued(FiledFact, frozen=True, kw_only=True):
    """It is approved, and the budget is exhausted: it waits in order. `amount` is yuan."""

    amount: Money


@event("cn.deyang.subsidies.application.deadline_near.v1", topic=APPLICATION, key="application_id")
class ApplicationDeadlineNear(FiledFact, frozen=True, kw_only=True):
    """The last day to decide on it is near."""

    due_on: date


@event("cn.deyang.subsidies.application.overdue.v1", topic=APPLICATION, key="application_id")
class ApplicationOverdue(FiledFact, frozen=True, kw_only=True):
    """The last day to decide on it has passed."""

    due_on: date


@event("cn.deyang.subsidies.application.appealed.v1", topic=APPLICATION, key="application_id")
class DecisionAppealed(FiledFact, frozen=True, kw_only=True):
    """The applicant contests the decision: before the reviewing authority, or in court."""

    forum: Literal["review", "court"]


@event("cn.deyang.subsidies.application.appeal_decided.v1", topic=APPLICATION, key="application_id")
class AppealDecided(FiledFact, frozen=True, kw_only=True):
    """What came of that: the decision is upheld, or the application is decided on anew."""

    upheld: bool


@event("cn.deyang.subsidies.notice.opened.v1", topic=APPLICATION, key="application_id")
class NoticeOpened(FiledFact, frozen=True, kw_only=True):
    """It is on public notice, both days included."""

    since: date
    until: date


@event("cn.deyang.subsidies.notice.closed.v1", topic=APPLICATION, key="application_id")
class NoticeClosed(FiledFact, frozen=True, kw_only=True):
    """The days of the public notice are over."""

    until: date
    objections: int


@event("cn.deyang.subsidies.notice.objected.v1", topic=APPLICATION, key="application_id")
class NoticeObjected(FiledFact, frozen=True, kw_only=True):
    """Somebody objects to what is on public notice."""

    objection_id: Id


@event("cn.deyang.subsidies.revision.opened.v1", topic=APPLICATION, key="application_id")
class RevisionOpened(FiledFact, frozen=True, kw_only=True):
    """What is known now gives another result than was decided. `difference` in yuan: to be paid where above zero, owed back
    where below, null where an officer must say."""

    revision_id: Id
    difference: SignedMoney | None


@event("cn.deyang.subsidies.revision.decided.v1", topic=APPLICATION, key="application_id")
class RevisionDecided(FiledFact, frozen=True, kw_only=True):
    """Two officers have decided what follows; `difference` in yuan."""

    revision_id: Id
    outcome: Literal["supplemented", "recovered", "dropped"]
    difference: SignedMoney


@event("cn.deyang.subsidies.assistance.told.v1", topic=APPLICATION, key="application_id")
class AssistanceTold(Fact, frozen=True, kw_only=True):
    """Something happened to an application of which nobody but the applicant hears."""

    application_id: Id
    number: str
    worker_id: Id
    what: Literal["submitted", "accepted", "supplement_asked", "withdrawn", "approved", "refused", "appeal_decided"]


ProviderKind = Literal["technical_school", "vocational_school", "training_body", "courier_base", "evaluation_body"]
"""技工院校、职业院校、职业培训机构、省级快递员职业技能培训示范基地；职业技能等级评价机构。"""


class ProviderFact(Fact, frozen=True, kw_only=True):
    """A filing of a body that trains or evaluates. `provider`: its credit code; `lead_department`: whose officers check it."""

    filing_id: Id
    provider: Id
    kind: ProviderKind
    name: str
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.provider.submitted.v1", topic=PROVIDER, key="filing_id")
class ProviderSubmitted(ProviderFact, frozen=True, kw_only=True):
    """A body asks to be put on file. `for_notifier_provider` {phone} is sealed, with a ring that subsidies and the notifier
    alone hold."""

    for_notifier_provider: Sealed


@event("cn.deyang.subsidies.provider.checked.v1", topic=PROVIDER, key="filing_id")
class ProviderChecked(ProviderFact, frozen=True, kw_only=True):
    """An officer has put it on file for days, both included, renewed that, or refused it; the days are null then."""

    accepted: bool
    valid_from: date | None
    valid_to: date | None


@event("cn.deyang.subsidies.provider.expiring.v1", topic=PROVIDER, key="filing_id")
class ProviderExpiring(ProviderFact, frozen=True, kw_only=True):
    """The last day of a filing is near."""

    valid_to: date


@event("cn.deyang.subsidies.provider.suspended.v1", topic=PROVIDER, key="filing_id")
class ProviderSuspended(ProviderFact, frozen=True, kw_only=True):
    """It takes no new programme and no new enrolment until it is resumed."""


@event("cn.deyang.subsidies.provider.resumed.v1", topic=PROVIDER, key="filing_id")
class ProviderResumed(ProviderFact, frozen=True, kw_only=True):
    """A suspension is over."""


@event("cn.deyang.subsidies.provider.ended.v1", topic=PROVIDER, key="filing_id")
class ProviderEnded(ProviderFact, frozen=True, kw_only=True):
    """A filing is over: its last day has passed, an officer removed it, or the body took it back before it was checked."""

    ending: Literal["expired", "removed", "withdrawn"]


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


PAYMENT = Topic("subsidies.payment")


class SubsidyPaymentFact(Fact, frozen=True, kw_only=True):
    """Money of a subsidy. `payment_id`: what is owed; `number`: the application's; exactly one of `worker_id`, `uscc`
    (an enterprise), `provider` (a body that trains or evaluates, by its credit code) and `union_id` names who applied, or none
    of them where that was a community. `amount` is yuan.
    """

    payment_id: Id
    application_id: Id
    number: str
    kind: Id
    district: District
    worker_id: Id | None
    uscc: Id | None
    provider: Id | None
    union_id: Id | None
    amount: Money


@event("cn.deyang.subsidies.subsidy.paid.v1", topic=PAYMENT, key="payment_id")
class SubsidyPaid(SubsidyPaymentFact, frozen=True, kw_only=True):
    """The bank has paid it out."""

    paid_on: date


@event("cn.deyang.subsidies.subsidy.failed.v1", topic=PAYMENT, key="payment_id")
class SubsidyFailed(SubsidyPaymentFact, frozen=True, kw_only=True):
    """The bank could not pay it out: the account is to be corrected, and it is paid anew."""


@event("cn.deyang.subsidies.subsidy.returned.v1", topic=PAYMENT, key="payment_id")
class SubsidyReturned(SubsidyPaymentFact, frozen=True, kw_only=True):
    """It was paid out, and came back: the account is to be corrected, and it is paid anew."""


class SubsidyRecoveryFact(SubsidyPaymentFact, frozen=True, kw_only=True):
    """What is claimed back of a subsidy; `amount` is what is to come back in all."""

    recovery_id: Id
    lead_department: Id


@event("cn.deyang.subsidies.recovery.proposed.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryProposed(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """An officer proposes to claim it back; until the end of `heard_by` who was paid may say their view before it is decided."""

    heard_by: date


@event("cn.deyang.subsidies.recovery.heard.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryHeard(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """Who was paid has said their view (`stated`), or let the time for it pass: an officer can decide."""

    stated: bool


@event("cn.deyang.subsidies.recovery.opened.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryOpened(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """It is claimed back. `due_on`: until when the first instalment, or all of it, is to be paid back."""

    due_on: date
    instalments: int


@event("cn.deyang.subsidies.recovery.overdue.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryOverdue(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """An instalment was not paid back in time. `missing`: yuan that were due by `due_on` and are not there."""

    due_on: date
    missing: Money


@event("cn.deyang.subsidies.recovery.closed.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryClosed(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """It came back in full, is no longer owed, or was written off by the head. `recovered`: yuan that came back."""

    ending: Literal["recovered", "cancelled", "written_off"]
    recovered: Money


RecognitionEnding = Literal["employed", "expired", "unchecked", "revoked", "own_wish"]
"""已就业；期满；未通过年度核查；撤销；本人申请退出。"""


class RecognitionFact(Fact, frozen=True, kw_only=True):
    """A person is recognised as hard to employ (就业困难人员认定); in which category is nobody's to hear."""

    recognition_id: Id
    number: str
    worker_id: Id
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.recognition.recorded.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionRecorded(RecognitionFact, frozen=True, kw_only=True):
    """It holds from `since` on, both days included; `until` is null while no end is set. Told again where an end was taken back."""

    since: date
    until: date | None


@event("cn.deyang.subsidies.recognition.ended.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionEnded(RecognitionFact, frozen=True, kw_only=True):
    """It has ended; `ended_on` was its last day."""

    ended_on: date
    ending: RecognitionEnding


@event("cn.deyang.subsidies.recognition.check_near.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionCheckNear(RecognitionFact, frozen=True, kw_only=True):
    """The last day of the yearly check is near."""

    check_by: date


@event("cn.deyang.subsidies.recognition.check_overdue.v1", topic=RECOGNITION, key="recognition_id")
class RecognitionCheckOverdue(RecognitionFact, frozen=True, kw_only=True):
    """The yearly check was not made in time."""

    check_by: date


@event("cn.deyang.subsidies.recognition.assistance_offered.v1", topic=RECOGNITION, key="recognition_id")
class AssistanceOffered(RecognitionFact, frozen=True, kw_only=True):
    """The office has offered help to work (就业援助)."""


@event("cn.deyang.subsidies.recognition.assistance_overdue.v1", topic=RECOGNITION, key="recognition_id")
class AssistanceOverdue(RecognitionFact, frozen=True, kw_only=True):
    """Nobody has offered help to work until `due_on`."""

    due_on: date


@event("cn.deyang.subsidies.certificate.revoked.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateRevoked(Fact, frozen=True, kw_only=True):
    """A certificate is not valid any more: the body that examined, or the department, has found that it should not be."""

    certificate_id: Id
    number: str
    worker_id: Id | None
    course: str
    completed_on: date
    revoked_by: Literal["evaluation_body", "department"]


class EnrolmentFact(Fact, frozen=True, kw_only=True):
    """A person in a course. `provider`: the credit code of the body that gives it."""

    enrolment_id: Id
    number: str
    worker_id: Id
    programme_id: Id
    title: str
    provider: Id
    starts_on: date
    district: District


@event("cn.deyang.subsidies.enrolment.made.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentMade(EnrolmentFact, frozen=True, kw_only=True):
    """A person is enrolled, or waits for a place; `agent`: they themselves, a platform or a union did it."""

    waiting: bool
    agent: Literal["worker", "platform", "union"]


@event("cn.deyang.subsidies.enrolment.moved_up.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentMovedUp(EnrolmentFact, frozen=True, kw_only=True):
    """Who waited has a place."""


@event("cn.deyang.subsidies.enrolment.completed.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentCompleted(EnrolmentFact, frozen=True, kw_only=True):
    """The course is completed; `hours`: the class hours attended."""

    hours: int
    completed_on: date


EnrolmentEnding = Literal["withdrawn", "cancelled", "lapsed", "joined"]
"""Taken back; the programme was cancelled; no place became free; another enrolment turned out to be the same person's."""


@event("cn.deyang.subsidies.enrolment.ended.v1", topic=ENROLMENT, key="enrolment_id")
class EnrolmentEnded(EnrolmentFact, frozen=True, kw_only=True):
    """A person is in the course no more, or has not come into it."""

    ending: EnrolmentEnding


@event("cn.deyang.subsidies.examination.recorded.v1", topic=ENROLMENT, key="enrolment_id")
class ExaminationRecorded(Fact, frozen=True, kw_only=True):
    """The result of an attempt at the examination of a course; `evaluator`: the credit code of the body that examined."""

    enrolment_id: Id
    worker_id: Id
    programme_id: Id
    title: str
    evaluator: Id
    attempt: int
    taken_on: date
    passed: bool


class AttendanceSignFact(Fact, frozen=True, kw_only=True):
    """Two reports have one person in two places at the same time. `district` is null where the courses are of two districts."""

    sign_id: Id
    worker_id: Id
    enrolments: tuple[Id, ...]
    lead_department: Id
    district: District | None


@event("cn.deyang.subsidies.attendance.suspected.v1", topic=ENROLMENT, key="sign_id")
class AttendanceSuspected(AttendanceSignFact, frozen=True, kw_only=True):
    """An officer is to look at it; neither enrolment is completed before."""


@event("cn.deyang.subsidies.attendance.judged.v1", topic=ENROLMENT, key="sign_id")
class AttendanceJudged(AttendanceSignFact, frozen=True, kw_only=True):
    """An officer has judged it: `struck` are the enrolments whose session does not count."""

    struck: tuple[Id, ...]


TitleRank = Literal["assistant", "intermediate", "associate_senior", "senior"]
"""初级（助理级、员级）、中级、副高级、正高级。"""

NominationOutcome = Literal["returned", "handed_in_again", "refused", "withdrawn", "forwarded"]


class TitleFact(Fact, frozen=True, kw_only=True):
    """A worker nominated for a professional title (职称). `platform`: the one that nominated; null where an association did."""

    nomination_id: Id
    number: str
    worker_id: Id
    platform: Id | None
    title: str
    district: District
    lead_department: Id


@event("cn.deyang.subsidies.title.nominated.v1", topic=TITLE, key="nomination_id")
class TitleNominated(TitleFact, frozen=True, kw_only=True):
    """Somebody has nominated the worker."""

    nominator_name: str


@event("cn.deyang.subsidies.title.checked.v1", topic=TITLE, key="nomination_id")
class TitleChecked(TitleFact, frozen=True, kw_only=True):
    """A nomination was returned for what it lacks, handed in again, refused, taken back, or forwarded to the review body."""

    outcome: NominationOutcome


@event("cn.deyang.subsidies.title.decided.v1", topic=TITLE, key="nomination_id")
class TitleDecided(TitleFact, frozen=True, kw_only=True):
    """The review body has decided."""

    awarded: bool
