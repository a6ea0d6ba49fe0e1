"""Where and when a service station is open."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.stations import rules as stations
from services.registry.stations.rules import Hours, Point, is_open, metres_between, overlapping
from shared.contracts.registry import StationKind
from shared.errors import Conflict
from shared.policy.calendar import SHANGHAI
from shared.policy.parameters import parameters


def test_a_closed_station_stays_closed() -> None:
    assert stations.STATES.next("open", "change") == "open"
    assert stations.STATES.next("open", "close") == "closed"
    for event in get_args(stations.Event):
        with pytest.raises(Conflict):
            stations.STATES.next("closed", event)


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


def test_a_station_is_open_until_before_its_last_minute() -> None:
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
