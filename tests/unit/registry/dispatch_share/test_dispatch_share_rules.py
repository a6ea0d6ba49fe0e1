"""The dispatch share of an employer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.registry.dispatch_share.rules import Share, Work, share
from shared.contracts.platform import Relation
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
LAW = parameters.on(DAY, place="510603")


def work(
    worker: str, relation: Relation = "employment", *, dispatched: bool = False, partner: str | None = None
) -> Work:
    return Work(worker, ((dt.date(2026, 1, 1), relation),), dispatched, partner, dt.date(2026, 1, 1), None)


def test_the_share_is_of_the_dispatched_and_the_employers_own() -> None:
    people = [
        *(work(f"own-{n}") for n in range(9)),
        work("sent", dispatched=True, partner="agency"),
        work("a-partners", partner="partner"),
        work("self", "self_employed"),
        work("partial", "partial"),
    ]
    found = share(people, DAY, LAW)
    assert (found.dispatched, found.employed, found.percent, found.exceeded) == (1, 9, Decimal("10.0"), False)
    one_more = share([*people, work("sent-2", dispatched=True, partner="agency")], DAY, LAW)
    assert (one_more.percent, one_more.exceeded) == (Decimal("18.2"), True)


def test_a_person_counts_once_and_only_while_there() -> None:
    gone = work("gone", dispatched=True)._replace(ended_on=dt.date(2026, 8, 31))
    last_day = work("last-day", dispatched=True)._replace(ended_on=DAY)
    to_come = work("to-come")._replace(started_on=dt.date(2026, 9, 2))
    twice = [work("twice"), work("twice", dispatched=True), work("twice", dispatched=True)]
    found = share([gone, last_day, to_come, *twice], DAY, LAW)
    assert (found.dispatched, found.employed) == (2, 0)


def test_the_footing_that_holds_on_the_day_counts() -> None:
    changed = work("changed")._replace(footings=((dt.date(2026, 1, 1), "partial"), (DAY, "employment")))
    assert share([changed], DAY - dt.timedelta(days=1), LAW).employed == 0
    assert share([changed], DAY, LAW).employed == 1


@given(st.integers(0, 3000), st.integers(0, 30000))
def test_the_limit_is_compared_exactly_not_as_it_is_shown(dispatched: int, employed: int) -> None:
    found = Share(dispatched, employed, Decimal(10))
    assert found.exceeded == (dispatched * 9 > employed)
    assert 0 <= found.percent <= 100
