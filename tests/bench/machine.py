"""Where figures were measured: the machine and the versions."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version

import psutil

LIBRARIES = ("faststream", "aiokafka", "fastapi", "beanie", "motor", "pymongo")


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
