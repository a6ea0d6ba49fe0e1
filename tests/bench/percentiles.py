"""Percentiles as the reports give them."""

from __future__ import annotations

import math
from collections.abc import Sequence

SHOWN = {"p50": 50.0, "p99": 99.0, "p999": 99.9}


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def named(prefix: str, milliseconds: Sequence[float]) -> dict[str, float]:
    """`<prefix>_p50_ms`, `_p99_ms` and `_p999_ms`."""
    return {f"{prefix}_{name}_ms": round(percentile(milliseconds, at), 1) for name, at in SHOWN.items()}
