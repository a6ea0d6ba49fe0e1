"""Engagements that a caller may see."""

from __future__ import annotations

from services.registry.engagements.documents import Engagement
from services.registry.memberships.access import is_member
from services.registry.workers.documents import Worker
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction


async def sees(caller: Caller, engagement: Engagement, tx: Transaction | None = None) -> bool:
    match caller.role:
        case "worker":
            worker = await Worker.standing(str(caller.worker_id), tx)
            return worker is not None and worker.id == engagement.worker_id
        case "platform":
            return caller.uscc == engagement.platform
        case "officer":
            return caller.reaches(engagement.district)
        case "union":
            return await is_member(caller, engagement.worker_id, tx)
        case "provider" | "provincial" | "operator":
            return False


async def engagement_for(engagement_id: str, caller: Caller, tx: Transaction | None = None) -> Engagement:
    """An engagement that the caller may see; raises NotFound otherwise."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or not await sees(caller, engagement, tx):
        raise NotFound("该用工关系", "this engagement")
    return engagement
