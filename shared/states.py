"""State machines: which event leads from a state to which other. Each is one table; nothing else decides what is allowed.

`python -m services.<name> states` prints those of a service, as tables and as Mermaid.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from shared.errors import Conflict

S = TypeVar("S")
E = TypeVar("E", bound=str)
T = TypeVar("T")


class Machine(Generic[S, E, T]):
    """A table of moves. `name` is English, for documents; `zh` is what is answered where a state does not allow an event.

    What an event leads to is a state, or a state with what the move means beside it.
    """

    def __init__(
        self,
        name: str,
        moves: Mapping[tuple[S, E], T],
        *,
        zh: str = "当前状态不允许此操作",
        kind: str = "not-in-this-state",
    ) -> None:
        self.name, self.moves, self.zh, self.kind = name, moves, zh, kind

    def next(self, state: S, event: E) -> T:
        """What the event leads to; raises `Conflict` where the state does not allow it."""
        try:
            return self.moves[state, event]
        except KeyError:
            en = f"{event} is not possible: the {self.name} is {_word(state)}"
            raise Conflict(self.kind, self.zh, en, state=_word(state)) from None

    def allows(self, state: S, event: E) -> bool:
        return (state, event) in self.moves

    @property
    def final(self) -> frozenset[S]:
        """The states that nothing leads out of."""
        reached = {self.state_of(then) for then in self.moves.values()}
        return frozenset(reached - {state for state, _ in self.moves})

    @staticmethod
    def state_of(then: T) -> S:
        """The state in what an event leads to."""
        state: S = then[0] if isinstance(then, tuple) else then  # type: ignore[assignment]
        return state


def rows(machine: Machine[S, E, T]) -> Iterator[tuple[str, str, str]]:
    """Each move as state, event and next state. Where there is no state yet, it is `none`."""
    for (state, event), then in machine.moves.items():
        yield _word(state), event, _word(machine.state_of(then))


def as_table(machine: Machine[S, E, T]) -> str:
    """The moves as a Markdown table."""
    lines = [f"| {state} | {event} | {then} |" for state, event, then in rows(machine)]
    return "\n".join(["| state | event | next |", "|---|---|---|", *lines])


def as_mermaid(machine: Machine[S, E, T]) -> str:
    """The moves as a Mermaid state diagram."""
    lines = [f"    {_node(state)} --> {then}: {event}" for state, event, then in rows(machine)]
    ends = [f"    {_word(state)} --> [*]" for state in sorted(machine.final, key=str)]
    return "\n".join(["stateDiagram-v2", *lines, *ends])


def _word(state: object) -> str:
    return "none" if state is None else str(state)


def _node(state: str) -> str:
    return "[*]" if state == "none" else state


def machines(service: str) -> list[Machine[Any, Any, Any]]:
    """The machines of a service and of the chassis whose modules are loaded, by name."""
    rooms = (f"services.{service}.", "shared.")
    own = [vars(module) for name, module in sys.modules.items() if name.startswith(rooms)]
    found = {value for names in own for value in names.values() if isinstance(value, Machine)}
    return sorted(found, key=lambda machine: machine.name)


def described(service: str) -> str:
    """All machines of a service as Markdown."""
    return "\n\n".join(
        f"## {machine.name}\n\n{as_table(machine)}\n\n```mermaid\n{as_mermaid(machine)}\n```"
        for machine in machines(service)
    )
