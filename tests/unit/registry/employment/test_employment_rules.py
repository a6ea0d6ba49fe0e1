"""Employment registrations out of engagements that become known in any order."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.employment.rules import STATES, Event, Period, Registration, Span, State, changes, periods
from shared.contracts.platform import Relation
from shared.errors import Conflict

START = dt.date(2026, 9, 1)
ALLOWED = {
    ("none", "register"): "registered",
    ("registered", "change"): "registered",
    ("registered", "end"): "ended",
    ("registered", "withdraw"): "withdrawn",
    ("ended", "change"): "ended",
    ("ended", "resume"): "registered",
    ("ended", "withdraw"): "withdrawn",
}


def day(number: int) -> dt.date:
    return START + dt.timedelta(number)


def span(
    first: int, last: int | None, *footings: tuple[int, Relation], name: str = "e", district: str = "510603"
) -> Span:
    dated = tuple((day(since), relation) for since, relation in footings) or ((day(first), "partial"),)
    return Span(name, district, day(first), None if last is None else day(last), dated)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("event", get_args(Event))
def test_every_event_in_every_state(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert STATES.next(state, event) == ALLOWED[state, event]
    else:
        with pytest.raises(Conflict):
            STATES.next(state, event)


def test_it_runs_from_the_first_engagement_to_the_last() -> None:
    [found] = periods([span(5, 20), span(0, 9), span(10, 12)])
    assert (found.starts_on, found.ends_on) == (day(0), day(20))
    assert found.forms == ((day(0), "flexible"),)


def test_the_next_day_goes_on_and_a_day_without_work_begins_anew() -> None:
    assert len(periods([span(0, 4), span(5, 9)])) == 1
    first, second = periods([span(0, 4), span(6, None)])
    assert (first.ends_on, second.starts_on, second.ends_on) == (day(4), day(6), None)


def test_any_labour_relation_makes_it_employed_for_its_days() -> None:
    changed = span(2, 20, (2, "partial"), (10, "employment"), name="b")
    [found] = periods([span(0, None), changed])
    assert found.forms == ((day(0), "flexible"), (day(10), "employed"), (day(21), "flexible"))


def test_labour_relations_that_touch_are_one_form() -> None:
    [found] = periods(
        [span(0, 9, (0, "employment")), span(5, 14, (5, "employment")), span(15, None, (15, "employment"))]
    )
    assert found.forms == ((day(0), "employed"),)


def test_the_district_is_that_of_the_earliest_running_engagement() -> None:
    runs = [span(0, 9, district="510603"), span(3, None, district="510681"), span(5, None, district="510682")]
    assert periods(runs)[0].district == "510681"


spans = st.lists(
    st.builds(
        lambda name, first, length, relation, later, change: span(
            first,
            None if length is None else first + length,
            (first, relation),
            *([(first + later, change)] if change != relation else []),
            name=name,
            district="510603" if first % 2 else "510681",
        ),
        st.uuids().map(str),
        st.integers(0, 30),
        st.none() | st.integers(0, 10),
        st.sampled_from(get_args(Relation)),
        st.integers(1, 12),
        st.sampled_from(get_args(Relation)),
    ),
    max_size=5,
)


@given(spans)
def test_every_day_is_registered_as_its_engagements_say(known: list[Span]) -> None:
    found = periods(known)
    for number in range(-1, 50):
        asked = day(number)
        running = [one for one in known if one.first <= asked <= (one.last or dt.date.max)]
        covering = [one for one in found if one.starts_on <= asked <= (one.ends_on or dt.date.max)]
        assert len(covering) == bool(running)
        if running:
            relations = [[r for since, r in one.footings if since <= asked][-1] for one in running]
            form = [form for since, form in covering[0].forms if since <= asked][-1]
            assert form == ("employed" if "employment" in relations else "flexible")
    for one in found:
        assert one.forms[0][0] == one.starts_on
        assert all(a[1] != b[1] for a, b in itertools.pairwise(one.forms))


def settle(kept: dict[str, Registration], known: list[Span]) -> dict[str, Registration]:
    for change in changes(kept.values(), periods(known)):
        name = change.registration_id or f"r{len(kept)}"
        state: State = kept[name].state if name in kept else "none"
        for event in change.events:
            state = STATES.next(state, event)
        kept[name] = Registration(name, state, change.period)
    return kept


def standing(kept: dict[str, Registration]) -> list[tuple[State, Period]]:
    found = [(one.state, one.period) for one in kept.values() if one.state != "withdrawn"]
    return sorted(found, key=lambda one: one[1].starts_on)


@given(spans, st.randoms())
def test_the_order_of_engagements_does_not_matter(known: list[Span], random: object) -> None:
    outcomes = []
    for order in (known, sorted(known, key=lambda _: random.random())):  # type: ignore[attr-defined]
        kept: dict[str, Registration] = {}
        for count in range(len(order) + 1):
            kept = settle(kept, order[:count])
        outcomes.append(standing(kept))
    assert outcomes[0] == outcomes[1]
    assert [period for _, period in outcomes[0]] == periods(known)
    assert all(state == ("ended" if period.ends_on else "registered") for state, period in outcomes[0])


@given(spans, spans)
def test_what_is_known_wrongly_at_first_leaves_nothing_behind(wrong: list[Span], known: list[Span]) -> None:
    kept = settle(settle({}, wrong), known)
    assert standing(kept) == standing(settle({}, known))
    assert changes(kept.values(), periods(known)) == []


def test_a_registration_that_did_not_end_keeps_its_number() -> None:
    kept = settle({}, [span(0, 9)])
    states = [settle(kept, known)["r0"].state for known in ([span(0, 9)], [span(0, None)], [span(0, 8)], [])]
    assert states == ["ended", "registered", "ended", "withdrawn"]
    assert list(kept) == ["r0"]
