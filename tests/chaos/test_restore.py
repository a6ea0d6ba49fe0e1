"""A database is lost in the middle of the day, and brought back from a backup: every figure is right all the same."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from pymongo import AsyncMongoClient
from rich.console import Console

from deploy.local.calculation import calculate, compare
from deploy.local.demo.client import connected
from deploy.local.demo.day import Day
from deploy.local.demo.events import Event
from deploy.local.demo.given import Input
from deploy.local.demo.progress import display
from deploy.local.demo.running import HELD_SECONDS
from deploy.local.sample import generate
from deploy.local.stack import SERVICES, Stack, make_stack, operate
from deploy.local.supervisor import Program, Supervisor
from shared.backup import MARGIN
from shared.storage.backups import MANIFEST, Manifest
from tests.end_to_end.demo import ports
from tests.harness import eventually

LATE = 30_000
"""Milliseconds after which gateways tell receipts while a backup is made: longer than that takes."""


@dataclass
class Lossy:
    """A service that does not begin again, after it was killed, before it may: its database is lost and restored meanwhile."""

    stack: Stack
    supervisor: Supervisor
    program: Program
    may_begin: asyncio.Event

    @property
    def backup(self) -> Path:
        return self.stack.directory / "backup"

    async def back_up(self) -> None:
        await operate(self.program, self.stack.directory, "backup", "--to", str(self.backup))

    async def gateways(self, **behaviour: int) -> None:
        """Have the gateways behave so from now on; without anything: as they should."""
        async with httpx2.AsyncClient() as http:
            for gateway in (self.stack.urls["sms"], f"{self.stack.urls['sms']}/tencent", self.stack.urls["push"]):
                answer = await http.post(f"{gateway}/sandbox/behaviour", json=behaviour)
                answer.raise_for_status()

    async def without_receipt(self) -> int:
        """How many messages the notifier knows as taken by a gateway that has told nothing of them since."""
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.stack.mongo_uri)
        try:
            return await client["notifier"]["deliveries"].count_documents(
                {"state": "sent", "channel": {"$ne": "email"}}
            )
        finally:
            await client.close()

    async def lose_and_restore(self) -> None:
        """Kill the service, drop its database, bring the backup back, and let all others tell again what they told since."""
        name = self.program.name
        self.supervisor.ready[name].clear()
        self.may_begin.clear()
        pid = self.supervisor.statuses[name].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.stack.mongo_uri)
        try:

            async def down() -> bool:
                return self.supervisor.statuses[name].pid is None

            await eventually(down, 20)
            heard = await client[name]["inbox"].count_documents({})
            await client.drop_database(name)
        finally:
            await client.close()
        manifest = msgspec.json.decode((self.backup / MANIFEST).read_bytes(), type=Manifest)
        kept = {part.collection: part.documents for part in manifest.parts}
        assert 0 < kept["inbox"] < heard, "the backup must lack something that was heard"
        await operate(self.program, self.stack.directory, "restore", "--from", str(self.backup))
        if name == "notifier":
            assert await self.without_receipt() > 0, "a receipt must be lost: it came after the backup of its message"
        self.may_begin.set()
        await asyncio.wait_for(self.supervisor.ready[name].wait(), 90)
        if name == "notifier":
            await operate(self.program, self.stack.directory, "ask-receipts")
        since = (manifest.at - MARGIN).isoformat(timespec="seconds")
        for program in self.stack.programs:
            if program.name in SERVICES and program.name != name:
                await operate(program, self.stack.directory, "replay", "--since", since)


class DayOfLoss(Day):
    """The day, in whose middle a database is backed up, and lost when everything has been pushed."""

    lossy: Lossy

    async def _push(self) -> None:
        """A third before the backup, one during it, and one that it cannot hold."""
        whole, third = self.given, len(self.given.events) // 3
        await self._push_some(whole.events[:third])
        await self._settle()
        # a receipt that comes after the backup of its message is lost with the database, and no gateway sends it again
        await self.lossy.gateways(receipt_delay_ms=LATE)
        pushing = asyncio.create_task(self._push_some(whole.events[third : 2 * third]))
        await eventually(self.lossy.without_receipt, 60)
        await self.lossy.back_up()
        await pushing
        await self.lossy.gateways()
        await self._push_some(whole.events[2 * third :])
        self.given = whole
        await self._settle()
        await self.lossy.lose_and_restore()

    async def _push_some(self, some: list[Event]) -> None:
        self.given = Input(some, [])
        await super()._push()


def make_lossy(directory: Path, name: str) -> Lossy:
    stack = make_stack(directory, settling_seconds=HELD_SECONDS)
    [program] = [one for one in stack.programs if one.name == name]
    may_begin = asyncio.Event()
    may_begin.set()

    async def command() -> Sequence[str]:
        await may_begin.wait()
        return await program.command()

    programs = [replace(one, command=command) if one.name == name else one for one in stack.programs]
    return Lossy(stack, Supervisor(programs, directory, stack.replay), program, may_begin)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["insurance", "notifier"])
async def test_a_lost_database_comes_back_with_every_figure(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told by events since the backup comes back by replay, and nobody hears anything twice."""
    for variable, port in ports().items():
        monkeypatch.setenv(variable, port)
    sample, now = generate(people=100, work=40), datetime.now(UTC)
    given = Input(sample.events, sample.actions)
    lossy = make_lossy(tmp_path / "stack", name)
    async with AsyncExitStack() as running:
        await running.enter_async_context(lossy.supervisor)
        client = await running.enter_async_context(connected(lossy.stack.urls, lossy.stack.client_secret))
        shown = running.enter_context(display(Console(quiet=True), len(given.events)))
        day = DayOfLoss(client, given, shown)
        day.lossy = lossy
        report = await day.run(now)
    assert not compare(calculate(given.events, given.all_actions, now), report)
    assert report["dead_letters"] == 0
