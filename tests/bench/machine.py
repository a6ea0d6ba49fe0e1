"""Where figures were measured: the machine and the versions."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from importlib.metadata import version

import psutil

LIBRARIES = ("faststream", "aiokafka", "fastapi", "beanie", "motor", "pymongo")
TRIES, WORK = 5, 50_000


def machine() -> dict[str, object]:
    """Cores, memory, system and the versions of what the services are made of."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": platform.platform(),
        "python": f"{platform.python_version()} of {sys.base_prefix}",
        **{name: version(name) for name in LIBRARIES},
    }


def load() -> float:
    """How many programs wanted a core in the last minute; more than the benchmark's own spoil its figures."""
    return round(os.getloadavg()[0], 2)


def pace() -> float:
    """Milliseconds that a fixed piece of work takes now, the best of several tries. Machines that others share are now fast and now
    slow: processor times and rates of two runs can be compared where this is alike."""
    return round(1000 * min(_seconds() for _ in range(TRIES)), 1)


def _seconds() -> float:
    began = time.perf_counter()
    found: dict[str, int] = {}
    for number in range(WORK):
        found[f"{number % 1_000}"] = number
        hashlib.sha256(number.to_bytes(8)).digest()
    return time.perf_counter() - began
