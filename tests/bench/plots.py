"""The pictures of a run: orders a second over time, latency by percentile, and who waited when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from tests.bench.percentiles import percentile

PERCENTS = [*range(1, 100), 99.5, 99.9]
TICKS = (50, 90, 99, 99.9)
WINDOW = 1.0
"""Seconds over which a rate is taken."""


def draw(series: Mapping[str, Mapping[str, Any]], directory: Path) -> list[Path]:
    """Write the plots that the series of each engine are enough for; returns their files."""
    rates = {
        f"{name}, {engine}": list(_rates(looks))
        for engine, found in series.items()
        for name, looks in found.items()
        if name in ("orders", "bare pipe")
    }
    delays = {
        f"{name.removesuffix(', ms')}, {engine}": found[name]
        for engine, found in series.items()
        for name in found
        if name.endswith(", ms")
    }
    waiting = {
        f"{name.removesuffix(', waiting')}, {engine}": found[name]
        for engine, found in series.items()
        for name in found
        if name.endswith(", waiting")
    }
    drawn = []
    if rates:
        drawn.append(_lines(rates, directory / "orders.png", "seconds of rounds", "orders stored a second"))
    if delays:
        drawn.append(_percentiles(delays, directory / "latency.png"))
    if waiting:
        drawn.append(_lines(waiting, directory / "waiting.png", "seconds", "complaints answered whose SMS is not out"))
    return drawn


def _rates(looks: Iterable[tuple[float, int]]) -> Iterable[tuple[float, float]]:
    """Stored a second, in windows of at least `WINDOW` seconds."""
    marks: list[tuple[float, int]] = []
    for at, count in looks:
        if not marks or at - marks[-1][0] >= WINDOW:
            marks.append((at, count))
    for (since, before), (until, after) in pairwise(marks):
        yield until, (after - before) / (until - since)


def _lines(lines: Mapping[str, list[tuple[float, float]]], file: Path, x: str, y: str) -> Path:
    figure = Figure(figsize=(10, 6), layout="constrained")
    axes = figure.subplots()
    for name, points in lines.items():
        axes.plot([at for at, _ in points], [value for _, value in points], label=name, linewidth=1.2)
    axes.set(xlabel=x, ylabel=y, ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(file, dpi=120)
    return file


def _percentiles(delays: Mapping[str, list[float]], file: Path) -> Path:
    figure = Figure(figsize=(10, 6), layout="constrained")
    axes = figure.subplots()
    for name, values in delays.items():
        axes.plot([100 - p for p in PERCENTS], [percentile(values, p) for p in PERCENTS], label=name)
    axes.set(xlabel="percentile", ylabel="milliseconds from HTTP answer to SMS", xscale="log", yscale="log")
    axes.set_xticks([100 - tick for tick in TICKS], [f"{tick:g} %" for tick in TICKS], minor=False)
    axes.invert_xaxis()
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    figure.savefig(file, dpi=120)
    return file
