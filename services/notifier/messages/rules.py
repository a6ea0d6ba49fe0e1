"""Which event becomes which message, and to whom. One table; whoever adds an event adds a case here and a text.

Personal data never becomes a parameter: dates, numbers of cases, amounts, and a platform's own reference of its worker.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shared.contracts.base import Fact, yuan
from shared.contracts.complaints import CaseAccepted, CaseOpened
from shared.contracts.insurance import BillIssued, ClaimFiled, EnrolmentDutyOverdue, EnrolmentOpened
from shared.contracts.registry import EngagementActivated, EngagementBlocked
from shared.contracts.subsidies import ApplicationApproved, ApplicationRefused, CertificateIssued
from shared.policy.calendar import SHANGHAI

RecipientKind = Literal["worker", "platform"]

LONGEST_PARAMETER = 35
"""Characters that the gateway takes in one place of a template."""
ONE_PART, EACH_PART = 70, 67
"""Characters of an SMS that is charged as one, and of each part of a longer one, the signature counted."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that must go out.

    Exactly one of `recipient` (a worker's id or a platform's credit code) and `reference` (platform and its worker's
    reference) is set. `platform` and `engagement` name what `${platform}` (its name) and `${worker_ref}` are filled
    from. `district` is that of the case or the engagement, where the event has one.
    """

    template: str
    kind: RecipientKind
    recipient: str | None
    reference: str | None = None
    platform: str | None = None
    engagement: str | None = None
    district: str | None = None
    params: dict[str, str] = field(default_factory=dict)


def messages_of(fact: Fact) -> list[Message]:
    """The messages that an event makes; none for an event that nobody need hear of."""
    match fact:
        case EngagementBlocked(worker_id=worker, platform=platform, district=district, worker_ref=ref):
            return [
                Message("engagement_blocked_worker", "worker", worker, platform=platform, district=district),
                Message(
                    "engagement_blocked_platform",
                    "platform",
                    platform,
                    district=district,
                    params={"worker_ref": short(ref)},
                ),
            ]
        case EngagementActivated(
            was_blocked=True, worker_id=worker, platform=platform, district=district, worker_ref=ref
        ):
            return [
                Message("engagement_activated_worker", "worker", worker, platform=platform, district=district),
                Message(
                    "engagement_activated_platform",
                    "platform",
                    platform,
                    district=district,
                    params={"worker_ref": short(ref)},
                ),
            ]
        case EnrolmentOpened(scheme="occupational_injury", worker_id=worker, platform=platform):
            params = {"starts_on": day(fact.starts_on)}
            return [Message("cover_opened_worker", "worker", worker, platform=platform, params=params)]
        case EnrolmentOpened(scheme="work_injury", platform=platform, engagement_id=engagement):
            params = {"due_on": day(fact.due_on)}
            return [Message("enrolment_duty_platform", "platform", platform, engagement=engagement, params=params)]
        case EnrolmentDutyOverdue(platform=platform, engagement_id=engagement):
            params = {"due_on": day(fact.due_on)}
            return [Message("enrolment_overdue_platform", "platform", platform, engagement=engagement, params=params)]
        case ClaimFiled(worker_id=worker, platform=platform, worker_ref=ref):
            reference = reference_of(platform, ref) if worker is None else None
            occurred = {"occurred_on": day(fact.occurred_at)}
            incident = {"incident_id": short(fact.incident_id)}
            return [
                Message("claim_filed_worker", "worker", worker, reference, platform=platform, params=occurred),
                Message("claim_filed_platform", "platform", platform, params=incident),
            ]
        case CertificateIssued(worker_id=worker, platform=platform, worker_ref=ref):
            reference = reference_of(platform, ref) if worker is None else None
            params = {"course": short(fact.course), "number": short(fact.number)}
            return [Message("certificate_issued_worker", "worker", worker, reference, params=params)]
        case BillIssued(platform=platform):
            return [_bill(fact)]
        case CaseOpened(worker_id=str(worker)):
            params = {"number": short(fact.number), "accept_by": day(fact.accept_by)}
            return [Message("case_opened_worker", "worker", worker, district=fact.district, params=params)]
        case CaseAccepted(worker_id=str(worker)):
            params = {"number": short(fact.number), "decide_by": day(fact.decide_by)}
            return [Message("case_accepted_worker", "worker", worker, district=fact.district, params=params)]
        case ApplicationApproved(worker_id=worker, amount=None):
            params = {"number": short(fact.number)}
            return [Message("application_approved_amount_open_worker", "worker", worker, params=params)]
        case ApplicationApproved(worker_id=worker, amount=str(amount)):
            params = {"number": short(fact.number), "amount": amount}
            return [Message("application_approved_worker", "worker", worker, params=params)]
        case ApplicationRefused(worker_id=worker):
            return [Message("application_refused_worker", "worker", worker, params={"number": short(fact.number)})]
        case _:
            return []


def _bill(bill: BillIssued) -> Message:
    year, month = bill.month.split("-")
    amount = yuan(bill.premium)
    params = {"month": f"{year}年{int(month)}月", "orders": str(bill.orders), "premium": f"{abs(amount):.2f}"}
    if amount < 0:
        return Message("bill_credit_platform", "platform", bill.platform, params=params)
    params["due_on"] = day(bill.due_on)
    return Message("bill_issued_platform", "platform", bill.platform, params=params)


def reference_of(platform: str, worker_ref: str) -> str:
    """A platform's worker as it is named before anyone knows who that is."""
    return f"{platform}|{worker_ref}"


def day(when: date | datetime | None) -> str:
    """A legal day as citizens read it; an instant is told by its day in Asia/Shanghai."""
    if when is None:
        return "法定期限"
    local = when.astimezone(SHANGHAI) if isinstance(when, datetime) else when
    return f"{local.year}年{local.month}月{local.day}日"


def short(text: str) -> str:
    """A parameter cut to what the gateway takes."""
    return text if len(text) <= LONGEST_PARAMETER else text[: LONGEST_PARAMETER - 1] + "…"


def parts(text: str) -> int:
    """How many SMS a text is charged as at home, by its UTF-16 units with the signature."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE_PART else math.ceil(units / EACH_PART)
