"""Every fen of a budget is in one heap, whatever is done with it in whatever order."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.subsidies.budgets.rules import (
    CHANGES,
    FLOWS,
    HEAPS,
    SOURCES,
    ChangeMove,
    ChangeState,
    Heap,
    Line,
    Purpose,
    Source,
    Step,
    changed,
    check_amount,
    check_decider,
    moved,
)
from shared.errors import Conflict, RuleBroken
from tests.unit.machines import goes_by


def test_a_change_is_decided_once() -> None:
    table = {("proposed", "approve"): "approved", ("proposed", "refuse"): "refused"}
    goes_by(CHANGES, table, get_args(ChangeState), get_args(ChangeMove))


def test_nobody_decides_on_their_own_change() -> None:
    check_decider("b", "a")
    with pytest.raises(Conflict):
        check_decider("a", "a")


def test_every_source_has_its_name_and_every_step_its_flow() -> None:
    assert set(SOURCES) == set(get_args(Source))
    assert set(FLOWS) == set(get_args(Step))
    assert {heap for flow in FLOWS.values() for heap in flow} == set(HEAPS)


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(RuleBroken):
        check_amount(Decimal(amount))


def test_a_budget_is_named_by_what_it_is_for() -> None:
    assert (
        Line(year=2026, kind="training", source="union_fund", district="510603").id == "2026:training:union_fund:510603"
    )


class Money(RuleBasedStateMachine):
    """A budget whose steps are taken where its heaps allow them, as the database does with one conditional write."""

    def __init__(self) -> None:
        super().__init__()
        self.heaps: dict[Heap, Decimal] = dict.fromkeys(HEAPS, Decimal(0))
        self.allotted = Decimal(0)

    def _add(self, added: dict[str, Decimal]) -> bool:
        after = {heap: self.heaps[heap] + added.get(heap, Decimal(0)) for heap in HEAPS}
        if min(after.values()) < 0:
            return False
        self.heaps = after
        return True

    @rule(purpose=st.sampled_from(get_args(Purpose)), fen=st.integers(min_value=1, max_value=10**9))
    def change(self, purpose: Purpose, fen: int) -> None:
        amount = Decimal(fen) / 100
        if self._add(changed(purpose, amount)):
            self.allotted += {"allot": amount, "lower": -amount, "reclaim": Decimal(0)}[purpose]

    @rule(step=st.sampled_from(get_args(Step)), fen=st.integers(min_value=1, max_value=10**9))
    def move(self, step: Step, fen: int) -> None:
        self._add(moved(step, Decimal(fen) / 100))

    @invariant()
    def every_fen_is_in_one_heap(self) -> None:
        assert sum(self.heaps.values()) == self.allotted
        assert min(self.heaps.values()) >= 0


TestMoney = Money.TestCase
TestMoney.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
