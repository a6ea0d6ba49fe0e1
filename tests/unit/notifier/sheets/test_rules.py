"""What a sheet's cells say, and how bad ones are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.sheets import rules
from services.notifier.sheets.rules import PHONE, WORKER, read
from shared.sheets import cells
from shared.sheets.cells import Cell, NotReadable, cell_name


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("13800138001", "13800138001"),
        (13800138001.0, "13800138001"),
        (13800138001, "13800138001"),
        ("13800138001.0", "13800138001"),
        (" +86 138 0013 8001 ", "13800138001"),
    ],
)
def test_a_phone_is_read_as_people_and_programs_write_it(cell: Cell, phone: str) -> None:
    [named], faults = read([[PHONE], [cell]], [])
    assert (named.cell, named.phone, named.worker, faults) == ("A2", phone, None, [])


@pytest.mark.parametrize(
    "cell", ["1.38001E+10", "1.38E+10", 13800138001.5, 5.106031990e17, True, "=1+1", "138001380", "010-1"]
)
def test_what_lost_digits_or_is_no_phone_is_refused(cell: Cell) -> None:
    named, [fault] = read([[PHONE], [cell]], [])
    assert (named, fault.cell) == ([], "A2")
    assert str(cell) not in fault.zh + fault.en


def test_a_bad_row_is_told_by_its_cell_and_stops_no_other() -> None:
    lines: list[list[Cell]] = [
        ["备注", WORKER, PHONE, "day"],
        ["", "", "13800138001", "9月1日"],
        ["", "", "12345", "9月1日"],
        ["", "w-00000001", "13800138002", "9月1日"],
        ["", "w-00000001", "", ""],
        ["", "w-00000001", "", "电话13800138001"],
        ["", "w-00000001", "", "=HYPERLINK()"],
        ["", "w-00000001", "", "长" * 36],
        [None, None, None, None],
        ["", "w 1", "", "x"],
        ["", "w-00000002", "", "9月2日"],
    ]
    named, faults = read(lines, ["day"])
    assert [(one.cell, one.phone, one.worker, one.values) for one in named] == [
        ("C2", "13800138001", None, ("9月1日",)),
        ("B11", None, "w-00000002", ("9月2日",)),
    ]
    assert [one.cell for one in faults] == ["A1", "C3", "C4", "D5", "D6", "D7", "D8", "B10"]
    assert all(one.zh and one.en for one in faults)


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([], "sheet-empty"),
        ([["电话"], ["13800138001"]], "sheet-columns"),
        ([[PHONE], ["13800138001"]], "sheet-columns"),
        ([[PHONE, PHONE, "day"]], "sheet-columns"),
        ([[PHONE, "day"], *([[]] * (rules.MOST_ROWS + 1))], "sheet-too-long"),
    ],
)
def test_a_sheet_that_says_nothing_is_refused_as_a_whole(lines: list[list[Cell]], kind: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read(lines, ["day"])
    assert refused.value.kind == kind


@pytest.mark.parametrize(("column", "name"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")])
def test_cells_are_named_as_spreadsheets_name_them(column: int, name: str) -> None:
    assert cell_name(column, 1) == name


@given(st.integers(min_value=0, max_value=cells.EXACT - 1))
def test_a_whole_number_keeps_every_digit(number: int) -> None:
    assert cells.text_of(float(number)) == cells.text_of(str(number)) == str(number)


def test_places_are_filled_where_they_stand() -> None:
    text = "请于${day}前到${place}办理，${day}截止。"
    assert rules.places_of(text) == ["day", "place"]
    assert rules.filled(text, {"day": "9月1日", "place": "窗口"}) == "请于9月1日前到窗口办理，9月1日截止。"
