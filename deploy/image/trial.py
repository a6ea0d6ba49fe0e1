"""A small platform day through the services of the image, and how soon each is ready."""

import asyncio
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.image.build import Image
from deploy.image.programs import inside, run_by
from deploy.local import child, ports, run
from deploy.local.calculation import calculate, compare
from deploy.local.demo import calls, events, table
from deploy.local.demo.client import connected
from deploy.local.demo.day import Day
from deploy.local.demo.given import Input
from deploy.local.demo.memory import watched
from deploy.local.demo.progress import display
from deploy.local.demo.running import HELD_SECONDS
from deploy.local.sample import generate
from deploy.local.stack import SERVICES_LAST, Stack, make_stack
from deploy.local.supervisor import Program, Supervisor

PEOPLE, WORK = 300, 30
HEALTH_SECONDS = 5.0


class Unhealthy(RuntimeError):
    """The image's health check says something else than what is; the text says of which process."""


async def trial(directory: Path, service: Image, sandbox: Image, console: Console) -> dict[str, Any]:
    """Run the day on processes of the image, with data under `directory`, which is emptied first.

    Says `right` (whether every figure is), the `figures`, how much each process has `handled`, the seconds to `ready` of each
    one alone, and the `engines`.

    Raises:
        NotPossible, PortsTaken, StartError, CallFailed, NotSettled, Unhealthy: after everything has been stopped.
    """
    sample = generate(people=PEOPLE, work=WORK)
    given, now = Input(sample.events, sample.actions), datetime.now(UTC)
    with run.alone(directory):
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        stack = make_stack(directory, HELD_SECONDS, run_by(service, sandbox, directory / "secrets"))
        ports.check_free(stack.ports())
        run.cancel_on_signals()
        outside = [program for program in stack.programs if program.stage < SERVICES_LAST]
        services = [program for program in stack.programs if program.stage == SERVICES_LAST]
        (directory / "outside").mkdir()
        console.print("starting Apache Kafka, the database and the stand-ins", style="bold")
        async with Supervisor(outside, directory / "outside"):
            figures, handled, peak = await _day(stack, service, given, now, console)
            await _check_health(service, directory, services, lives=False)
            console.print("starting each process alone", style="bold")
            ready = {program.name: await _seconds_to_ready(program, directory / "alone") for program in services}
            engines = await stack.engines()
    expected = await asyncio.to_thread(calculate, given.events, given.all_actions, now)
    differences = compare(expected, figures)
    shown = figures | {"seconds": round((datetime.now(UTC) - now).total_seconds()), "engines": engines}
    table.show(console, expected, shown, differences, events.names(given.events), peak)
    return {"right": not differences, "figures": figures, "handled": handled, "ready": ready, "engines": engines}


async def _day(
    stack: Stack, image: Image, given: Input, now: datetime, console: Console
) -> tuple[dict[str, Any], dict[str, int], int]:
    """The figures of a day, how much each process handled, and the most memory that they had together."""
    services = [program for program in stack.programs if program.stage == SERVICES_LAST]
    console.print(f"starting {', '.join(program.name for program in services)}", style="bold")
    supervisor = Supervisor(services, stack.directory)
    async with supervisor, watched(supervisor) as peak, connected(stack.urls, stack.client_secret) as client:
        await _check_health(image, stack.directory, services, lives=True)
        with display(console, len(given.events)) as shown:
            figures = await Day(client, given, shown).run(now)
        handled = {one.name: (await calls.backlog_of(client, one.name))["handled"] for one in services}
        return figures, handled, peak.total


async def _check_health(image: Image, directory: Path, services: list[Program], lives: bool) -> None:
    """See that the image's health check says of every process whether it lives."""
    for program in services:
        command = inside(image, directory / "secrets" / program.name, program.environment, image.health)
        process = await child.start(
            command, directory / "logs" / "health.log", env={**os.environ, **program.environment}
        )
        try:
            status = await asyncio.wait_for(process.wait(), HEALTH_SECONDS)
        finally:
            await child.stop(process)
        if status != (0 if lives else 1):
            state = "lives" if lives else "has ended"
            raise Unhealthy(f"{program.name} {state}, and its health check ended with status {status}")


async def _seconds_to_ready(program: Program, logs: Path) -> float:
    log, began = logs / f"{program.name}.log", time.monotonic()
    process = await child.start(await program.command(), log, env={**os.environ, **program.environment})
    try:
        await child.ready(process, program.answers, log, program.ready_within)
        return round(time.monotonic() - began, 1)
    finally:
        await child.stop(process)
