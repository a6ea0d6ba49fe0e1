"""What months that an employer has not paid show, and what takes the sign back."""

from __future__ import annotations

from services.complaints.duties import rules
from services.complaints.duties.dues_rules import dues
from services.complaints.duties.told_rules import Around
from services.complaints.leads.kinds import KINDS, QUESTIONS
from services.complaints.leads.rules import kind_of
from shared.contracts.complaints.duty_findings import ContributionsUnpaid
from tests.unit.complaints.duties import told as the
from tests.unit.complaints.duties.told import PLATFORM, at, day, told

EMPLOYED = Around(the.person((day(1, 1), "employment")))


def test_each_month_that_is_overdue_is_listed_and_summed() -> None:
    facts = [told(the.dues("2026-02", owed="100.00", late_fee="0.50"), at(3, 20)), told(the.dues("2026-01"), at(2, 20))]
    [found] = dues(facts, EMPLOYED)
    finding = found.finding
    assert isinstance(finding, ContributionsUnpaid)
    assert [one.month for one in finding.months] == ["2026-01", "2026-02"]
    assert (finding.owed, finding.late_fee) == ("1300.00", "3.50")
    assert (finding.late_fee_per_day, finding.fine_least, finding.fine_most) == ("0.0005", "1", "3")
    assert (found.about, found.district, found.worker_ref) == (f"{PLATFORM}|w-1", "510603", "R-1")
    assert set(found.to_judge) <= set(QUESTIONS)
    assert kind_of(finding) in KINDS


def test_a_sum_of_which_a_part_is_unknown_is_unknown() -> None:
    facts = [told(the.dues("2026-01", owed=None, late_fee=None), at(2, 20)), told(the.dues("2026-02"), at(3, 20))]
    [found] = dues(facts, EMPLOYED)
    assert isinstance(found.finding, ContributionsUnpaid)
    assert (found.finding.owed, found.finding.late_fee) == (None, None)


def test_a_month_settled_takes_the_place_of_it_overdue() -> None:
    overdue, paid = the.dues("2026-01"), the.settled("2026-01")
    places = [rules.place_of(fact) for fact in (overdue, paid, the.dues("2026-02"))]
    assert places[0] == places[1]
    assert [place and (place.key, place.slot) for place in places[1:]] == [
        (f"dues|{PLATFORM}|w-1", "2026-01"),
        (f"dues|{PLATFORM}|w-1", "2026-02"),
    ]
    assert dues([told(paid, at(3, 1))], EMPLOYED) == []
