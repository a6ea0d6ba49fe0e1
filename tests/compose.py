"""Reads deploy/compose.yaml as far as tests need it: what extends another, and what the variables say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.local.child import PROJECT

FOLDER = PROJECT / "deploy" / "compose"
SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}")
MOUNTED = Path("/run/secrets")

Node = dict[str, Any]


@cache
def project() -> Node:
    """The whole file, as it is written."""
    found: Node = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text("utf-8"))
    return found


def container(name: str) -> Node:
    """A service of the project, with what it extends."""
    return _extended(project()["services"], name)


def containers() -> dict[str, Node]:
    """Every service of the project."""
    return {name: container(name) for name in project()["services"]}


def environment(name: str, env: Mapping[str, str]) -> dict[str, str]:
    """What a container is told, where the variables say `env`; KeyError for one that must be said and is not."""

    def value(found: re.Match[str]) -> str:
        return env[found[1]] if found[2] is None else env.get(found[1]) or found[2]

    given: dict[str, str] = container(name).get("environment", {})
    return {key: VARIABLE.sub(value, text) for key, text in given.items()}


def secrets(name: str) -> dict[str, str]:
    """The secrets of a container: the name of each one's file under `secrets/`, by where it is mounted."""
    declared: Node = project()["secrets"]
    found = {}
    for one in container(name).get("secrets", []):
        source, target = (one, one) if isinstance(one, str) else (one["source"], one["target"])
        found[str(MOUNTED / target)] = Path(declared[source]["file"]).name
    return found


def variables(file: str) -> dict[str, str]:
    """What an env-file of deploy/compose says."""
    lines = (FOLDER / file).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@cache
def _parts() -> Node:
    found: Node = yaml.safe_load((FOLDER / "parts.yaml").read_text("utf-8"))["services"]
    return found


def _extended(among: Node, name: str) -> Node:
    own: Node = dict(among[name])
    extends: Node | None = own.pop("extends", None)
    if extends is None:
        return own
    return _merged(_extended(_parts(), extends["service"]), own)


def _merged(base: Node, over: Node) -> Node:
    found = dict(base)
    for key, value in over.items():
        before = found.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            found[key] = _merged(before, value)
        elif isinstance(value, list) and isinstance(before, list) and key not in ("command", "entrypoint", "test"):
            found[key] = before + value
        else:
            found[key] = value
    return found
