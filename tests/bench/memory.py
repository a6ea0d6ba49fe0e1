"""Resident memory: one service idle, and the whole demo at its highest."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any

import psutil

from deploy.local import child
from deploy.local.stack import SERVICES
from tests.bench.stack import ROOT, running

MEGABYTE = 1_000_000


async def idle() -> dict[str, Any]:
    """The largest of the five services after start, with nothing to do."""
    async with running("idle") as bench:
        await asyncio.sleep(5)
        found = {name: round(size / MEGABYTE) for name, size in bench.supervisor.memory().items()}
    services = {name: found[name] for name in SERVICES}
    return {"service_idle_mb": max(services.values()), "idle_mb": found}


async def demo_peak() -> dict[str, Any]:
    """The highest sum over every process of `make demo`, looked at four times a second."""
    log = ROOT / "demo.log"
    process = await child.start([sys.executable, "-m", "deploy.local", "demo"], log, directory=child.PROJECT)
    peak = 0
    while process.returncode is None:
        peak = max(peak, _tree(process.pid))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 0.25)
    if process.returncode != 0:
        raise RuntimeError(f"the demo failed; see {log}")
    return {"demo_peak_mb": round(peak / MEGABYTE)}


def _tree(pid: int) -> int:
    total = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total
