"""What the bank's lines say, and the one heap that each belongs to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.bank_results.rules import (
    HEAPS,
    Heap,
    Known,
    LineState,
    ResultLine,
    Said,
    amount_of,
    becomes,
    heap_of,
    read,
    said_by,
)
from shared.sheets.cells import Cell, NotReadable


def line(said: Said | None = "paid", amount: str | None = "10.00") -> ResultLine:
    return ResultLine("A2", "B-1", None if amount is None else Decimal(amount), said)


def known(state: LineState = "open", *, claimed: bool = False) -> Known:
    return Known(amount=Decimal("10.00"), state=state, claimed=claimed)


@pytest.mark.parametrize(
    ("result", "there", "heap", "then"),
    [
        (line(), known(), "matched", "paid"),
        (line("failed"), known(), "returned", "failed"),
        (line("returned"), known(), "returned", "failed"),
        (line("returned"), known("paid"), "returned", "returned"),
        (line(), known("paid"), "duplicate", "paid"),
        (line("failed"), known("paid"), "unknown", "paid"),
        (line("failed"), known("failed"), "duplicate", "failed"),
        (line("returned"), known("failed"), "duplicate", "failed"),
        (line(), known("failed"), "unknown", "failed"),
        (line(), known("returned"), "duplicate", "returned"),
        (line("returned"), known("returned"), "duplicate", "returned"),
        (line(amount="10.01"), known(), "amount_differs", "open"),
        (line(amount="10.01"), known("paid"), "amount_differs", "paid"),
        (line("returned"), known("paid", claimed=True), "amount_differs", "paid"),
        (line(None), known(), "unknown", "open"),
        (line(amount=None), known(), "unknown", "open"),
        (line(), known("dropped"), "unknown", "dropped"),
    ],
)
def test_each_line_ends_in_one_heap(result: ResultLine, there: Known, heap: Heap, then: LineState) -> None:
    assert heap_of(result, there) == heap
    assert becomes(there, heap) == then


def test_what_is_not_in_the_batch_is_unknown() -> None:
    assert heap_of(line(), None) == "unknown"


@given(
    st.lists(
        st.tuples(st.sampled_from(["paid", "failed", "returned", None]), st.sampled_from(["10.00", "9.99", None]))
    ),
    st.randoms(),
)
def test_no_order_of_lines_pays_a_line_twice(said: list[tuple[Said | None, str | None]], random: object) -> None:
    there, heaps, paid = known(), [], 0
    for one, amount in said:
        result = line(one, amount)
        heap = heap_of(result, there)
        state = becomes(there, heap)
        paid += heap == "matched"
        heaps.append(heap)
        there = known(state)
    assert paid <= 1
    assert set(heaps) <= set(HEAPS)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("¥12.3", "12.3"),
        (12.5, "12.50"),
        (1000.0, "1000.00"),
        (0.1 + 0.2, "0.30"),
        (12.345, None),
        ("1e3", None),
        ("-1.00", None),
        ("十元", None),
        (None, None),
        (True, None),
    ],
)
def test_an_amount_is_read_to_the_fen_or_not_at_all(cell: Cell, amount: str | None) -> None:
    assert amount_of(cell) == (None if amount is None else Decimal(amount))


def test_words_of_banks_are_known() -> None:
    assert [said_by(word) for word in ("交易成功", " 失败 ", "已退汇", "SUCCESS", "处理中")] == [
        "paid",
        "failed",
        "returned",
        "paid",
        None,
    ]


def test_a_sheet_is_read_by_its_headings() -> None:
    sheet: list[list[Cell]] = [
        ["金额", "自定义序号", "处理结果", "失败原因"],
        ["10.00", "B-1", "成功", None],
        [None, None, None, None],
        [9.5, "B-2", "失败", "户名不符"],
        ["x"],
    ]
    found = read(sheet)
    assert [(one.cell, one.reference, one.amount, one.said, one.reason) for one in found] == [
        ("B2", "B-1", Decimal("10.00"), "paid", None),
        ("B4", "B-2", Decimal("9.50"), "failed", "户名不符"),
        ("B5", "", None, None, None),
    ]


@pytest.mark.parametrize("sheet", [[], [["流水号", "金额"]], [["金额", "结果"]]])
def test_a_sheet_without_a_column_is_refused(sheet: list[list[Cell]]) -> None:
    with pytest.raises(NotReadable):
        read(sheet)
