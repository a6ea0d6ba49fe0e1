"""Services and stand-ins as processes of their own, which a test may kill.

To import a service costs more than all else that it does in such a test: so they are forked from one process that has imported
them all (`multiprocessing`'s fork server), and begin where `python -m` would be when its imports are done.
"""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from deploy.local import child
from deploy.local.stack import NO_TLS
from deploy.local.tether import PR_SET_PDEATHSIG
from shared import faults
from shared.settings import Settings
from tests.harness import SESSION_SECONDS, eventually

SERVICES = ("registry", "insurance", "complaints", "subsidies", "notifier")
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload([__name__, *(f"services.{name}.app" for name in SERVICES)])


def environment(settings: Settings) -> dict[str, str]:
    """What a service is told, on a free port."""
    return {
        "MONGO_URI": settings.mongo_uri,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka.bootstrap,
        "KAFKA_SESSION_SECONDS": str(SESSION_SECONDS),
        "KEYS_FILE": str(settings.keys_file),
        "OIDC_ISSUER": settings.issuer,
        "OIDC_AUDIENCE": settings.audience,
        "OIDC_JWKS_URL": settings.jwks_url,
        "HTTP_PORT": str(child.free_port()),
    }


NONE_KEPT = httpx2.Limits(max_keepalive_connections=0)
"""A sandbox may close a connection that is kept just as the next call begins."""


class Forked:
    """A process that was forked; as much of `asyncio`'s own as a test needs of one."""

    def __init__(self, module: str, arguments: tuple[str, ...], env: Mapping[str, str], log: Path) -> None:
        self._process = _forking.Process(target=_become, args=(module, arguments, dict(env), log), daemon=True)
        self._ended = asyncio.Event()

    async def start(self) -> None:
        await asyncio.to_thread(self._process.start)
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._ended.set()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int:
        """What it ended with: the negative number of the signal that killed it."""
        await self._ended.wait()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    async def stop(self, grace: float = 5.0) -> None:
        """SIGTERM, and SIGKILL after `grace` seconds. Also when this is cancelled."""
        self._process.terminate()
        try:
            async with asyncio.timeout(grace):
                await self.wait()
        except TimeoutError:
            pass
        finally:
            self._process.kill()
        await self.wait()


def _become(module: str, arguments: tuple[str, ...], env: dict[str, str], log: Path) -> None:
    """Be `python -m MODULE ARGUMENTS`, writing to a log, and end with whoever forked."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    with log.open("ab", 0) as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    os.environ.clear()
    os.environ.update(env)
    faults.CRASH_AT = env.get("XINDUN_CRASH_AT")  # it was imported before it was told
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


@asynccontextmanager
async def running(module: str, *arguments: str, env: dict[str, str], log: Path) -> AsyncIterator[Forked]:
    """`python -m MODULE ARGUMENTS`, stopped at the end unless it has died."""
    process = Forked(module, arguments, {**os.environ, **env}, log)
    await process.start()
    try:
        yield process
    finally:
        await process.stop()


async def is_ready(env: dict[str, str]) -> bool:
    """Whether the process that was told this answers that it works."""
    try:
        async with httpx2.AsyncClient(timeout=2, verify=NO_TLS) as http:
            return (await http.get(f"http://127.0.0.1:{env['HTTP_PORT']}/readyz")).status_code == 200
    except httpx2.HTTPError:
        return False


@asynccontextmanager
async def sandbox(name: str, directory: Path, settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """A stand-in of `deploy.sandbox`, and the way to it once it answers."""
    env, log = {"HTTP_PORT": str(child.free_port()), **settings}, directory / f"{name}.log"
    async with running(f"deploy.sandbox.{name}", env=env, log=log) as process:

        async def answers() -> bool:
            assert process.returncode is None, f"ended with status {process.returncode} before it was ready; see {log}"
            return await is_ready(env)

        await eventually(answers, 30)
        url = f"http://127.0.0.1:{env['HTTP_PORT']}"
        async with httpx2.AsyncClient(base_url=url, timeout=5, limits=NONE_KEPT) as http:
            yield http
