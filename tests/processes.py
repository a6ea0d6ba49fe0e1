"""Services and stand-ins as processes of their own, which a test may kill."""

from __future__ import annotations

import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from deploy.local import child
from shared.settings import Settings
from tests.harness import SESSION_SECONDS


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


@asynccontextmanager
async def running(module: str, *arguments: str, env: dict[str, str], log: Path) -> AsyncIterator[Process]:
    """`python -m MODULE ARGUMENTS`, stopped at the end unless it has died."""
    command = [sys.executable, "-m", module, *arguments]
    process = await child.start(command, log, env={**os.environ, **env}, directory=child.PROJECT)
    try:
        yield process
    finally:
        await child.stop(process)


async def is_ready(env: dict[str, str]) -> bool:
    """Whether the process that was told this answers that it works."""
    try:
        async with httpx2.AsyncClient(timeout=2) as http:
            return (await http.get(f"http://127.0.0.1:{env['HTTP_PORT']}/readyz")).status_code == 200
    except httpx2.HTTPError:
        return False


@asynccontextmanager
async def sandbox(name: str, directory: Path, settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    """A stand-in of `deploy.sandbox`, and the way to it once it answers."""
    env, log = {"HTTP_PORT": str(child.free_port()), **settings}, directory / f"{name}.log"
    async with running(f"deploy.sandbox.{name}", env=env, log=log) as process:
        await child.ready(process, lambda: is_ready(env), log, 30)
        url = f"http://127.0.0.1:{env['HTTP_PORT']}"
        async with httpx2.AsyncClient(base_url=url, timeout=5, limits=NONE_KEPT) as http:
            yield http
