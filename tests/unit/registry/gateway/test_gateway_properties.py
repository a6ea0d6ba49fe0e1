"""Whatever a platform pushes, an event that is taken can be stored and reckoned with; anything else is refused."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import bson
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.gateway import rules
from services.registry.gateway.commands import sort
from shared import clock
from shared.contracts import catalogue
from shared.policy.calendar import end_of_day, months_after, shanghai_date, start_of_day
from shared.storage import keys
from tests.unit.registry.pushes import (
    UBIQ,
    ended,
    engagement,
    incident,
    order,
    profile,
    settlement,
    training,
    worktime,
)

MAKERS = (profile, engagement, ended, order, settlement, worktime, incident, training)
DATES = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(str)
INSTANTS = st.datetimes(timezones=st.timezones()).map(lambda instant: instant.isoformat())
EDGES = st.sampled_from(
    ["0001-01-01", "1899-12-31", "1900-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
NUMBERS = st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False))
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False).map(str)
VALUES = st.one_of(DATES, INSTANTS, EDGES, NUMBERS, AMOUNTS, st.text(max_size=300), st.none(), st.booleans())


@pytest.fixture(autouse=True, scope="module")
def sealing_keys() -> Iterator[None]:
    ring = keys.KeyRing("k1", {"k1": bytes(range(32))})
    keys.use({"for-registry": ring, "for-insurance": ring})
    yield
    keys.use({})


@st.composite
def pushed(draw: st.DrawFn) -> dict[str, Any]:
    """An event that holds, but for one or two of its fields."""
    event = draw(st.sampled_from(MAKERS))()
    fields = draw(st.lists(st.sampled_from(sorted(event["data"])), min_size=1, max_size=2, unique=True))
    return {**event, "data": {**event["data"], **{field: draw(VALUES) for field in fields}}}


@given(event=pushed())
@settings(max_examples=400, deadline=None, derandomize=True)
def test_an_event_that_is_taken_can_be_stored_and_reckoned_with(event: dict[str, Any]) -> None:
    text = json.dumps(event, ensure_ascii=True).encode()
    accepted, rejected = asyncio.run(sort(UBIQ, [text]))
    assert len(accepted) + len(rejected) == 1
    for type_name, key, event_id, _, value in accepted:
        fact = msgspec.json.decode(value, type=catalogue[type_name])
        assert key
        assert event_id
        for name, one in msgspec.structs.asdict(fact).items():
            bson.encode({name: _stored(one)})
            _reckon(one)


def _stored(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {name: _stored(one) for name, one in msgspec.structs.asdict(value).items()}
    if isinstance(value, tuple):
        return [_stored(one) for one in value]
    return dt.datetime(value.year, value.month, value.day) if type(value) is dt.date else value  # noqa: DTZ001


def _reckon(value: Any) -> None:
    if isinstance(value, dt.datetime):
        day = shanghai_date(value)
        assert day.year >= rules.FIRST_YEAR - 1
        assert value <= clock.now() + rules.CLOCK_TOLERANCE
    elif isinstance(value, dt.date):
        day = value
        assert rules.FIRST_YEAR <= day.year <= clock.now().year + rules.YEARS_AHEAD
    else:
        return
    assert start_of_day(day) < end_of_day(day)
    assert months_after(day, 120) > day
