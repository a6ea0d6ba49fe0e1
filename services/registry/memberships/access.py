"""Whether a union may see a worker: where the worker is a member."""

from __future__ import annotations

from services.registry.memberships.documents import Membership
from services.registry.unions.scopes import unions_of
from shared.callers import Caller
from shared.storage.transaction import Transaction


async def is_member(caller: Caller, worker_id: str, tx: Transaction | None = None) -> bool:
    """Whether a worker is a member, by their own word, of a union that the caller acts for."""
    ids = [f"{union.id}:{worker_id}" for union in await unions_of(caller, tx)]
    memberships = [await Membership.of(one, tx) for one in ids]
    return any(one is not None and one.state == "member" for one in memberships)
