"""Child processes of the local stack: started with a log file, tied to this process, ended as a whole group."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

PROJECT = Path(__file__).resolve().parents[2]
TETHER = Path(__file__).with_name("tether.py")
LOG_LIMIT = 20_000_000


class StartError(RuntimeError):
    """A process did not come up; the text says which and where its log is."""


async def start(
    command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, directory: Path | None = None
) -> asyncio.subprocess.Process:
    """Start `command` in a process group of its own, killed by the kernel if this process ends.

    Output is appended to `log`; a log over 20 MB is set aside as `<log>.1` first.
    """
    with _open_log(log) as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-S", str(TETHER), str(os.getpid()), *command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(env) if env is not None else None,
            cwd=directory,
            start_new_session=True,
        )


def _open_log(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))
    return log.open("ab")


async def stop(process: asyncio.subprocess.Process, grace: float = 5.0) -> None:
    """End a child and its group: SIGTERM, and SIGKILL after `grace` seconds. Also when this is cancelled."""
    if process.returncode is None:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            try:
                await asyncio.wait_for(process.wait(), grace)
            except asyncio.CancelledError:
                _signal_group(process.pid, signal.SIGKILL)
                raise
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def first_of(failure: BaseException) -> BaseException:
    """The failure itself, or the first one in a group: one is enough for whoever reads it."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


async def ready(
    process: asyncio.subprocess.Process, answers: Callable[[], Awaitable[bool]], log: Path, seconds: float = 60.0
) -> None:
    """Wait until `answers` says yes.

    Raises:
        StartError: the process ended, or did not answer within `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            while not await answers():
                if process.returncode is not None:
                    raise StartError(f"ended with status {process.returncode} before it was ready; see {log}")
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise StartError(f"not ready within {seconds:.0f} s; see {log}") from None


_given: set[int] = set()
"""Ports that this process has named as free: nobody may have taken them yet."""


def free_port() -> int:
    """A port on loopback that nobody holds now, below the range that outgoing connections are given, and never the same one.

    `FREE_PORTS` (`first-last`) says among which it is looked for, so that programs that do so side by side keep out of each
    other's way.
    """
    first, _, last = os.environ.get("FREE_PORTS", "20000-32000").partition("-")
    for _ in range(200):
        port = random.randint(int(first), int(last))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _given:
            _given.add(port)
            return port
    raise StartError(f"no free port found between {first} and {last}")
