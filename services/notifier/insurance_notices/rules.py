"""Messages from the events of insurance. A text says nothing of an injury."""

from __future__ import annotations

from services.notifier.templates.rules import (
    Maker,
    Message,
    Reader,
    Standing,
    day,
    reference_of,
    short,
    to_enterprise,
    to_worker,
)
from shared.contracts.base import yuan
from shared.contracts.insurance import (
    AdvanceDue,
    BenefitPaid,
    BenefitPaymentFailed,
    BillDueNear,
    BillIssued,
    BillOverdue,
    ClaimAccepted,
    ClaimAssessed,
    ClaimDeadlineMissed,
    ClaimDeadlineNear,
    ClaimDecided,
    ClaimFact,
    ClaimFiled,
    ClaimRefused,
    ClaimSupplementAsked,
    EnrolmentDutyNear,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentOpened,
    EnrolmentRefused,
    EnrolmentResumed,
    EnrolmentSuspended,
    PolicyGapFound,
    QualificationDueNear,
    QualificationMissed,
    RecoveryOpened,
    TransferCompleted,
    TransferRefused,
)

POLICIES = {"personal_accident": "人身意外险", "employers_liability": "雇主责任险"}


def enrolment_opened(fact: EnrolmentOpened) -> list[Message]:
    if fact.basis == "outlet":
        return [to_worker("outlet_cover_worker", fact.worker_id, starts_on=day(fact.starts_on))]
    if fact.scheme == "work_injury":
        return [_duty(fact, "enrolment_duty_platform")]
    return [to_worker("cover_opened_worker", fact.worker_id, fact.platform, starts_on=day(fact.starts_on))]


def segment(fact: EnrolmentOpened | EnrolmentEnded) -> Standing | None:
    """Whether a segment of cover is there: another account, a correction or an earlier start may replace it."""
    never = fact.ends_on is not None and fact.ends_on < fact.starts_on
    if isinstance(fact, EnrolmentEnded) and not never:
        return None
    named = (fact.enrolment_id, fact.scheme, fact.basis or "", fact.unit or "", fact.worker_id, f"{fact.starts_on}")
    return Standing(f"segment|{'|'.join(named)}", "never" if never else "opened")


def duty_near(fact: EnrolmentDutyNear) -> list[Message]:
    return [_duty(fact, "enrolment_due_near_platform")]


def duty_overdue(fact: EnrolmentDutyOverdue) -> list[Message]:
    return [_duty(fact, "enrolment_overdue_platform")]


def _duty(fact: EnrolmentOpened | EnrolmentDutyNear | EnrolmentDutyOverdue, template: str) -> Message:
    return to_enterprise(template, fact.platform, fact.engagement_id, due_on=day(fact.due_on))


def enrolment_refused(fact: EnrolmentRefused) -> list[Message]:
    return [to_enterprise("enrolment_refused_platform", fact.platform, fact.engagement_id)]


def enrolment_suspended(fact: EnrolmentSuspended) -> list[Message]:
    return [to_worker("enrolment_suspended_worker", fact.worker_id, fact.platform, since=day(fact.since))]


def enrolment_resumed(fact: EnrolmentResumed) -> list[Message]:
    return [to_worker("enrolment_resumed_worker", fact.worker_id, fact.platform, since=day(fact.since))]


def bill_issued(fact: BillIssued) -> list[Message]:
    amount = yuan(fact.premium)
    params = {"month": _month(fact.month), "orders": str(fact.orders), "premium": f"{abs(amount):.2f}"}
    if amount < 0:
        return [to_enterprise("bill_credit_platform", fact.platform, **params)]
    return [to_enterprise("bill_issued_platform", fact.platform, **params, due_on=day(fact.due_on))]


def bill_due_near(fact: BillDueNear) -> list[Message]:
    return [_open_bill(fact, "bill_due_near_platform")]


def bill_overdue(fact: BillOverdue) -> list[Message]:
    return [_open_bill(fact, "bill_overdue_platform")]


def _open_bill(fact: BillDueNear | BillOverdue, template: str) -> Message:
    params = {"month": _month(fact.month), "outstanding": fact.outstanding, "due_on": day(fact.due_on)}
    return to_enterprise(template, fact.platform, **params)


def _month(text: str) -> str:
    year, month = text.split("-")
    return f"{year}年{int(month)}月"


def claim_filed(fact: ClaimFiled) -> list[Message]:
    occurred = {"occurred_on": day(fact.occurred_at)}
    return [
        _of_claim(fact, "claim_filed_worker", platform=fact.platform, **occurred),
        to_enterprise("claim_filed_platform", fact.platform, incident_id=short(fact.incident_id)),
    ]


def claim_supplement_asked(fact: ClaimSupplementAsked) -> list[Message]:
    return [_of_claim(fact, "claim_supplement_worker", number=short(fact.number))]


def claim_accepted(fact: ClaimAccepted) -> list[Message]:
    term = day(fact.decide_by)
    return [_of_claim(fact, "claim_accepted_worker", number=short(fact.number), decide_by=term)]


def claim_refused(fact: ClaimRefused) -> list[Message]:
    return [_of_claim(fact, "claim_refused_worker", number=short(fact.number))]


def claim_decided(fact: ClaimDecided) -> list[Message]:
    params = {"number": short(fact.number), "appeal_by": day(fact.appeal_by)}
    return [
        _of_claim(fact, "claim_decided_worker", **params),
        to_enterprise("claim_decided_platform", fact.platform, **params),
    ]


def claim_assessed(fact: ClaimAssessed) -> list[Message]:
    term = day(fact.again_by)
    return [_of_claim(fact, "claim_assessed_worker", number=short(fact.number), again_by=term)]


def claim_deadline_near(fact: ClaimDeadlineNear) -> list[Message]:
    if fact.step != "apply":
        return []
    params = {"number": short(fact.number), "due_on": day(fact.due_on)}
    return [to_enterprise("claim_apply_near_platform", fact.platform, **params)]


def claim_deadline_missed(fact: ClaimDeadlineMissed) -> list[Message]:
    if fact.step != "apply":
        return []
    return [_of_claim(fact, "claim_apply_missed_worker", number=short(fact.number), platform=fact.platform)]


def _of_claim(fact: ClaimFiled | ClaimFact, template: str, platform: str | None = None, **params: str) -> Message:
    """To the worker of a claim, or to whoever the platform's reference turns out to be."""
    reference = reference_of(fact.platform, fact.worker_ref) if fact.worker_id is None else None
    return Message(template, "worker", fact.worker_id, reference, platform=platform, params=params)


def benefit_paid(fact: BenefitPaid) -> list[Message]:
    return [to_worker("benefit_paid_worker", fact.worker_id, amount=fact.amount)]


def benefit_failed(fact: BenefitPaymentFailed) -> list[Message]:
    return [to_worker("benefit_failed_worker", fact.worker_id, amount=fact.amount)] if fact.final else []


def advance_due(fact: AdvanceDue) -> list[Message]:
    params = {"amount": fact.amount, "due_on": day(fact.due_on)}
    return [to_enterprise("advance_due_platform", fact.platform, **params)]


def recovery_opened(fact: RecoveryOpened) -> list[Message]:
    if fact.debtor != "payee":
        return []
    return [to_worker("recovery_opened_worker", fact.worker_id, amount=fact.to_recover)]


def policy_gap(fact: PolicyGapFound) -> list[Message]:
    params = {"policy": POLICIES[fact.kind], "since": day(fact.since)}
    return [to_enterprise("policy_gap_platform", fact.platform, **params)]


def transfer_completed(fact: TransferCompleted) -> list[Message]:
    return [to_worker("transfer_completed_worker", fact.worker_id, months=str(fact.months))]


def transfer_refused(fact: TransferRefused) -> list[Message]:
    return [to_worker("transfer_refused_worker", fact.worker_id)]


def qualification_near(fact: QualificationDueNear) -> list[Message]:
    return [to_worker("qualification_due_near_worker", fact.worker_id, due_on=day(fact.due_on))]


def qualification_missed(fact: QualificationMissed) -> list[Message]:
    return [to_worker("qualification_missed_worker", fact.worker_id, due_on=day(fact.due_on))]


MAKERS: dict[type, Maker] = {
    EnrolmentOpened: enrolment_opened,
    EnrolmentDutyNear: duty_near,
    EnrolmentDutyOverdue: duty_overdue,
    EnrolmentRefused: enrolment_refused,
    EnrolmentSuspended: enrolment_suspended,
    EnrolmentResumed: enrolment_resumed,
    BillIssued: bill_issued,
    BillDueNear: bill_due_near,
    BillOverdue: bill_overdue,
    ClaimFiled: claim_filed,
    ClaimSupplementAsked: claim_supplement_asked,
    ClaimAccepted: claim_accepted,
    ClaimRefused: claim_refused,
    ClaimDecided: claim_decided,
    ClaimAssessed: claim_assessed,
    ClaimDeadlineNear: claim_deadline_near,
    ClaimDeadlineMissed: claim_deadline_missed,
    BenefitPaid: benefit_paid,
    BenefitPaymentFailed: benefit_failed,
    AdvanceDue: advance_due,
    RecoveryOpened: recovery_opened,
    PolicyGapFound: policy_gap,
    TransferCompleted: transfer_completed,
    TransferRefused: transfer_refused,
    QualificationDueNear: qualification_near,
    QualificationMissed: qualification_missed,
}

READERS: dict[type, Reader] = {EnrolmentOpened: segment, EnrolmentEnded: segment}
