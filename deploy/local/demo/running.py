"""A run of the demo: a day through a stack, its own or one that runs already, and every figure checked."""

import asyncio
import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.local import ports, run
from deploy.local.calculation import calculate, compare
from deploy.local.demo import calls, events, table
from deploy.local.demo.against import Target
from deploy.local.demo.client import connected
from deploy.local.demo.day import Day
from deploy.local.demo.given import Input, read_input
from deploy.local.demo.memory import watched
from deploy.local.demo.progress import display
from deploy.local.demo.receiver import listening
from deploy.local.stack import make_stack, outside_together
from deploy.local.supervisor import Status, Supervisor

DRAW = "draw.json"
"""What was published of the draw, for whoever draws again."""
HELD_SECONDS = 6 * 3600.0
"""How long the demo's notifier holds messages that later facts may take back; the demo lets them go when all has come."""


class NotEmpty(RuntimeError):
    """The services hold data already, so that no figure could be what the input alone demands; the text says which."""


async def demo(directory: Path, file: Path | None, console: Console) -> bool:
    """Run the demo with its data in `directory`, which is emptied first; whether every figure was right.

    Raises:
        BadInput, NotPossible, PortsTaken, StartError, CallFailed, NotSettled: after everything has been stopped.
    """
    given = read_input(file).with_more(own_server=True, broadcast=True)
    began, now = time.monotonic(), datetime.now(UTC)
    with run.alone(directory):
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)
        stack = make_stack(directory, settling_seconds=HELD_SECONDS)
        ports.check_free(stack.ports())

        def tell(name: str, status: Status) -> None:
            if status.state in ("ready", "crashed") and supervisor.phase != "stopping":
                console.print(f"  {name} {status.state} (port {status.port})", style="dim", highlight=False)

        supervisor = Supervisor(
            outside_together(stack.programs), directory, stack.replay, tell=tell, engines=stack.engines
        )

        async def go_on(days: int) -> None:
            # the training platform refuses a signature that is days ahead
            await supervisor.again("subsidies", {"DEMO_DAYS_AHEAD": str(days), "TRAINING_PLATFORM_URL": ""})

        console.print("启动各项服务 · Starting the stack", style="bold")
        run.cancel_on_signals()
        async with (
            listening(given.listener) as receiver,
            supervisor,
            watched(supervisor) as peak,
            connected(stack.urls, stack.client_secret) as client,
        ):
            with display(console, len(given.events)) as shown:
                day = Day(client, given, shown, receiver, go_on)
                report = await day.run(now)
            report["day_seconds"] = round(day.over - began, 1)
            report["seconds"] = round(time.monotonic() - began, 1)
            report["engines"] = supervisor.engines
    (directory / "resources.json").write_text(
        json.dumps({"peak_mb": round(peak.total / 1e6), **peak.by_name()}, indent=2)
    )
    return await _judged(given, report, now, directory, console, peak.total)


async def demo_against(target: Target, directory: Path, file: Path | None, console: Console) -> bool:
    """Run the demo against servers that run already, its report in `directory`; whether every figure was right.

    Raises:
        BadInput, NotPossible, NotEmpty, CallFailed, NotSettled: the services are left as they are then.
    """
    # a platform's server on this machine may be out of the services' reach
    given = read_input(file).with_more(own_server=False, broadcast="sms" in target.urls)
    began, now = time.monotonic(), datetime.now(UTC)
    with run.alone(directory):
        await asyncio.to_thread(directory.mkdir, exist_ok=True)
        run.cancel_on_signals()
        async with connected(target.urls, target.client_secret) as client:
            held = await calls.held(client)
            if held:
                raise NotEmpty(
                    f"the demo's figures come out only in empty databases; the services hold: {', '.join(held)}"
                )
            with display(console, len(given.events)) as shown:
                report = await Day(client, given, shown).run(now)
        report["seconds"] = round(time.monotonic() - began, 1)
        report["engines"] = target.engines
    return await _judged(given, report, now, directory, console, None)


async def _judged(
    given: Input, report: dict[str, Any], now: datetime, directory: Path, console: Console, peak: int | None
) -> bool:
    (directory / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if draw := report.get("published", {}).get("draw"):
        (directory / DRAW).write_text(json.dumps(draw, ensure_ascii=False, indent=1), encoding="utf-8")
    expected = await asyncio.to_thread(calculate, given.events, given.all_actions, now)
    differences = compare(expected, report)
    table.show(console, expected, report, differences, events.names(given.events), peak)
    return not differences
