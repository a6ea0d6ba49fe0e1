"""Who may see an engagement: its worker, its platform, officers of its district, and a union whose member the worker is."""

from __future__ import annotations

from typing import Annotated

from services.registry.engagements.documents import Engagement
from services.registry.unions import scopes
from services.registry.workers.documents import Worker
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.problems import not_found
from shared.web.scope import callers

Reader = Annotated[Caller, callers("worker", "platform", "union", article=2, district="document")]


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
            return await scopes.is_member(caller, engagement.worker_id, tx)
        case "provincial" | "operator":
            return False


async def engagement_for(engagement_id: str, caller: Caller, tx: Transaction | None = None) -> Engagement:
    """An engagement that the caller may see; raises a 404 problem otherwise."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or not await sees(caller, engagement, tx):
        raise not_found("该用工关系", "this engagement")
    return engagement
