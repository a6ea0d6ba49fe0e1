"""What each figure is meant to be. A report says whether it is; no test depends on the time that something takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

BOTH = ("embedded", "native")


@dataclass(frozen=True)
class Bar:
    figure: str
    word: Literal["at least", "at most"]
    limit: float
    engines: tuple[str, ...] = BOTH

    def held(self, value: float) -> bool:
        return value >= self.limit if self.word == "at least" else value <= self.limit


BARS = [
    Bar("orders_ratio", "at least", 0.8, ("native",)),
    Bar("orders_per_second", "at least", 10_000, ("native",)),
    Bar("orders_last_to_first", "at least", 0.9, ("native",)),
    Bar("gateway_events_per_second", "at least", 25_000, ("native",)),
    Bar("complaint_20_p50_ms", "at most", 100, ("native",)),
    Bar("complaint_20_p99_ms", "at most", 300, ("native",)),
    Bar("complaint_60_p99_ms", "at most", 1000, ("native",)),
    Bar("complaint_60_growth", "at most", 1.5, ("native",)),
    Bar("complaint_10_p99_ms", "at most", 1000, ("embedded",)),
    Bar("broadcast_prepare_seconds", "at most", 30, ("native",)),
    Bar("broadcast_per_second", "at least", 75, ("native",)),
    Bar("broadcast_per_second", "at most", 80),
    Bar("broadcast_repeated", "at most", 0),
    Bar("complaint_beside_broadcast_p99_ms", "at most", 1000, ("native",)),
    Bar("messages_per_second", "at least", 120, ("native",)),
    Bar("message_statements", "at most", 5),
    Bar("notifier_rest_cores", "at most", 0.1),
    Bar("notice_beside_to_alone", "at most", 1.5, ("native",)),
    Bar("notice_p99_beside_to_alone", "at most", 1.5, ("native",)),
    Bar("broadcast_sent_per_second", "at least", 76, ("native",)),
    Bar("broadcast_thousand_rows_seconds", "at most", 0.3, ("native",)),
    Bar("complaint_statements", "at most", 14),
    Bar("complaint_cpu_ms", "at most", 25, ("native",)),
    Bar("engagement_statements", "at most", 45),
    Bar("engagement_cpu_ms", "at most", 50, ("native",)),
    Bar("cases_per_second", "at least", 20, ("native",)),
    Bar("cases_full_to_empty", "at least", 0.9, ("native",)),
    Bar("list_slowest_p99_ms", "at most", 50, ("native",)),
    Bar("worktime_per_second", "at least", 2_000, ("native",)),
    Bar("worktime_flat", "at least", 0.9, ("native",)),
    Bar("worktime_memory_growth_mb", "at most", 30),
    Bar("decisions_per_second", "at least", 50, ("native",)),
    Bar("applications_slowest_p99_ms", "at most", 50, ("native",)),
    Bar("payments_whole_seconds", "at most", 120, ("native",)),
    Bar("payments_memory_growth_mb", "at most", 150, ("native",)),
    Bar("sheet_memory_growth_mb", "at most", 50),
    Bar("rest_cores", "at most", 0.1),
    Bar("shuffled_to_in_order", "at most", 1.2, ("native",)),
    Bar("shuffled_day_seconds", "at most", 120, ("native",)),
    Bar("service_idle_mb", "at most", 130),
    Bar("demo_peak_mb", "at most", 1500),
    Bar("demo_seconds", "at most", 240, ("embedded",)),
    Bar("demo_seconds", "at most", 120, ("native",)),
]


def judged(figures: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every bar whose figure was measured, and whether it held. `figures` are by engine and name."""
    return [
        {
            "engine": engine,
            "figure": bar.figure,
            "measured": figures[engine][bar.figure],
            "bar": f"{bar.word} {bar.limit:g}",
            "held": bar.held(figures[engine][bar.figure]),
        }
        for bar in BARS
        for engine in bar.engines
        if bar.figure in figures.get(engine, {})
    ]
