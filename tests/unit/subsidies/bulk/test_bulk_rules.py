"""What the rows of a sheet of applications say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.applications.kinds import KINDS
from services.subsidies.bulk.rules import FORMS, Asked, Refused, read, stated
from shared.sheets.cells import Cell, NotReadable

FORM = FORMS["training"]
# fmt: off
HEAD: list[Cell] = [
    "人员编号", "收款户名", "银行账号", "开户行", "证书编号", "姓名", "区县", "委托书编号", "委托书截止日期",
]
GOOD: list[Cell] = [
    "w-0001", "李测试", "6222020000000000001", "", "DY001", "张三", "旌阳区", "委2026-1", "2099-12-31",
]
# fmt: on
MONTHS: list[Cell] = ["人员类别", "起始月份", "截止月份", "已签灵活就业承诺书"]


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
        "name": "张三",
        "district": "旌阳区",
        "mandate": "委2026-1",
        "mandate_until": "2099-12-31",
    }
    assert "6222" not in repr(found)


@pytest.mark.parametrize(
    ("place", "cell", "fault"),
    [
        (0, "", ("A2", "nothing stands here")),
        (1, "=1+1", ("B2", "not a name, or longer than 60 signs")),
        (2, 6.22e18, ("C2", "an account is 8 to 30 digits")),
        (2, "6222-01", ("C2", "an account is 8 to 30 digits")),
        (4, "x" * 129, ("E2", "not a text, or too long")),
        (4, True, ("E2", "not a text, or too long")),
        (5, "张" * 61, ("F2", "not a name, or longer than 60 signs")),
        (6, "成都市", ("G2", "not a district of Deyang by its name or code")),
        (8, "2026-02-30", ("I2", "a day is written as 2026-09-30")),
    ],
)
def test_a_bad_cell_is_named(place: int, cell: Cell, fault: tuple[str, str]) -> None:
    assert faults([*GOOD[:place], cell, *GOOD[place + 1 :]]) == [fault]


def test_every_bad_cell_of_a_row_is_named() -> None:
    assert [cell for cell, _ in faults(["", "", "x", None, "", *GOOD[5:]])] == ["A2", "B2", "C2", "E2"]


def test_the_same_row_twice_is_submitted_once() -> None:
    first, second = read([HEAD, GOOD, GOOD], FORM)
    assert isinstance(first, Asked)
    assert isinstance(second, Refused)


@pytest.mark.parametrize("lines", [[], [HEAD], [HEAD[:6], GOOD[:6]], [[*HEAD, "证书编号"], GOOD]])
def test_a_sheet_that_cannot_be_read_is_refused(lines: list[list[Cell]]) -> None:
    with pytest.raises(NotReadable):
        read(lines, FORM)


def flexible(*cells: Cell) -> Asked | Refused:
    (found,) = read([[*HEAD, *MONTHS], [*GOOD, *cells]], FORMS["flexible"])
    return found


@pytest.mark.parametrize("month", ["2026-13", "2026-9", "202609"])
def test_a_month_is_a_month(month: str) -> None:
    found = flexible("就业困难人员", month, "2026-10", "是")
    assert isinstance(found, Refused)
    assert [one.cell for one in found.faults] == ["K2"]


def test_months_go_from_the_first_to_the_last() -> None:
    for first, last in (("2026-10", "2026-09"), ("2023-01", "2026-01")):
        found = flexible("就业困难人员", first, last, "是")
        assert isinstance(found, Refused)
        assert [one.cell for one in found.faults] == ["L2"]


def test_a_word_is_one_of_those_that_may_stand_there() -> None:
    found = flexible("困难户", "2026-03", "2026-06", "yes")
    assert isinstance(found, Refused)
    assert [(one.cell, one.zh) for one in found.faults] == [
        ("J2", "应填写：就业困难人员、离校两年内未就业高校毕业生"),
        ("M2", "应填写：是、否"),
    ]


def test_what_a_row_states_is_what_its_kind_asks() -> None:
    found = flexible("就业困难人员", "2026-03", "2026-06", "是")
    assert isinstance(found, Asked)
    said = KINDS["flexible"].stated.model_validate(stated(found.values, FORMS["flexible"]))
    assert said.model_dump(include={"group", "first", "last", "pledge", "receives"}) == {
        "group": "hard_to_employ",
        "first": "2026-03",
        "last": "2026-06",
        "pledge": True,
        "receives": [],
    }


@pytest.mark.parametrize("code", FORMS)
def test_every_column_of_a_form_is_a_field_of_its_kind(code: str) -> None:
    fields = KINDS[code].stated.model_fields
    assert {one.field for one in FORMS[code].stated} <= fields.keys()
    assert "person" in KINDS[code].applicants


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=20), st.floats(), st.booleans()), max_size=7), max_size=8)
)
def test_every_row_that_says_something_is_answered(rows: list[list[Cell]]) -> None:
    found = read([HEAD, ["x"], *rows], FORM)
    said = [row for row in rows if not all(cell is None or cell == "" for cell in row)]
    assert len(found) == len(said) + 1
