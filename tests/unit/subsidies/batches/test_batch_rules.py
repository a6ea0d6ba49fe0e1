"""How a batch goes, who approves it, and what its file says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from services.subsidies.batches.rules import (
    MOVES,
    STATES,
    BankLine,
    Move,
    State,
    approvals_of,
    cells,
    layout,
    next_approval,
    number_of,
    reference_of,
)
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law, parameters
from tests.unit.machines import goes_by

DAY = dt.date(2026, 11, 30)
TABLE = {
    ("collecting", "collect"): "sealing",
    ("collecting", "empty"): "cancelled",
    ("sealing", "seal"): "ready",
    ("ready", "approve"): "approved",
    ("approved", "export"): "exported",
    ("exported", "export"): "exported",
    ("concluded", "export"): "concluded",
    ("exported", "conclude"): "concluded",
    ("ready", "cancel"): "cancelling",
    ("approved", "cancel"): "cancelling",
    ("cancelling", "empty"): "cancelled",
}


def law() -> Law:
    return parameters.on(DAY, place="510603")


def test_a_batch_moves_by_the_table() -> None:
    goes_by(STATES, TABLE, get_args(State), get_args(Move))
    assert not {move for state, move in MOVES if state in ("exported", "concluded")} & {"cancel"}


@pytest.mark.parametrize(
    ("total", "needed"),
    [("0.01", ("finance",)), ("499999.99", ("finance",)), ("500000.00", ("finance", "head"))],
)
def test_a_head_approves_from_an_amount_on(total: str, needed: tuple[str, ...]) -> None:
    assert approvals_of(Decimal(total), law()) == needed


def test_a_head_approves_where_no_amount_is_known() -> None:
    before = parameters.on(dt.date(2020, 1, 1), place="510603")
    assert approvals_of(Decimal("1.00"), before) == ("finance", "head")


def test_nobody_approves_what_they_have_a_hand_in() -> None:
    assert next_approval(("finance", "head"), {}, "maker", "second") == "finance"
    assert next_approval(("finance", "head"), {"second": "finance"}, "maker", "chief") == "head"
    for approver in ("maker", "second"):
        with pytest.raises(Conflict):
            next_approval(("finance", "head"), {"second": "finance"}, "maker", approver)


def test_names_of_batches_and_lines() -> None:
    assert number_of(DAY, 7) == "20261130-007"
    assert reference_of("20261130-007", 12) == "20261130-007-000012"


def test_a_line_says_what_the_layout_asks() -> None:
    line = BankLine(
        position=3,
        reference="20261130-001-000003",
        account="6222020000000000001",
        name="李测试",
        amount=Decimal("1200.50"),
        bank="工行",
        bank_code=None,
    )
    assert cells(line, layout("plain", law()), DAY, "补贴") == [
        "3",
        "20261130-001-000003",
        "6222020000000000001",
        "李测试",
        "1200.50",
        "工行",
        "",
        "补贴",
    ]
    icbc = dict(
        zip(
            [one.heading for one in layout("icbc_batch", law())],
            cells(line, layout("icbc_batch", law()), DAY, "补贴"),
            strict=True,
        )
    )
    assert (icbc["币种"], icbc["日期"], icbc["自定义序号"]) == ("RMB", "20261130", "20261130-001-000003")


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(RuleBroken):
        layout("no_such_bank", law())
