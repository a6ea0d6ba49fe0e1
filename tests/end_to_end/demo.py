"""Runs the demo as a user does, on ports of its own."""

from __future__ import annotations

import json
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.local import child
from deploy.local.stack import BROKER, DATABASE, ISSUER, SANDBOXES, SERVICES, SMTP

PORTS = (*SERVICES, *ISSUER, *SANDBOXES, *SMTP, *BROKER, *DATABASE)


def ports() -> dict[str, str]:
    """A free port for every program of the stack, as the variables that move them."""
    taken: set[int] = set()
    while len(taken) < len(PORTS):
        taken.add(child.free_port())
    return {f"{name.upper()}_PORT": str(port) for name, port in zip(PORTS, taken, strict=True)}


@asynccontextmanager
async def demo(directory: Path, *arguments: str) -> AsyncIterator[Process]:
    """`python -m deploy.local demo` with its data in `directory`; its output goes to `<directory>.log`."""
    command = [sys.executable, "-m", "deploy.local", "demo", "--directory", str(directory), *arguments]
    log = directory.with_name(f"{directory.name}.log")
    process = await child.start(command, log, env={**os.environ, **ports()}, directory=child.PROJECT)
    try:
        yield process
    finally:
        await child.stop(process)


def report_of(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "report.json").read_text("utf-8"))
    return found
