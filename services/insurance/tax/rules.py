"""What becomes of a statement to the tax office, and how it differs from what the tax office has.

| the comparison finds    | what it is                                               | put right by               |
|-------------------------|----------------------------------------------------------|----------------------------|
| send_again              | the tax office has not got it                            | sending it again           |
| take_answer             | it was answered, and we still wait                       | taking the answer          |
| tax_unknown_here        | the tax office has one that we never sent                | an officer                 |
| tax_other_amount        | it comes to something else there                         | an officer                 |
| tax_answered_otherwise  | accepted on one side, refused on the other               | an officer                 |
| tax_other_paid          | what was paid there is not what has come here            | an officer                 |
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from services.insurance.differences.rules import Kind
from shared.states import Machine

State = Literal["waiting", "accepted", "rejected", "collected"]
Event = Literal["accept", "reject", "change", "ask_again", "lost", "collected", "uncollected"]

STATES: Machine[State, Event, State] = Machine(
    "statement to the tax office",
    {
        ("waiting", "accept"): "accepted",
        ("waiting", "reject"): "rejected",
        ("waiting", "change"): "waiting",
        ("accepted", "change"): "waiting",
        ("accepted", "lost"): "waiting",
        ("accepted", "collected"): "collected",
        ("rejected", "change"): "waiting",
        ("rejected", "ask_again"): "waiting",
        ("collected", "change"): "waiting",
        ("collected", "lost"): "waiting",
        ("collected", "uncollected"): "accepted",
    },
    kind="statement-state",
    zh="该申报的当前状态不允许此操作",
)
"""`change`: it comes to something else now, and goes out again under a new number; `collected`: all of it has come here."""

Found = Literal["send_again", "take_answer"] | Kind
"""What the service mends by itself, or the kind of difference that an officer settles."""
OF_TAX: Final[frozenset[Kind]] = frozenset({
    "tax_unknown_here", "tax_other_amount", "tax_answered_otherwise", "tax_other_paid",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ours:
    """A statement as we have it, in yuan; `paid` is what has come here for it."""

    state: State
    amount: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Theirs:
    """A statement as the tax office has it, in yuan."""

    status: Literal["accepted", "rejected"]
    amount: Decimal
    paid: Decimal
    replaced: bool = False


def compare(ours: Ours | None, theirs: Theirs | None) -> Found | None:
    """How one statement differs; the first in the order of the table where it does in several ways."""
    if ours is None:
        return (
            "tax_unknown_here" if theirs is not None and theirs.status == "accepted" and not theirs.replaced else None
        )
    if theirs is None:
        return "send_again" if ours.state in ("accepted", "collected") else None
    if ours.amount != theirs.amount:
        return "tax_other_amount"
    if ours.state == "waiting":
        return "take_answer"
    if (ours.state == "rejected") != (theirs.status == "rejected"):
        return "tax_answered_otherwise"
    return "tax_other_paid" if ours.paid != theirs.paid else None


def collected(state: State, amount: Decimal, paid: Decimal) -> Event | None:
    """What money that came, or was taken back, does to a statement."""
    if state == "accepted" and paid >= amount:
        return "collected"
    return "uncollected" if state == "collected" and paid < amount else None
