"""How a batch goes, who must approve it, and what the file for the bank says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import Law, MissingParameter
from shared.states import Machine

State = Literal["collecting", "sealing", "ready", "approved", "exported", "concluded", "cancelling", "cancelled"]
Move = Literal["collect", "seal", "approve", "export", "conclude", "cancel", "empty"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
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

STATES: Machine[State, Move, State] = Machine(
    "payment batch", MOVES, kind="batch-state", zh="该批次的当前状态不允许此操作"
)
"""Collecting: its payments are put into it. Sealing: what the file says is reckoned, and never changes again. A batch whose file has
gone out cannot be cancelled: the bank's results alone end its lines."""

LineState = Literal["open", "paid", "failed", "returned", "dropped"]
"""How a line of a batch stands: `returned` came back after it was paid out, `dropped` was cancelled with the batch."""

Approval = Literal["finance", "head"]

Field = Literal[
    "position", "reference", "account", "name", "amount", "bank", "bank_code", "purpose", "currency", "day", "blank"
]
"""What a column of a bank's file may say; `position`: the number of the line, `blank`: nothing, to be filled in by the bank."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a bank's file: its heading, and what stands below it."""

    heading: str
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """What a bank is to be told of one payment, in clear; the amount is yuan."""

    position: int
    reference: str
    account: str
    name: str
    amount: Decimal
    bank: str | None
    bank_code: str | None


def number_of(day: dt.date, sequence: int) -> str:
    """The number of a day's batch, from 1."""
    return f"{day:%Y%m%d}-{sequence:03d}"


def reference_of(batch: str, position: int) -> str:
    """By what the bank names a line of a batch, counted from 1."""
    return f"{batch}-{position:06d}"


def layout(name: str, law: Law) -> list[Column]:
    """The columns of a layout (`payment_batch.layouts`); raises RuleBroken for one that nobody has set up."""
    try:
        said = law.lists("payment_batch.layouts")[name]
    except (KeyError, MissingParameter):
        raise RuleBroken("no-such-layout", "没有该银行文件格式", "no such layout of a bank's file") from None
    return [_column(one) for one in said]


def _column(said: str) -> Column:
    heading, _, field = said.partition("=")
    for one in get_args(Field):
        if one == field:
            return Column(heading, one)
    raise ValueError(f"a column of a bank's file says what is not known: {field}")


def cells(line: BankLine, columns: Sequence[Column], day: dt.date, purpose: str) -> list[str]:
    """What a line says under the columns. All of it is text, which keeps the digits of an account."""
    said: dict[Field, str] = {
        "position": str(line.position),
        "reference": line.reference,
        "account": line.account,
        "name": line.name,
        "amount": f"{line.amount:.2f}",
        "bank": line.bank or "",
        "bank_code": line.bank_code or "",
        "purpose": purpose,
        "currency": "RMB",
        "day": f"{day:%Y%m%d}",
        "blank": "",
    }
    return [said[column.field] for column in columns]


def approvals_of(total: Decimal, law: Law) -> tuple[Approval, ...]:
    """Whose approvals a batch needs, by its total in yuan: of a second finance officer, and of a head from
    `payment_batch.head_from` on, or where nobody has said from which amount."""
    try:
        with_head = total >= law.amount("payment_batch.head_from")
    except MissingParameter:
        with_head = True
    return ("finance", "head") if with_head else ("finance",)


def next_approval(needed: Sequence[Approval], given: Mapping[str, Approval], maker: str, approver: str) -> Approval:
    """Which of the approvals an officer would give now (subjects of tokens); raises Conflict for one who has a hand in the batch
    already."""
    if approver == maker or approver in given:
        raise Conflict("second-officer-needed", "批次须由另一名经办人员审批", "another officer must approve this")
    return needed[len(given)]
