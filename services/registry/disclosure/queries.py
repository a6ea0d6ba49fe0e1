"""Engagements that a caller may see."""

from __future__ import annotations

from services.registry.engagements.documents import Engagement
from services.registry.memberships.access import shared_with
from services.registry.memberships.rules import Section
from services.registry.workers.documents import Worker
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction


async def sees(
    caller: Caller, engagement: Engagement, tx: Transaction | None = None, *, section: Section = "footing"
) -> bool:
    """Whether a caller may see an engagement, and of it what stands in a section of the dossier: a union where its member shares
    that (个人信息保护法 art. 13)."""
    match caller.role:
        case "worker":
            worker = await Worker.standing(str(caller.worker_id), tx)
            return worker is not None and worker.id == engagement.worker_id
        case "platform":
            return caller.uscc == engagement.platform
        case "officer":
            return caller.reaches(engagement.district)
        case "union":
            return section in (await shared_with(caller, engagement.worker_id, tx) or ())
        case "provider" | "provincial" | "operator":
            return False


async def engagement_for(
    engagement_id: str, caller: Caller, tx: Transaction | None = None, *, section: Section = "footing"
) -> Engagement:
    """An engagement of which the caller may see what stands in a section of the dossier; raises NotFound otherwise."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or not await sees(caller, engagement, tx, section=section):
        raise NotFound("该用工关系", "this engagement")
    return engagement
