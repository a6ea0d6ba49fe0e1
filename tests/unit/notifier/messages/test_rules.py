"""Which event becomes which message."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.notifier.messages.rules import MAKERS, messages_of, standing_of
from services.notifier.templates.rules import Message, day, parts
from services.notifier.templates.texts import SIGNATURE, TEMPLATES, TITLES, places, text_of
from shared.contracts.base import Fact
from shared.contracts.complaints import CaseAccepted, CaseDeadlineMissed, CaseOpened
from shared.contracts.insurance import (
    BenefitPaymentFailed,
    BillIssued,
    ClaimDeadlineMissed,
    ClaimDeadlineNear,
    ClaimFiled,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentOpened,
)
from shared.contracts.registry import EngagementActivated, EngagementBlocked, EngagementEnded
from shared.contracts.subsidies import ApplicationApproved, ApplicationRefused, CertificateIssued

PLATFORM, WORKER = "91510600MA0000001X", "worker-1"
DAY = dt.date(2026, 9, 30)
GOLDEN = Path(__file__).parents[3] / "contract" / "golden"

ENGAGEMENT: dict[str, Any] = {
    "engagement_id": "engagement-1",
    "version": 2,
    "worker_id": WORKER,
    "platform": PLATFORM,
    "worker_ref": "骑手-00017",
    "industry": "instant_delivery",
    "relation": "partial",
    "started_on": DAY,
    "ended_on": None,
    "district": "510603",
    "agreement": None,
    "partner_uscc": None,
    "dispatched": False,
    "happened_at": dt.datetime(2026, 9, 30, tzinfo=dt.UTC),
}
ENROLMENT: dict[str, Any] = {
    "enrolment_id": "enrolment-1",
    "engagement_id": "engagement-1",
    "worker_id": WORKER,
    "platform": PLATFORM,
    "starts_on": DAY,
    "ends_on": None,
}
CLAIM: dict[str, Any] = {
    "claim_id": "claim-1",
    "platform": PLATFORM,
    "worker_ref": "骑手-00017",
    "worker_id": WORKER,
    "incident_id": "INC-20260930-0001",
    "occurred_at": dt.datetime(2026, 9, 30, 17, tzinfo=dt.UTC),
    "cover": "covered",
}
CASE: dict[str, Any] = {
    "case_id": "case-1",
    "number": "TS20260930000001",
    "worker_id": WORKER,
    "platform": PLATFORM,
    "category": "late_pay",
    "district": "510603",
    "departments": ("hrss",),
    "lead_department": "hrss",
}
APPLICATION: dict[str, Any] = {
    "application_id": "application-1",
    "number": "BT20260930000001",
    "worker_id": WORKER,
    "certificate_id": "certificate-1",
}
BILL: dict[str, Any] = {
    "bill_id": "bill-1",
    "platform": PLATFORM,
    "month": "2026-09",
    "orders": 123456,
    "late_orders": 7,
    "premium": "8641.92",
    "due_on": DAY,
}
CERTIFICATE: dict[str, Any] = {
    "certificate_id": "certificate-1",
    "number": "DY20260930000001",
    "worker_id": WORKER,
    "platform": PLATFORM,
    "worker_ref": "骑手-00017",
    "course": "网约配送员四级技能",
    "completed_on": DAY,
}

BLOCKED = EngagementBlocked(**ENGAGEMENT)
ACTIVATED = EngagementActivated(**ENGAGEMENT, was_blocked=True)
COVER = EnrolmentOpened(**ENROLMENT, scheme="occupational_injury", due_on=None)
DUTY = EnrolmentOpened(**ENROLMENT, scheme="work_injury", due_on=DAY)
OF_OUTLET = EnrolmentOpened(**ENROLMENT, scheme="work_injury", due_on=None, basis="outlet")
OVERDUE = EnrolmentDutyOverdue(**ENROLMENT, scheme="work_injury", due_on=DAY)
OPENED, ACCEPTED = CaseOpened(**CASE, accept_by=DAY), CaseAccepted(**CASE, decide_by=DAY)

EVERY_FACT: list[Fact] = [
    BLOCKED,
    ACTIVATED,
    COVER,
    DUTY,
    OF_OUTLET,
    OVERDUE,
    ClaimFiled(**CLAIM),
    CertificateIssued(**CERTIFICATE),
    BillIssued(**BILL),
    BillIssued(**BILL | {"premium": "-12.50"}),
    OPENED,
    ACCEPTED,
    ApplicationApproved(**APPLICATION, amount="1200.00"),
    ApplicationApproved(**APPLICATION, amount=None),
    ApplicationRefused(**APPLICATION, reasons=("under_age",)),
]


def published(fact: type[Fact]) -> Fact:
    """An example of an event, as it was published."""
    message = json.loads((GOLDEN / f"{fact.TYPE}.json").read_text("utf-8"))
    return msgspec.convert(message["value"] | ({"step": "apply"} if "step" in message["value"] else {}), fact)


EVERY_FACT += [published(fact) for fact in MAKERS if fact not in {type(one) for one in EVERY_FACT}]


def told(fact: Fact) -> list[tuple[str, str | None]]:
    return [(message.template, message.recipient) for message in messages_of(fact)]


def filled(message: Message) -> dict[str, str]:
    """The parameters as they are when the copies are known."""
    params = dict(message.params)
    if message.platform is not None:
        params["platform"] = "德阳快送科技有限公司"
    if message.engagement is not None:
        params["worker_ref"] = "骑手-00017"
    return params


@pytest.mark.parametrize(
    ("fact", "messages"),
    [
        (BLOCKED, [("engagement_blocked_worker", WORKER), ("engagement_blocked_platform", PLATFORM)]),
        (ACTIVATED, [("engagement_activated_worker", WORKER), ("engagement_activated_platform", PLATFORM)]),
        (EngagementActivated(**ENGAGEMENT, was_blocked=False), []),
        (COVER, [("cover_opened_worker", WORKER)]),
        (DUTY, [("enrolment_duty_platform", PLATFORM)]),
        (OF_OUTLET, [("outlet_cover_worker", WORKER)]),
        (OVERDUE, [("enrolment_overdue_platform", PLATFORM)]),
        (ClaimFiled(**CLAIM), [("claim_filed_worker", WORKER), ("claim_filed_platform", PLATFORM)]),
        (CertificateIssued(**CERTIFICATE), [("certificate_issued_worker", WORKER)]),
        (BillIssued(**BILL), [("bill_issued_platform", PLATFORM)]),
        (OPENED, [("case_opened_worker", WORKER)]),
        (ACCEPTED, [("case_accepted_worker", WORKER)]),
        (CaseDeadlineMissed(**CASE, step="accept", due_on=DAY), []),
        (ApplicationApproved(**APPLICATION, amount="1200.00"), [("application_approved_worker", WORKER)]),
        (ApplicationRefused(**APPLICATION, reasons=()), [("application_refused_worker", WORKER)]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Fact) else "",
)
def test_an_event_tells_those_who_must_hear_of_it(fact: Fact, messages: list[tuple[str, str]]) -> None:
    assert told(fact) == messages


def test_what_a_later_event_may_take_back_is_said_of_one_fact() -> None:
    blocked, lifted = standing_of(BLOCKED), standing_of(ACTIVATED)
    over = standing_of(EngagementEnded(**ENGAGEMENT | {"ended_on": DAY}, reason=""))
    assert blocked is not None
    assert lifted is not None
    assert over is not None
    assert blocked.fact == lifted.fact == over.fact
    # that somebody may work goes without saying: only the end of a block that was told is news
    assert blocked.untold == lifted.says
    assert len({blocked.says, lifted.says, over.says}) == 3


def test_a_segment_of_cover_is_a_fact_until_it_never_was() -> None:
    never = EnrolmentEnded(
        **ENROLMENT | {"ends_on": DAY - dt.timedelta(days=1)}, scheme="occupational_injury", due_on=None
    )
    opened, taken_back = standing_of(COVER), standing_of(never)
    assert opened is not None
    assert taken_back is not None
    assert opened.fact == taken_back.fact
    assert opened.says != taken_back.says
    # one that ended was there
    assert (
        standing_of(EnrolmentEnded(**ENROLMENT | {"ends_on": DAY}, scheme="occupational_injury", due_on=None)) is None
    )
    others = [
        EnrolmentOpened(**ENROLMENT | changed, scheme="occupational_injury", due_on=None)
        for changed in ({"starts_on": DAY + dt.timedelta(days=1)}, {"enrolment_id": "enrolment-2"}, {"worker_id": "w"})
    ]
    assert not {one.fact for one in map(standing_of, [*others, DUTY]) if one} & {opened.fact}


def test_what_no_later_event_takes_back_is_not_held() -> None:
    assert [standing_of(fact) for fact in (OPENED, BillIssued(**BILL), ClaimFiled(**CLAIM))] == [None] * 3


def test_an_anonymous_report_tells_nobody() -> None:
    assert messages_of(CaseOpened(**CASE | {"worker_id": None}, accept_by=DAY)) == []
    assert messages_of(CaseAccepted(**CASE | {"worker_id": None}, decide_by=DAY)) == []


def test_a_claim_of_someone_unknown_goes_by_reference() -> None:
    to_worker, _ = messages_of(ClaimFiled(**CLAIM | {"worker_id": None}))
    assert to_worker.recipient is None
    assert to_worker.reference == f"{PLATFORM}|骑手-00017"


def test_no_platform_is_told_of_a_complaint() -> None:
    assert {message.kind for fact in (OPENED, ACCEPTED) for message in messages_of(fact)} == {"worker"}


def test_a_message_of_a_case_belongs_to_the_district_of_the_case() -> None:
    assert [message.district for message in messages_of(OPENED)] == ["510603"]
    assert [message.district for message in messages_of(BillIssued(**BILL))] == [None]


@pytest.mark.parametrize("fact", EVERY_FACT, ids=lambda fact: type(fact).__name__)
def test_a_message_fills_its_template_wholly_and_in_one_sms(fact: Fact) -> None:
    for message in messages_of(fact):
        params = filled(message)
        text = f"【{SIGNATURE}】{text_of(message.template, params)}"
        assert params.keys() == places(message.template)
        assert "$" not in text
        assert parts(text) == 1, f"{len(text)} characters: {text}"


def test_the_step_of_a_platform_reminds_it_and_missed_the_worker() -> None:
    near, missed = published(ClaimDeadlineNear), published(ClaimDeadlineMissed)
    assert [message.kind for message in messages_of(near)] == ["platform"]
    assert [message.kind for message in messages_of(missed)] == ["worker"]
    assert messages_of(msgspec.structs.replace(near, step="decide")) == []


def test_a_payment_that_is_tried_again_worries_nobody() -> None:
    failed = published(BenefitPaymentFailed)
    assert len(messages_of(failed)) == 1
    assert messages_of(msgspec.structs.replace(failed, final=False)) == []


def test_every_template_is_made_by_some_event_and_has_a_title() -> None:
    assert {message.template for fact in EVERY_FACT for message in messages_of(fact)} == set(TEMPLATES)
    assert set(TITLES) == set(TEMPLATES)


def test_a_bill_below_zero_is_told_as_money_that_comes_back() -> None:
    [message] = messages_of(BillIssued(**BILL | {"premium": "-12.50"}))
    assert "应退12.50元" in text_of(message.template, message.params)


def test_an_accident_is_dated_by_the_day_in_deyang() -> None:
    to_worker, _ = messages_of(ClaimFiled(**CLAIM))
    assert to_worker.params["occurred_on"] == "2026年10月1日"
    assert day(DAY) == "2026年9月30日"
