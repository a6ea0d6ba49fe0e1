"""Figures are measured when they are asked for: not too often, not too long, and one that fails takes no other with it."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from shared.telemetry import measuring
from shared.telemetry.measuring import Figures


def failed(figure: str) -> float:
    return REGISTRY.get_sample_value("xindun_figures_failed_total", {"figure": figure}) or 0.0


async def test_many_looks_in_a_short_time_measure_once() -> None:
    measured: list[str] = []

    async def measure() -> None:
        await asyncio.sleep(0)
        measured.append("once")

    figures = Figures({"counted": measure})
    await asyncio.gather(*(figures.measure() for _ in range(5)))
    await figures.measure()
    assert measured == ["once"]


async def test_what_was_measured_is_measured_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "HOLDS_SECONDS", 0.0)
    measured: list[str] = []

    async def measure() -> None:
        measured.append("again")

    figures = Figures({"counted": measure})
    await figures.measure()
    await figures.measure()
    assert measured == ["again", "again"]


async def test_a_figure_that_fails_or_hangs_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the others are measured all the same."""
    monkeypatch.setattr(measuring, "SECONDS", 0.05)
    measured: list[str] = []

    async def fail() -> None:
        raise ConnectionError("away")

    async def hang() -> None:
        await asyncio.Event().wait()

    async def measure() -> None:
        measured.append("well")

    figures = Figures({"failing": fail, "hanging": hang, "well": measure})
    assert (failed("failing"), failed("hanging")) == (0.0, 0.0)
    await asyncio.wait_for(figures.measure(), 5)
    assert (failed("failing"), failed("hanging"), failed("well")) == (1.0, 1.0, 0.0)
    assert measured == ["well"]
