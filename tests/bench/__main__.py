"""`make bench`: every figure in one run, each database beside the other, to var/bench.

`python -m tests.bench orders gateway complaints broadcast messages notices statements rest idle demo any_order worktime
payments sheets cases` runs some of the parts.
`--rows 1000000` lets the orders go on until so many are stored. `DATABASE` or `MONGO_URI` names the one database to measure;
without them it is pip's, and the native one where it is found.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table

from deploy.local import native
from tests.bench import (
    any_order,
    applications,
    bars,
    broadcasts,
    cases,
    complaints,
    machine,
    memory,
    messages,
    notices,
    orders,
    payments,
    plots,
    rest,
    sheets,
    statements,
    worktime,
)
from tests.bench.stack import ROOT, Found, ran_on

ORDERS = {"embedded": 10_000}
ORDERS_ELSEWHERE = 200_000
"""Orders of one round: some ten seconds or more, so that what one look misses is little."""
WORKTIME = {"embedded": 40_000}
WORKTIME_ELSEWHERE = 2_000_000
"""Orders stored as working time."""
PACES = {"embedded": {10: 30}}
PACES_ELSEWHERE = {20: 30, 60: 60}
"""Complaints a second, for so many seconds."""

BROADCASTS = {"embedded": (10_000, 1_000)}
BROADCASTS_ELSEWHERE = (100_000, 10_000)
"""People whose rows are made, and people who are sent something."""

MESSAGES = {"embedded": 300}
MESSAGES_ELSEWHERE = 1_000
"""Messages that come together."""
NOTICES = {"embedded": (2_000, 600)}
NOTICES_ELSEWHERE = (20_000, 2_400)
"""As for broadcasts, but so few that it takes a minute."""

CASES = {"embedded": (5, 10, 50, 2_000)}
CASES_ELSEWHERE = (20, 20, 400, 1_000_000)
"""Whole cases a second, for so many seconds; how many as fast as it goes; how many more are stored before that is done again."""

APPLICATIONS = {"embedded": (50, 2_000)}
APPLICATIONS_ELSEWHERE = (400, 200_000)
"""How many decisions; how many applications are stored before the lists are read."""

PAYMENTS = {"embedded": 2_000}
PAYMENTS_ELSEWHERE = 100_000
"""Payments of one batch."""

SHEETS = {"embedded": 1_000}
SHEETS_ELSEWHERE = 20_000
"""Rows of one sheet of applications: as many as one may have."""

Part = Callable[[], Awaitable[Found]]


def parts(engine: str, rows: int) -> dict[str, Part]:
    """What is measured on a database, in this order."""
    return {
        "orders": partial(orders.compare, ORDERS.get(engine, ORDERS_ELSEWHERE), 0 if engine == "embedded" else rows),
        "gateway": orders.gateway_alone,
        "complaints": partial(complaints.latency, PACES.get(engine, PACES_ELSEWHERE)),
        "broadcast": partial(broadcasts.broadcast, *BROADCASTS.get(engine, BROADCASTS_ELSEWHERE)),
        "messages": partial(messages.messages, MESSAGES.get(engine, MESSAGES_ELSEWHERE)),
        "notices": partial(notices.notices, *NOTICES.get(engine, NOTICES_ELSEWHERE)),
        "statements": statements.statements,
        "rest": rest.rest,
        "idle": memory.idle,
        "demo": memory.demo,
        "any_order": any_order.any_order,
        "worktime": partial(worktime.worktime, WORKTIME.get(engine, WORKTIME_ELSEWHERE)),
        "payments": partial(payments.payments, PAYMENTS.get(engine, PAYMENTS_ELSEWHERE)),
        "sheets": partial(sheets.sheets, SHEETS.get(engine, SHEETS_ELSEWHERE)),
        "applications": partial(applications.applications, *APPLICATIONS.get(engine, APPLICATIONS_ELSEWHERE)),
        "cases": partial(cases.cases, *CASES.get(engine, CASES_ELSEWHERE)),
    }


def engines() -> list[str]:
    """The databases to measure."""
    if "MONGO_URI" in os.environ:
        return ["mongodb"]
    if asked := os.environ.get("DATABASE"):
        return [asked]
    return ["embedded", "native"] if native.found() else ["embedded"]


async def run(names: list[str], rows: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The report, and what the plots are drawn from. Each part runs on one database right after the other."""
    figures: dict[str, dict[str, Any]] = {engine: {} for engine in engines()}
    series: dict[str, dict[str, Any]] = {engine: {} for engine in figures}
    engines_of: dict[str, dict[str, str]] = {}
    paces: dict[str, dict[str, float]] = {engine: {} for engine in figures}
    environment, began = dict(os.environ), machine.load()
    for name in names:
        for engine in figures:
            print(f"{name} on {engine} ...", file=sys.stderr, flush=True)
            if engine != "mongodb":
                os.environ["DATABASE"] = engine
            paces[engine][name] = machine.pace()
            found = await parts(engine, rows)[name]()
            figures[engine] |= found.figures
            series[engine] |= found.series
            engines_of[engine] = dict(ran_on)
            os.environ.clear()
            os.environ.update(environment)
    report = {
        "machine": machine.machine() | {"load_before": began},
        "pace_ms": paces,
        "engines": engines_of,
        "bars": bars.judged(figures),
        "native_to_embedded": _ratios(figures) if {"embedded", "native"} <= figures.keys() else {},
        "limited_by": {engine: limits(found) for engine, found in figures.items()},
        "figures": figures,
    }
    return report, series


def _ratios(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    pip, other = figures["embedded"], figures["native"]
    return {
        name: round(other[name] / value, 3)
        for name, value in pip.items()
        if isinstance(value, int | float) and isinstance(other.get(name), int | float) and value
    }


def limits(figures: dict[str, Any]) -> dict[str, str]:
    """Where the time of each part went: the program that took most processor time, which is what limits it."""
    found = {}
    for name, spent in figures.items():
        if name.endswith("_cpu_seconds"):
            who = max(spent, key=spent.get)
            share = round(100 * spent[who] / sum(spent.values()))
            found[name.removesuffix("_cpu_seconds")] = f"{who}: {share} % of all processor time"
    return found


def show(report: dict[str, Any]) -> None:
    figures, ratios = report["figures"], report["native_to_embedded"]
    table = Table("figure", *figures, *(["native to embedded"] if ratios else []), title="Benchmarks")
    for name in dict.fromkeys(name for found in figures.values() for name in found):
        values = [found.get(name, "") for found in figures.values()]
        if not any(isinstance(value, dict) for value in values):
            table.add_row(name, *map(str, values), *([str(ratios.get(name, ""))] if ratios else []))
    judged = Table("engine", "figure", "measured", "meant to be", "", title="Bars")
    for bar in report["bars"]:
        held = "[green]held[/]" if bar["held"] else "[red]missed[/]"
        judged.add_row(bar["engine"], bar["figure"], str(bar["measured"]), bar["bar"], held)
    console = Console()
    console.print(table)
    console.print(judged)
    for of in report["engines"].values():
        console.print("; ".join(of.values()), highlight=False)
    for paces in report["pace_ms"].values():
        told = ", ".join(f"{ms} before {name}" for name, ms in paces.items())
        console.print(f"a fixed piece of work took this machine (ms): {told}", highlight=False)


def main() -> None:
    names = list(parts("embedded", 0))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(names)}; without: all")
    parser.add_argument("--rows", type=int, default=0, help="go on with orders until so many are stored")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(names):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    ROOT.mkdir(parents=True, exist_ok=True)
    report, series = uvloop.run(run(given.parts or names, given.rows))
    (ROOT / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    (ROOT / "series.json").write_text(json.dumps(series) + "\n")
    show(report)
    for file in plots.draw(series, ROOT):
        print(file)


if __name__ == "__main__":
    main()
