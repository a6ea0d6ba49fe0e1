"""What a later fact or parameter makes of a decision."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from services.subsidies.decisions.record_rules import DecisionRecord, result_of
from services.subsidies.decisions.rules import Ground, Outcome
from services.subsidies.revisions import rules
from services.subsidies.revisions.rules import STATES, Difference, Move, State
from shared.errors import Conflict, RuleBroken
from tests.unit.machines import goes_by


def outcome(met: bool | None = True, amount: str | None = None, once: tuple[str, ...] = ()) -> Outcome:
    ground = Ground(code="g", met=met, document="x")
    return Outcome(grounds=(ground,), amount=None if amount is None else Decimal(amount), once=once, used=())


def record(then: Outcome, amount_set: str | None = None, judged: tuple[str, ...] = ()) -> DecisionRecord:
    return DecisionRecord(
        application_id="a", kind="k", version=1, known_on=dt.date(2026, 1, 1), facts={}, parameters=[],
        result=result_of(then), judged=judged, amount_set=amount_set,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "approved", "difference"),
    [
        (record(outcome(amount="800.00")), outcome(amount="800.00"), "800.00", None),
        (record(outcome(amount="800.00")), outcome(amount="800.00", once=("other",)), "800.00", None),
        (record(outcome(amount="800.00")), outcome(amount="900.00"), "800.00", Difference(Decimal("100.00"))),
        (record(outcome(amount="800.00")), outcome(met=False), "800.00", Difference(Decimal("-800.00"))),
        (record(outcome(), "700.00"), outcome(amount="900.00"), "700.00", Difference(Decimal("200.00"))),
        (record(outcome(), "900.00"), outcome(amount="900.00"), "900.00", None),
        (record(outcome(amount="800.00")), outcome(met=None), "800.00", Difference(None)),
        (record(outcome(met=None), "800.00", ("g",)), outcome(met=None), "800.00", None),
        (record(outcome(amount="800.00")), outcome(), "800.00", Difference(None)),
        (record(outcome()), outcome(met=False), None, Difference(None)),
    ],
)
def test_what_is_due_beside_a_decision(
    then: DecisionRecord, now: Outcome, approved: str | None, difference: Difference | None
) -> None:
    assert rules.compare(then, None if approved is None else Decimal(approved), now) == difference


def test_an_answer_goes_the_way_of_its_difference() -> None:
    assert rules.check_answer("supplement", Decimal("1.00"), None) == Decimal("1.00")
    assert rules.check_answer("recover", Decimal("-1.00"), None) == Decimal("-1.00")
    assert rules.check_answer("recover", None, Decimal("-2.00")) == Decimal("-2.00")
    assert rules.check_answer("drop", None, None) == Decimal("0.00")
    for wrong in (("supplement", Decimal("-1.00"), None), ("recover", Decimal("1.00"), None), ("recover", None, None)):
        with pytest.raises(RuleBroken):
            rules.check_answer(*wrong)


BY_LAW: dict[State, dict[Move, State]] = {
    # 95号文 art. 12 and 14 pay to whom the conditions hold: what differs is paid or claimed back, by two officers, or lifted
    "open": {"propose": "proposed", "lift": "lifted"},
    "proposed": {
        "return": "open",
        "supplement": "supplemented",
        "recover": "recovered",
        "drop": "dropped",
        "lift": "lifted",
    },
    # the difference may come back with a later fact
    "lifted": {"reopen": "open"},
    # confirmed: a further difference is a revision of its own
    "supplemented": {},
    "recovered": {},
    "dropped": {},
}


def test_a_revision_moves_only_as_the_law_says() -> None:
    assert set(BY_LAW) == set(get_args(State))
    table = {(state, move): then for state, moves in BY_LAW.items() for move, then in moves.items()}
    goes_by(STATES, table, get_args(State), get_args(Move))


def test_one_officer_does_not_propose_and_confirm() -> None:
    rules.check_confirmer("officer:b", "officer:a")
    with pytest.raises(Conflict):
        rules.check_confirmer("officer:a", "officer:a")


def test_no_money_follows_where_none_was_approved() -> None:
    rules.check_money("drop", None)
    rules.check_money("recover", Decimal("0.00"))
    for answer in ("recover", "supplement"):
        with pytest.raises(RuleBroken):
            rules.check_money(answer, None)


def test_a_parameter_row_that_changes_is_seen_from_its_first_day() -> None:
    today = rules.rows(("training_subsidy.",))
    assert today
    assert rules.first_difference(today, today) is None
    changed = [today[0].replace('"value":', '"value": '), *today[1:]]
    assert rules.first_difference(today, changed) == dt.date.fromisoformat(today[0][:10])


def test_rows_are_those_of_every_prefix() -> None:
    one, other = rules.rows(("flexible_subsidy.",)), rules.rows(("retirement.",))
    assert one
    assert other
    assert rules.rows(("flexible_subsidy.", "retirement.")) == sorted([*one, *other])


MARCH, APRIL = "contribution:w:2026-03:pension", "contribution:w:2026-04:pension"


@pytest.mark.parametrize(
    ("held", "now", "kept"),
    [
        ([MARCH], [], [MARCH]),
        ([MARCH, APRIL], [MARCH], [MARCH, APRIL]),
        (["training:w:2026:1"], ["training:w:2026:2"], ["training:w:2026:2"]),
    ],
)
def test_a_merger_frees_no_part_that_was_approved(held: list[str], now: list[str], kept: list[str]) -> None:
    assert rules.held_on(held, now) == kept
