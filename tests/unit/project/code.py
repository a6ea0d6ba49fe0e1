"""The project's own code as the checks read it: syntax trees by module, and the texts that stand in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import yaml

from shared.service import Service

ROOT = Path(__file__).parents[3]
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


def listed(name: str) -> dict[str, str]:
    """The reason of every exception in a list of them: a YAML file beside this module, from reasons to names."""
    groups: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8")) or {}
    names = [one for group in groups.values() for one in group]
    assert len(names) == len(set(names)), (
        f"{name} lists twice: {sorted({one for one in names if names.count(one) > 1})}"
    )
    return {one: reason for reason, group in groups.items() for one in group}


def assert_only(found: Iterable[str], listed: Mapping[str, str], wrong: str) -> None:
    """Fail where something was found that is not listed with its reason, and where what is listed is found no more."""
    new, mended = sorted(set(found) - set(listed)), sorted(set(listed) - set(found))
    problems = [f"{wrong}: {new}"] if new else []
    problems += [f"need no exception any more, so take them off the list: {mended}"] if mended else []
    assert not problems, "; ".join(problems)
