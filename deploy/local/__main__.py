"""`python -m deploy.local up|down|status|demo`: the whole of Xindun on one machine."""

import asyncio
import contextlib
import logging
import sys
from pathlib import Path
from typing import Annotated

import psutil
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from deploy.local import run
from deploy.local.child import PROJECT, StartError
from deploy.local.demo import running
from deploy.local.demo.against import BadTarget, read_target
from deploy.local.demo.client import CallFailed
from deploy.local.demo.events import BadInput
from deploy.local.demo.settling import NotSettled
from deploy.local.ports import PortsTaken
from deploy.local.supervisor import Known, look

DIRECTORY = PROJECT / "var" / "local"
COLOURS = {"ready": "green", "crashed": "red", "starting": "yellow", "waiting": "dim", "stopped": "dim"}

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
console = Console()
trouble = Console(stderr=True)
Directory = Annotated[Path, typer.Option("--directory", help="where the stack keeps its data and logs")]


@app.command()
def up(directory: Directory = DIRECTORY) -> None:
    """Start the stack and leave it running."""
    told: dict[str, str] = {}

    def tell(known: Known) -> None:
        for name, status in known["programs"].items():
            if told.get(name, "waiting") != status["state"]:
                told[name] = status["state"]
                console.print(f"{name:12} {status['state']}", style=COLOURS[status["state"]])
        if known["phase"] == "replaying" and told.setdefault("", "replaying") == "replaying":
            told[""] = "told"
            console.print("telling the broker again what it forgot")

    try:
        known = run.up(directory, tell)
    except (run.NotPossible, PortsTaken, StartError) as error:
        _fail(str(error))
    console.print(_table(known))
    console.print(f"data and logs in {directory}; client secret in {directory / 'client-secret'}")


@app.command()
def down(directory: Directory = DIRECTORY) -> None:
    """Stop the stack."""
    console.print("stopped" if run.down(directory) else "not running")


@app.command()
def status(directory: Directory = DIRECTORY) -> None:
    """Show what is running; exit status 3 where nothing is."""
    known = look(directory)
    if known is None:
        console.print("not running")
        raise typer.Exit(3)
    console.print(_table(known))


@app.command()
def demo(
    input: Annotated[
        Path | None, typer.Option("--input", help="newline-delimited CloudEvents; without: a sample day")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="an env-file that names services which run already and hold nothing yet"),
    ] = None,
    directory: Directory = PROJECT / "var" / "demo",
) -> None:
    """Push a platform's day through a stack; exit status 0 only if every figure is right."""
    shown = Console(width=None if console.is_terminal else 120)
    logs = "" if against else f"\nlogs are in {directory / 'logs'}"
    try:
        if against:
            right = uvloop.run(running.demo_against(read_target(against), directory, input, shown))
        else:
            right = uvloop.run(running.demo(directory, input, shown))
    except (BadInput, BadTarget, OSError, run.NotPossible, running.NotEmpty, PortsTaken) as error:
        _fail(str(error))
    except (NotSettled, CallFailed, StartError) as error:
        _fail(f"{error}{logs}")
    except asyncio.CancelledError:
        _fail("stopped")
    raise typer.Exit(0 if right else 1)


@app.command(hidden=True)
def supervise(directory: Path) -> None:
    """Run the stack in this process until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        asyncio.run(run.supervise(directory))
    except (run.NotPossible, PortsTaken, StartError) as error:
        sys.exit(str(error))


def _table(known: Known) -> Table:
    table = Table("process", "pid", "port", "state", "restarts", "memory", title=f"stack: {known['phase']}")
    for column in (1, 2, 4, 5):
        table.columns[column].justify = "right"
    total = 0
    for name, of in known["programs"].items():
        memory = _resident(of["pid"])
        total += memory
        state = f"[{COLOURS[of['state']]}]{of['state']}[/]"
        table.add_row(name, str(of["pid"] or "-"), str(of["port"]), state, str(of["restarts"]), _megabytes(memory))
    supervisor = _resident(known["supervisor"])
    table.add_row("supervisor", str(known["supervisor"]), "-", "", "", _megabytes(supervisor), end_section=True)
    table.add_row("", "", "", "", "", _megabytes(total + supervisor))
    table.caption = "\n".join(f"{name}: {engine}" for name, engine in known["engines"].items())
    return table


def _resident(pid: int | None) -> int:
    if pid is not None:
        with contextlib.suppress(psutil.Error):
            return int(psutil.Process(pid).memory_info().rss)
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


def _fail(text: str) -> None:
    trouble.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


app()
