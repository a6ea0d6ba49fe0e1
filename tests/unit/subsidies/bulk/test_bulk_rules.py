"""What the rows of a sheet of applications say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.bulk.rules import FORMS, Asked, Refused, read
from shared.sheets.cells import Cell, NotReadable

FORM = FORMS["training"]
HEAD: list[Cell] = ["人员编号", "收款户名", "银行账号", "开户行", "证书编号"]
GOOD: list[Cell] = ["w-0001", "李测试", "6222020000000000001", "", "DY001"]


def faults(row: list[Cell]) -> list[tuple[str, str]]:
    (found,) = read([HEAD, row], FORM)
    assert isinstance(found, Refused)
    return [(one.cell, one.en) for one in found.faults]


def test_a_good_row_is_read_by_its_headings() -> None:
    (found,) = read([HEAD, GOOD], FORM)
    assert isinstance(found, Asked)
    assert (found.line, found.cell) == (2, "A2")
    assert found.values == {
        "worker_id": "w-0001",
        "payee_name": "李测试",
        "payee_account": "6222020000000000001",
        "certificate_number": "DY001",
    }
    assert "6222" not in repr(found)


@pytest.mark.parametrize(
    ("place", "cell", "fault"),
    [
        (0, "", ("A2", "nothing stands here")),
        (1, "=1+1", ("B2", "not a name")),
        (2, 6.22e18, ("C2", "an account is 8 to 30 digits")),
        (2, "6222-01", ("C2", "an account is 8 to 30 digits")),
        (4, "x" * 129, ("E2", "not a text, or too long")),
        (4, True, ("E2", "not a text, or too long")),
    ],
)
def test_a_bad_cell_is_named(place: int, cell: Cell, fault: tuple[str, str]) -> None:
    assert faults([*GOOD[:place], cell, *GOOD[place + 1 :]]) == [fault]


def test_every_bad_cell_of_a_row_is_named() -> None:
    assert [cell for cell, _ in faults(["", "", "x", None, ""])] == ["A2", "B2", "C2", "E2"]


def test_the_same_row_twice_is_submitted_once() -> None:
    first, second = read([HEAD, GOOD, GOOD], FORM)
    assert isinstance(first, Asked)
    assert isinstance(second, Refused)


@pytest.mark.parametrize("lines", [[], [HEAD], [HEAD[:4], GOOD[:4]], [[*HEAD, "证书编号"], GOOD]])
def test_a_sheet_that_cannot_be_read_is_refused(lines: list[list[Cell]]) -> None:
    with pytest.raises(NotReadable):
        read(lines, FORM)


@pytest.mark.parametrize("month", ["2026-13", "2026-9", "202609"])
def test_a_month_is_a_month(month: str) -> None:
    head: list[Cell] = ["人员编号", "收款户名", "银行账号", "起始月份", "截止月份"]
    (found,) = read([head, ["w-0001", "李测试", "6222020000000000001", month, "2026-10"]], FORMS["flexible"])
    assert isinstance(found, Refused)
    assert [one.cell for one in found.faults] == ["D2"]


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=20), st.floats(), st.booleans()), max_size=7), max_size=8)
)
def test_every_row_that_says_something_is_answered(rows: list[list[Cell]]) -> None:
    found = read([HEAD, ["x"], *rows], FORM)
    said = [row for row in rows if not all(cell is None or cell == "" for cell in row)]
    assert len(found) == len(said) + 1
