"""The kit's clients as commands, made ready with the toolchain of their language."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from deploy.local.child import PROJECT

CLIENTS = PROJECT / "deploy" / "kit" / "clients"
MADE = PROJECT / "var" / "kit"
BUILD_SECONDS = 280


def _missing(what: str) -> NoReturn:
    """Skip with the reason; in CI everything is there, so that something is wrong."""
    if "CI" in os.environ:
        pytest.fail(what)
    pytest.skip(what)


def _tool(name: str, oldest: str, *version: str) -> str:
    """The path of a tool that is at least so new."""
    path = shutil.which(name)
    if path is None:
        _missing(f"{name} is not there: it needs {name} {oldest} or newer")
    said = subprocess.run([path, *version], capture_output=True, text=True, check=True, timeout=60)
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    if found is None or _parts(found[0]) < _parts(oldest):
        _missing(f"{name} is too old: it needs {name} {oldest} or newer")
    return path


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _python() -> list[str]:
    return [sys.executable, "-I", "-S", str(CLIENTS / "python" / "push.py")]


def _javascript() -> list[str]:
    return [_tool("node", "18", "--version"), str(CLIENTS / "javascript" / "push.mjs")]


def _go() -> list[str]:
    go, program = _tool("go", "1.21", "version"), MADE / "push"
    _make([go, "build", "-o", str(program), "."], CLIENTS / "go")
    return [str(program)]


def _java() -> list[str]:
    java = _tool("java", "17", "-version")
    pom = CLIENTS / "java" / "pom.xml"
    jars = MADE / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if not jars.exists():
        maven, coming = _tool("mvn", "3", "--version"), MADE / "coming"
        shutil.rmtree(coming, ignore_errors=True)
        copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={coming}"]
        _make([maven, "--batch-mode", "--quiet", *copy], pom.parent)
        coming.rename(jars)
    return [java, "-cp", f"{jars}/*", str(CLIENTS / "java" / "Push.java")]


def _make(command: list[str], directory: Path) -> None:
    MADE.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


COMMANDS: dict[str, Callable[[], list[str]]] = {
    "python": _python,
    "javascript": _javascript,
    "go": _go,
    "java": _java,
}
