"""Which programmes a caller reaches: everybody what was published, a body its own, an officer those that they check."""

from __future__ import annotations

from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.access import seen_by as filings_seen_by
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import fits


def seen_by(caller: Caller) -> dict[str, object]:
    """The condition on programmes that a body or an officer may see beyond what is public."""
    found = filings_seen_by(caller)
    return {"provider" if name == "uscc" else name: value for name, value in found.items()}


async def published(programme_id: str, tx: Transaction | None = None) -> Programme:
    """A programme that was published, also where it was cancelled since; any other is not found."""
    programme = await Programme.of(programme_id, tx)
    if programme is None or programme.state not in ("published", "cancelled"):
        raise NotFound("该培训班", "this programme")
    return programme


async def own_programme(programme_id: str, caller: Caller, tx: Transaction | None = None) -> Programme:
    """A programme of the caller's own, or that they check; any other is not found."""
    programme = await Programme.of(programme_id, tx)
    if programme is None or not fits(programme, seen_by(caller)):
        raise NotFound("该培训班", "this programme")
    return programme
