"""How long a paper runs, when the next one is without term, and what an end with the term owes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.contract_terms.rules import (
    STATES,
    Contract,
    Event,
    OpenOwed,
    State,
    compensation,
    current,
    events,
    fixed_in_a_row,
    next_is_open,
    open_owed,
    worked_on_from,
)
from shared.errors import Conflict
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 11, 30), place="510603", footing="employment")
START = dt.date(2024, 3, 1)
ON_FILE = ("running", "near", "worked_on", "over")


def fixed(begin: str, end: str, paper_id: str = "p", *, asked: bool = False, signed: str | None = None) -> Contract:
    first = dt.date.fromisoformat(begin)
    signed_on = dt.date.fromisoformat(signed) if signed else first
    return Contract(paper_id, "contract", paper_id, signed_on, "fixed", first, dt.date.fromisoformat(end), asked)


def without_end(begin: str, paper_id: str = "o") -> Contract:
    first = dt.date.fromisoformat(begin)
    return Contract(paper_id, "contract", paper_id, first, "open", first, None)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("event", get_args(Event))
def test_every_event_in_every_state(state: State, event: Event) -> None:
    allowed = {
        "begin": (get_args(State), "running"),
        "remind": (("running",), "near"),
        "lapse": (("running", "near"), "worked_on"),
        "close": (("running", "near", "worked_on"), "over"),
        "release": (ON_FILE, "none"),
    }
    states, to = allowed[event]
    if state in states:
        assert STATES.next(state, event) == to
    else:
        with pytest.raises(Conflict):
            STATES.next(state, event)


terms = st.sampled_from(
    [None, fixed("2024-03-01", "2025-02-28"), fixed("2025-03-01", "2026-02-28", "q"), without_end("2026-03-01")]
)
facts = st.tuples(terms, st.sampled_from([None, dt.date(2025, 2, 28), dt.date(2026, 6, 1)]))


@given(st.lists(facts, min_size=1, max_size=6))
def test_the_term_follows_from_the_last_facts_alone(told: list[tuple[Contract | None, dt.date | None]]) -> None:
    def settle(told: list[tuple[Contract | None, dt.date | None]]) -> tuple[State, tuple[str, dt.date | None] | None]:
        state: State = "none"
        kept: tuple[str, dt.date | None] | None = None
        for wanted, ended_on in told:
            for event in events(state, kept, wanted, ended_on):
                state = STATES.next(state, event)
            kept = (wanted.paper_id, wanted.ends_on) if wanted else None
        return state, kept

    assert settle(told) == settle(told[-1:])


def test_a_renewal_takes_the_place_of_the_term_before() -> None:
    first, second = fixed("2024-03-01", "2025-02-28", "a"), fixed("2025-03-01", "2026-02-28", "b")
    assert current([second, first], "contract") == second
    assert current([second, first], "written_agreement") is None
    assert events("worked_on", ("a", first.ends_on), second, None) == ["begin"]
    assert events("near", ("a", first.ends_on), first, dt.date(2025, 2, 28)) == ["close"]
    assert events("over", ("a", first.ends_on), first, None) == ["begin"]


def test_the_third_contract_in_a_row_is_one_without_term() -> None:
    one, two = fixed("2022-03-01", "2023-02-28", "1"), fixed("2023-03-01", "2024-02-29", "2")
    three = fixed("2024-03-01", "2025-02-28", "3")
    begun = dt.date(2022, 3, 1)
    assert (next_is_open([one], begun, LAW), next_is_open([two, one], begun, LAW)) == (False, True)
    assert open_owed([one, two], begun, LAW) is None
    assert open_owed([three, one, two], begun, LAW) == OpenOwed("two_fixed_terms", dt.date(2024, 3, 1))
    asked = fixed("2024-03-01", "2025-02-28", "3", asked=True)
    assert open_owed([one, two, asked], begun, LAW) is None
    assert open_owed([one, two, without_end("2024-03-01")], begun, LAW) is None
    again = [one, without_end("2023-03-01"), three]
    assert (fixed_in_a_row(again, LAW), open_owed(again, begun, LAW)) == (1, None)


def test_contracts_from_before_the_law_are_not_counted() -> None:
    old = fixed("2007-01-01", "2007-12-31", "1")
    two, three = fixed("2008-01-01", "2008-12-31", "2"), fixed("2009-01-01", "2009-12-31", "3")
    assert fixed_in_a_row([old, two], LAW) == 1
    assert open_owed([old, two, three], dt.date(2007, 1, 1), LAW) is None
    signed_before = fixed("2008-01-01", "2008-12-31", "2", signed="2007-12-20")
    assert fixed_in_a_row([old, signed_before], LAW) == 0


def test_ten_years_of_work_call_for_a_contract_without_term() -> None:
    begun = dt.date(2014, 6, 1)
    assert open_owed([fixed("2024-05-31", "2025-05-30")], begun, LAW) is None
    assert open_owed([fixed("2024-06-01", "2025-05-31")], begun, LAW) == OpenOwed("ten_years", dt.date(2024, 6, 1))
    ahead = fixed("2024-06-01", "2025-05-31", signed="2024-05-20")
    assert open_owed([ahead], begun, LAW) == OpenOwed("ten_years", dt.date(2024, 6, 1))


def test_the_end_of_ten_years_says_that_the_next_is_open() -> None:
    begun = dt.date(2014, 6, 1)
    assert next_is_open([fixed("2014-06-01", "2024-05-30")], begun, LAW) is False
    assert next_is_open([fixed("2014-06-01", "2024-05-31")], begun, LAW) is True
    assert next_is_open([without_end("2014-06-01")], begun, LAW) is False
    assert next_is_open([], begun, LAW) is False


def test_work_after_the_term_goes_on_from_the_day_after_it() -> None:
    term, last = fixed("2024-03-01", "2025-02-28"), dt.date(2025, 2, 28)
    assert worked_on_from(term, None, last) is None
    assert worked_on_from(term, last, dt.date(2026, 1, 1)) is None
    assert worked_on_from(term, None, dt.date(2025, 3, 1)) == dt.date(2025, 3, 1)
    assert worked_on_from(term, dt.date(2025, 6, 1), dt.date(2026, 1, 1)) == dt.date(2025, 3, 1)
    assert worked_on_from(without_end("2024-03-01"), None, dt.date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("begun", "ends", "months"),
    [
        ("2024-03-01", "2025-02-28", "1"),  # a full year
        ("2024-03-01", "2025-03-01", "1.5"),  # and one day
        ("2024-03-01", "2025-08-30", "1.5"),  # a day short of half a year more
        ("2024-03-01", "2025-08-31", "2"),  # half a year more
        ("2025-02-01", "2025-03-31", "0.5"),
        ("2024-02-29", "2025-02-28", "1"),  # a full year, though there is no such day in the other
        ("2024-02-29", "2025-02-27", "1"),  # six months and more, and no year
        ("2024-02-29", "2025-03-01", "1.5"),
        ("2025-08-31", "2026-02-27", "0.5"),  # a day short of half a year
        ("2025-08-31", "2026-02-28", "1"),
        ("2003-01-01", "2025-12-31", "18"),  # years from before 2008 are left out
    ],
)
def test_what_the_end_of_a_term_owes(begun: str, ends: str, months: str) -> None:
    last = dt.date.fromisoformat(ends)
    term = fixed(begun, ends)
    assert compensation(term, dt.date.fromisoformat(begun), last, LAW) == Decimal(months)


def test_another_end_is_for_a_person_to_look_at() -> None:
    term = fixed("2024-03-01", "2025-02-28")
    assert compensation(term, START, None, LAW) is None
    assert compensation(term, START, dt.date(2025, 1, 31), LAW) is None
    assert compensation(without_end("2024-03-01"), START, dt.date(2025, 2, 28), LAW) is None
    agreed = Contract("p", "written_agreement", "p", START, "fixed", START, dt.date(2025, 2, 28))
    assert compensation(agreed, START, dt.date(2025, 2, 28), LAW) is None
