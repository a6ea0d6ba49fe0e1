"""Every event of a transition table is told to it by some code, and every state can come about.

The tables are found by their shape: a mapping of (state, event), or of state and then event, to the next state. An event
is told where its text stands in the code of its service as a value; not in a comparison, in the table, in the names beside
the table, or as a state. A state comes about where the code of its room, or of one that uses it, says it, or where an event
leads there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from shared.states import Machine
from tests.lists import assert_only, listed
from tests.unit.project.code import LISTS, modules, room
from tests.unit.project.test_imports import imported

Steps = list[tuple[str | None, str, str]]
"""From which state, by which event, to which state."""

LEAST_TABLES = 20
"""Fewer would mean that tables are written in a way that this does not recognise."""


@dataclass(frozen=True)
class Table:
    module: str
    name: str
    steps: Steps


def tables() -> list[Table]:
    found: list[Table] = []
    for module, tree in modules("services").items():
        for name in _assigned(tree):
            value = getattr(import_module(module), name, None)
            steps = steps_of(value.moves if isinstance(value, Machine) else value)
            if steps and not any(steps == other.steps for other in found):
                found.append(Table(module, name, steps))
    return found


def _assigned(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def steps_of(value: Any) -> Steps:
    """The steps of a table; none where the value is not one."""
    if not isinstance(value, Mapping):
        return []
    flat = {
        (state, event): then
        for state, steps in value.items()
        if isinstance(steps, Mapping)
        for event, then in steps.items()
    } or value
    steps = []
    for key, then in flat.items():
        following = then[0] if isinstance(then, tuple) and then else then
        if not (isinstance(key, tuple) and len(key) == 2 and _is_code(key[1]) and _is_code(following)):
            return []
        steps.append((key[0], key[1], following))
    return steps


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[a-z_]+", value) is not None


class _Values(ast.NodeVisitor):
    """The texts that stand in a module as values: those that are states, and those that may be events."""

    def __init__(self, own: set[str]) -> None:
        self.own = own
        self.events: set[str] = set()
        self.states: set[str] = set()

    def visit_Assign(self, node: ast.Assign) -> None:
        named = {target.id for target in node.targets if isinstance(target, ast.Name)}
        self._statement(node, named, any(isinstance(t, ast.Attribute) and t.attr == "state" for t in node.targets))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        named = {node.target.id} if isinstance(node.target, ast.Name) else set()
        self._statement(node, named, named == {"state"})

    def _statement(self, node: ast.Assign | ast.AnnAssign, named: set[str], state: bool) -> None:
        value = node.value
        alias = isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id == "Literal"
        if named & self.own or (self.own and alias):
            return  # a table, or the names of what is in it
        if state and isinstance(value, ast.Constant):
            self.states.add(str(value.value))
        else:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        pass

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg == "state" and isinstance(node.value, ast.Constant):
            self.states.add(str(node.value.value))
        else:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.events.add(node.value)


@cache
def values() -> Mapping[str, _Values]:
    """What stands in each module of the services."""
    own: dict[str, set[str]] = {}
    for table in tables():
        own.setdefault(table.module, set()).add(table.name)
    visited = {}
    for module, tree in modules("services").items():
        visited[module] = _Values(own.get(module, set()))
        visited[module].visit(tree)
    return visited


@cache
def uses(module: str, home: str) -> bool:
    """Whether a module imports anything of a room."""
    return any(f"{wanted}.".startswith(home) for wanted in imported(modules("services")[module]))


def unreached(table: Table) -> Iterator[str]:
    home = f"services.{room(table.module)}."
    near = [said for module, said in values().items() if module.startswith(home) or uses(module, home)]
    told = set().union(*(said.events for said in near))
    yield from (f"event {event}" for _, event, _ in table.steps if event not in told)
    reached: set[str | None] = {None}.union(*(said.states | said.events for said in near))
    while further := {then for state, event, then in table.steps if state in reached and event in told} - reached:
        reached |= further
    there = {state for state, _, _ in table.steps} | {then for _, _, then in table.steps}
    yield from (f"state {state}" for state in there - reached)


def test_every_event_and_state_of_a_table_is_reached() -> None:
    found = tables()
    assert len(found) >= LEAST_TABLES
    missing = {f"{room(table.module)}: {what}" for table in found for what in unreached(table)}
    assert_only(missing, listed(LISTS / "unreached_transitions.yaml"), "no code tells its table of it, or leads there")
