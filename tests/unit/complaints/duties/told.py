"""Facts of other services as a test tells them; every number in them is made up."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from services.complaints.duties.told_rules import Person, Told
from shared.contracts.base import Fact
from shared.contracts.insurance import (
    AdvanceDue,
    AdvancePaid,
    BillOverdue,
    BillPaid,
    DuesOverdue,
    DuesSettled,
    EnrolmentFact,
    PolicyGapFound,
    PolicyRecorded,
    RecourseClosed,
    RecourseCorrected,
)
from shared.contracts.registry import (
    AgreementMissing,
    AgreementRecorded,
    AgreementTermsExamined,
    CooperationFact,
    DispatchShareExceeded,
    EngagementFact,
    LicenceFact,
    TermFault,
)
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI

PLATFORM, PARTNER = "91510600MA0000001E", "91510600MA0000002C"
F = TypeVar("F", bound=Fact)


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


def at(month: int, number: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, month, number, hour, tzinfo=SHANGHAI)


def told(fact: Fact, when: dt.datetime) -> Told:
    return Told(fact, when, new_id())


def person(*footings: tuple[dt.date, Any], ended_on: dt.date | None = None) -> Person:
    return Person("R-1", "w-1", "510603", ended_on, footings)


def missing(**more: Any) -> AgreementMissing:
    return AgreementMissing(**(_paper() | more))


def recorded(signed_on: dt.date, *, late: bool, **more: Any) -> AgreementRecorded:
    own: dict[str, Any] = {"agreement_id": "a-1", "number": "2026-1", "signed_on": signed_on, "late": late}
    return AgreementRecorded(**(_paper() | own | {"model": None, "model_version": None} | more))


def examined(*faults: TermFault, **more: Any) -> AgreementTermsExamined:
    own: dict[str, Any] = {
        "engagement_id": "e-1",
        "worker_id": "w-1",
        "platform": PLATFORM,
        "district": "510603",
        "relation": "employment",
        "employer": PLATFORM,
        "agreement_id": "a-1",
        "number": "2026-1",
        "signed_on": day(1, 1),
        "starts_on": day(1, 1),
        "ended_on": None,
        "pay": "4000.00",
        "found": bool(faults),
        "faults": faults,
    }
    return AgreementTermsExamined(**(own | more))


def _paper() -> dict[str, Any]:
    return {
        "engagement_id": "e-1",
        "worker_id": "w-1",
        "platform": PLATFORM,
        "district": "510603",
        "relation": "employment",
        "kind": "contract",
        "due_on": day(2, 1),
    }


E = TypeVar("E", bound=EnrolmentFact)


def enrolled(kind: type[E], **more: Any) -> E:
    own: dict[str, Any] = {
        "enrolment_id": "n-1",
        "engagement_id": "e-1",
        "worker_id": "w-1",
        "platform": PLATFORM,
        "scheme": "work_injury",
        "starts_on": day(1, 1),
        "ends_on": None,
        "due_on": day(1, 31),
    }
    return kind(**(own | more))


def overdue_bill(reminders: int = 0, late_fee: str = "0.50") -> BillOverdue:
    return BillOverdue(**_bill("1000.00"), late_fee=late_fee, reminders=reminders)


def paid_bill(paid_on: dt.date, outstanding: str = "0.00") -> BillPaid:
    return BillPaid(
        **_bill(outstanding), payment_id="p-1", amount="1.00", paid_on=paid_on, settled=outstanding == "0.00"
    )


def _bill(outstanding: str) -> Any:
    return {
        "bill_id": "b-1",
        "platform": PLATFORM,
        "month": "2026-01",
        "premium": "1000.00",
        "paid": "0.00",
        "outstanding": outstanding,
        "due_on": day(2, 15),
    }


_ADVANCE: Any = {
    "advance_id": "v-1:a1",
    "benefit_id": "v-1",
    "claim_id": "c-1",
    "worker_id": "w-1",
    "platform": PLATFORM,
    "partner": PARTNER,
    "amount": "5000.00",
}


def due_advance() -> AdvanceDue:
    return AdvanceDue(**_ADVANCE, due_on=day(3, 10))


def paid_advance(paid_on: dt.date) -> AdvancePaid:
    return AdvancePaid(**_ADVANCE, paid_on=paid_on)


def corrected_recourse(recovered: str, outstanding: str) -> RecourseCorrected:
    return RecourseCorrected(**_ADVANCE, recovered=recovered, outstanding=outstanding, moved=False)


def closed_recourse(outcome: Any, recovered: str) -> RecourseClosed:
    return RecourseClosed(**_ADVANCE, outcome=outcome, recovered=recovered)


C = TypeVar("C", bound=CooperationFact)


def cooperating(kind: type[C], *, licensed: bool = False, **more: Any) -> C:
    own: dict[str, Any] = {
        "cooperation_id": "k-1",
        "platform": PLATFORM,
        "partner": PARTNER,
        "form": "dispatch",
        "industry": "instant_delivery",
        "starts_on": day(1, 1),
        "ends_on": None,
        "licensed": licensed,
        "district": "510603",
    }
    return kind(**(own | more))


L = TypeVar("L", bound=LicenceFact)


def licence(kind: type[L], valid_to: dt.date | None, licence_id: str = "l-1") -> L:
    return kind(
        licence_id=licence_id,
        uscc=PLATFORM,
        kind="courier",
        number="川-1",
        industries=(),
        valid_from=day(1, 1),
        valid_to=valid_to,
    )


def share(on: dt.date, dispatched: int, employed: int) -> DispatchShareExceeded:
    percent = f"{100 * dispatched / (dispatched + employed):.1f}"
    return DispatchShareExceeded(
        uscc=PLATFORM, on=on, dispatched=dispatched, employed=employed, percent=percent, limit_percent="10"
    )


def gap(since: dt.date, until: dt.date | None = None, *, begun: bool = True) -> PolicyGapFound:
    return PolicyGapFound(platform=PLATFORM, kind="personal_accident", since=since, until=until, persons=7, begun=begun)


def policy(first: dt.date, last: dt.date, policy_id: str = "y-1") -> PolicyRecorded:
    return PolicyRecorded(
        policy_id=policy_id,
        platform=PLATFORM,
        kind="personal_accident",
        valid_from=first,
        valid_to=last,
        insured=7,
    )


G = TypeVar("G", bound=EngagementFact)


def engaged(kind: type[G], version: int, happened_at: dt.datetime, **more: Any) -> G:
    own: dict[str, Any] = {
        "engagement_id": "e-1",
        "version": version,
        "worker_id": "w-1",
        "platform": PLATFORM,
        "worker_ref": "R-1",
        "industry": "instant_delivery",
        "relation": "partial",
        "started_on": day(1, 1),
        "ended_on": None,
        "district": "510603",
        "agreement": None,
        "partner_uscc": None,
        "dispatched": False,
        "happened_at": happened_at,
    }
    return kind(**(own | more))


def dues(month: str, **more: Any) -> DuesOverdue:
    """A month that is overdue."""
    return DuesOverdue(**(_month(month) | {"insurances": ("pension",), "owed": "1200.00", "late_fee": "3.00"} | more))


def settled(month: str, how: Any = "paid") -> DuesSettled:
    return DuesSettled(**_month(month), how=how)


def _month(month: str) -> dict[str, Any]:
    return {
        "dues_id": f"{PLATFORM}|w-1|{month}",
        "platform": PLATFORM,
        "worker_id": "w-1",
        "engagement_id": "e-1",
        "month": month,
        "due_on": dt.date.fromisoformat(f"{month}-15") + dt.timedelta(days=30),
    }
