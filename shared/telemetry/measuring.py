"""Figures that are measured when their page is asked for.

Whoever scrapes, and however often, costs little: what was measured holds for some seconds, and no figure takes longer than
its time. One that fails stays as it was, and is itself counted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog

from shared.telemetry import metrics

log = structlog.get_logger(__name__)

Measure = Callable[[], Awaitable[None]]
"""Measures something, and sets its metrics."""

HOLDS_SECONDS = 5.0
"""How long what was measured holds: less than a scraper waits between two looks."""
SECONDS = 3.0
"""How long one measurement may take: less than a scraper waits for the page."""


class Figures:
    """What a process measures, by name."""

    def __init__(self, figures: Mapping[str, Measure]) -> None:
        self._figures = figures
        self._holds_until = 0.0
        self._one_at_a_time = asyncio.Lock()
        for name in figures:
            metrics.FIGURES_FAILED.labels(name)

    async def measure(self) -> None:
        """Measure everything, all at once; return at once where what was measured still holds."""
        async with self._one_at_a_time:
            if time.monotonic() < self._holds_until:
                return
            await asyncio.gather(*(_measure(name, figure) for name, figure in self._figures.items()))
            self._holds_until = time.monotonic() + HOLDS_SECONDS


async def _measure(name: str, figure: Measure) -> None:
    try:
        async with asyncio.timeout(SECONDS):
            await figure()
    except Exception as error:
        metrics.FIGURES_FAILED.labels(name).inc()
        log.warning("figures.failed", figure=name, reason=type(error).__name__)
