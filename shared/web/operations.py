"""What every service answers about itself, for the operators who run it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.messaging.dead_letters import DeadLetter
from shared.web.asyncapi import event_page
from shared.web.auth import Operator


class Backlog(BaseModel):
    """What is still under way. All zero, and `handled` unchanged, twice running: everything has settled."""

    outbox: int
    lag: int
    due: int
    pending: dict[str, int]
    handled: int


class DeadLetterView(BaseModel):
    id: str
    group: str
    type: str
    topic: str
    partition: int
    offset: int
    reason: str
    buried_at: datetime


class DeadLetters(BaseModel):
    items: list[DeadLetterView]
    total: int


def operations_router(
    service: str, backlog: Callable[[], Awaitable[Backlog]], letters: Callable[[], Awaitable[list[DeadLetter]]]
) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["operations 运行"])

    @router.get("/backlog")
    async def read_backlog(operator: Operator) -> Backlog:
        """What the service has not finished yet."""
        return await backlog()

    @router.get("/dead-letters")
    async def read_dead_letters(operator: Operator, limit: int = Query(100, ge=1, le=1000)) -> DeadLetters:
        """Events that were put aside with a reason, the oldest first."""
        found = await letters()
        items = [
            DeadLetterView(
                id=letter.id,
                group=letter.group,
                type=letter.type,
                topic=letter.topic,
                partition=letter.partition,
                offset=letter.offset,
                reason=letter.reason,
                buried_at=letter.buried_at,
            )
            for letter in found[:limit]
        ]
        return DeadLetters(items=items, total=len(found))

    router.include_router(event_page(service))
    return router
