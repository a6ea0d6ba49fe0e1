"""Who may see an application: its worker, and officers of its district."""

from __future__ import annotations

from typing import Any

from services.subsidies.training.documents import Application
from shared.web.auth import Caller
from shared.web.scope import fits, reach


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on applications that a caller may see."""
    return reach(caller, worker="worker_id", district="district")


def may_see(application: Application, caller: Caller) -> bool:
    return fits(application, seen_by(caller))
