"""What a later fact or parameter makes of a decision, and how the difference is dealt with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from services.subsidies.decisions.record_rules import DecisionRecord, result_of
from services.subsidies.decisions.rules import Outcome
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from shared.states import Machine

State = Literal["open", "proposed", "supplemented", "recovered", "dropped", "lifted"]
Move = Literal["propose", "return", "supplement", "recover", "drop", "lift", "reopen"]
Answer = Literal["supplement", "recover", "drop"]
"""补发、追回、不作处理。"""
Cause = Literal["facts", "parameters", "appeal", "restriction"]
"""事实变化、标准变化、复议或者诉讼撤销原决定、申请单位被限制享受政府资金。"""
OF_THEIR_OWN: Final[tuple[Cause, ...]] = ("appeal", "restriction")
"""Causes that no other result of the rule makes or ends."""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    ("open", "propose"): "proposed",
    ("open", "lift"): "lifted",
    ("proposed", "return"): "open",
    ("proposed", "supplement"): "supplemented",
    ("proposed", "recover"): "recovered",
    ("proposed", "drop"): "dropped",
    ("proposed", "lift"): "lifted",
    ("lifted", "reopen"): "open",
}
"""`lift`: what is known by now gives the old result again."""

STATES: Machine[State, Move, State] = Machine(
    "revision", MOVES, kind="revision-state", zh="该复核事项的当前状态不允许此操作"
)

OPEN: Final[tuple[State, ...]] = ("open", "proposed")
ZERO: Final = Decimal("0.00")
IN_PARTS: Final = ("contribution:", "flexible:", "hardship:")
"""How keys begin of which a rule names more or fewer by what is known: months, and circumstances."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What would be due now. `amount`: yuan beside what was approved, above zero where too little was; None: a person says."""

    amount: Decimal | None


def compare(record: DecisionRecord, approved: Decimal | None, outcome: Outcome) -> Difference | None:
    """How what is known now differs from a decision in its result; None where it does not.

    `approved`: what is approved now, in yuan, None where the kind pays nothing. What an officer judged or set then still holds.
    """
    now = result_of(outcome)
    if _weighed(now) == _weighed(record.result):
        return None
    open_ = {ground.code for ground in outcome.grounds if ground.met is None} - set(record.judged)
    if approved is None or open_:
        return Difference(None)
    if outcome.met is False:
        return Difference(-approved) if approved else None
    set_then = None if record.amount_set is None else Decimal(record.amount_set)
    due = outcome.amount if outcome.amount is not None else set_then
    if due is None:
        return Difference(None)
    return Difference(due - approved) if due != approved else None


def held_on(held: Sequence[str], now: Sequence[str]) -> list[str]:
    """The keys that an approved application holds after a merger: what it was approved for stays so until officers decide otherwise,
    also those parts of it that the rule leaves out by what is known now. `held`: its keys, by the id of now."""
    parts = held if not now else [key for key in held if key.startswith(IN_PARTS)]
    return list(dict.fromkeys([*now, *parts]))


def check_answer(answer: Answer, difference: Decimal | None, said: Decimal | None) -> Decimal:
    """The amount that an answer is about, signed (yuan); raises RuleBroken where it cannot be.

    `said`: what the officer says, where the machine cannot.
    """
    amount = difference if difference is not None else said
    if answer == "drop":
        return amount if amount is not None else ZERO
    if amount is None:
        raise RuleBroken("amount-missing", "请核定差额", "say how much the difference is")
    if (amount > 0) != (answer == "supplement") or not amount:
        raise RuleBroken("wrong-way", "差额方向与处理方式不符", "the difference goes the other way")
    return amount


def check_money(answer: Answer, approved: Decimal | None) -> None:
    """Raise RuleBroken where money would follow of what no money was approved for: what it gave is ended for itself."""
    if approved is None and answer != "drop":
        raise RuleBroken(
            "nothing-paid", "该事项不涉及金额，认定有误的另行撤销", "no money was approved: end what it gave for itself"
        )


def check_confirmer(subject: str, proposer: str | None) -> None:
    """Raise Conflict where one officer would propose and confirm."""
    if subject == proposer:
        raise Conflict("same-officer", "应由另一名经办人员复核", "another officer confirms than who proposed")


def rows(prefixes: tuple[str, ...]) -> list[str]:
    """Every row of the parameters whose keys begin in one of these ways, as text that changes where it does."""
    return sorted(
        f"{row.valid_from}|{parameter.key}|{row.model_dump_json(exclude={'note', 'source', 'published'})}"
        for parameter in parameters
        if parameter.key.startswith(prefixes)
        for row in parameter.rows
    )


def first_difference(known: Iterable[str], today: Iterable[str]) -> dt.date | None:
    """From which day on the law is another than it was known to be, by `rows`; None where it is the same."""
    different = set(known) ^ set(today)
    return min((dt.date.fromisoformat(row[:10]) for row in different), default=None)


def _weighed(result: Mapping[str, Any]) -> dict[str, Any]:
    """What of a result counts: by which keys a fact is paid for once makes no difference."""
    return {name: value for name, value in result.items() if name != "once"}
