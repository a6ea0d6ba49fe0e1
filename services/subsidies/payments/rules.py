"""How what is owed moves, and who is paid."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from shared.errors import Conflict, RuleBroken
from shared.states import Machine

State = Literal["due", "batched", "paid", "failed", "returned", "cancelled"]
Move = Literal["take", "drop", "pay", "fail", "send_back", "correct", "cancel", "find"]

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("due", "take"): "batched",
    ("batched", "drop"): "due",
    ("batched", "pay"): "paid",
    ("batched", "fail"): "failed",
    ("paid", "send_back"): "returned",
    ("failed", "correct"): "due",
    ("returned", "correct"): "due",
    ("due", "correct"): "due",
    ("failed", "find"): "paid",
    ("due", "find"): "paid",
    ("due", "cancel"): "cancelled",
    ("failed", "cancel"): "cancelled",
    ("returned", "cancel"): "cancelled",
}

STATES: Machine[State, Move, State] = Machine(
    "payment", MOVES, kind="payment-state", zh="该笔款项的当前状态不允许此操作"
)
"""What is in a batch is changed by its result alone: the money may be on its way. `fail`: the bank did not pay it out;
`send_back`: it did, and the money came back; `find`: an officer has found out that it was paid, of which the bank had said both."""

Outcome = Literal["paid", "failed", "returned", "cancelled", "recovered", "claimed"]
"""How something ended that was owed, as the timer `subsidies.payable_settled` tells it; after `failed` and `returned` it may be
paid anew. `recovered`: what was claimed back of it came back in full; `claimed`: officers have decided that it is claimed back."""

Role = Literal["worker", "platform", "provider", "union", "community"]

ACCOUNT: Final = re.compile(r"[0-9]{8,30}")
BANK_CODE: Final = re.compile(r"[0-9]{12}")
NAME: Final = re.compile(r"[^\s\x00-\x1f=+\-@＝＋－＠][^\x00-\x1f]{0,59}")
"""A name; none begins as a spreadsheet's formula does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Whose account is paid into, in clear. `bank`: the bank's name; `bank_code`: its 12 digits in the payment system (联行号)."""

    name: str = field(repr=False)
    account: str = field(repr=False)
    bank: str | None = None
    bank_code: str | None = None


def check_payee(payee: Payee) -> None:
    """Raise RuleBroken for a name or account that no bank takes."""
    if not NAME.fullmatch(payee.name.strip()):
        raise RuleBroken("payee-name", "户名有误", "the name of the account's holder is no name")
    if not ACCOUNT.fullmatch(payee.account):
        raise RuleBroken("payee-account", "银行账号有误", "the account is 8 to 30 digits")
    if payee.bank_code is not None and not BANK_CODE.fullmatch(payee.bank_code):
        raise RuleBroken("payee-bank-code", "联行号应为12位数字", "the code of a bank is 12 digits")


def check_owed(amount: Decimal, reserved: Decimal) -> None:
    """Raise RuleBroken where another sum would be paid than is reserved for it (yuan)."""
    if amount != reserved:
        raise RuleBroken("not-reserved", "金额与预算占用不一致", "another amount than is reserved in the budget")


def check_sure(doubted: str | None) -> None:
    """Raise Conflict where the bank has said both that a payment was paid out and that it was not (`doubted`: of which batch): the
    money may be out, and is neither paid anew nor given up before an officer has found out."""
    if doubted is not None:
        raise Conflict(
            "bank-contradicts",
            "银行回盘结果前后矛盾，待经办人员核实",
            "the bank has said both: an officer finds out first",
        )


def ended_as(states: Collection[State]) -> Literal["paid", "failed"] | None:
    """How what is owed for an application has ended: all was paid, something failed, or neither."""
    if any(one in ("failed", "returned") for one in states):
        return "failed"
    return "paid" if states and all(one in ("paid", "cancelled") for one in states) else None
