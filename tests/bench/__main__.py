"""`make bench`: every figure in one run, side by side, to var/bench/report.json.

`python -m tests.bench orders gateway complaints idle demo` runs some of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import complaints, memory, orders
from tests.bench.stack import ROOT

PARTS = {
    "orders": orders.compare,
    "gateway": orders.gateway_alone,
    "complaints": complaints.latency,
    "idle": memory.idle,
    "demo": memory.demo_peak,
}

MEANT = {
    "orders_ratio": ("at least", 0.5),
    "gateway_events_per_second": ("at least", 12_000),
    "complaint_p50_ms": ("under", 300),
    "complaint_p99_ms": ("under", 1000),
    "service_idle_mb": ("under", 130),
    "demo_peak_mb": ("under", 1500),
}
"""What each figure is meant to be."""


async def run(parts: list[str]) -> dict[str, Any]:
    report: dict[str, Any] = {}
    environment = dict(os.environ)
    for name in parts:
        print(f"{name} ...", file=sys.stderr, flush=True)  # noqa: T201
        report |= await PARTS[name]()
        os.environ.clear()
        os.environ.update(environment)
    return report


def limits(report: dict[str, Any]) -> dict[str, str]:
    """Where the time of each part went: the program that took most processor time, which is what limits it."""
    found = {}
    for name, spent in report.items():
        if name.endswith("_cpu_seconds"):
            who = max(spent, key=spent.get)
            share = round(100 * spent[who] / sum(spent.values()))
            found[name.removesuffix("_cpu_seconds")] = f"{who}: {share} % of all processor time"
    return found


def show(report: dict[str, Any]) -> None:
    table = Table("figure", "measured", "meant to be", title="Benchmarks")
    for name, value in report.items():
        if not isinstance(value, dict):
            word, limit = MEANT.get(name, ("", ""))
            table.add_row(name, str(value), f"{word} {limit}".strip())
    console = Console()
    console.print(table)
    for name, limit in report["limited_by"].items():
        spent = sorted(report[f"{name}_cpu_seconds"].items(), key=lambda item: -item[1])
        console.print(f"{name} is limited by {limit}; seconds: " + ", ".join(f"{who} {took}" for who, took in spent))


def main() -> None:
    ROOT.mkdir(parents=True, exist_ok=True)
    report = asyncio.run(run(sys.argv[1:] or list(PARTS)))
    report["limited_by"] = limits(report)
    (ROOT / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    show(report)


if __name__ == "__main__":
    main()
