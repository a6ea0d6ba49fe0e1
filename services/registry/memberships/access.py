"""What a union may see of a worker: of its members, what they share with it."""

from __future__ import annotations

from services.registry.memberships.documents import Membership
from services.registry.memberships.rules import Section
from services.registry.unions.scopes import unions_of
from shared.callers import Caller
from shared.storage.transaction import Transaction


async def shared_with(caller: Caller, worker_id: str, tx: Transaction | None = None) -> frozenset[Section] | None:
    """The sections of their dossier that a worker shares with the unions that the caller acts for; None where they are a member
    of none of these, by their own word."""
    ids = [f"{union.id}:{worker_id}" for union in await unions_of(caller, tx)]
    memberships = [await Membership.of(one, tx) for one in ids]
    shared = [one.shared for one in memberships if one is not None and one.state == "member"]
    return frozenset(section for sections in shared for section in sections) if shared else None
