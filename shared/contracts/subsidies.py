"""What subsidies tells."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from shared.contracts.base import Fact, Id, Money, Sealed, Topic, event
from shared.contracts.platform import District

CERTIFICATE = Topic("subsidies.certificate")
APPLICATION = Topic("subsidies.application")
PROVIDER = Topic("subsidies.provider", partitions=1)
PROGRAMME = Topic("subsidies.programme", partitions=1)
ENROLMENT = Topic("subsidies.enrolment")
TITLE = Topic("subsidies.title", partitions=1)

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


@event("cn.deyang.subsidies.certificate.revoked.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateRevoked(Fact, frozen=True, kw_only=True):
    """A certificate is not valid any more: the body that examined, or the department, has found that it should not be."""

    certificate_id: Id
    number: str
    worker_id: Id | None
    course: str
    completed_on: date
    revoked_by: Literal["evaluation_body", "department"]


class ApplicationFact(Fact, frozen=True, kw_only=True):
    application_id: Id
    number: str
    worker_id: Id
    certificate_id: Id | None


@event("cn.deyang.subsidies.application.submitted.v1", topic=APPLICATION, key="application_id")
class ApplicationSubmitted(ApplicationFact, frozen=True, kw_only=True):
    pass


@event("cn.deyang.subsidies.application.approved.v1", topic=APPLICATION, key="application_id")
class ApplicationApproved(ApplicationFact, frozen=True, kw_only=True):
    """`amount` is yuan; null where no amount is published and an officer sets it."""

    amount: Money | None


@event("cn.deyang.subsidies.application.refused.v1", topic=APPLICATION, key="application_id")
class ApplicationRefused(ApplicationFact, frozen=True, kw_only=True):
    """`reasons` are codes of the rules that are not met."""

    reasons: tuple[str, ...]


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
