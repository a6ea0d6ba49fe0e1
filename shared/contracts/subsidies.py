"""What subsidies tells."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Money, Sealed, Topic, event
from shared.contracts.platform import District

CERTIFICATE = Topic("subsidies.certificate")
APPLICATION = Topic("subsidies.application")
PROVIDER = Topic("subsidies.provider", partitions=1)
PROGRAMME = Topic("subsidies.programme", partitions=1)


@event("cn.deyang.subsidies.certificate.issued.v1", topic=CERTIFICATE, key="certificate_id")
class CertificateIssued(Fact, frozen=True, kw_only=True):
    """A person completed a course. `worker_id` is null while nobody knows who the platform's worker is."""

    certificate_id: Id
    number: str
    worker_id: Id | None
    platform: Id
    worker_ref: Id
    course: str
    completed_on: date


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

SkillLevel = Literal["special", "junior", "intermediate", "senior", "technician", "senior_technician"]
"""专项职业能力或岗位培训；初级工（五级）、中级工（四级）、高级工（三级）、技师（二级）、高级技师（一级）。"""


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
    """A body asks to be put on file. `for_notifier` {phone} is sealed."""

    for_notifier: Sealed


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


@event("cn.deyang.subsidies.recovery.opened.v1", topic=PAYMENT, key="payment_id")
class SubsidyRecoveryOpened(SubsidyRecoveryFact, frozen=True, kw_only=True):
    """`due_on`: until when the first instalment, or all of it, is to be paid back."""

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
