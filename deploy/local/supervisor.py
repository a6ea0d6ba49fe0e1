"""A page of supervisor: starts programs in order of need, restarts what crashes, and leaves nothing behind.

Programs start stage by stage; a stage begins when every program of the one before is ready. Their output goes to
`logs/<name>.log` under the directory, and what is known of them to `stack.json` there, for whoever asks from outside.
"""

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self, TypedDict

import psutil

from deploy.local import child

log = logging.getLogger(__name__)

STATE_FILE = "stack.json"
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY = 60.0
"""A program that has run so long, in seconds, is restarted without delay once more."""
GRACE, GRACE_OF_REST = 6.0, 3.0
"""Seconds that the last stage, and then all others together, have to end before they are killed: in all under ten."""

State = Literal["waiting", "starting", "ready", "crashed", "stopped"]
Phase = Literal["starting", "replaying", "ready", "stopping"]


@dataclass(frozen=True)
class Program:
    """One process of the stack.

    `answers` says whether it is ready; `command` is asked for at every start. A `forgetful` program loses what it held
    when it stops: when it has crashed and is back, the last stage is restarted and the stack's `recover` is called.
    """

    name: str
    port: int
    stage: int
    command: Callable[[], Awaitable[Sequence[str]]]
    answers: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_within: float = 90.0
    forgetful: bool = False


@dataclass
class Status:
    """What became of a program."""

    port: int
    state: State = "waiting"
    pid: int | None = None
    restarts: int = 0


class Known(TypedDict):
    """What `stack.json` says: the supervisor's process, how far it is, which servers run, and its programs' statuses."""

    supervisor: int
    began: float
    phase: Phase
    engines: dict[str, str]
    programs: dict[str, dict[str, Any]]


def look(directory: Path) -> Known | None:
    """What is running under `directory`; None where nothing is, even if a killed supervisor left its file behind."""
    try:
        known: Known = json.loads((directory / STATE_FILE).read_text())
        alive = psutil.Process(known["supervisor"]).create_time() == known["began"]
    except (OSError, psutil.NoSuchProcess):
        return None
    return known if alive else None


class Supervisor:
    """Runs `programs` from `start` to `stop`, or as `async with`; `tell` hears every change of state.

    `recover` tells a forgetful program again what it held; it is called at the start too where `forgot` says so. `engines`
    is asked once, when everything is up, which database and broker run.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        directory: Path,
        recover: Callable[[], Awaitable[None]] | None = None,
        forgot: bool = False,
        tell: Callable[[str, Status], None] = lambda name, status: None,
        engines: Callable[[], Awaitable[dict[str, str]]] | None = None,
    ) -> None:
        self.programs, self.directory, self.recover, self.tell = [*programs], directory, recover, tell
        self.ask_engines = engines
        self.engines: dict[str, str] = {}
        self.forgot = forgot
        self.last = max(program.stage for program in programs)
        self.statuses = {program.name: Status(program.port) for program in programs}
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.ready = {program.name: asyncio.Event() for program in programs}
        self.watchers: dict[str, asyncio.Task[None]] = {}
        self.phase: Phase = "starting"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Bring everything up, stage by stage.

        Raises:
            StartError: a program ended or did not become ready in time; everything has been stopped again.
        """
        try:
            for stage in sorted({program.stage for program in self.programs}):
                members = [program for program in self.programs if program.stage == stage]
                async with asyncio.TaskGroup() as group:
                    for program in members:
                        group.create_task(self._bring_up(program))
                self.watchers |= {program.name: asyncio.create_task(self._watch(program)) for program in members}
            if self.ask_engines is not None:
                self.engines = await self.ask_engines()
            if self.forgot and self.recover is not None:
                self.phase = "replaying"
                self._save()
                await self.recover()
        except BaseException as failure:
            await self.stop()
            raise child.first_of(failure) from None
        self.phase = "ready"
        self._save()

    async def stop(self) -> None:
        """End everything within ten seconds: the last stage first, then all others at once."""
        self.phase = "stopping"
        self._save()
        for watcher in self.watchers.values():
            watcher.cancel()
        await asyncio.gather(*self.watchers.values(), return_exceptions=True)
        await asyncio.gather(*(self._end(p, GRACE) for p in self.programs if p.stage == self.last))
        await asyncio.gather(*(self._end(p, GRACE_OF_REST) for p in self.programs if p.stage != self.last))
        (self.directory / STATE_FILE).unlink(missing_ok=True)

    async def again(self, name: str, environment: Mapping[str, str]) -> None:
        """Stop a program, and start it again with further variables, which it keeps.

        Raises:
            StartError: it did not become ready in time.
        """
        [number] = [number for number, program in enumerate(self.programs) if program.name == name]
        self.watchers[name].cancel()
        await asyncio.gather(self.watchers[name], return_exceptions=True)
        await self._end(self.programs[number], GRACE)
        program = self.programs[number]
        self.programs[number] = replace(program, environment={**program.environment, **environment})
        await self._bring_up(self.programs[number])
        self.watchers[name] = asyncio.create_task(self._watch(self.programs[number]))

    def memory(self) -> dict[str, int]:
        """Resident bytes of each running program."""
        found = {}
        for name, process in self.processes.items():
            with contextlib.suppress(psutil.Error):
                found[name] = psutil.Process(process.pid).memory_info().rss
        return found

    async def _end(self, program: Program, grace: float) -> None:
        process = self.processes.get(program.name)
        if process is not None:
            await child.stop(process, grace)
            self._change(program, "stopped")

    async def _bring_up(self, program: Program) -> None:
        logs = self.directory / "logs" / f"{program.name}.log"
        self._change(program, "starting")
        try:
            command = await program.command()
            process = await child.start(
                command, logs, env={**os.environ, **program.environment}, directory=child.PROJECT
            )
            self.processes[program.name] = process
            self.statuses[program.name].pid = process.pid
            await child.ready(process, program.answers, logs, program.ready_within)
        except child.StartError as error:
            self._change(program, "crashed")
            raise child.StartError(f"{program.name} {error}") from None
        self._change(program, "ready")

    async def _watch(self, program: Program) -> None:
        """Restart `program` whenever it ends, for as long as this task lives."""
        delay = FIRST_DELAY
        while True:
            since = time.monotonic()
            status = await self.processes[program.name].wait()
            log.warning("%s ended with status %s", program.name, status)
            delay = FIRST_DELAY if time.monotonic() - since > STEADY else delay
            self._change(program, "crashed")
            while True:
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
                self.statuses[program.name].restarts += 1
                try:
                    await self._bring_up(program)
                except child.StartError as error:
                    log.warning("%s", error)
                    await child.stop(self.processes[program.name], GRACE)
                    continue
                break
            if program.forgetful:
                await self._begin_again_after(program)

    async def _begin_again_after(self, program: Program) -> None:
        last = [other for other in self.programs if other.stage == self.last]
        for other in last:
            self.ready[other.name].clear()
        await asyncio.gather(*(child.stop(self.processes[p.name], GRACE) for p in last if p.name in self.processes))
        await asyncio.gather(*(self.ready[other.name].wait() for other in last))
        if self.recover is not None:
            try:
                await self.recover()
            except child.StartError as error:
                log.error("what %s forgot could not all be told again: %s", program.name, error)

    def _change(self, program: Program, state: State) -> None:
        self.statuses[program.name].state = state
        if state == "ready":
            self.ready[program.name].set()
        if state in ("crashed", "stopped"):
            self.statuses[program.name].pid = None
        self._save()
        self.tell(program.name, self.statuses[program.name])

    def _save(self) -> None:
        """Write `stack.json` whole or not at all."""
        known: Known = {
            "supervisor": os.getpid(),
            "began": psutil.Process().create_time(),
            "phase": self.phase,
            "engines": self.engines,
            "programs": {name: asdict(status) for name, status in self.statuses.items()},
        }
        coming = self.directory / f"{STATE_FILE}.new"
        coming.write_text(json.dumps(known, indent=1))
        coming.replace(self.directory / STATE_FILE)
