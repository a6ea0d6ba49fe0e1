"""The supervisor, over real processes."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.local import child, ports
from deploy.local.run import NotPossible, alone
from deploy.local.supervisor import Program, Status, Supervisor, look
from tests.integration.stack.small_stack import programs


@contextmanager
def small_stack(directory: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process]]]:
    """A supervisor in a process of its own, ready; and its children."""
    directory.mkdir(exist_ok=True)
    environment = os.environ | {"FIRST_PORT": str(child.free_port()), "SECOND_PORT": str(child.free_port())}
    command = [sys.executable, "-m", "tests.integration.stack.small_stack", str(directory)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=child.PROJECT) as supervisor:
        try:
            assert supervisor.stdout is not None
            assert supervisor.stdout.readline() == b"ready\n"
            children = psutil.Process(supervisor.pid).children(recursive=True)
            assert len(children) == 2
            yield supervisor, children
        finally:
            supervisor.kill()


async def crashed_and_back(supervisor: Supervisor, name: str) -> None:
    """Kill a program and wait until it is ready as another process."""
    pid = supervisor.statuses[name].pid
    assert pid is not None
    supervisor.ready[name].clear()
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(20):
        await supervisor.ready[name].wait()
    assert supervisor.statuses[name].pid != pid


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_told_supervisor_ends_everything_within_ten_seconds(number: signal.Signals, tmp_path: Path) -> None:
    with small_stack(tmp_path) as (supervisor, children):
        began = time.monotonic()
        supervisor.send_signal(number)
        assert supervisor.wait(10) == 0
        assert time.monotonic() - began < 10
        assert [c for c in children if c.is_running()] == []
    assert look(tmp_path) is None


def test_a_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    with small_stack(tmp_path) as (supervisor, children):
        supervisor.kill()
        _, alive = psutil.wait_procs(children, timeout=5)
        assert alive == []
    assert look(tmp_path) is None


def test_what_runs_can_be_looked_at_from_outside(tmp_path: Path) -> None:
    with small_stack(tmp_path) as (supervisor, children):
        known = look(tmp_path)
        assert known is not None
        assert known["supervisor"] == supervisor.pid
        assert {p["pid"] for p in known["programs"].values()} == {c.pid for c in children}


async def test_what_runs_says_on_which_engines(tmp_path: Path) -> None:
    async def engines() -> dict[str, str]:
        return {"database": "native: SecantusDB 1"}

    servers = programs(child.free_port(), child.free_port())
    async with Supervisor(servers, tmp_path, engines=engines):
        known = look(tmp_path)
        assert known is not None
        assert known["engines"] == {"database": "native: SecantusDB 1"}


async def test_a_crashed_program_alone_is_restarted(tmp_path: Path) -> None:
    """The programs that start after it are left alone."""
    async with Supervisor(programs(child.free_port(), child.free_port()), tmp_path) as supervisor:
        other = supervisor.statuses["push"].pid
        await crashed_and_back(supervisor, "provincial")
        assert supervisor.statuses["provincial"].restarts == 1
        assert supervisor.statuses["push"].pid == other
        assert set(supervisor.memory()) == {"provincial", "push"}


async def test_a_program_starts_again_with_further_variables(tmp_path: Path) -> None:
    """It keeps them when it crashes later, and the others are left alone."""
    async with Supervisor(programs(child.free_port(), child.free_port()), tmp_path) as supervisor:
        first, other = (supervisor.statuses[name].pid for name in ("provincial", "push"))
        await supervisor.again("provincial", {"AHEAD": "9"})
        assert supervisor.statuses["provincial"].pid != first
        await crashed_and_back(supervisor, "provincial")
        pid = supervisor.statuses["provincial"].pid
        assert pid is not None
        assert psutil.Process(pid).environ()["AHEAD"] == "9"
        assert supervisor.statuses["push"].pid == other


async def test_after_a_forgetful_program_the_last_stage_restarts(tmp_path: Path) -> None:
    """The program is told again what it has forgotten."""
    told = asyncio.Event()

    async def recover() -> None:
        assert supervisor.statuses["push"].state == "ready"
        told.set()

    first, second = programs(child.free_port(), child.free_port())
    forgetful = Program(**{**vars(first), "forgetful": True})
    async with Supervisor([forgetful, second], tmp_path, recover) as supervisor:
        other = supervisor.statuses["push"].pid
        await crashed_and_back(supervisor, "provincial")
        async with asyncio.timeout(20):
            await told.wait()
        assert supervisor.statuses["push"].pid != other


async def test_programs_that_depend_on_others_start_after_them(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []

    def tell(name: str, status: Status) -> None:
        heard.append((name, status.state))

    async with Supervisor(programs(child.free_port(), child.free_port()), tmp_path, tell=tell):
        pass
    assert heard == [
        ("provincial", "starting"),
        ("provincial", "ready"),
        ("push", "starting"),
        ("push", "ready"),
        ("push", "stopped"),
        ("provincial", "stopped"),
    ]


async def test_a_program_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    """Nothing is left running."""

    async def command() -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('no such thing')"]

    first, second = programs(child.free_port(), child.free_port())
    broken = Program(**{**vars(second), "command": command})
    with pytest.raises(child.StartError, match=r"push ended with status 1 .*push\.log"):
        async with Supervisor([first, broken], tmp_path):
            pass
    assert "no such thing" in (tmp_path / "logs" / "push.log").read_text()
    assert [c for c in psutil.Process().children() if "deploy.sandbox" in " ".join(c.cmdline())] == []


def test_a_taken_port_is_told_with_what_holds_it() -> None:
    """The message says how to move ours, too."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(ports.PortsTaken) as told:
            ports.check_free({"registry": port, "insurance": child.free_port()})
    assert f"port {port} for registry is held by process {os.getpid()}" in str(told.value)
    assert "REGISTRY_PORT=" in str(told.value)
    assert "insurance" not in str(told.value)


def test_two_programs_that_want_one_port_are_told() -> None:
    port = child.free_port()
    with pytest.raises(ports.PortsTaken, match="both want"):
        ports.check_free({"registry": port, "insurance": port})


def test_two_stacks_cannot_share_a_directory(tmp_path: Path) -> None:
    with alone(tmp_path / "local"), pytest.raises(NotPossible), alone(tmp_path / "local"):
        pass


def test_what_a_killed_supervisor_left_is_not_taken_for_running(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text(json.dumps({"supervisor": os.getpid(), "began": 1.0, "programs": {}}))
    assert look(tmp_path) is None
