"""What each duty shows: when it is a sign, what is owed, and what takes it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from services.complaints.duties import rules
from services.complaints.duties.firm_rules import (
    advances,
    cooperation,
    cooperation_people,
    dispatch_share,
    licence,
    unrecorded,
    unrecorded_people,
)
from services.complaints.duties.paper_rules import agreement
from services.complaints.duties.premium_rules import bill, policy
from services.complaints.duties.told_rules import Around, Found, People, Told, after
from services.complaints.duties.work_rules import block, enrolment, gap_spans
from services.complaints.leads.kinds import KINDS, QUESTIONS
from services.complaints.leads.rules import kind_of
from shared.contracts.complaints import duty_findings as findings
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDeclared,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentOpened,
    EnrolmentRefused,
    EnrolmentResumed,
    EnrolmentSuspended,
)
from shared.contracts.registry import (
    CooperationEnded,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
    EngagementActivated,
    EngagementBlocked,
    LicenceLapsed,
    LicenceRecorded,
    LicenceResumed,
    LicenceSuspended,
)
from tests.unit.complaints.duties import told as the
from tests.unit.complaints.duties.told import PARTNER, PLATFORM, at, day, told

EMPLOYED = Around(the.person((day(1, 1), "employment")))


def one(found: Sequence[Found]) -> Found:
    (only,) = found
    return only


def test_no_contract_owes_double_wage_for_eleven_months() -> None:
    found = one(agreement([told(the.missing(), at(2, 2))], EMPLOYED))
    assert found.finding == findings.AgreementMissing(
        engagement_id="e-1",
        paper="contract",
        due_on=day(2, 1),
        signed_on=None,
        days_late=None,
        double_wage_from=day(2, 2),
        double_wage_until=day(12, 31),
        double_wage_months=11,
        open_ended_from=dt.date(2027, 1, 1),
    )
    assert (found.platform, found.district, found.worker_ref) == (PLATFORM, "510603", "R-1")
    assert {row.key.partition("[")[0] for row in found.used} == {
        "contract.double_wage_months",
        "contract.open_ended_after_months",
    }


def test_a_contract_signed_late_owes_up_to_the_day_before() -> None:
    late = told(the.recorded(day(3, 10), late=True), at(3, 11))
    found = one(agreement([told(the.missing(), at(2, 2)), late], EMPLOYED)).finding
    assert isinstance(found, findings.AgreementMissing)
    assert (found.signed_on, found.days_late) == (day(3, 10), 37)
    assert (found.double_wage_until, found.double_wage_months, found.open_ended_from) == (day(3, 9), 2, None)
    assert one(agreement([late], EMPLOYED)).finding == found


def test_a_paper_signed_in_time_and_told_late_is_no_sign() -> None:
    assert (
        agreement([told(the.missing(), at(2, 2)), told(the.recorded(day(1, 5), late=False), at(3, 1))], EMPLOYED) == []
    )


def test_a_paper_taken_back_is_missing_again() -> None:
    facts = [told(the.recorded(day(1, 5), late=False), at(1, 6)), told(the.missing(), at(2, 2))]
    assert one(agreement(facts, EMPLOYED)).about == "e-1|contract"


def test_a_written_agreement_signed_late_leaves_nothing() -> None:
    partial = Around(the.person((day(1, 1), "partial")))
    missing = told(the.missing(relation="partial", kind="written_agreement"), at(2, 2))
    found = one(agreement([missing], partial))
    assert isinstance(found.finding, findings.AgreementMissing)
    assert (found.finding.double_wage_months, found.to_judge) == (None, ("signed_elsewhere",))
    late = the.recorded(day(3, 1), late=True, relation="partial", kind="written_agreement")
    assert agreement([missing, told(late, at(3, 1))], partial) == []


def test_a_corrected_footing_or_an_early_end_takes_it_back() -> None:
    facts = [told(the.missing(), at(2, 2))]
    assert agreement(facts, Around(the.person((day(1, 1), "self_employed")))) == []
    assert agreement(facts, Around(the.person((day(1, 1), "employment"), ended_on=day(2, 1)))) == []
    ended = one(agreement(facts, Around(the.person((day(1, 1), "employment"), ended_on=day(4, 15))))).finding
    assert isinstance(ended, findings.AgreementMissing)
    assert (ended.double_wage_until, ended.double_wage_months, ended.open_ended_from) == (day(4, 15), 3, None)


def test_overdue_enrolment_shows_the_fines_until_it_is_confirmed() -> None:
    overdue = told(the.enrolled(EnrolmentDutyOverdue), at(2, 3))
    found = one(enrolment([overdue], EMPLOYED))
    assert isinstance(found.finding, findings.EnrolmentOverdue)
    fines = (found.finding.unit_fine_least, found.finding.unit_fine_most, found.finding.person_fine_most)
    assert (found.finding.days_late, *fines) == (3, "1", "3", "3000.00")
    assert enrolment([overdue, told(the.enrolled(EnrolmentConfirmed, receipt_number="1"), at(2, 9))], EMPLOYED) == []
    never = told(the.enrolled(EnrolmentEnded, ends_on=dt.date(2025, 12, 31)), at(2, 9))
    assert enrolment([overdue, never], EMPLOYED) == []


def test_a_missed_duty_is_not_met_by_another_segments_answer() -> None:
    """The province had taken the person through the platform before the labour relation was found."""
    through = told(the.enrolled(EnrolmentConfirmed, scheme="occupational_injury", receipt_number="1"), at(1, 2))
    employed = {"starts_on": day(3, 1), "due_on": day(3, 31), "basis": "employer", "unit": "agency"}
    overdue = told(the.enrolled(EnrolmentDutyOverdue, **employed), at(4, 1))
    found = one(enrolment([through, overdue], EMPLOYED))
    assert (found.platform, found.worker_ref) == ("agency", None), "the employer's, who dispatches"
    assert isinstance(found.finding, findings.EnrolmentOverdue)
    assert (found.finding.starts_on, found.finding.due_on) == (day(3, 1), day(3, 31))
    met = told(the.enrolled(EnrolmentConfirmed, **employed, receipt_number="2"), at(4, 5))
    assert enrolment([through, overdue, met], EMPLOYED) == []


def test_an_employer_has_its_time_before_cover_is_missing() -> None:
    """Undeclared: from the day after its last, or after the system heard; declared: some days after that."""
    employed = {"starts_on": day(1, 1), "due_on": day(1, 31), "basis": "employer", "unit": PLATFORM}
    opened = told(the.enrolled(EnrolmentOpened, **employed), at(1, 2))
    assert gap_spans([opened]) == [(day(2, 1), None, "unconfirmed")]
    late = told(the.enrolled(EnrolmentOpened, **employed), at(5, 1))
    assert gap_spans([late]) == [(day(5, 2), None, "unconfirmed")]
    declared = told(the.enrolled(EnrolmentDeclared, **employed), at(1, 10))
    assert gap_spans([opened, declared]) == [(day(1, 13), None, "unconfirmed")]


def test_a_partner_matters_on_days_without_a_cooperation() -> None:
    """Before the first, between two and after the last, once that is told to be over."""
    first = told(the.cooperating(CooperationRecorded, starts_on=day(2, 1), ends_on=day(3, 31), licensed=True), at(2, 1))
    ended = told(the.cooperating(CooperationEnded, starts_on=day(2, 1), ends_on=day(3, 31)), at(4, 1))
    again = told(
        the.cooperating(CooperationRecorded, cooperation_id="k-2", starts_on=day(5, 1), licensed=True), at(5, 1)
    )

    def people(since: dt.date, until: dt.date | None) -> People:
        return People(PLATFORM, PARTNER, since, until)

    def wanted(*facts: Told) -> list[People]:
        return unrecorded_people(PLATFORM, PARTNER, facts)

    assert wanted() == [people(dt.date.min, None)]
    assert wanted(first) == [people(dt.date.min, day(1, 31))]
    assert wanted(first, ended) == [people(dt.date.min, day(1, 31)), people(day(4, 1), None)]
    assert wanted(again, ended, first) == [people(dt.date.min, day(1, 31)), people(day(4, 1), day(4, 30))]


def test_an_unrecorded_partner_is_a_sign_once_people_work() -> None:
    assert unrecorded([], Around()) == []
    never = one(unrecorded([], Around(without_cooperation=[People(PLATFORM, PARTNER, dt.date.min, None)])))
    assert never.finding == findings.UnrecordedPartner(firm=PARTNER, since=None)
    assert (never.platform, never.about) == (PLATFORM, f"{PLATFORM}|{PARTNER}")
    over = one(unrecorded([], Around(without_cooperation=[People(PLATFORM, PARTNER, day(4, 1), None)])))
    assert over.finding == findings.UnrecordedPartner(firm=PARTNER, since=day(4, 1))


def test_a_bill_paid_late_stays_with_its_day_and_fee() -> None:
    overdue = told(the.overdue_bill(), at(2, 16))
    found = one(bill([overdue], Around())).finding
    assert isinstance(found, findings.BillUnpaid)
    assert (found.outstanding, found.paid_on, found.days_late) == ("1000.00", None, 1)
    part = told(the.paid_bill(day(2, 18), "400.00"), at(2, 18))
    found = one(bill([overdue, part], Around())).finding
    assert isinstance(found, findings.BillUnpaid)
    assert (found.outstanding, found.paid_on) == ("400.00", None)
    whole = told(the.paid_bill(day(2, 20)), at(2, 21))
    found = one(bill([overdue, whole], Around())).finding
    assert isinstance(found, findings.BillUnpaid)
    assert (found.outstanding, found.paid_on, found.days_late, found.late_fee) == ("0.00", day(2, 20), 5, "0.50")
    assert bill([overdue, told(the.paid_bill(day(2, 15)), at(2, 21))], Around()) == []


def test_an_outlets_unpaid_bill_is_its_insurers_sign() -> None:
    """What is owed for a courier outlet is contributions too; set off against another bill it is met (社会保险法 art. 60, 86)."""
    fact = msgspec.structs.replace(the.overdue_bill(), scheme="work_injury", outlet=the.PARTNER)
    overdue = told(fact, at(2, 16))
    found = one(bill([overdue], Around()))
    assert (found.platform, found.about) == (the.PLATFORM, "b-1")
    met = msgspec.structs.replace(the.paid_bill(day(2, 14)), payment_id="set-off:b-0")
    assert bill([overdue, told(met, at(2, 21))], Around()) == []


def test_an_advance_is_late_only_once_its_last_day_is_over() -> None:
    first, again = told(the.due_advance(), at(2, 23)), told(the.due_advance(), at(3, 11, 0))
    default = one(advances([first], Around()))
    assert (kind_of(default.finding), default.platform) == ("partner_default", PARTNER)
    unpaid, default = advances([again], Around())
    assert isinstance(unpaid.finding, findings.AdvanceUnpaid)
    assert (unpaid.platform, unpaid.finding.days_late, unpaid.finding.amount) == (PLATFORM, 1, "5000.00")
    left = one(advances([again, told(the.paid_advance(day(3, 20)), at(3, 20))], Around())).finding
    assert isinstance(left, findings.PartnerDefault)
    assert (left.advanced_on, left.outstanding) == (day(3, 20), "5000.00")


def test_a_default_ends_with_recovery_and_stays_with_a_loss() -> None:
    facts = [told(the.due_advance(), at(2, 23)), told(the.paid_advance(day(3, 1)), at(3, 1))]
    assert advances([*facts, told(the.closed_recourse("recovered", "5000.00"), at(5, 1))], Around()) == []
    partly = told(the.closed_recourse("partly_recovered", "1200.50"), at(5, 1))
    found = one(advances([*facts, partly], Around())).finding
    assert isinstance(found, findings.PartnerDefault)
    assert found.outstanding == "3799.50"


def test_a_default_is_open_again_once_its_recourse_is_corrected() -> None:
    facts = [told(the.due_advance(), at(2, 23)), told(the.paid_advance(day(3, 1)), at(3, 1))]
    closed = told(the.closed_recourse("recovered", "5000.00"), at(5, 1))
    corrected = told(the.corrected_recourse("2000.00", "3000.00"), at(5, 9))
    for order in ([*facts, closed, corrected], [corrected, closed, *facts]):
        found = one(advances(order, Around())).finding
        assert isinstance(found, findings.PartnerDefault)
        assert (found.recovered, found.outstanding) == ("2000.00", "3000.00")
    again = told(the.closed_recourse("recovered", "5000.00"), at(6, 1))
    assert advances([*facts, closed, corrected, again], Around()) == []


def test_a_missing_licence_matters_while_people_work() -> None:
    lacks = told(the.cooperating(CooperationUnlicensed, since=day(3, 1), missing=("labour_dispatch",)), at(3, 1))
    assert cooperation([lacks], Around()) == []
    found = one(cooperation([lacks], Around(people=True)))
    assert isinstance(found.finding, findings.UnlicensedCooperation)
    assert (found.finding.partner, found.finding.missing, found.district) == (PARTNER, ("labour_dispatch",), "510603")
    again = told(the.cooperating(CooperationRelicensed, licensed=True), at(3, 9))
    assert cooperation([lacks, again], Around(people=True)) == []
    ended = told(the.cooperating(CooperationEnded, ends_on=day(4, 1)), at(4, 2))
    wanted = cooperation_people([lacks, ended])
    assert wanted is not None
    assert (wanted.platform, wanted.partner, wanted.since, wanted.until) == (PLATFORM, PARTNER, day(3, 1), day(4, 1))
    recorded = told(the.cooperating(CooperationRecorded, licensed=False), at(3, 2))
    assert cooperation([lacks, recorded], Around(people=True)) != []


def test_a_lapsed_licence_is_met_by_a_longer_one_of_its_kind() -> None:
    over = told(the.licence(LicenceLapsed, day(3, 31)), at(4, 1))
    assert licence([over], Around()) == []
    assert isinstance(one(licence([over], Around(people=True))).finding, findings.LapsedLicence)
    longer = told(the.licence(LicenceRecorded, day(12, 31), "l-2"), at(4, 2))
    assert licence([over, longer], Around(people=True)) == []
    shorter = told(the.licence(LicenceRecorded, day(2, 28), "l-3"), at(1, 2))
    assert licence([over, shorter], Around(people=True)) != []


def test_a_suspended_licence_matters_until_it_is_resumed() -> None:
    """Also one without an end; another of its kind meets it."""
    fields = structs.asdict(the.licence(LicenceRecorded, None))
    paused = told(LicenceSuspended(**fields, suspended_from=day(3, 10), suspended_until=day(4, 8)), at(3, 10))
    finding = one(licence([paused], Around(people=True))).finding
    assert isinstance(finding, findings.LapsedLicence)
    assert (finding.valid_to, finding.suspended_until) == (day(3, 9), day(4, 8))
    resumed = told(LicenceResumed(**fields, resumed_on=day(4, 9)), at(4, 9))
    assert licence([resumed], Around(people=True)) == []
    other = told(the.licence(LicenceRecorded, None, "l-2"), at(1, 2))
    assert licence([paused, other], Around(people=True)) == []


def test_the_share_says_how_many_are_too_many() -> None:
    found = one(dispatch_share([told(the.share(day(3, 1), 15, 90), at(3, 2))], Around()))
    assert isinstance(found.finding, findings.TooManyDispatched)
    assert (found.finding.allowed, found.finding.excess, found.finding.percent) == (10, 5, "14.3")
    assert [row.key for row in found.used] == ["dispatch.max_percent"]


def test_orders_count_on_whole_days_of_a_block() -> None:
    first = told(the.engaged(EngagementBlocked, 1, at(3, 1), worked=False), at(3, 1))
    lifted = told(the.engaged(EngagementActivated, 2, at(3, 5), was_blocked=True), at(3, 5))
    again = told(the.engaged(EngagementBlocked, 3, at(4, 1), worked=True), at(4, 1))
    worked = [day(3, 1), day(3, 3), day(4, 1), day(4, 2), day(4, 9)]
    mine = the.person((day(1, 1), "partial"))
    assert rules.spans("block", [first], None) == [(day(3, 2), None)]
    found = one(block([first, lifted, again], Around(mine, worked=worked))).finding
    assert isinstance(found, findings.WorkWhileBlocked)
    assert (found.days, found.first_on, found.last_on) == (2, day(4, 2), day(4, 9))
    ended = the.person((day(1, 1), "partial"), ended_on=day(4, 5))
    found = one(block([again], Around(ended, worked=worked))).finding
    assert isinstance(found, findings.WorkWhileBlocked)
    assert found.days == 1
    assert block([first, lifted], Around(mine, worked=worked)) == []
    assert block([first], Around(mine, worked=worked)) == []  # trained after all, told after the end
    assert block([first], Around(worked=[day(3, 1)])) == []


def test_orders_before_the_training_stay_a_sign() -> None:
    first = told(the.engaged(EngagementBlocked, 1, at(3, 1), worked=False), at(3, 1))
    lifted = told(the.engaged(EngagementActivated, 2, at(3, 9), was_blocked=True, trained_on=day(3, 5)), at(3, 9))
    worked = [day(3, 1), day(3, 3), day(3, 4), day(3, 5), day(3, 8)]
    mine = the.person((day(1, 1), "partial"))
    found = one(block([first, lifted], Around(mine, worked=worked))).finding
    assert isinstance(found, findings.WorkWhileBlocked)
    assert (found.days, found.first_on, found.last_on) == (2, day(3, 3), day(3, 4))
    known = told(the.engaged(EngagementActivated, 2, at(3, 9), was_blocked=True, trained_on=day(2, 1)), at(3, 9))
    assert block([first, known], Around(mine, worked=worked)) == []  # trained before, and told late
    ended = the.person((day(1, 1), "partial"), ended_on=day(3, 3))
    found = one(block([first, lifted], Around(ended, worked=worked))).finding
    assert isinstance(found, findings.WorkWhileBlocked)
    assert found.days == 1


def test_orders_without_cover_name_why_there_was_none() -> None:
    opened = told(the.enrolled(EnrolmentOpened, due_on=None), at(1, 1))
    confirmed = told(the.enrolled(EnrolmentConfirmed, receipt_number="1"), at(1, 2))
    rest = told(the.enrolled(EnrolmentSuspended, since=day(3, 1), reason=""), at(3, 1))
    again = told(the.enrolled(EnrolmentResumed, since=day(3, 10)), at(3, 10))
    worked = Around(worked=[day(1, 2), day(1, 20), day(3, 4), day(3, 10)])
    found = one(enrolment([opened], worked)).finding
    assert isinstance(found, findings.InsuranceGap)
    assert (found.causes, found.days, found.first_on) == (("unconfirmed",), 3, day(1, 20))
    assert enrolment([opened, confirmed], worked) == []
    found = one(enrolment([opened, confirmed, rest, again], worked)).finding
    assert isinstance(found, findings.InsuranceGap)
    assert (found.causes, found.days, found.first_on) == (("suspended",), 1, day(3, 4))
    refused = told(the.enrolled(EnrolmentRefused, reason="other"), at(1, 3))
    found = one(enrolment([opened, refused], worked)).finding
    assert isinstance(found, findings.InsuranceGap)
    assert (found.causes, found.days) == (("refused",), 4)


def test_a_policy_gap_ends_where_the_next_policy_begins() -> None:
    found = one(policy([told(the.gap(day(3, 1)), at(3, 1))], Around())).finding
    assert isinstance(found, findings.PolicyGap)
    assert (found.until, found.days) == (None, None)
    later = told(the.policy(day(3, 11), day(12, 31)), at(3, 12))
    found = one(policy([told(the.gap(day(3, 1)), at(3, 1)), later], Around())).finding
    assert isinstance(found, findings.PolicyGap)
    assert (found.until, found.days) == (day(3, 10), 10)
    covers = told(the.policy(day(2, 1), day(12, 31)), at(3, 12))
    assert policy([told(the.gap(day(3, 1)), at(3, 1)), covers], Around()) == []
    assert rules.place_of(the.gap(day(3, 1), begun=False)) is None


STORY = [
    told(the.missing(), at(2, 2)),
    told(the.recorded(day(3, 10), late=True), at(3, 11)),
    told(the.enrolled(EnrolmentOpened), at(1, 1)),
    told(the.enrolled(EnrolmentDutyOverdue), at(2, 3)),
    told(the.enrolled(EnrolmentRefused, reason="other"), at(2, 4)),
    told(the.enrolled(EnrolmentConfirmed, receipt_number="1"), at(2, 9)),
    told(the.enrolled(EnrolmentSuspended, since=day(3, 1), reason=""), at(3, 1)),
    told(the.enrolled(EnrolmentResumed, since=day(3, 10)), at(3, 10)),
    told(the.overdue_bill(), at(2, 16)),
    told(the.paid_bill(day(2, 18), "400.00"), at(2, 18)),
    told(the.overdue_bill(1, "2.10"), at(2, 23)),
    told(the.due_advance(), at(2, 23)),
    told(the.due_advance(), at(3, 11)),
    told(the.paid_advance(day(3, 20)), at(3, 20)),
    told(the.cooperating(CooperationUnlicensed, since=day(3, 1), missing=("labour_dispatch",)), at(3, 1)),
    told(the.cooperating(CooperationRelicensed, licensed=True), at(3, 9)),
    told(the.cooperating(CooperationUnlicensed, since=day(5, 1), missing=("labour_dispatch",)), at(5, 1)),
    told(the.licence(LicenceLapsed, day(3, 31)), at(4, 1)),
    told(the.share(day(3, 1), 15, 90), at(3, 2)),
    told(the.gap(day(3, 1)), at(3, 1)),
    told(the.policy(day(3, 11), day(12, 31)), at(3, 12)),
    told(the.engaged(EngagementBlocked, 1, at(3, 1)), at(3, 1)),
    told(the.engaged(EngagementActivated, 2, at(3, 5), was_blocked=True), at(3, 5)),
]
AROUND = Around(the.person((day(1, 1), "employment")), people=True, worked=[day(3, 3)])


def shown(order: Sequence[Told]) -> list[bytes]:
    """The signs of a story whose facts came in this order, each kept as the service keeps it."""
    kept: dict[tuple[rules.Subject, str], dict[str, Told]] = {}
    for fact in order:
        place = rules.place_of(fact.fact)
        assert place is not None
        slots = kept.setdefault((place.subject, place.key), {})
        if place.slot not in slots or after(fact, slots[place.slot]):
            slots[place.slot] = fact
    return sorted(
        msgspec.json.encode((found.about, found.platform, found.finding, sorted(it.event_id for it in found.rests_on)))
        for (subject, _), slots in kept.items()
        for found in rules.SIGNS[subject](list(slots.values()), AROUND)
    )


@given(st.permutations(STORY))
def test_the_order_of_events_makes_no_difference(order: list[Told]) -> None:
    assert shown(order) == shown(STORY)
    assert shown([*order, *order]) == shown(STORY)
    assert len(shown(STORY)) == 8


def test_each_kind_has_its_words_and_questions() -> None:
    for subject, find in rules.SIGNS.items():
        mine = [one for one in STORY if (place := rules.place_of(one.fact)) is not None and place.subject == subject]
        for found in find(mine, AROUND):
            assert KINDS[kind_of(found.finding)].title
            assert set(found.to_judge) <= QUESTIONS.keys()
