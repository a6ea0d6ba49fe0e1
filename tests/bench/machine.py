"""Where figures were measured: the machine, the versions, and the engines that ran."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import psutil
from pymongo import MongoClient

from deploy.local import native

LIBRARIES = ("faststream", "aiokafka", "fastapi", "beanie", "motor", "pymongo")


def machine() -> dict[str, object]:
    """Cores, memory, system and the versions of what the services are made of."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def database(kind: str) -> str:
    """The database of this name in words, with its version."""
    if uri := os.environ.get("MONGO_URI"):
        with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=5_000) as client:
            return f"MongoDB {client.server_info()['version']} by MONGO_URI"
    if kind == "native":
        return f"SecantusDB's Rust server, {native.NAME} {native.VERSION}"
    return f"SecantusDB's Python server, secantusdb {version('secantusdb')}"


def load() -> float:
    """How many programs wanted a core in the last minute; more than the benchmark's own spoil its figures."""
    return round(os.getloadavg()[0], 2)
