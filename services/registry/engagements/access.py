"""Who may see an engagement: its worker, its platform, officers of its district, and unions, who act for workers."""

from __future__ import annotations

from services.registry.engagements.documents import Engagement
from services.registry.workers.documents import Worker
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.problems import not_found


async def sees(caller: Caller, engagement: Engagement, tx: Transaction | None = None) -> bool:
    match caller.role:
        case "worker":
            worker = await Worker.standing(str(caller.worker_id), tx)
            return worker is not None and worker.id == engagement.worker_id
        case "platform":
            return caller.uscc == engagement.platform
        case "officer":
            return caller.sees_district(engagement.district)
        case "union":
            return True
        case "provincial" | "operator":
            return False


async def engagement_for(engagement_id: str, caller: Caller, tx: Transaction | None = None) -> Engagement:
    """An engagement that the caller may see; raises a 404 problem otherwise."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or not await sees(caller, engagement, tx):
        raise not_found("该用工关系", "this engagement")
    return engagement
