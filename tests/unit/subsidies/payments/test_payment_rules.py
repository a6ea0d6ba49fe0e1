"""How what is owed moves, and whose account is taken."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from services.subsidies.payments.rules import STATES, Move, Payee, State, check_owed, check_payee, ended_as
from shared.errors import RuleBroken
from tests.unit.machines import goes_by

TABLE = {
    ("due", "take"): "batched",
    ("batched", "drop"): "due",
    ("batched", "pay"): "paid",
    ("batched", "fail"): "failed",
    ("paid", "send_back"): "returned",
    ("failed", "correct"): "due",
    ("returned", "correct"): "due",
    ("due", "correct"): "due",
    ("failed", "find"): "paid",
    ("due", "find"): "paid",
    ("due", "cancel"): "cancelled",
    ("failed", "cancel"): "cancelled",
    ("returned", "cancel"): "cancelled",
}


def test_a_payment_moves_by_the_table() -> None:
    goes_by(STATES, TABLE, get_args(State), get_args(Move))


def payee(**more: str | None) -> Payee:
    return Payee(**{"name": "李测试", "account": "6222020000000000001", **more})  # type: ignore[arg-type]


def test_an_account_is_shown_to_nobody_by_accident() -> None:
    assert "6222" not in repr(payee())
    assert "李测试" not in repr(payee())
    check_payee(payee(bank_code="102100099996"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": "=1+1"},
        {"name": "李\n测试"},
        {"account": "12"},
        {"account": "62a"},
        {"bank_code": "12"},
    ],
)
def test_what_no_bank_takes_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(RuleBroken):
        check_payee(payee(**wrong))


def test_another_sum_than_is_reserved_is_not_owed() -> None:
    check_owed(Decimal("1.00"), Decimal("1.00"))
    with pytest.raises(RuleBroken):
        check_owed(Decimal("1.00"), Decimal("1.01"))


@pytest.mark.parametrize(
    ("states", "ended"),
    [
        ([], None),
        (["paid"], "paid"),
        (["paid", "cancelled"], "paid"),
        (["paid", "due"], None),
        (["paid", "batched"], None),
        (["paid", "failed"], "failed"),
        (["returned", "due"], "failed"),
    ],
)
def test_an_application_stands_as_its_payments(states: list[State], ended: str | None) -> None:
    assert ended_as(states) == ended
