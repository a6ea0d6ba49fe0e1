"""How a broadcast moves, who may approve it, when its messages go, and when it must pause."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.broadcasts import rules
from services.notifier.broadcasts.rules import STATES, Event, State
from shared.errors import Conflict, Forbidden, RuleBroken
from shared.policy.parameters import parameters
from tests.unit.machines import goes_by

NOW = dt.datetime(2026, 9, 30, 2, tzinfo=dt.UTC)
LAW = parameters.on(NOW.date())
LEGAL: dict[tuple[State, Event], State] = {
    ("draft", "propose"): "proposed",
    ("draft", "stop"): "stopped",
    ("proposed", "send_back"): "draft",
    ("proposed", "approve"): "approved",
    ("proposed", "stop"): "stopped",
    ("approved", "prepare"): "preparing",
    ("approved", "pause"): "paused",
    ("approved", "stop"): "stopped",
    ("preparing", "send"): "sending",
    ("preparing", "pause"): "paused",
    ("preparing", "finish"): "finished",
    ("preparing", "stop"): "stopped",
    ("sending", "check"): "preparing",
    ("sending", "pause"): "paused",
    ("sending", "stop"): "stopped",
    ("paused", "resume"): "preparing",
    ("paused", "stop"): "stopped",
}


def test_a_broadcast_moves_only_as_the_table_says() -> None:
    goes_by(STATES, LEGAL, get_args(State), get_args(Event))
    assert STATES.final == {"finished", "stopped"}


def test_nothing_is_sent_that_nobody_has_approved() -> None:
    assert [move for move, then in LEGAL.items() if then == "approved"] == [("proposed", "approve")]
    assert {state for (state, _), then in LEGAL.items() if then in ("preparing", "sending", "paused")}.isdisjoint(
        {"draft", "proposed"}
    )


def test_nobody_approves_what_they_had_a_hand_in() -> None:
    rules.check_approver("officer:3", ["officer:1", "officer:2"])
    with pytest.raises(Conflict) as refused:
        rules.check_approver("officer:2", ["officer:1", "officer:2"])
    assert refused.value.kind == "second-officer-needed"


@pytest.mark.parametrize(("characters", "fits"), [(134 - 6, True), (134 - 5, False)])
def test_a_text_is_two_sms_with_its_signature(characters: int, fits: bool) -> None:
    """67 characters each, six of which are 【德阳人社】."""
    if fits:
        rules.check_words("文" * characters, LAW)
    else:
        with pytest.raises(RuleBroken) as refused:
            rules.check_words("文" * characters, LAW)
        assert (refused.value.kind, refused.value.extra) == ("text-too-long", {"parts": 3})


def test_only_a_responsible_department_makes_a_broadcast() -> None:
    rules.check_kind("weather", True, "emergency", LAW)
    with pytest.raises(Forbidden):
        rules.check_kind("legal_education", False, "health", LAW)


def test_only_the_weather_is_urgent() -> None:
    with pytest.raises(RuleBroken):
        rules.check_kind("rest", True, "hrss", LAW)


@given(
    st.integers(min_value=1, max_value=300),
    st.lists(
        st.tuples(st.floats(min_value=0, max_value=5), st.integers(min_value=0, max_value=700)), min_size=1, max_size=30
    ),
)
def test_messages_never_go_faster_than_agreed(per_second: int, looks: list[tuple[float, int]]) -> None:
    """However late or often the next instants are given, and however many of them are used."""
    now = taken = NOW
    step, used = dt.timedelta(seconds=1) / per_second, []
    for late, wanted in looks:
        now += dt.timedelta(seconds=late)
        some = rules.instants(now, taken, per_second)[:wanted]
        if some:
            assert some[0] >= now
            assert some[-1] < now + rules.AHEAD
            taken = some[-1] + step
        used += some
    assert all(later - earlier >= step for earlier, later in itertools.pairwise(used))


def test_messages_go_as_fast_as_agreed() -> None:
    now = taken = NOW
    used = []
    for _ in range(10):
        some = rules.instants(now, taken, 80)
        taken = some[-1] + dt.timedelta(seconds=1) / 80
        used += some
        now += dt.timedelta(seconds=1)
    assert len(used) == 80 * (9 + rules.AHEAD.total_seconds())


@pytest.mark.parametrize(
    ("sent", "failed", "pauses"), [(49, 49, False), (50, 4, False), (50, 5, True), (1000, 99, False), (1000, 100, True)]
)
def test_a_broadcast_of_which_a_tenth_fails_pauses(sent: int, failed: int, pauses: bool) -> None:
    assert rules.must_pause(sent, failed, LAW) is pauses
