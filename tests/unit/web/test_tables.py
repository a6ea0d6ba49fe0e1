"""Tables to take away."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from shared.web.tables import Cell, table_response

COLUMNS = ["姓名", "金额", "日期", "备注"]
ROWS: list[Sequence[Cell]] = [
    ["王*", Decimal("12.30"), dt.date(2026, 9, 1), '=HYPERLINK("http://x")'],
    ["李*", Decimal("-0.07"), None, "-1+1"],
]


async def rows() -> AsyncIterator[Sequence[Cell]]:
    for row in ROWS:
        yield row


async def body(kind: str) -> bytes:
    response = await table_response("明细", COLUMNS, rows(), kind)  # type: ignore[arg-type]
    assert response.headers["content-disposition"].endswith(f".{kind}")
    return b"".join([piece async for piece in response.body_iterator])  # type: ignore[misc]


async def test_a_csv_reads_in_excel_and_holds_no_formula() -> None:
    content = await body("csv")
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines == [
        COLUMNS,
        ["王*", "12.30", "2026-09-01", '\'=HYPERLINK("http://x")'],
        ["李*", "-0.07", "", "'-1+1"],
    ]


async def test_an_excel_sheet_keeps_numbers_and_holds_no_formula() -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(await body("xlsx"))).get_sheet_by_index(0)
    assert sheet.to_python() == [
        COLUMNS,
        ["王*", 12.3, "2026-09-01", '=HYPERLINK("http://x")'],
        ["李*", -0.07, "", "-1+1"],
    ]


@pytest.mark.parametrize("text", ["\n=1", " =1", "\r\n=1", "\t1", "\u3000@x", "\x00=1", "＝1", "\n \n+1", "\u00a0-1"])
async def test_a_formula_behind_blanks_is_none_either(text: str) -> None:
    async def one() -> AsyncIterator[Sequence[Cell]]:
        yield ["a", None, None, text]

    response = await table_response("明细", COLUMNS, one(), "csv")
    content = b"".join([piece async for piece in response.body_iterator])  # type: ignore[misc]
    [_, row] = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row[3] == f"'{text}"
