"""The limits that a person's work comes to, over all platforms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.collective_contracts.rules import AgreedHours, CollectiveContract
from services.complaints.rest.rules import Found, Limits, Terms, Work, findings, limits_of
from services.complaints.work_time.rules import Span, merged
from shared.policy.calendar import SHANGHAI

DAY = dt.date(2026, 9, 3)
HERE = "510603"
ONE, OTHER = "91510600MA0000001E|rider", "91510600MA0000009X|R-7"
HOUR = 3600


def at(hour: float, day: int = 3) -> int:
    return int((dt.datetime(2026, 9, day, tzinfo=SHANGHAI) + dt.timedelta(hours=hour)).timestamp())


def span(begin: float, end: float, day: int = 3) -> Span:
    return at(begin, day), at(end, day)


def work(*spans: Span, worker: str = ONE, trade: str = "instant_delivery") -> Work:
    return Work(worker, {(trade, HERE): merged(spans)})


def found(*works: Work, day: dt.date = DAY, contracts: tuple[CollectiveContract, ...] = ()) -> list[Found]:
    limits: dict[str, Limits] = {}
    for one in works:
        district, trade = one.place_and_trade(day)
        limits[one.worker] = limits_of(one.platform, trade, district, day, contracts)
    return findings(works, limits, day)


def exceeded(*works: Work, **more: object) -> list[tuple[str, str]]:
    return sorted({(one.limit, one.worker) for one in found(*works, **more) if one.exceeded})  # type: ignore[arg-type]


def contract(continuous: int | None = None, daily: int | None = None) -> CollectiveContract:
    hours = AgreedHours(since=DAY, continuous_minutes=continuous, daily_minutes=daily)
    return CollectiveContract(
        contract_id="c",
        platforms=frozenset(),
        industry=None,
        district="510600",
        valid_from=DAY,
        valid_to=DAY,
        pay=(),
        hours=(hours,),
    )


def test_four_hours_are_reached_and_a_second_more_is_too_long() -> None:
    (one,) = found(work(span(8, 12)))
    assert (one.limit, one.exceeded, one.worked, one.reached) == ("continuous", False, 4 * HOUR, at(12))
    assert exceeded(work((at(8), at(12) + 1))) == [("continuous", ONE)]


def test_twenty_minutes_end_work_and_a_second_less_does_not() -> None:
    assert found(work(span(8, 11), (at(11) + 1200, at(14)))) == []
    assert exceeded(work(span(8, 11), (at(11) + 1199, at(14)))) == [("continuous", ONE)]


def test_orders_of_two_platforms_make_one_day() -> None:
    halves = [span(6, 9), span(9.5, 12.5)], [span(13, 16), span(16.5, 19.5)]
    first, second = work(*halves[0]), work(*halves[1], worker=OTHER)
    assert exceeded(first, second) == [("daily_warning", ONE), ("daily_warning", OTHER)]
    assert exceeded(first) == []
    both = work(*halves[0], span(20, 20.01)), second
    assert {("daily", ONE), ("daily", OTHER)} <= set(exceeded(*both))
    (one, other) = [it for it in found(*both) if it.limit == "daily"]
    assert one.worked == other.worked == 12 * HOUR + 36
    assert (one.others, other.others) == ((OTHER.partition("|")[0],), (ONE.partition("|")[0],))
    assert one.own + other.own == one.worked


def test_driving_is_held_to_the_law_whatever_is_agreed() -> None:
    long = (contract(continuous=600),)
    car = work(span(8, 12.1), trade="ride_hailing")
    assert exceeded(car, contracts=long) == exceeded(car) == [("driving", ONE)]
    (one,) = [it for it in found(car) if it.limit == "driving"]
    assert all(row.verified for row in one.terms.used)
    assert exceeded(work(span(8, 12.1)), contracts=long) == []


def test_what_is_agreed_holds_before_the_parameter() -> None:
    agreed = (contract(continuous=180, daily=300),)
    assert exceeded(work(span(8, 11.5)), contracts=agreed) == [("continuous", ONE)]
    two = work(span(8, 10.5), span(11, 14))
    assert exceeded(two, contracts=agreed) == [("daily", ONE)]
    assert {one.terms.contract_id for one in found(two, contracts=agreed) if one.exceeded} == {"c"}


def test_the_allowance_brings_a_short_day_to_its_limit() -> None:
    hour = Terms(limit=HOUR, break_seconds=0, used=())
    law = Limits(
        district=HERE,
        continuous=None,
        driving=None,
        warning=None,
        daily=hour,
        waiting_percent=Decimal(50),
        online=False,
    )
    (one,) = findings([work((at(8), at(8) + 2400))], {ONE: law}, DAY)
    assert (one.limit, one.worked) == ("daily", HOUR)
    assert findings([work((at(8), at(8) + 2399))], {ONE: law}, DAY) == []


def test_work_over_midnight_counts_where_it_came_to_the_limit() -> None:
    night = work(span(22, 27))
    assert exceeded(night) == []
    assert exceeded(night, day=DAY + dt.timedelta(1)) == [("continuous", ONE)]
    evening = work(span(18, 25))
    assert exceeded(evening) == [("continuous", ONE)]
    assert exceeded(evening, day=DAY + dt.timedelta(1)) == []


def test_all_parts_of_a_run_over_midnight_are_concerned() -> None:
    evening, night = work(span(21, 24)), work(span(24, 26), worker=OTHER)
    assert exceeded(evening, night) == []
    next_day = DAY + dt.timedelta(1)
    assert exceeded(evening, night, day=next_day) == [("continuous", ONE), ("continuous", OTHER)]
    first, last = sorted(found(evening, night, day=next_day), key=lambda one: one.worker)
    assert (first.own, last.own, first.worked) == (3 * HOUR, 2 * HOUR, 5 * HOUR)
    # and what went on after midnight, beyond a limit that was reached before it
    long, beyond = work(span(19, 24)), work(span(24, 25), worker=OTHER)
    assert exceeded(long, beyond) == [("continuous", ONE), ("continuous", OTHER)]
    # a run that ended with a break long before midnight is no part of it
    assert exceeded(work(span(20, 23)), night, day=next_day) == []


def test_time_online_counts_only_where_it_is_demanded() -> None:
    assert found(Work(ONE, {("online", ""): [span(6, 22)]})) == []


MINUTES = st.integers(0, 24 * 60)
ORDERS = st.lists(st.tuples(st.sampled_from([ONE, OTHER]), MINUTES, st.integers(1, 300)), min_size=1, max_size=20)


def works_of(orders: list[tuple[str, int, int]]) -> list[Work]:
    theirs = {one: [(at(b / 60), at((b + n) / 60)) for who, b, n in orders if who == one] for one in (ONE, OTHER)}
    return [work(*spans, worker=one) for one, spans in theirs.items() if spans]


@given(ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_what_is_told_changes_no_finding(orders: list[tuple[str, int, int]], chance: object) -> None:
    first = found(*works_of(orders))
    told = orders * 2
    chance.shuffle(told)  # type: ignore[attr-defined]
    assert found(*reversed(works_of(told))) == first


@given(ORDERS)
def test_more_work_never_takes_a_finding_of_the_day_away(orders: list[tuple[str, int, int]]) -> None:
    for limit in ("daily", "daily_warning"):
        fewer = {one.worker for one in found(*works_of(orders[:-1])) if one.limit == limit}
        assert fewer <= {one.worker for one in found(*works_of(orders)) if one.limit == limit}
