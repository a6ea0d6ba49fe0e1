"""What becomes of money that is owed back."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from shared.errors import RuleBroken
from shared.states import Machine

DebtState = Literal["open", "recovered", "partly_recovered", "written_off"]


DebtEvent = Literal["repaid_in_part", "repaid_in_full", "given_up_in_part", "given_up_whole", "corrected"]


STATES: Machine[DebtState, DebtEvent, DebtState] = Machine(
    "debt",
    {
        ("open", "repaid_in_part"): "open",
        ("open", "repaid_in_full"): "recovered",
        ("open", "given_up_in_part"): "partly_recovered",
        ("open", "given_up_whole"): "written_off",
        ("open", "corrected"): "open",
        ("recovered", "corrected"): "open",
        ("partly_recovered", "corrected"): "open",
    },
    kind="not-in-this-state",
    zh="当前状态不允许此操作",
)
"""`corrected`: money counts no more that was recorded wrongly. What was given up on that figure is an officer's to decide anew."""


def too_much() -> RuleBroken:
    """What is answered where more would be paid back than is owed."""
    return RuleBroken("too-much", "金额超过可追回的数额", "more than is left to be paid back")


def repay(owed: Decimal, repaid: Decimal, amount: Decimal) -> DebtEvent:
    """What an instalment does to a debt; raises RuleBroken where it goes beyond what is owed. Yuan."""
    if repaid + amount > owed:
        raise too_much()
    return "repaid_in_full" if repaid + amount == owed else "repaid_in_part"


def give_up(repaid: Decimal) -> DebtEvent:
    """What the end of the efforts does to a debt of which some part is still owed."""
    return "given_up_in_part" if repaid > 0 else "given_up_whole"
