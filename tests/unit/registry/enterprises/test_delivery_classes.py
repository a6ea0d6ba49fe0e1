"""Which delivery class holds from which day, out of declarations in any order."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.enterprises.rules import Declared, changes, declare
from shared.errors import RuleBroken

DAY = dt.date(2026, 9, 1)
NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days)


def test_a_class_begins_on_its_shanghai_day() -> None:
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


def test_an_enterprise_with_ever_more_declarations_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.registry.enterprises.rules.MOST_DAYS", 2)
    history = declare(declare([], "a", NOON), "b", NOON + dt.timedelta(days=1))
    assert len(declare(history, "b", NOON + dt.timedelta(hours=1))) == 2
    with pytest.raises(RuleBroken):
        declare(history, "a", NOON + dt.timedelta(days=2))
