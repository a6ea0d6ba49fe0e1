"""What complaints tells of leads: signs in the data that a rule was broken, each with its arithmetic.

A finding is what the data show, by kind. Whoever finds a new kind of sign adds its struct to `pay_findings`, `time_findings` or
`duty_findings`, here its name to `LeadKind` and itself to `Finding`, and its line to `services/complaints/leads/kinds.yaml`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.complaints.duty_findings import (
    AdvanceUnpaid,
    AgreementMissing,
    BillUnpaid,
    ContributionsUnpaid,
    DispatchTermsUnlawful,
    EnrolmentOverdue,
    InsuranceGap,
    LapsedLicence,
    PartnerDefault,
    PolicyGap,
    ProbationUnlawful,
    TooManyDispatched,
    UnlicensedCooperation,
    UnrecordedPartner,
    WorkWhileBlocked,
)
from shared.contracts.complaints.pay_findings import (
    CommissionExceeded,
    DeductionTooLarge,
    DeductionUnlawful,
    HolidayPay,
    OvertimePay,
    PartTimePeriodTooLong,
    PayBelowHourlyMinimum,
    PayBelowMonthlyMinimum,
    PayLate,
    PayMissing,
    PayPeriodTooLong,
    PayShort,
    PieceRateShort,
)
from shared.contracts.complaints.time_findings import (
    DailyHoursExceeded,
    DrivingWithoutBreak,
    OvertimeExceeded,
    PartTimeExceeded,
    RestExceeded,
    WeeklyRestMissing,
)
from shared.contracts.platform import District

LEAD = Topic("complaints.lead")

LeadKind = Literal[
    "pay_below_hourly_minimum",
    "pay_below_monthly_minimum",
    "pay_late",
    "pay_short",
    "pay_period_too_long",
    "deduction_unlawful",
    "deduction_too_large",
    "holiday_pay",
    "overtime_pay",
    "part_time_period_too_long",
    "pay_missing",
    "piece_rate_short",
    "commission_exceeded",
    "overtime_exceeded",
    "weekly_rest_missing",
    "part_time_exceeded",
    "rest_exceeded",
    "driving_without_break",
    "daily_hours_exceeded",
    "agreement_missing",
    "probation_unlawful",
    "dispatch_terms_unlawful",
    "enrolment_overdue",
    "contributions_unpaid",
    "bill_overdue",
    "advance_unpaid",
    "partner_default",
    "cooperation_unlicensed",
    "partner_unrecorded",
    "licence_lapsed",
    "dispatch_share_exceeded",
    "work_while_blocked",
    "insurance_gap",
    "policy_gap",
]
Outcome = Literal["taken_up", "dismissed", "withdrawn"]
BecameKind = Literal["case", "inspection_task", "directive"]


Finding = (
    PayBelowHourlyMinimum
    | PayBelowMonthlyMinimum
    | PayLate
    | PayShort
    | PayPeriodTooLong
    | DeductionUnlawful
    | DeductionTooLarge
    | HolidayPay
    | OvertimePay
    | PartTimePeriodTooLong
    | PayMissing
    | PieceRateShort
    | CommissionExceeded
    | OvertimeExceeded
    | WeeklyRestMissing
    | PartTimeExceeded
    | RestExceeded
    | DrivingWithoutBreak
    | DailyHoursExceeded
    | AgreementMissing
    | ProbationUnlawful
    | DispatchTermsUnlawful
    | EnrolmentOverdue
    | ContributionsUnpaid
    | BillUnpaid
    | AdvanceUnpaid
    | PartnerDefault
    | UnlicensedCooperation
    | UnrecordedPartner
    | LapsedLicence
    | TooManyDispatched
    | WorkWhileBlocked
    | InsuranceGap
    | PolicyGap
)


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """The matter that a lead was taken up as."""

    kind: BecameKind
    id: Id


class LeadFact(Fact, frozen=True, kw_only=True):
    """A lead as it stands after this event. `verified`: every parameter that it rests on is. `holds`: the data still show it."""

    lead_id: Id
    kind: LeadKind
    platform: Id
    worker_ref: Id | None
    worker_id: Id | None
    district: District
    departments: tuple[str, ...]
    lead_department: str
    verified: bool
    holds: bool


@event("cn.deyang.complaints.lead.raised.v2", topic=LEAD, key="lead_id")
class LeadRaised(LeadFact, frozen=True, kw_only=True):
    """The data show that a rule was broken; for an officer to look into. Raised again where a withdrawn sign is back."""

    finding: Finding


@event("cn.deyang.complaints.lead.changed.v1", topic=LEAD, key="lead_id")
class LeadChanged(LeadFact, frozen=True, kw_only=True):
    """Later data have changed what a lead shows, or show it no more although an officer has decided on it."""

    finding: Finding


@event("cn.deyang.complaints.lead.closed.v1", topic=LEAD, key="lead_id")
class LeadClosed(LeadFact, frozen=True, kw_only=True):
    """A lead was taken up by an officer as a matter (`became`), dismissed for a reason (`leads.dismissal_reasons`), or withdrawn,
    since later data show that it is not so."""

    outcome: Outcome
    reason: str | None
    became: Became | None
