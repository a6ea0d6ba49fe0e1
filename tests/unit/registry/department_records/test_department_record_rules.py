"""What a sheet of a department says, and what is wrong with its cells."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest

from services.registry.department_records.rules import (
    COLUMNS,
    KINDS,
    STATES,
    Move,
    Said,
    State,
    check,
    key,
    read,
)
from shared.contracts.registry import DepartmentRecordKind
from shared.errors import Conflict, RuleBroken
from shared.sheets.cells import NotReadable
from tests.unit.identity.numbers import make_uscc

TODAY = dt.date(2026, 11, 30)
USCC = make_uscc("MA0000DR1")
GOOD = (USCC, "行政处罚", "德市监处罚〔2026〕15号", "德阳市市场监督管理局", "2026-11-02", "罚款5000元")
SAID = Said(
    uscc=USCC,
    kind="penalty",
    number=GOOD[2],
    authority=GOOD[3],
    decided_on=dt.date(2026, 11, 2),
    text=GOOD[5],
)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("move", get_args(Move))
def test_every_move_in_every_state(state: State, move: Move) -> None:
    if move == "record" or state == "recorded":
        assert STATES.next(state, move) == ("recorded" if move == "record" else "withdrawn")
    else:
        with pytest.raises(Conflict):
            STATES.next(state, move)


def test_a_good_row_is_read_in_any_order_of_columns() -> None:
    [row] = read([COLUMNS, GOOD], TODAY)
    assert (row.said, row.faults) == (SAID, ())
    [turned] = read([COLUMNS[::-1], ("", *GOOD[:0]), GOOD[::-1]], TODAY)
    assert (turned.line, turned.said) == (3, SAID)
    assert set(KINDS.values()) == set(get_args(DepartmentRecordKind))


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        (0, "91510600MA6300018X", "A2"),
        (1, "处罚", "B2"),
        (2, "", "C2"),
        (2, "x" * 101, "C2"),
        (3, "=1+1", "D2"),
        (4, "2026-12-01", "E2"),
        (4, "昨天", "E2"),
        (4, None, "E2"),
        (5, "x" * 1001, "F2"),
    ],
)
def test_a_wrong_cell_is_named(column: int, value: Any, cell: str) -> None:
    [row] = read([COLUMNS, (*GOOD[:column], value, *GOOD[column + 1 :])], TODAY)
    assert row.said is None
    assert [fault.cell for fault in row.faults] == [cell]


def test_a_sheet_without_a_column_is_not_read() -> None:
    with pytest.raises(NotReadable):
        read([COLUMNS[1:], GOOD[1:]], TODAY)
    with pytest.raises(NotReadable):
        read([], TODAY)


def test_a_document_of_a_department_is_one_record() -> None:
    assert key("market", SAID) == key("market", SAID)
    assert key("market", SAID) != key("transport", SAID)
    with pytest.raises(RuleBroken):
        check(SAID, dt.date(2026, 11, 1))
