"""Which event becomes which message."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from services.notifier.notices import table
from services.notifier.notices.rows import FIELD_OF, places_of
from services.notifier.notices.rules import SIGNATURE, Message, day, parts, standing_of, subject_of
from services.notifier.notices.table import ROWS, TOLD, text_of
from services.subsidies.applications.kinds import KINDS
from shared.contracts.base import Fact
from shared.contracts.complaints import (
    CaseAccepted,
    CaseJoiningAnswered,
    CaseOpened,
    DisputeAwarded,
    DisputeJoiningAnswered,
    EnterpriseListed,
    JoiningReason,
    PenaltyPaid,
    ReporterTold,
)
from shared.contracts.insurance import (
    Applicant,
    BenefitEnded,
    BenefitGranted,
    BenefitPaymentFailed,
    BillIssued,
    ClaimAccepted,
    ClaimAssessed,
    ClaimDeadlineMissed,
    ClaimDeadlineNear,
    ClaimDecided,
    ClaimFiled,
    ClaimLetterServed,
    ClaimRefused,
    ClaimStep,
    ClaimSupplementAsked,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentExcluded,
    EnrolmentOpened,
    RecoveryOpened,
    Reporter,
    TransferRefused,
)
from shared.contracts.registry import (
    CollectiveContractFiled,
    ConsultationAnswered,
    ConsultationOpened,
    EngagementActivated,
    EngagementBlocked,
    EngagementEnded,
    MembershipRecorded,
)
from shared.contracts.subsidies import (
    ApplicationAccepted,
    ApplicationApproved,
    ApplicationRefused,
    AssistanceTold,
    CertificateIssued,
    CertificateRevoked,
    RevisionDecided,
    SubsidyPaymentFact,
    SubsidyRecoveryOpened,
    SupplementAsked,
)
from shared.policy.parameters import Law, parameters

PLATFORM, OTHER, WORKER = "91510600MA0000001X", "91510600MA0000002X", "worker-1"
DAY = dt.date(2026, 9, 30)
AT = dt.datetime(2026, 9, 30, 4, tzinfo=dt.UTC)
REPORTERS: tuple[Reporter, ...] = get_args(Reporter)
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
    "kind": "training",
    "title": "职业技能培训补贴",
    "worker_id": WORKER,
    "platform": None,
    "provider": None,
    "union_id": None,
    "district": "510603",
    "lead_department": "hrss",
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
ASKED = EnrolmentOpened(**ENROLMENT, scheme="occupational_injury", due_on=None, basis="platform", listed=False)
OF_AGENCY = EnrolmentOpened(**ENROLMENT, scheme="work_injury", due_on=DAY, basis="employer", unit="agency")
OVERDUE = EnrolmentDutyOverdue(**ENROLMENT, scheme="work_injury", due_on=DAY)
OPENED, ACCEPTED = CaseOpened(**CASE, accept_by=DAY), CaseAccepted(**CASE, decide_by=DAY)

EVERY_FACT: list[Fact] = [
    BLOCKED,
    ACTIVATED,
    COVER,
    DUTY,
    OF_OUTLET,
    ASKED,
    OF_AGENCY,
    OVERDUE,
    ClaimFiled(**CLAIM),
    CertificateIssued(**CERTIFICATE),
    BillIssued(**BILL),
    BillIssued(**BILL | {"premium": "-12.50"}),
    BillIssued(**BILL, scheme="work_injury", outlet=PLATFORM, people=1234),
    OPENED,
    ACCEPTED,
]


def published(fact: type[Fact]) -> Fact:
    """An example of an event, as it was published."""
    message = json.loads((GOLDEN / f"{fact.TYPE}.json").read_text("utf-8"))
    return msgspec.convert(message["value"], fact)


def variants(fact: Fact) -> list[Fact]:
    """An event once for each row of its type, as it must be for the row to count."""
    found: list[Fact] = []
    for row in ROWS.values():
        if row.fact is type(fact):
            asked = {name: value[0] if isinstance(value, list) else value for name, value in row.when.items()}
            named: dict[str, object] = {"partner": PLATFORM} if row.to == "partner" else {}
            named |= {"unit": PLATFORM} if row.to == "unit" else {}
            named |= {"unions": ("union-1",)} if row.to == "unions" else {}
            named |= {"kin": ("kin-1",)} if row.to == "kin" else {}
            named |= {"filing_union": "union:officer"} if row.to == "filing_union" else {}
            if row.to in ("platform", "provider", "union") and getattr(fact, FIELD_OF[row.to]) is None:
                named[FIELD_OF[row.to]] = PLATFORM
            found.append(msgspec.structs.replace(fact, **asked, **named))
    return found


EVERY_FACT += [
    variant
    for fact in sorted(TOLD, key=lambda fact: fact.TYPE)
    if fact not in {type(one) for one in EVERY_FACT} or fact in (ClaimFiled, CaseOpened, CaseAccepted)
    for variant in variants(published(fact))
]

OF_APPLICANTS: Mapping[str, str] = {"uscc": PLATFORM, "provider": PLATFORM, "union_id": "union-1"}
EVERY_FACT += [
    msgspec.structs.replace(fact, worker_id=None, **{field: applicant})
    for fact in EVERY_FACT
    if isinstance(fact, SubsidyPaymentFact)
    for field, applicant in OF_APPLICANTS.items()
]
"""Those of a subsidy, told to each kind of applicant."""
EVERY_FACT.append(msgspec.structs.replace(published(PenaltyPaid), refund="20000.00"))
EVERY_FACT.append(msgspec.structs.replace(published(DisputeAwarded), third_parties=(PLATFORM,)))


def messages_of(fact: Fact) -> list[Message]:
    return table.messages_of(fact, AT)


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
        (ASKED, [("cover_asked_worker", WORKER)]),
        (OF_AGENCY, [("enrolment_duty_platform", "agency")]),
        (OVERDUE, [("enrolment_overdue_platform", PLATFORM), ("enrolment_overdue_worker", WORKER)]),
        (
            ClaimFiled(**CLAIM, district="510681"),
            [
                ("claim_filed_worker", WORKER),
                ("claim_filed_platform", PLATFORM),
                ("claim_filed_union", "union:510681"),
            ],
        ),
        (CertificateIssued(**CERTIFICATE), [("certificate_issued_worker", WORKER)]),
        (BillIssued(**BILL), [("bill_issued_platform", PLATFORM)]),
        (
            BillIssued(**BILL, scheme="work_injury", outlet="91510600MA0000002H", people=12),
            [("outlet_bill_issued_insurer", PLATFORM)],
        ),
        (OPENED, [("case_opened_worker", WORKER), ("case_opened_department", "hrss:510603")]),
        (ACCEPTED, [("case_accepted_worker", WORKER)]),
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


def test_that_no_scheme_takes_somebody_in_may_be_taken_back() -> None:
    said = {"engagement_id": "e", "worker_id": WORKER, "platform": PLATFORM, "industry": "courier", "since": DAY}
    excluded, taken_back = (EnrolmentExcluded(**said, withdrawn=one) for one in (False, True))  # type: ignore[arg-type]
    assert told(excluded) == [("cover_excluded_worker", WORKER)]
    assert told(taken_back) == []
    standing, after = standing_of(excluded), standing_of(taken_back)
    assert standing is not None
    assert after is not None
    assert standing.fact == after.fact
    assert standing.says != after.says == standing.untold


def test_what_no_later_event_takes_back_is_not_held() -> None:
    assert [standing_of(fact) for fact in (OPENED, BillIssued(**BILL), ClaimFiled(**CLAIM))] == [None] * 3


def test_an_anonymous_report_tells_nobody_but_the_officers() -> None:
    opened = messages_of(CaseOpened(**CASE | {"worker_id": None}, accept_by=DAY))
    assert [message.kind for message in opened] == ["department"]
    assert messages_of(CaseAccepted(**CASE | {"worker_id": None}, decide_by=DAY)) == []


def test_a_claim_of_someone_unknown_goes_by_reference() -> None:
    to_worker, *_ = messages_of(ClaimFiled(**CLAIM | {"worker_id": None}))
    assert to_worker.recipient is None
    assert to_worker.reference == f"{PLATFORM}|骑手-00017"


def test_no_platform_is_told_of_a_complaint() -> None:
    assert {message.kind for fact in (OPENED, ACCEPTED) for message in messages_of(fact)} == {"worker", "department"}


JOINING: list[tuple[type[Fact], bool, JoiningReason, str]] = [
    (CaseJoiningAnswered, True, "answered", "case_joined_worker"),
    (CaseJoiningAnswered, True, "added", "case_added_worker"),
    (CaseJoiningAnswered, False, "answered", "case_joining_refused_worker"),
    (CaseJoiningAnswered, False, "over", "case_joining_over_worker"),
    (DisputeJoiningAnswered, True, "answered", "dispute_joined_worker"),
    (DisputeJoiningAnswered, False, "answered", "dispute_joining_refused_worker"),
    (DisputeJoiningAnswered, False, "over", "dispute_joining_over_worker"),
]


@pytest.mark.parametrize(("fact", "agreed", "reason", "template"), JOINING)
def test_who_asks_to_join_hears_one_answer_in_one_sms(
    fact: type[Fact], agreed: bool, reason: JoiningReason, template: str
) -> None:
    told = msgspec.structs.replace(published(fact), agreed=agreed, reason=reason, number="德劳诉〔2026〕0930-ABCDEFGH")
    [message] = messages_of(told)
    assert (message.template, message.kind) == (template, "worker")
    assert parts(f"【{SIGNATURE}】{text_of(ROWS[template], filled(message))}") == 1


def test_who_is_added_in_confidence_hears_it_in_private() -> None:
    told = ReporterTold(worker_id="w-1", news="joined")
    [message] = messages_of(told)
    assert (message.template, ROWS[message.template].private) == ("reporter_joined_worker", True)


def test_a_message_of_a_case_belongs_to_the_district_of_the_case() -> None:
    assert {message.district for message in messages_of(OPENED)} == {"510603"}
    assert [message.district for message in messages_of(BillIssued(**BILL))] == [None]


@pytest.mark.parametrize("fact", EVERY_FACT, ids=lambda fact: type(fact).__name__)
def test_a_message_fills_its_template_wholly_and_in_one_sms(fact: Fact) -> None:
    for message in messages_of(fact):
        params = filled(message)
        text = f"【{SIGNATURE}】{text_of(ROWS[message.template], params)}"
        assert params.keys() == places_of(ROWS[message.template].text)
        assert "$" not in text
        assert parts(text) == 1, f"{len(text)} characters: {text}"


@pytest.mark.parametrize("step", ["supplement", "review", "decide", "serve", "assess", "appeal"])
def test_words_on_each_step_of_a_claim_go_in_one_sms(step: ClaimStep) -> None:
    whose: Applicant | None = "worker" if step == "appeal" else None
    near = msgspec.structs.replace(published(ClaimDeadlineNear), step=step, whose=whose, number="ZS20260903-ABCDEFGH")
    for fact in (near, msgspec.structs.replace(near, to_kin=True, kin=("kin-1",))):
        for message in messages_of(fact):
            text = f"【{SIGNATURE}】{text_of(ROWS[message.template], filled(message))}"
            assert parts(text) == 1, f"{len(text)} characters: {text}"


def test_whoever_must_apply_is_warned_of_the_own_term() -> None:
    """The platform of its own term, the worker of the own one before it is over."""
    near, missed = published(ClaimDeadlineNear), published(ClaimDeadlineMissed)

    def of(fact: Fact, whose: str) -> list[str]:
        return [one.template for one in messages_of(msgspec.structs.replace(fact, step="apply", whose=whose))]

    assert of(near, "unit") == ["claim_apply_near_platform"]
    assert of(missed, "unit") == ["claim_apply_missed_worker"]
    assert of(near, "worker") == ["claim_apply_near_worker"]
    assert of(missed, "worker") == ["claim_apply_lapsed_worker"]
    for told, template in ((near, "claim_step_near_department"), (missed, "claim_step_missed_department")):
        [message] = messages_of(msgspec.structs.replace(told, step="serve", whose=None))
        assert (message.template, message.recipient) == (template, "hrss:510600")


def test_a_report_of_others_is_not_announced_as_the_platforms() -> None:
    told_of = {by: [one.template for one in messages_of(ClaimFiled(**CLAIM, reported_by=by))] for by in REPORTERS}
    others = ["claim_filed_by_others_worker", "claim_filed_by_others_platform"]
    assert told_of.pop("platform") == ["claim_filed_worker", "claim_filed_platform", "claim_filed_union"]
    assert told_of == {"worker": [*others, "claim_filed_union"], "kin": [*others, "claim_filed_union"], "union": others}


def test_who_owes_a_benefit_hears_of_it_when_it_is_granted() -> None:
    granted = published(BenefitGranted)

    def of(**changed: object) -> list[str]:
        return [one.template for one in messages_of(msgspec.structs.replace(granted, **changed))]

    assert of(payer="fund", to_kin=False) == ["benefit_granted_worker"]
    assert of(payer="platform", to_kin=False) == ["benefit_owed_worker", "benefit_granted_platform"]
    owed_by_partner = {"benefit_owed_worker", "benefit_granted_partner", "benefit_of_partner_platform"}
    assert set(of(payer="partner", partner=PLATFORM, to_kin=False)) == owed_by_partner


def test_who_is_not_paid_by_an_employer_hears_what_to_do() -> None:
    """The fund's kinds it pays first where the employer did not pay contributions (社会保险法 art. 41); pay is a matter of labour."""
    late = msgspec.structs.replace(
        published(BenefitPaymentFailed), payer="platform", reason="not_paid_in_time", final=False
    )

    def told(kind: str, **changed: object) -> dict[str, str]:
        messages = messages_of(msgspec.structs.replace(late, kind=kind, **changed))
        return {one.kind: one.template for one in messages if one.kind in ("worker", "kin")}

    for kind, payer in parameters.on(dt.date(2026, 9, 1)).table("work_injury.benefit_payers").items():
        template = "benefit_overdue_worker" if payer == "fund" else "benefit_wages_overdue_worker"
        assert told(kind, to_kin=False, kin=()) == {"worker": template}
    for reason in ("not_paid_in_time", "partner_defaulted"):
        by_partner = {"payer": "partner", "partner": OTHER, "reason": reason}
        assert told("medical", to_kin=False, kin=(), **by_partner) == {"worker": "benefit_of_partner_overdue_worker"}
        assert told("medical", to_kin=True, kin=("kin-1",), **by_partner) == {"kin": "benefit_of_partner_overdue_kin"}
    assert told("death_lump", to_kin=True, kin=("kin-1",)) == {"kin": "benefit_overdue_kin"}
    assert told("missing_pay", to_kin=True, kin=("kin-1",)) == {"kin": "benefit_wages_overdue_kin"}


def test_who_must_apply_is_not_named_wrongly() -> None:
    """For one dispatched, or of a partner firm, the employer applies for a work injury, and not the platform (劳务派遣暂行规定 art.
    10): where a claim has both, no text says that the platform is the one."""
    near = msgspec.structs.replace(
        published(ClaimDeadlineNear), step="apply", whose="unit", partner="91510600MA0000002X"
    )
    told = {one.template: ROWS[one.template].text for one in messages_of(near)}
    assert told.keys() == {"claim_apply_near_platform", "claim_apply_near_partner"}
    assert "工伤由用人单位" in told["claim_apply_near_platform"]
    assert "应由贵单位" not in "".join(told.values())


def test_an_employer_hears_what_a_claim_asks_of_it() -> None:
    """Papers that are missing, of whoever applied (工伤保险条例 art. 18), and that it proves that it is none (art. 19)."""
    for fact, template in (
        (published(ClaimSupplementAsked), "claim_supplement_platform"),
        (published(ClaimAccepted), "claim_accepted_platform"),
    ):
        assert template in {one.template for one in messages_of(fact)}


def test_what_an_employer_pays_is_no_decision_to_review() -> None:
    """A dispute over it is one of labour (工伤保险条例 art. 54), and no account of the worker's is used."""
    granted = msgspec.structs.replace(published(BenefitGranted), payer="platform")
    for to_kin, kin in ((False, ()), (True, ("kin-1",))):
        messages = messages_of(msgspec.structs.replace(granted, to_kin=to_kin, kin=kin))
        [one] = [one for one in messages if one.kind in ("worker", "kin")]
        assert one.template in ("benefit_owed_worker", "benefit_owed_kin")


@pytest.mark.parametrize(
    "fact", [fact for fact in EVERY_FACT if hasattr(fact, "to_kin")], ids=lambda fact: type(fact).__name__
)
def test_the_phone_of_the_dead_is_told_nothing(fact: Fact) -> None:
    """In their place hear the next of kin, each of them, of whatever the worker would hear."""
    alive = msgspec.structs.replace(fact, to_kin=False, kin=())
    dead = msgspec.structs.replace(fact, to_kin=True, kin=("kin-1", "kin-2"))
    assert [one for one in messages_of(dead) if one.kind == "worker"] == []
    assert [one for one in messages_of(alive) if one.kind == "kin"] == []
    told_worker = any(one.kind == "worker" for one in messages_of(alive)) and type(fact) is not ClaimAssessed
    told_kin = [one.recipient for one in messages_of(dead) if one.kind == "kin"]
    assert told_kin == (["kin-1", "kin-2"] if told_worker else [])


def test_one_end_of_a_benefit_is_told_once() -> None:
    """Where the yearly check, or the word that a month is the last, has said so, the end itself says nothing more."""
    fact = published(BenefitEnded)
    for kin in ((), ("kin-1",)):
        ended = msgspec.structs.replace(fact, to_kin=bool(kin), kin=kin)
        assert len(messages_of(ended)) == 1
        assert messages_of(msgspec.structs.replace(ended, told_before=True)) == []


def test_next_of_kin_who_act_for_the_living_hear_beside_them() -> None:
    filed = ClaimFiled(**CLAIM, reported_by="kin", kin=("kin-1",))
    assert {(one.kind, one.recipient) for one in messages_of(filed)} >= {("worker", WORKER), ("kin", "kin-1")}


def test_a_union_hears_of_what_it_filed_by_who_acts_for_it() -> None:
    filed = ClaimFiled(**CLAIM, reported_by="union", filing_union="union:officer")
    opened = CaseOpened(**CASE | {"filing_union": "union:officer"}, accept_by=DAY)
    to_union = [one for fact in (filed, opened) for one in messages_of(fact) if one.kind == "union"]
    assert [one.template for one in to_union] == ["claim_filed_filing_union", "case_opened_filing_union"]
    assert {(one.recipient, one.reference) for one in to_union} == {(None, "union|union:officer")}
    assert subject_of("union|union:officer") == "union:officer"
    assert "union" not in {one.kind for fact in (ClaimFiled(**CLAIM), OPENED) for one in messages_of(fact)}


@pytest.mark.parametrize("fact", [ApplicationAccepted, SupplementAsked, ApplicationApproved, ApplicationRefused])
def test_a_union_hears_of_applications_it_files(fact: type[Fact]) -> None:
    alone = published(fact)
    by_union = msgspec.structs.replace(alone, filing_union="union:officer")
    told = [one for one in messages_of(by_union) if one.reference == "union|union:officer"]
    assert [one.template.endswith("_filing_union") for one in told] == [True]
    assert [one for one in messages_of(alone) if one.reference == "union|union:officer"] == []


def test_each_union_of_the_scope_hears_of_a_consultation() -> None:
    opened = msgspec.structs.replace(
        published(ConsultationOpened), unions=("union-1", "union-2"), side="representatives"
    )
    unions = [one for one in messages_of(opened) if one.kind == "union"]
    assert [(one.template, one.recipient) for one in unions] == [
        ("consultation_of_representatives_union", "union-1"),
        ("consultation_of_representatives_union", "union-2"),
    ]
    of_a_union = msgspec.structs.replace(opened, unions=("union-1",), side="union")
    assert ("consultation_opened_union", "union-1") in told(of_a_union)
    answered = published(ConsultationAnswered)
    refused = msgspec.structs.replace(answered, takes_part=False)
    assert [template for template, _ in told(answered) + told(refused)] == [
        "consultation_agreed_union",
        "consultation_refused_union",
    ]


def test_a_filed_contract_is_the_departments_and_the_unions() -> None:
    filed = msgspec.structs.replace(published(CollectiveContractFiled), district="510681")
    assert told(filed)[0] == ("collective_contract_filed_department", "hrss:510681")
    assert {message.kind for message in messages_of(filed)} == {"department", "union"}


def test_a_membership_is_told_to_the_side_that_did_not_speak() -> None:
    recorded = published(MembershipRecorded)
    sides = {
        by: [one.kind for one in messages_of(msgspec.structs.replace(recorded, by=by))]
        for by in ("worker", "union", None)
    }
    assert sides == {"worker": ["union"], "union": ["worker"], None: []}


def test_a_payment_that_is_tried_again_worries_nobody() -> None:
    failed = published(BenefitPaymentFailed)
    assert len(messages_of(failed)) == 1
    assert messages_of(msgspec.structs.replace(failed, final=False)) == []


@pytest.mark.parametrize(
    "fact",
    [BenefitGranted, ClaimDecided, ClaimRefused, RecoveryOpened, TransferRefused, ApplicationRefused, EnterpriseListed],
)
def test_whoever_is_refused_is_told_of_both_remedies(fact: type[Fact]) -> None:
    """行政复议法 art. 20: sixty days; 行政诉讼法 art. 46: six months. To whoever the decision is about."""
    told = [one for one in messages_of(published(fact)) if "请按期支付" not in ROWS[one.template].title]
    assert told
    for message in told:
        text = text_of(ROWS[message.template], filled(message))
        assert ROWS[message.template].legal
        assert "申请行政复议" in text
        assert "6个月内" in text


def test_a_platform_hears_that_its_application_is_not_taken_up() -> None:
    """工伤保险条例 art. 55 (1): the unit too may have that reviewed."""
    assert {message.kind for message in messages_of(published(ClaimRefused))} == {"worker", "platform"}


@pytest.mark.parametrize("letter", ["decision", "review", "assessment"])
def test_a_letter_served_on_one_party_is_told_to_it_alone(letter: str) -> None:
    """Terms run for each party from its own service (行政复议法 art. 20)."""
    served = msgspec.structs.replace(published(ClaimLetterServed), letter=letter, partner="agency", kin=("kin-1",))
    for party, who in (("worker", {"worker", "kin"}), ("platform", {"platform"}), ("partner", {"partner"})):
        codes = [one.template for one in messages_of(msgspec.structs.replace(served, party=party))]
        assert {code.rpartition("_")[2] for code in codes} == who
        assert len(codes) == len(who)


def test_each_enterprise_of_a_trade_hears_of_its_demand() -> None:
    """集体合同规定 art. 32: the other side, though none of it is named."""
    asked = msgspec.structs.replace(published(ConsultationOpened), platforms=(), asked=(PLATFORM, "other"))
    heard = {one.recipient for one in messages_of(asked) if one.template == "consultation_opened_platform"}
    assert heard == {PLATFORM, "other"}


def test_every_row_is_made_by_some_event() -> None:
    assert {message.template for fact in EVERY_FACT for message in messages_of(fact)} == set(ROWS)


def test_a_bill_below_zero_is_told_as_money_that_comes_back() -> None:
    [message] = messages_of(BillIssued(**BILL | {"premium": "-12.50"}))
    assert "应退12.50元" in text_of(ROWS[message.template], message.params)


@pytest.mark.parametrize("refund", ["0.00", "0.01"])
def test_what_was_overpaid_is_told_in_place_of_the_rest(refund: str) -> None:
    [message] = messages_of(msgspec.structs.replace(published(PenaltyPaid), refund=refund))
    text = text_of(ROWS[message.template], message.params)
    assert ("多缴0.01元将依法退还" in text) is (refund == "0.01")
    assert "已登记缴款20000.00元" in text


def test_an_accident_is_dated_by_the_day_in_deyang() -> None:
    to_worker, *_ = messages_of(ClaimFiled(**CLAIM))
    assert to_worker.params["occurred_on"] == "2026年10月1日"
    assert day(DAY) == "2026年9月30日"


def test_no_message_holds_a_term_of_its_own() -> None:
    """A term stands in the parameters, or comes with the event."""
    words = [word for row in ROWS.values() for value in row.values.values() for word in value.words.values()]
    texts = [*words, *(row.text for row in ROWS.values()), *(row.several or "" for row in ROWS.values())]
    number = r"[\d一二三四五六七八九十]+个?(工作)?(日|月|天|周|小时|年)"
    assert [text for text in texts if re.search(number, text.replace("${", ""))] == []


def test_a_term_is_that_of_the_events_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new row of the parameters changes what is said of decisions from its day on, and of none before."""
    later = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    known = Law.number
    monkeypatch.setattr(
        Law,
        "number",
        lambda law, key: 90 if key == "admin_review.apply_days" and law.day.year > 2026 else known(law, key),
    )
    said = {
        at.year: text_of(ROWS[one.template], filled(one))
        for at in (AT, later)
        for one in table.messages_of(published(RecoveryOpened), at)[:1]
    }
    assert ("60日内" in said[2026], "90日内" in said[2027]) == (True, True)


@pytest.mark.parametrize("name", ["decided", "terminated", "objection_decided"])
@pytest.mark.parametrize(("body", "authority"), [("centre", "司法行政部门|行政复议"), ("union", "工会|法律援助机构")])
def test_a_refusal_of_aid_names_who_looks_at_it_again(name: str, body: str, authority: str) -> None:
    event = f"complaints.legal_aid.{name}.v1"
    rows = [row for row in ROWS.values() if row.event == event and row.when.get("body") == body]
    assert [bool(re.search(authority, row.text)) for row in rows] == [True]


def test_who_must_pay_back_is_told_how_to_contest_it() -> None:
    fact = RevisionDecided(**APPLICATION, revision_id="revision-1", outcome="recovered", difference="-800.00")
    (told,) = messages_of(fact)
    text = text_of(ROWS[told.template], told.params)
    assert "拟追回补贴800.00元" in text
    assert "60日内申请行政复议" in text


def test_a_row_that_stands_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    row = "{event: subsidies.certificate.issued.v1, to: worker, title: 一, text: 一}"
    (tmp_path / "rows.yaml").write_text(f"one: {row}\none: {row}\n")
    with pytest.raises(ValueError, match="rows twice"):
        table.read(tmp_path)


@pytest.mark.parametrize(
    "fact",
    [
        AssistanceTold(application_id="application-1", number="1", worker_id=WORKER, what="refused"),
        CertificateRevoked(
            certificate_id="certificate-1",
            number="1",
            worker_id=WORKER,
            course="网约配送员",
            completed_on=DAY,
            revoked_by="evaluation_body",
        ),
    ],
)
def test_what_no_authority_decided_is_not_contested_in_court(fact: Fact) -> None:
    (told,) = messages_of(fact)
    text = text_of(ROWS[told.template], told.params)
    assert "复议" not in text
    assert "起诉" not in text


@pytest.mark.parametrize("kind", [kind.code for kind in KINDS.values() if kind.fund and "person" in kind.applicants])
def test_who_pays_back_hears_of_review_where_an_authority_paid(kind: str) -> None:
    (told,) = messages_of(msgspec.structs.replace(published(SubsidyRecoveryOpened), kind=kind))
    text = text_of(ROWS[told.template], told.params)
    assert ("行政复议" in text) is KINDS[kind].administrative
