"""A day in the order in which it happened, and the same day in another: both must come out right, in nearly the same time."""

from __future__ import annotations

import json
import os
import sys

from deploy.local import child
from deploy.local.sample import generate
from tests.bench.stack import ROOT, Found, free_ports

PEOPLE, WORK, SEED = 2_400, 20, 1
"""A day of some 20,000 events, an eighth of which tell of engagements."""


async def any_order() -> Found:
    """Seconds from the start of the stack until the figures of the day stand, all bills closed and all messages sent; and those of
    the whole demo, which then orders, lists, draws, pays, writes to a district and starts a service again, whatever the day."""
    (in_order, whole), (shuffled, whole_shuffled) = await _day("in-order", None), await _day("shuffled", SEED)
    return Found(
        {
            "day_in_order_seconds": in_order,
            "shuffled_day_seconds": shuffled,
            "shuffled_to_in_order": round(shuffled / in_order, 2),
            "demo_of_day_seconds": whole,
            "demo_of_shuffled_day_seconds": whole_shuffled,
        }
    )


async def _day(name: str, shuffle: int | None) -> tuple[float, float]:
    directory, log = ROOT / name, ROOT / f"{name}.log"
    events = ROOT / f"{name}-input"
    generate(people=PEOPLE, work=WORK, shuffle=shuffle).write(events)
    asked = ["--input", str(events / "events.ndjson"), "--directory", str(directory)]
    command = [sys.executable, "-m", "deploy.local", "demo", *asked]
    process = await child.start(command, log, env={**os.environ, **free_ports()}, directory=child.PROJECT)
    if await process.wait() != 0:
        raise RuntimeError(f"the day {name} did not come out right; see {log}")
    report = json.loads((directory / "report.json").read_text())
    return float(report["day_seconds"]), float(report["seconds"])
