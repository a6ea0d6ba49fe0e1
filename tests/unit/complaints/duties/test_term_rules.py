"""What of labour contracts is against the law, as leads say it."""

from __future__ import annotations

import datetime as dt

from services.complaints.duties.rules import place_of
from services.complaints.duties.term_rules import terms
from services.complaints.duties.told_rules import Around
from shared.contracts.complaints.duty_findings import DispatchTermsUnlawful, ProbationUnlawful
from shared.contracts.registry import TermFault
from tests.unit.complaints.duties import told as the
from tests.unit.complaints.duties.told import at, day, told

TOO_LONG = TermFault(fault="probation_too_long", agreed_until=day(5, 31), allowed_until=day(2, 28), limit_months=2)
PAY_LOW = TermFault(fault="probation_pay_low", agreed_until=day(5, 31), pay="3000.00", least_pay="3200.00")
SHORT = TermFault(fault="dispatch_term_short", agreed_until=day(12, 31), allowed_until=dt.date(2027, 12, 31))
POST = TermFault(fault="temporary_post_long", agreed_until=day(7, 10), allowed_until=day(6, 30))


def probation(*faults: TermFault, ended_on: dt.date | None = None) -> ProbationUnlawful:
    person = the.person((day(1, 1), "employment"), ended_on=ended_on)
    [found] = terms([told(the.examined(*faults), at(1, 2))], Around(person))
    assert isinstance(found.finding, ProbationUnlawful)
    assert found.worker_ref == "R-1"
    return found.finding


def test_the_days_beyond_the_limit_are_void() -> None:
    found = probation(TOO_LONG)
    assert (found.void_from, found.void_until, found.void_days) == (day(3, 1), day(5, 31), 92)
    assert (found.pay, found.pay_short) == ("4000.00", None)


def test_days_after_the_last_day_of_work_do_not_count() -> None:
    found = probation(TOO_LONG, ended_on=day(3, 10))
    assert (found.void_until, found.void_days) == (day(3, 10), 10)
    early = probation(TOO_LONG, ended_on=day(2, 10))
    assert (early.void_from, early.void_until, early.void_days) == (None, None, 0)


def test_where_none_may_be_agreed_all_of_it_is_void() -> None:
    again = TermFault(fault="probation_again", agreed_until=day(5, 31), earlier_agreement_id="a-0")
    found = probation(TOO_LONG, again, PAY_LOW)
    assert (found.void_from, found.void_days, found.pay_short) == (day(1, 1), 151, "200.00")


def test_low_pay_alone_makes_no_day_void() -> None:
    found = probation(PAY_LOW)
    assert (found.void_from, found.void_days, found.pay_short) == (None, 0, "200.00")
    [lead] = terms([told(the.examined(PAY_LOW), at(1, 2))], Around())
    assert lead.to_judge == ("probation_served", "lowest_of_post")
    assert {row.key for row in lead.used} == {"contract.probation_pay_percent", "minimum_wage.monthly"}


def test_a_dispatch_contract_says_how_short_it_is() -> None:
    [found] = terms([told(the.examined(SHORT, POST), at(1, 2))], Around())
    assert isinstance(found.finding, DispatchTermsUnlawful)
    assert (found.finding.term_days_short, found.finding.post_days_over) == (365, 10)
    assert {row.key for row in found.used} == {"contract.dispatch_least_months", "contract.temporary_post_months"}


def test_what_was_taken_back_is_no_sign() -> None:
    facts = [told(the.examined(TOO_LONG), at(1, 2)), told(the.examined(), at(1, 3))]
    assert terms(facts, Around()) == []
    assert terms(facts[::-1], Around()) == []
    assert terms([], Around()) == []


def test_facts_on_one_contract_take_each_others_place() -> None:
    places = [place_of(the.examined(TOO_LONG)), place_of(the.examined())]
    assert places[0] == places[1]
    assert places[0] is not None
    assert (places[0].key, places[0].engagement_id) == ("terms|a-1", "e-1")
