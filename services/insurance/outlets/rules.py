"""Courier outlets on the work-injury scheme (人社厅发〔2021〕101 号; 95 号 art. 9): who insures, and what it costs a month.

A month's statement of an outlet's contribution:

    state   | event      | next
    --------|------------|--------
    none    | incomplete | waiting   the average wage is known to nobody: an officer must enter it
    none    | draw       | drawn
    waiting | incomplete | waiting
    waiting | draw       | drawn
    drawn   | draw       | drawn     drawn again from what is known now
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.contracts.base import to_fen
from shared.policy.parameters import Law, MissingParameter

Filing = Literal["licensed", "terminal_only"]
"""Own courier licence and standing as an employer (快递业务经营许可), or only filed as a terminal outlet (末端网点备案)."""

Statement = Literal["waiting", "drawn"]
State = Literal["none"] | Statement
Event = Literal["incomplete", "draw"]

TRANSITIONS: Mapping[tuple[State, Event], Statement] = {
    ("none", "incomplete"): "waiting",
    ("none", "draw"): "drawn",
    ("waiting", "incomplete"): "waiting",
    ("waiting", "draw"): "drawn",
    ("drawn", "draw"): "drawn",
}


class Refused(ValueError):
    """A rule stands against it. `kind` is stable; both texts say which."""

    def __init__(self, kind: str, zh: str, en: str) -> None:
        self.kind, self.zh, self.en = kind, zh, en
        super().__init__(en)


def next_state(state: State, event: Event) -> Statement:
    """The state of a statement after an event; raises Refused."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Refused("statement-state", "该缴费单已核定", f"a statement that is {state} cannot be {event}") from None


def insurer_of(outlet: str, filing: Filing, named: str | None) -> str:
    """Who insures an outlet's people: itself where it has a licence, else the enterprise it belongs to; raises Refused."""
    if filing == "licensed":
        if named not in (None, outlet):
            raise Refused("own-insurer", "有许可的网点应自行参保", "an outlet with a licence insures its people itself")
        return outlet
    if named is None or named == outlet:
        raise Refused(
            "insurer-missing",
            "仅末端备案的网点须填写代办参保的企业",
            "an outlet that is only filed needs the enterprise that insures for it",
        )
    return named


def check_days(since: dt.date, until: dt.date | None) -> None:
    """Raise Refused where an outlet's last day on the scheme is before its first."""
    if until is not None and until < since:
        raise Refused("ends-before-it-begins", "结束日期早于开始日期", "the last day is before the first")


@dataclass(frozen=True, slots=True)
class Contribution:
    """A month's contribution in yuan. `base` is the average wage times the ratio times the people insured."""

    base: Decimal
    amount: Decimal
    worker_amount: Decimal


def average_wage(entered: Decimal | None, law: Law) -> Decimal | None:
    """Yuan a month: what an officer entered, else the parameter; None where nobody knows it."""
    if entered is not None:
        return entered
    try:
        return law.amount("express_outlet.average_wage")
    except MissingParameter:
        return None


def contribution(people: int, wage: Decimal, law: Law) -> Contribution:
    """What a month costs, rounded half up to the fen; the outlet pays it, and its people what the law says: nothing."""
    base = wage * law.amount("express_outlet.base_ratio") * people
    rates = (law.amount("express_outlet.rate"), law.amount("express_outlet.worker_rate"))
    whole, workers = (to_fen(base * rate) for rate in rates)
    return Contribution(to_fen(base), whole, workers)
