"""Which recognitions a caller sees: a worker their own, an officer of the labour department those of the district."""

from __future__ import annotations

from typing import Annotated, Any

from services.subsidies.recognition.documents import Recognition
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers, fits, reach

Reader = Annotated[Caller, callers("worker", departments=[HRSS], district="document")]
Checker = Annotated[Caller, callers(departments=[HRSS], district="document")]


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on recognitions that a caller may see."""
    return reach(caller, worker="worker_id", district="district")


async def recognition_of(recognition_id: str, caller: Caller, tx: Transaction | None = None) -> Recognition:
    """A recognition that the caller may see; any other is not found."""
    recognition = await Recognition.of(recognition_id, tx)
    if recognition is None or not fits(recognition, seen_by(caller)):
        raise NotFound("该认定", "this recognition")
    return recognition
