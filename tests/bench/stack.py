"""The stack, or a part of it, for one benchmark: fresh data, ports of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local import child
from deploy.local.database import database_uri
from deploy.local.demo.client import Client, connected
from deploy.local.stack import BROKER, DATABASE, ISSUER, SANDBOXES, SERVICES, make_stack
from deploy.local.supervisor import Supervisor

ROOT = child.PROJECT / "var" / "bench"


@dataclass
class Bench:
    """A running part of the stack, the way to it, and where its time goes."""

    supervisor: Supervisor
    client: Client
    mongo_uri: str
    kafka: str
    _before: dict[str, float] = field(default_factory=dict)

    def start_clock(self) -> None:
        self._before = self._cpu_seconds()

    def cpu_seconds(self) -> dict[str, float]:
        """Processor seconds of each program since the clock was started."""
        return {
            name: round(seconds - self._before.get(name, 0.0), 2)
            for name, seconds in self._cpu_seconds().items()
            if seconds - self._before.get(name, 0.0) >= 0.01
        }

    def _cpu_seconds(self) -> dict[str, float]:
        found = {"load": sum(psutil.Process().cpu_times()[:2])}
        for name, process in self.supervisor.processes.items():
            times = psutil.Process(process.pid).cpu_times()
            found[name] = times.user + times.system
        return found


@asynccontextmanager
async def running(name: str, only: Sequence[str] = ()) -> AsyncIterator[Bench]:
    """The named programs of the stack (all: none named), with fresh data under var/bench."""
    directory: Path = ROOT / name
    shutil.rmtree(directory, ignore_errors=True)
    for program in (*SERVICES, *ISSUER, *SANDBOXES, *BROKER, *DATABASE):
        os.environ[f"{program.upper()}_PORT"] = str(child.free_port())
    os.environ["LOG_LEVEL"] = "warning"
    stack = make_stack(directory)
    programs = [program for program in stack.programs if not only or program.name in only]
    ports = stack.ports()
    async with Supervisor(programs, directory) as supervisor, connected(stack.urls, stack.client_secret) as client:
        yield Bench(
            supervisor,
            client,
            database_uri(ports["mongo"]),
            f"127.0.0.1:{ports['kafka']}",
        )
