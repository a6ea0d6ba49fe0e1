"""Settlements that take the place of others: chains, circles, and what is of another worker."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.complaints.pay.replaced_rules import Replacement, linked, replaced

W = "p|w"


def of(by: str, old: str, minute: int = 0, worker: str = W) -> Replacement:
    return Replacement(worker, by, old, dt.datetime(2026, 9, 20, 8, minute, tzinfo=dt.UTC), f"e-{by}-{minute}")


def gone(*told: Replacement) -> set[str]:
    return {old for worker, old in replaced(told) if worker == W}


def test_what_is_replaced_is_replaced_by_name() -> None:
    assert replaced([of("b", "a")]) == {(W, "a"): "b"}
    assert replaced([of("c", "a"), of("b", "a")]) == {(W, "a"): "b"}
    assert replaced([]) == {}


def test_a_chain_leaves_its_end() -> None:
    assert gone(of("b", "a"), of("c", "b")) == {"a", "b"}


def test_in_a_circle_the_one_told_last_holds() -> None:
    assert gone(of("a", "b", 1), of("b", "a", 2)) == {"a"}
    assert gone(of("a", "b", 2), of("b", "a", 1)) == {"b"}
    assert gone(of("a", "b", 1), of("b", "c", 3), of("c", "a", 2)) == {"a", "c"}
    assert gone(of("a", "b", 1), of("b", "a", 2), of("x", "b", 3)) == {"a", "b"}
    assert gone(of("a", "a")) == set()


def test_another_workers_settlement_replaces_nothing() -> None:
    assert gone(of("b", "a", worker="p|other")) == set()
    assert gone(of("b", "a", worker="q|w")) == set()
    assert linked(W, {"a"}, [of("b", "a", worker="q|w")]) == {"a"}


def test_linked_is_whatever_hangs_together() -> None:
    told = [of("b", "a"), of("c", "b"), of("x", "y")]
    assert linked(W, {"a"}, told) == {"a", "b", "c"}
    assert linked(W, {"c"}, told) == {"a", "b", "c"}
    assert linked(W, {"z"}, told) == {"z"}


names = st.sampled_from("abcde")
told_by = st.lists(st.tuples(names, names), max_size=5, unique_by=lambda pair: pair[0]).map(
    lambda pairs: [of(by, old, n) for n, (by, old) in enumerate(pairs)]
)


@given(told_by, st.randoms())
def test_in_whatever_order_they_come_the_same_is_replaced(told: list[Replacement], chance: Any) -> None:
    before = replaced(told)
    chance.shuffle(told)
    assert replaced(told) == before


@given(told_by)
def test_of_those_that_hang_together_one_always_holds(told: list[Replacement]) -> None:
    """Nobody's pay goes out of sight by settlements that replace one another."""
    for one in told:
        assert linked(W, {one.by}, told) - gone(*told)
