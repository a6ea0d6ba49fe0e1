"""The clock of a step, which stands still while papers are outstanding or another authority has not concluded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.claims import deadlines
from services.insurance.claims.commands import Seen, record_cover
from services.insurance.claims.documents import Claim
from services.insurance.claims.rules import State
from services.insurance.claims.step_documents import Appeal, Decision
from services.insurance.letters.documents import Served
from shared import clock
from shared.contracts.insurance import Side
from shared.policy import calendar, contesting
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction

START = dt.date(2026, 9, 2)
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 9, 2, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True, scope="module")
def now() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        yield


def new_claim() -> Claim:
    return cast(Claim, Claim.model_construct(id="c", district="510603", due={}, clock=None))


def new_tx() -> Transaction:
    return Transaction(cast(Any, None), "/services/test")


def timers(tx: Transaction) -> dict[str, dt.datetime]:
    return {row["kind"]: row["due_at"] for row in tx._timers.values()}


def test_a_last_day_is_warned_of_before_and_missed_after_it() -> None:
    claim, tx = new_claim(), new_tx()
    due_on = deadlines.start(claim, "decide", START, tx, workdays=30)
    assert due_on is not None
    assert claim.due == {"decide": due_on}
    assert timers(tx) == {
        deadlines.NEAR.name: calendar.start_of_day(due_on - 15 * DAY),
        deadlines.MISSED.name: calendar.end_of_day(due_on),
    }


def test_a_last_day_that_has_passed_is_missed_an_hour_later() -> None:
    """It is not warned of any more."""
    claim, tx = new_claim(), new_tx()
    deadlines.set_due(claim, "apply", START - 30 * DAY, tx)
    assert timers(tx) == {deadlines.MISSED.name: NOW + dt.timedelta(hours=1)}


def test_where_the_first_warning_has_passed_the_next_is_set() -> None:
    claim, tx = new_claim(), new_tx()
    deadlines.set_due(claim, "apply", START + 5 * DAY, tx)
    assert timers(tx)[deadlines.NEAR.name] == calendar.start_of_day(START + 3 * DAY)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), max_size=5), st.booleans())
def test_every_day_on_which_the_clock_stands_still_is_given_back(waits: list[tuple[int, int]], workdays: bool) -> None:
    claim, tx = new_claim(), new_tx()
    term = {"workdays": 120} if workdays else {"days": 200}
    deadlines.start(claim, "decide", START, tx, **term)
    day, pauses, still = START, [], 0
    for runs, waited in waits:
        day += runs * DAY
        deadlines.stand_still(claim, "decide", day, tx)
        assert claim.due == {}
        if waited:
            pauses.append(calendar.Pause(day + DAY, day + waited * DAY))
            still += sum(not workdays or calendar.is_working_day(day + n * DAY) for n in range(1, waited + 1))
        day += waited * DAY
        due_on = deadlines.go_on(claim, "decide", day, tx)
        wanted = calendar.due_with_pauses(START, pauses=pauses, **cast(Any, term))
        assert wanted is not None
        assert due_on == wanted.due == claim.due["decide"]
        longer: Any = {"workdays": 120 + still} if workdays else {"days": 200 + still}
        without = calendar.due_with_pauses(START, pauses=[], **longer)
        assert without is not None
        assert due_on == without.due


def service(party: Side, day: dt.date) -> Served:
    """A letter that was handed to a party: sixty days for a review, fifteen to sue after one."""
    terms = {"review_by": day + 60 * DAY, "court_by": day + 15 * DAY, "again_by": None}
    return Served(party=party, way="direct", on=day, served_on=day, evidence="", by="o", at=NOW, used=[], **terms)


def decided(served: list[Served], *appeals: Appeal) -> Claim:
    values: Any = {"number": "D-1", "outcome": "recognised", "scheme": "work_injury", "reasons": [], "text": ""}
    decision = Decision(**values, decided_on=START, by="o", served=served, used=[])
    return cast(
        Claim,
        Claim.model_construct(
            id="c", platform="P", partner="Q", district="510603", due={}, clock=None, state="recognised",
            decisions=[decision], appeals=list(appeals), worker_id="w", former_workers=[], cover="other_scheme", order_id=None,
            scheme="work_injury",
        ),
    )  # fmt: skip


def appeal(party: Side, **changes: Any) -> Appeal:
    values: dict[str, Any] = {"decision": "D-1", "way": "review", "role": "platform", "filed_on": START, "late": False}
    return Appeal(**(values | changes), party=party)


SERVICES = st.lists(st.builds(service, st.sampled_from(get_args(Side)), st.dates(START, START + 90 * DAY)), max_size=8)


@given(SERVICES)
def test_each_partys_term_runs_from_its_own_first_service(served: list[Served]) -> None:
    """Who was not served has none, whoever else was."""
    first = {party: min((one.on for one in served if one.party == party), default=None) for party in get_args(Side)}
    wanted = {party: day + 60 * DAY for party, day in first.items() if day is not None}
    assert deadlines.appeal_terms(decided(served)) == wanted


@given(SERVICES, st.dates(START, START + 200 * DAY))
def test_the_next_last_day_is_that_of_the_first_to_come(served: list[Served], day: dt.date) -> None:
    claim, tx = decided(served), new_tx()
    deadlines.set_next_appeal(claim, day, tx)
    to_come = [last for last in deadlines.appeal_terms(claim).values() if last >= day]
    assert claim.due == ({"appeal": min(to_come)} if to_come else {})


def test_who_was_served_as_the_partner_firm_stays_the_party() -> None:
    """Until the claim is decided anew; who was not served gives way to what the registry tells later."""
    seen = Seen("w", "other_scheme", None, "R")
    for served, state, partner in (
        ([service("partner", START)], "recognised", "Q"),
        ([service("worker", START)], "recognised", "R"),
        ([service("partner", START)], "investigating", "R"),
    ):
        claim = decided(served)
        claim.state = cast(State, state)
        record_cover(claim, seen)
        assert claim.partner == partner


def test_who_has_appealed_waits_and_others_do_not() -> None:
    """Who asked for a review sues at the latest fifteen days after its term (行政诉讼法 art. 45)."""
    served = [service("worker", START), service("partner", START + 5 * DAY)]
    others = {"worker": START + 60 * DAY}
    over = contesting.review_decided_by(START, parameters.on(START))
    silent = {"partner": calendar.add_days(over, 15).due}
    assert deadlines.appeal_terms(decided(served, appeal("partner"))) == others | silent
    assert deadlines.appeal_terms(decided(served, appeal("partner", way="court"))) == others
    left = appeal("partner", outcome="not_decided"), appeal("partner", way="court", outcome="withdrawn")
    assert deadlines.appeal_terms(decided(served, *left)) == others
    back = appeal("partner", outcome="withdrawn")
    assert deadlines.appeal_terms(decided(served, back)) == others | {"partner": START + 65 * DAY}


def test_to_sue_after_a_review_runs_from_its_receipt() -> None:
    """Not from the day on which the review ended."""
    served = [service("partner", START)]
    upheld = appeal("partner", outcome="upheld", ended_on=START + 70 * DAY)
    assert deadlines.appeal_terms(decided(served, upheld)) == {}
    upheld.served.append(service("partner", START + 80 * DAY))
    assert deadlines.appeal_terms(decided(served, upheld)) == {"partner": START + 95 * DAY}
    last = appeal("partner", way="court", outcome="upheld", ended_on=START + 99 * DAY)
    assert deadlines.appeal_terms(decided(served, upheld, last)) == {}
