"""Who examines in a programme."""

from __future__ import annotations

from services.subsidies.programmes.documents import Programme
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction


async def examined_by(programme_id: str, caller: Caller, tx: Transaction) -> Programme:
    """A published programme in which the caller's body examines; any other is not found."""
    programme = await Programme.of(programme_id, tx)
    if programme is None or programme.state not in ("published", "cancelled") or programme.evaluator != caller.uscc:
        raise NotFound("该培训班", "this programme")
    return programme
