"""Resident memory: one service idle, and the whole demo at its highest; how long the demo took."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys

import psutil

from deploy.local import child
from deploy.local.stack import SERVICES
from tests.bench.stack import ROOT, Found, running

MEGABYTE = 1_000_000


async def idle() -> Found:
    """The largest of the five services after start, with nothing to do."""
    async with running("idle") as bench:
        await asyncio.sleep(5)
        found = {name: round(size / MEGABYTE) for name, size in bench.supervisor.memory().items()}
    services = {name: found[name] for name in SERVICES}
    return Found({"service_idle_mb": max(services.values()), "idle_mb": found})


async def demo() -> Found:
    """The highest sum over every process of `make demo`, looked at twice a second, and its seconds."""
    log = ROOT / "demo.log"
    process = await child.start([sys.executable, "-m", "deploy.local", "demo"], log, directory=child.PROJECT)
    peak = 0
    while process.returncode is None:
        peak = max(peak, _tree(process.pid))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 0.5)
    if process.returncode != 0:
        raise RuntimeError(f"the demo failed; see {log}")
    report = json.loads((child.PROJECT / "var" / "demo" / "report.json").read_text())
    return Found({"demo_peak_mb": round(peak / MEGABYTE), "demo_seconds": report["seconds"]})


def _tree(pid: int) -> int:
    total = 0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total
