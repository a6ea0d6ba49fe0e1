"""Joining and leaving a union, distances, and opening hours."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.unions import rules
from services.registry.unions.rules import Forbidden, Hours, Point, Scope, Span, is_open, metres_between, overlapping
from shared.contracts.registry import StationKind
from shared.identity.regions import CITY
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import parameters

MEMBERSHIP = {
    "none": {"apply": "applied", "propose": "proposed"},
    "applied": {"accept": "member", "refuse": "refused", "withdraw": "withdrawn", "propose": "member"},
    "proposed": {"confirm": "member", "decline": "declined", "withdraw": "withdrawn"},
    "member": {"leave": "left"},
    "refused": {"apply": "applied", "propose": "proposed"},
    "declined": {"apply": "applied"},
    "withdrawn": {"apply": "applied", "propose": "proposed"},
    "left": {"apply": "applied", "propose": "proposed"},
}


@pytest.mark.parametrize(
    ("state", "event"), [*product(get_args(rules.MembershipState), get_args(rules.MembershipEvent))]
)
def test_every_event_in_every_state_of_a_membership(state: rules.MembershipState, event: rules.MembershipEvent) -> None:
    expected = MEMBERSHIP[state].get(event)
    if expected is None:
        with pytest.raises(Forbidden):
            rules.membership_after(state, event)
    else:
        assert rules.membership_after(state, event) == expected


COURIERS = Scope(frozenset({"510603"}), frozenset({"courier"}), frozenset())
ONE_FIRM = Scope(frozenset(), frozenset(), frozenset({"P"}), whole_city=True)
GENERAL = Scope(frozenset(), frozenset(), frozenset(), whole_city=True)


@pytest.mark.parametrize(
    ("scope", "district", "parties", "covered"),
    [
        (COURIERS, "510603", [("P", ["courier", "freight"])], True),
        (COURIERS, "510603", [("P", ["courier"]), ("Q", ["freight"])], False),
        (COURIERS, "510603", [(None, ["courier"])], True),
        (COURIERS, "510603", [(None, [])], False),
        (COURIERS, "510681", [("P", ["courier"])], False),
        (COURIERS, CITY, [("P", ["courier"])], False),
        (ONE_FIRM, "510681", [("P", ["freight"])], True),
        (ONE_FIRM, "510681", [("Q", ["freight"])], False),
        (ONE_FIRM, "510681", [(None, ["freight"])], False),
        (GENERAL, "510681", [(None, [])], True),
        (GENERAL, CITY, [("Q", [])], True),
    ],
)
def test_a_union_acts_where_its_scope_holds_every_party(
    scope: Scope, district: str, parties: list[tuple[str | None, list[str]]], covered: bool
) -> None:
    assert scope.covers(district, parties) is covered


def test_a_closed_station_stays_closed() -> None:
    assert rules.station_after("open", "change") == "open"
    assert rules.station_after("open", "close") == "closed"
    for event in get_args(rules.StationEvent):
        with pytest.raises(Forbidden):
            rules.station_after("closed", event)


def test_every_kind_of_station_has_its_name() -> None:
    names = parameters.on(dt.date(2026, 9, 1)).table("stations.kinds")
    assert set(names) == set(get_args(StationKind))
    assert names["outdoor_station"] == "户外劳动者驿站"


def test_distances_known_from_elsewhere() -> None:
    deyang, guanghan = Point(104.3979, 31.1270), Point(104.2820, 30.9770)
    assert metres_between(deyang, guanghan) == pytest.approx(20_040, rel=0.01)
    assert metres_between(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, rel=0.001)
    assert metres_between(Point(104, 60), Point(105, 60)) == pytest.approx(111_195 / 2, rel=0.001)


POINTS = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))


@given(POINTS, POINTS, POINTS)
def test_distance_is_a_metric(one: Point, other: Point, third: Point) -> None:
    assert metres_between(one, one) == 0
    assert metres_between(one, other) == pytest.approx(metres_between(other, one))
    assert metres_between(one, third) <= metres_between(one, other) + metres_between(other, third) + 0.5
    assert 0 <= metres_between(one, other) <= 20_015_200


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)  # 1 September 2026 is a Tuesday


def test_a_station_is_open_from_its_first_minute_until_before_its_last() -> None:
    hours = [Hours(2, 8 * 60, 20 * 60), Hours(3, 0, 1440)]
    assert not is_open(hours, at(1, 7, 59))
    assert is_open(hours, at(1, 8))
    assert is_open(hours, at(1, 19, 59))
    assert not is_open(hours, at(1, 20))
    assert is_open(hours, at(2, 0))
    assert is_open(hours, at(2, 23, 59))
    assert not is_open(hours, at(3, 0))
    assert is_open(hours, at(1, 8).astimezone(dt.UTC))


def test_hours_of_one_day_may_touch_but_not_overlap() -> None:
    assert not overlapping([Hours(1, 720, 1080), Hours(1, 480, 720), Hours(2, 480, 1080)])
    assert overlapping([Hours(1, 480, 721), Hours(1, 720, 1080)])


DAYS = st.integers(0, 40)


def span(since: int, length: int | None) -> Span:
    first = dt.date(2026, 1, 1) + dt.timedelta(since)
    return Span(first, None if length is None else first + dt.timedelta(length))


@given(st.lists(st.builds(span, DAYS, st.none() | st.integers(0, 10)), max_size=8), st.randoms())
def test_joined_spans_cover_the_same_days_once(spans: list[Span], chance: object) -> None:
    def days(some: list[Span]) -> list[int]:
        return [
            day
            for day in range(80)
            for one in some
            if one.since <= dt.date(2026, 1, 1) + dt.timedelta(day) <= (one.until or dt.date.max)
        ]

    joined = rules.joined_spans(spans)
    assert days(joined) == sorted(set(days(spans)))
    assert all(later.since > earlier.until + dt.timedelta(1) for earlier, later in pairwise(joined) if earlier.until)
    assert all(one.until for one in joined[:-1])
    chance.shuffle(spans)  # type: ignore[attr-defined]
    assert rules.joined_spans(spans) == joined


@given(st.sampled_from(rules.WEIGHT), st.sampled_from(rules.WEIGHT))
def test_of_two_states_of_one_person_it_does_not_matter_which_record_stays(
    one: rules.MembershipState, other: rules.MembershipState
) -> None:
    assert rules.joined_states(one, other) == rules.joined_states(other, one)
    assert "member" not in (one, other) or rules.joined_states(one, other) == "member"
    assert set(rules.WEIGHT) == set(get_args(rules.MembershipState))
