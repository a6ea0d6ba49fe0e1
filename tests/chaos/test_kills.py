"""Services that are killed in the middle of the day: every figure is right all the same."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from deploy.local.stack import SERVICES
from deploy.local.supervisor import look
from tests.end_to_end.demo import demo, report_of
from tests.harness import eventually


@pytest.mark.timeout(900)
async def test_each_service_is_killed_once_and_no_figure_changes(tmp_path: Path) -> None:
    """The kill comes in the middle of the day's work."""
    directory = tmp_path / "stack"
    async with demo(directory) as process:
        for name in SERVICES:
            pid = await eventually(lambda name=name: _pid(directory, name), 120)  # type: ignore[misc]
            await asyncio.sleep(1.5)  # into the work, not before it
            os.kill(pid, signal.SIGKILL)
        status = await process.wait()
    assert status == 0, (tmp_path / "stack.log").read_text("utf-8")[-3000:]
    assert report_of(directory)["dead_letters"] == 0


async def _pid(directory: Path, name: str) -> int | None:
    """The process of a service that is up while the whole stack is."""
    known = look(directory)
    if known is None or known["phase"] != "ready":
        return None
    status = known["programs"][name]
    return status["pid"] if status["state"] == "ready" else None
