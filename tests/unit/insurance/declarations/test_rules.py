"""An employer's sheet: what its rows say, and which of its cells are wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from services.insurance.declarations import rules
from shared.sheets.cells import Cell, NotReadable
from tests.unit.identity.numbers import make

TODAY = dt.date(2026, 11, 30)
NUMBER = make("510603", dt.date(1995, 5, 5), 1)
HEADING: list[Cell] = list(rules.HEADINGS)


def test_a_row_says_who_works_since_when() -> None:
    """A small x is the same number; blank lines are none; a day may be a spreadsheet's own."""
    lines: list[list[Cell]] = [
        HEADING,
        [NUMBER.lower(), "测试甲", "2026-09-01"],
        ["", "", ""],
        [NUMBER, "测试甲", dt.date(2026, 10, 1)],
        [NUMBER, "测试甲", "2026-11-01T00:00:00", "备注"],
    ]
    said, faults = rules.read(lines, TODAY)
    assert [(row.line, row.id_number, row.name, row.starts_on.isoformat()) for row in said] == [
        (2, NUMBER, "测试甲", "2026-09-01"),
        (4, NUMBER, "测试甲", "2026-10-01"),
        (5, NUMBER, "测试甲", "2026-11-01"),
    ]
    assert faults == []
    assert NUMBER not in repr(said)


def test_each_bad_cell_is_named_and_not_repeated() -> None:
    lines: list[list[Cell]] = [
        HEADING,
        [NUMBER[:-1], "", "1 September"],
        [NUMBER, "=cmd()", "2026-09-31"],
        [NUMBER, "测试甲", "2026-09-01"],
        [NUMBER, "测试甲", "2026-09-01"],
        [5.106e17, "测试甲"],
    ]
    said, faults = rules.read(lines, TODAY)
    assert [row.line for row in said] == [4]
    assert [fault.cell for fault in faults] == ["A2", "B2", "C2", "B3", "C3", "A5", "A6", "C6"]
    assert NUMBER[:-1] not in repr(faults)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [([], "wrong-columns"), ([["姓名", "公民身份号码", "用工之日"]], "wrong-columns"), ([HEADING], "sheet-empty")],
)
def test_another_sheet_is_not_taken(lines: list[list[Cell]], kind: str) -> None:
    with pytest.raises(NotReadable) as refused:
        rules.read(lines, TODAY)
    assert refused.value.kind == kind
