"""What the bank's lines say, and to which heap each belongs: pure functions over values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, get_args

import msgspec

from shared.errors import Conflict, RuleBroken
from shared.sheets.cells import Cell, NotReadable, cell_name, text_of

Heap = Literal["matched", "duplicate", "unknown", "amount_differs", "returned"]
HEAPS: Final[tuple[Heap, ...]] = get_args(Heap)
"""Where each line of a result ends: it pays a line of the batch; that has ended before; nothing in the batch is meant, or nobody can
tell what is said, as where it says otherwise than before; another amount is meant, or a part of it is claimed back already; or it was
not paid, or came back."""

Said = Literal["paid", "failed", "returned"]

WORDS: Final[Mapping[Said, frozenset[str]]] = {
    "paid": frozenset({"成功", "已成功", "交易成功", "处理成功", "支付成功", "已支付", "已入账", "success", "paid"}),
    "failed": frozenset({"失败", "交易失败", "处理失败", "支付失败", "拒绝", "failed"}),
    "returned": frozenset({"退汇", "已退汇", "退票", "已退票", "退回", "冲正", "returned"}),
}
"""What banks call it."""

REFERENCE: Final = ("流水号", "自定义序号", "客户流水号", "reference")
AMOUNT: Final = ("金额", "交易金额", "amount")
RESULT: Final = ("结果", "处理结果", "交易状态", "状态", "result")
REASON: Final = ("原因", "失败原因", "备注", "reason")
MOST_ROWS: Final = 200_000
LONGEST_REASON: Final = 200
MONEY: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


class ResultLine(msgspec.Struct, frozen=True):
    """What a line of a result says. `cell`: where it stands; `amount` in yuan and `said` are null where nobody can tell."""

    cell: str
    reference: str
    amount: Decimal | None
    said: Said | None
    reason: str | None = None


LineState = Literal["open", "paid", "failed", "returned", "dropped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A line of the batch: its amount (yuan), how it stands, and whether some of it is claimed back."""

    amount: Decimal
    state: LineState
    claimed: bool = False


CONTRADICTORY: Final = frozenset({("failed", "paid"), ("paid", "failed")})
"""How a line stands, and what the bank says of it now, that cannot both be."""


def contradicts(line: ResultLine, known: Known | None) -> bool:
    """Whether the bank says the other of what it has said before of a line, of whatever amount: nobody knows where the money is."""
    return known is not None and (known.state, line.said) in CONTRADICTORY


def heap_of(line: ResultLine, known: Known | None) -> Heap:
    """To which heap a line of a result belongs, by what it names in the batch (None: nothing).

    A result that comes again is a duplicate; but what was paid may come back later. That it was paid after it failed, or the other
    way round, is for a person: the money may be out while it is about to be paid anew.
    """
    if known is None or line.said is None or line.amount is None or known.state == "dropped":
        return "unknown"
    if line.amount != known.amount:
        return "amount_differs"
    if known.state == "paid" and line.said == "returned":
        return "amount_differs" if known.claimed else "returned"
    if known.state != "open":
        return "unknown" if (known.state, line.said) in CONTRADICTORY else "duplicate"
    return "matched" if line.said == "paid" else "returned"


def check_finder(officer: str, made_by: str) -> None:
    """Raise Conflict where who made a batch would find out alone what became of its money (subjects of tokens)."""
    if officer == made_by:
        raise Conflict(
            "second-officer-needed", "须由制作该批次以外的人员核实", "another than who made the batch finds out"
        )


def check_paid_on(on: dt.date | None, day: dt.date, today: dt.date) -> dt.date:
    """The day on which the bank paid; raises RuleBroken where it is not said, before that of the batch, or still to come."""
    if on is None or not day <= on <= today:
        raise RuleBroken("paid-day", "请填写银行实际付款日期", "say on which day the bank paid")
    return on


def check_unclaimed(claimed: Decimal) -> None:
    """Raise Conflict where what was not paid after all is claimed back (yuan)."""
    if claimed > 0:
        raise Conflict("claimed-back", "该笔款项正在追回，请先撤销追回", "it is claimed back: end that first")


def becomes(known: Known, heap: Heap) -> LineState:
    """How a line of the batch stands after a line of a result that belongs to a heap."""
    match heap:
        case "matched":
            return "paid"
        case "returned":
            return "returned" if known.state == "paid" else "failed"
        case _:
            return known.state


def read(lines: Sequence[Sequence[Cell]]) -> list[ResultLine]:
    """What the lines below the heading say; raises NotReadable where the sheet lacks a column that is needed."""
    if not lines:
        raise NotReadable("sheet-empty", "表格为空", "the sheet is empty")
    headings = [(text_of(cell) or "").lower() for cell in lines[0]]
    columns = [_column(headings, names) for names in (REFERENCE, AMOUNT, RESULT, REASON)]
    for names, column in zip((REFERENCE, AMOUNT, RESULT), columns, strict=False):
        if column is None:
            raise NotReadable("sheet-columns", f"表格缺少列：{names[0]}", f"the sheet lacks a column: {names[-1]}")
    return [_line(number, line, columns) for number, line in enumerate(lines[1:], 2) if any(map(_says, line))]


def amount_of(cell: Cell) -> Decimal | None:
    """The yuan that a cell says, or None. A spreadsheet's number is taken to the fen where it says no more than that."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        found = round(cell, 2)
        return Decimal(f"{found:.2f}") if abs(found - cell) < 1e-6 and 0 <= cell < 1e12 else None
    text = str(cell).strip().lstrip("'¥￥").replace(",", "") if cell is not None else ""
    try:
        return Decimal(text) if MONEY.fullmatch(text) else None
    except InvalidOperation:
        return None


def said_by(text: str) -> Said | None:
    """What a word of the bank says, or None."""
    word = text.strip().lower()
    return next((said for said, words in WORDS.items() if word in words), None)


def _says(cell: Cell) -> bool:
    return cell is not None and cell != ""


def _column(headings: Sequence[str], names: Sequence[str]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


def _line(number: int, line: Sequence[Cell], columns: Sequence[int | None]) -> ResultLine:
    cells = [line[column] if column is not None and column < len(line) else None for column in columns]
    assert columns[0] is not None
    reason = (text_of(cells[3]) or "")[:LONGEST_REASON]
    return ResultLine(
        cell=cell_name(columns[0], number),
        reference=(text_of(cells[0]) or "").lstrip("'")[:64],
        amount=amount_of(cells[1]),
        said=said_by(text_of(cells[2]) or ""),
        reason=reason or None,
    )
