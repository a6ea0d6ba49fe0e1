"""The stack as a process of its own: run, started detached, ended."""

import asyncio
import contextlib
import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local import child, ports
from deploy.local.stack import make_stack
from deploy.local.supervisor import Known, Supervisor, look

STOP_SECONDS = 15.0


class NotPossible(RuntimeError):
    """The stack cannot be started; the text is for the person who asked."""


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Hold `directory` against other supervisors until the end, or this process's death.

    Raises:
        NotPossible: another one holds it.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with directory.with_name(f".{directory.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotPossible(f"a stack is running in {directory} already") from None
        yield


def cancel_on_signals() -> None:
    """Have SIGTERM and SIGINT cancel the current task; a second one ends this process, and the kernel its children."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def end() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)


async def run_until_told(supervisor: Supervisor) -> None:
    """Run a supervisor until SIGTERM or SIGINT.

    Raises:
        StartError: something did not come up; nothing is left running.
    """
    cancel_on_signals()
    with contextlib.suppress(asyncio.CancelledError):
        async with supervisor:
            await asyncio.Event().wait()


async def supervise(directory: Path) -> None:
    """Run the stack with its data in `directory` until SIGTERM or SIGINT.

    Raises:
        NotPossible, PortsTaken, StartError: nothing is left running.
    """
    with alone(directory):
        stack = make_stack(directory)
        ports.check_free(stack.ports())
        await run_until_told(Supervisor(stack.programs, directory, stack.replay, stack.forgot, engines=stack.engines))


def up(directory: Path, tell: Callable[[Known], None]) -> Known:
    """Start a supervisor that outlives this process, and wait until the stack is ready.

    `tell` is called with what is known whenever it changes. Ctrl-C while it starts ends it again.

    Raises:
        NotPossible: it runs already, a port is taken, or something did not come up.
    """
    if look(directory) is not None:
        raise NotPossible(f"a stack is running in {directory} already")
    ports.check_free(make_stack(directory).ports())
    log = directory / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        began = output.tell()
        command = [sys.executable, "-m", "deploy.local", "supervise", str(directory)]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=child.PROJECT, start_new_session=True
        )
    known: Known | None = None
    try:
        while known is None or known["phase"] != "ready":
            if process.poll() is not None:
                with log.open("rb") as lines:
                    lines.seek(began)
                    raise NotPossible(lines.read().decode(errors="replace").strip() or f"it ended; see {log}")
            time.sleep(0.2)
            known, before = look(directory), known
            if known is not None and known != before:
                tell(known)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)
        raise
    return known


def down(directory: Path) -> bool:
    """End the stack; whether there was one. What does not end within fifteen seconds is killed."""
    known = look(directory)
    if known is None:
        return False
    supervisor = psutil.Process(known["supervisor"])
    supervisor.terminate()
    try:
        supervisor.wait(STOP_SECONDS)
    except psutil.TimeoutExpired:
        supervisor.kill()  # and the kernel its children
    return True
