"""How engagements, gates and delivery classes come out of events that arrive in any order."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.engagements.rules import End, Standing, end_of, news, supersedes
from services.registry.enterprises.rules import Declared, TooMany, changes, declare
from services.registry.instants import kept_instant

DAY = dt.date(2026, 9, 1)
NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
BLOCKED, ACTIVE = Standing(False, None), Standing(True, None)


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days)


def an_end(days: int, hours: int = 0, reason: str = "") -> End:
    return End(later(days), NOON + dt.timedelta(hours=hours), reason)


def test_an_engagement_ends_at_the_earliest_end_that_does_not_lie_before_its_start() -> None:
    ends = [an_end(9), an_end(3), an_end(-1)]
    assert end_of(DAY, ends) == an_end(3)
    assert end_of(later(4), ends) == an_end(9)
    assert end_of(later(10), ends) is None
    assert end_of(later(3), ends) == an_end(3)


@given(st.lists(st.builds(an_end, st.integers(-5, 5), st.integers(0, 3), st.sampled_from("ab"))), st.randoms())
def test_the_order_in_which_ends_are_told_does_not_matter(ends: list[End], random: object) -> None:
    shuffled = sorted(ends, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert end_of(DAY, shuffled) == end_of(DAY, ends)


def test_a_new_engagement_is_registered_first_and_then_blocked_or_activated() -> None:
    assert news(None, BLOCKED, corrected=False) == ["registered", "blocked"]
    assert news(None, ACTIVE, corrected=False) == ["registered", "activated"]


def test_an_engagement_whose_end_came_first_is_told_from_its_beginning() -> None:
    assert news(None, Standing(True, DAY), corrected=False) == ["registered", "activated", "closed"]
    assert news(None, Standing(False, DAY), corrected=False) == ["registered", "blocked", "closed"]


def test_a_gate_that_was_open_and_is_not_any_more_is_told_as_both() -> None:
    once = Standing(False, None, worked=True)
    assert news(None, once, corrected=False) == ["registered", "activated", "blocked"]
    assert news(BLOCKED, once, corrected=False) == ["unblocked", "blocked"]
    assert news(ACTIVE, once, corrected=False) == ["blocked"]
    assert news(once, once, corrected=False) == []


def test_training_lifts_a_block_and_says_so() -> None:
    assert news(BLOCKED, ACTIVE, corrected=False) == ["unblocked"]
    assert news(BLOCKED, ACTIVE, corrected=True) == ["corrected", "unblocked"]


def test_a_correction_that_takes_the_training_away_blocks_again() -> None:
    assert news(ACTIVE, BLOCKED, corrected=True) == ["corrected", "blocked"]


def test_what_has_ended_is_blocked_no_more_and_activated_only_where_the_person_might_have_worked() -> None:
    over = Standing(False, DAY)
    assert news(over, Standing(False, DAY, worked=True), corrected=False) == ["activated"]
    assert news(Standing(False, DAY, worked=True), Standing(False, DAY, worked=True), corrected=False) == []
    assert news(ACTIVE, Standing(False, DAY, worked=True), corrected=False) == ["closed"]
    assert news(ACTIVE, Standing(False, DAY), corrected=False) == ["closed"]
    assert news(Standing(False, DAY, worked=True), over, corrected=False) == ["corrected"]
    assert news(BLOCKED, Standing(False, DAY, worked=True), corrected=False) == ["unblocked", "closed"]
    assert news(BLOCKED, Standing(False, DAY), corrected=False) == ["closed"]
    assert news(over, Standing(False, later(-1)), corrected=False) == ["closed"]
    assert over.state == "ended"


def test_nothing_new_is_nothing_told() -> None:
    assert news(ACTIVE, ACTIVE, corrected=False) == []


def test_an_older_declaration_does_not_replace_a_newer_one() -> None:
    assert supersedes(NOON, NOON - dt.timedelta(seconds=1))
    assert not supersedes(NOON - dt.timedelta(seconds=1), NOON)
    assert supersedes(NOON, NOON)


def test_instants_are_compared_as_they_are_kept() -> None:
    told = dt.datetime.fromisoformat("2026-09-01T12:00:00.123999+08:00")
    assert kept_instant(told) == dt.datetime(2026, 9, 1, 4, 0, 0, 123000, dt.UTC)


def test_the_class_of_a_day_begins_on_the_shanghai_day_of_its_declaration() -> None:
    late = dt.datetime(2026, 8, 31, 16, 30, tzinfo=dt.UTC)  # half past midnight in Shanghai
    assert declare([], "b", late) == [Declared(DAY, "b", late)]


def test_a_platform_that_declares_no_class_is_in_a() -> None:
    assert changes(declare([], None, NOON)) == ((DAY, "a"),)


def test_only_days_on_which_the_class_changes_are_told() -> None:
    history = [Declared(later(day), name, NOON) for day, name in enumerate("aabba")]  # type: ignore[arg-type]
    assert changes(history) == ((later(0), "a"), (later(2), "b"), (later(4), "a"))


@given(st.permutations([(hours, "ab"[hours % 2]) for hours in range(0, 96, 7)]))
def test_the_order_in_which_classes_are_declared_does_not_matter(order: list[tuple[int, str]]) -> None:
    def fold(steps: list[tuple[int, str]]) -> list[Declared]:
        history: list[Declared] = []
        for hours, name in steps:
            history = declare(history, name, NOON + dt.timedelta(hours=hours))  # type: ignore[arg-type]
        return history

    assert fold(order) == fold(sorted(order))


def test_an_enterprise_that_declares_itself_on_ever_more_days_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.registry.enterprises.rules.MOST_DAYS", 2)
    history = declare(declare([], "a", NOON), "b", NOON + dt.timedelta(days=1))
    assert len(declare(history, "b", NOON + dt.timedelta(hours=1))) == 2
    with pytest.raises(TooMany):
        declare(history, "a", NOON + dt.timedelta(days=2))
