"""Rules import rules and the law; only what stands between HTTP and a command knows HTTP. The layers are lint's to check."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.unit.project.code import modules, room

FOR_RULES = (
    "shared.policy",
    "shared.contracts",
    "shared.errors",
    "shared.states",
    "shared.identity",
    "shared.sheets.cells",
    "msgspec",
)
"""The law, the language, what a rule says no with, and pure functions and values."""
DECIDING = ("rules", "rows", "segments", "calculation")
HTTP = ("shared.web", "fastapi", "starlette")
ROOMS_OF_HTTP = ("api", "views", "access", "body")


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports: `from a import b` is `a.b` where that is a module of the project, else `a`."""
    known = {**modules("services"), **modules("shared")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                yield whole if whole in known else node.module


def is_named(module: str, *rooms: str) -> bool:
    """Whether a module is one of these rooms, or a further one of the kind: `rates_api` is an `api`."""
    name = module.rpartition(".")[2]
    return any(name == one or name.endswith(f"_{one}") for one in rooms)


def lies_in(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_a_rule_imports_only_law_language_and_other_rules() -> None:
    found = {
        f"{room(module)}: {wanted}"
        for module, tree in modules("services").items()
        if is_named(module, *DECIDING)
        for wanted in imported(tree)
        if wanted.partition(".")[0] not in sys.stdlib_module_names
        and not lies_in(wanted, *FOR_RULES)
        and not is_named(wanted, *DECIDING)
    }
    assert found == set()


def test_only_the_way_in_knows_http() -> None:
    found = {
        f"{room(module)}: {wanted}"
        for module, tree in modules("services").items()
        if not is_named(module, *ROOMS_OF_HTTP)
        for wanted in imported(tree)
        if lies_in(wanted, *HTTP)
    }
    assert found == set()
