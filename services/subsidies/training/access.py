"""Which applications a caller sees: a worker's own, and for officers those of their district."""

from __future__ import annotations

from typing import Any

from services.subsidies.training.documents import Application
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import fits, reach


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on applications that a caller may see."""
    return reach(caller, worker="worker_id", district="district")


async def application_for_reading(application_id: str, caller: Caller, tx: Transaction | None = None) -> Application:
    """An application that the caller may see; any other is not found."""
    application = await Application.of(application_id, tx)
    if application is None or not fits(application, seen_by(caller)):
        raise NotFound("该申请", "the application")
    return application
