"""The stack, or a part of it, for one benchmark: fresh data, ports of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from deploy.local import child
from deploy.local.demo import calls
from deploy.local.demo.client import Client
from deploy.local.stack import BROKER, DATABASE, ISSUER, SANDBOXES, SERVICES, SMTP, make_stack
from deploy.local.supervisor import Supervisor
from tests.bench import usage
from tests.bench.load import connected
from tests.bench.usage import Usage

ROOT = child.PROJECT / "var" / "bench"
START_SECONDS = 10.0
"""How long a stack that has just started goes on working by itself: groups join, timers look for the first time."""


ran_on: dict[str, str] = {}
"""The database and the broker of the stack that ran last, as they name themselves."""


@dataclass
class Found:
    """What a benchmark found: its figures by name, and what its plots are drawn from."""

    figures: dict[str, Any]
    series: dict[str, Any] = field(default_factory=dict)


@dataclass
class Bench:
    """A running part of the stack, the way to it, and what it uses."""

    supervisor: Supervisor
    client: Client
    mongo_uri: str
    kafka: str
    others: dict[str, int] = field(default_factory=dict)
    """Process ids of what a benchmark runs beside the stack."""
    _before: dict[str, float] = field(default_factory=dict)

    def start_clock(self) -> None:
        self._before = usage.cpu_seconds(self._processes())

    def cpu_seconds(self) -> dict[str, float]:
        """Processor seconds of each program since the clock was started."""
        return {
            name: round(seconds - self._before.get(name, 0.0), 2)
            for name, seconds in usage.cpu_seconds(self._processes()).items()
            if seconds - self._before.get(name, 0.0) >= 0.01
        }

    async def metrics(self, service: str) -> str:
        """A service's page of metrics, whose measurements cost a few statements every five seconds at most."""
        return (await self.client.call("operator:bench", service, "GET", "/metrics")).text

    async def usage(self) -> Usage:
        """What every program has used so far."""
        running = [name for name in SERVICES if name in self.supervisor.processes]
        pages = await asyncio.gather(*(self.metrics(name) for name in running))
        return usage.look(self._processes(), dict(zip(running, pages, strict=True)))

    async def at_rest(self, seconds: float) -> Usage:
        """What every program uses while nothing happens."""
        await asyncio.sleep(START_SECONDS)
        before = await self.usage()
        await asyncio.sleep(seconds)
        return (await self.usage()).since(before)

    async def settled(self, seconds: float = 120) -> Usage:
        """The usage at the moment from which on no service has anything under way. The look itself comes after it."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.usage()
                if all([(await calls.backlog(self.client, name))[0] for name in SERVICES]):
                    return found
                await asyncio.sleep(2)

    async def received(self, count: int, seconds: float = 300) -> int:
        """How many messages' receipts the notifier has stored, once there are `count`: asked of both providers' stand-ins, which
        costs it nothing."""
        urls = [f"{self.client.urls['sms']}{provider}/sandbox/counts" for provider in ("", "/tencent")]
        async with asyncio.timeout(seconds):
            while True:
                found = sum([int((await self.client.http.get(url)).json().get("receipts", 0)) for url in urls])
                if found >= count:
                    return found
                await asyncio.sleep(0.25)

    async def count(self, database: str, collection: str) -> int:
        """How many documents there are, counted by the database: for the end of a benchmark, not for waiting."""
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(self.mongo_uri)
        try:
            return int(await client[database][collection].count_documents({}))
        finally:
            client.close()

    def _processes(self) -> dict[str, int]:
        return self.others | {name: process.pid for name, process in self.supervisor.processes.items()}


def free_ports() -> dict[str, str]:
    """The variables that give each program of the stack a port of its own."""
    programs = (*SERVICES, *ISSUER, *SANDBOXES, *SMTP, *BROKER, *DATABASE)
    return {f"{program.upper()}_PORT": str(child.free_port()) for program in programs}


@asynccontextmanager
async def running(name: str, only: Sequence[str] = ()) -> AsyncIterator[Bench]:
    """The named programs of the stack (all: none named), with fresh data under var/bench."""
    directory: Path = ROOT / name
    shutil.rmtree(directory, ignore_errors=True)
    os.environ.update(free_ports())
    os.environ["LOG_LEVEL"] = "warning"
    stack = make_stack(directory, settling_seconds=0)
    programs = [program for program in stack.programs if not only or program.name in only]
    ports = stack.ports()
    async with Supervisor(programs, directory) as supervisor, connected(stack.urls, stack.client_secret) as client:
        ran_on.update(await stack.engines())
        yield Bench(
            supervisor,
            client,
            stack.mongo_uri,
            os.environ.get("KAFKA_BOOTSTRAP") or f"127.0.0.1:{ports['kafka']}",
        )
