"""When to stop asking an outside system that is away, and when to try it again: values in, values out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final, Literal

from shared.states import Machine

State = Literal["closed", "open", "half_open"]
Event = Literal["answered", "failed", "failed_often", "rested"]

STATES: Machine[State, Event, State] = Machine(
    "line to an outside system",
    {
        ("closed", "answered"): "closed",
        ("closed", "failed"): "closed",
        ("closed", "failed_often"): "open",
        ("open", "rested"): "half_open",
        ("open", "answered"): "closed",
        ("open", "failed"): "open",
        ("open", "failed_often"): "open",
        ("half_open", "answered"): "closed",
        ("half_open", "failed"): "open",
        ("half_open", "failed_often"): "open",
    },
)
"""Closed: every call goes out. Open: none does, until the pause is over. Half open: one call at a time tries whether it
is back. Calls that began before the circuit opened may still be answered, or fail, while it is open.
"""

FAILURES: Final = 5
"""Failures in a row after which nothing is sent. Ours, as is the rest: no outside system names either."""
REST: Final = dt.timedelta(seconds=15)
"""How long nothing is sent before one call tries again."""


def route_of(target: str) -> str:
    """The template of a path with its query, for traces: without the number that names a person or a payment."""
    match target.partition("?")[0].split("/"):
        case [root, version, kind, _, *action]:
            return "/".join([root, version, kind, "{number}", *action])
        case parts:
            return "/".join(parts)


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a line stands. `since`: when it came to this state; `trying`: a trial call is out."""

    state: State
    since: dt.datetime
    failures: int = 0
    trying: bool = False


def ask(circuit: Circuit, now: dt.datetime) -> tuple[Circuit, dt.timedelta]:
    """Whether a call may go out: it may where the wait is zero, and must then be reported by `answered` or `failed`."""
    if circuit.state == "closed":
        return circuit, dt.timedelta()
    rest = circuit.since + REST - now
    if circuit.state == "open":
        if rest > dt.timedelta():
            return circuit, rest
        return Circuit(STATES.next("open", "rested"), now, circuit.failures, trying=True), dt.timedelta()
    if circuit.trying:
        return circuit, max(rest, dt.timedelta(seconds=1))
    return replace(circuit, trying=True), dt.timedelta()


def answered(circuit: Circuit, now: dt.datetime) -> Circuit:
    """After a call that was answered, whatever the answer."""
    state = STATES.next(circuit.state, "answered")
    return Circuit(state, circuit.since if state == circuit.state else now)


def failed(circuit: Circuit, now: dt.datetime) -> Circuit:
    """After a call that was not answered. An open circuit rests no longer for late failures."""
    failures = circuit.failures + 1
    state = STATES.next(circuit.state, "failed_often" if failures >= FAILURES else "failed")
    return Circuit(state, circuit.since if state == circuit.state else now, failures)
