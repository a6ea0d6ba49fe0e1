"""Joining and leaving a union (德人社发〔2022〕95 号 art. 17).

Nobody is a member without their own word: the worker applies or confirms (工会法 art. 3). What the worker has declined is not
proposed again. `endorse` is the worker's word on what an enterprise says of them: it is an application, which the union accepts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.errors import Conflict
from shared.states import Machine

Claimant = Literal["union", "platform"]
"""Whose word it is that a worker has joined."""

Section = Literal[
    "person", "footing", "papers", "partners", "pay", "safety", "enrolment", "premiums", "claims", "benefits", "advances",
    "policies", "bargaining", "enterprise", "records", "credit", "penalties", "employment", "contributions",
    "transfers", "qualification", "training", "subsidies", "unions", "cases", "leads", "inspections", "disputes", "messages",
]  # fmt: skip
"""The sections of a dossier, each of which a worker may share with a union."""

State = Literal["none", "applied", "proposed", "member", "refused", "declined", "withdrawn", "left"]

Event = Literal["apply", "propose", "accept", "confirm", "refuse", "decline", "withdraw", "leave", "endorse"]

MOVES: Mapping[tuple[State, Event], State] = {
    ("none", "apply"): "applied",
    ("none", "propose"): "proposed",
    ("applied", "accept"): "member",
    ("applied", "propose"): "member",
    ("applied", "refuse"): "refused",
    ("applied", "withdraw"): "withdrawn",
    ("proposed", "confirm"): "member",
    ("proposed", "endorse"): "applied",
    ("proposed", "decline"): "declined",
    ("proposed", "withdraw"): "withdrawn",
    ("member", "leave"): "left",
    ("refused", "apply"): "applied",
    ("refused", "propose"): "proposed",
    ("declined", "apply"): "applied",
    ("withdrawn", "apply"): "applied",
    ("withdrawn", "propose"): "proposed",
    ("left", "apply"): "applied",
    ("left", "propose"): "proposed",
}

STATES: Machine[State, Event, State] = Machine(
    "membership", MOVES, kind="membership-state", zh="该会籍的当前状态不允许此操作"
)


def withdrawn(state: State, *, by_worker: bool) -> State:
    """The state after one side takes back what it said: the worker an application, the union a proposal."""
    if state == ("proposed" if by_worker else "applied"):
        raise Conflict(STATES.kind, STATES.zh, f"withdraw is not possible: the other side has spoken, it is {state}")
    return STATES.next(state, "withdraw")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Legal days, both included; `until` is None while they last."""

    since: dt.date
    until: dt.date | None = None


WEIGHT: Final[tuple[State, ...]] = (
    "none",
    "withdrawn",
    "refused",
    "left",
    "proposed",
    "declined",
    "applied",
    "member",
)
"""Of two memberships that turn out to be one person's, the state further to the right holds: what was declined is not proposed."""


def joined_states(one: State, other: State) -> State:
    """The state of a membership that was kept under two records of one person."""
    return max(one, other, key=WEIGHT.index)


def joined_spans(spans: Iterable[Span]) -> list[Span]:
    """The same days without overlaps, the earliest first: spans that overlap or follow on become one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.since, span.until or dt.date.max)):
        last = joined[-1] if joined else None
        if last is None or (last.until is not None and span.since > last.until + dt.timedelta(days=1)):
            joined.append(span)
        elif last.until is not None and (span.until is None or span.until > last.until):
            joined[-1] = Span(last.since, span.until)
    return joined
