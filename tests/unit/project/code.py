"""The project's own code as the checks read it: syntax trees by module, and the texts that stand in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from shared.service import Service

LISTS = Path(__file__).parent
ROOT = LISTS.parents[2]
SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")


def service(name: str) -> Service:
    found: Service = import_module(f"services.{name}.app").service
    return found


@cache
def modules(folder: str) -> Mapping[str, ast.Module]:
    """The syntax tree of every module below a folder of the project, by the module's dotted name."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in paths
    }


def room(module: str) -> str:
    """Where a module lies: `insurance.claims` for a module of that capability, the name of the package elsewhere."""
    parts = module.split(".")
    return ".".join(parts[1:3]) if parts[0] == "services" else ".".join(parts[:2])


def texts(trees: Iterable[ast.AST]) -> set[str]:
    """Every text that stands in the code as a whole literal."""
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def templates(trees: Iterable[ast.AST]) -> Iterator[ast.JoinedStr]:
    """Every f-string."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield node


@cache
def pattern(template: ast.JoinedStr, gap: str) -> re.Pattern[str]:
    """What an f-string can become, where each of its expressions gives a text that fits `gap`: one group for each."""
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else f"({gap})" for part in template.values]
    return re.compile("".join(parts))
