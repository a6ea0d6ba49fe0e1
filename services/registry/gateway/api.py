"""The gateway's HTTP side."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.registry.admission import commands as admission
from services.registry.admission.limiter import event_limit
from services.registry.batches import commands as batches
from services.registry.gateway import body, commands
from services.registry.gateway.event_rules import schema
from shared.errors import NotFound, Unauthenticated
from shared.running import Running
from shared.web.auth import Platform
from shared.web.problems import Problem

router = APIRouter(prefix="/v1", tags=["gateway 推送"])

PUSHES_AT_ONCE: Final = 16
"""Pushes that one process works on at a time; more are sent away, so that memory stays bounded."""

_places: Final = asyncio.Semaphore(PUSHES_AT_ONCE)

_EVENTS: Final[dict[str, Any]] = {"description": "CloudEvents 1.0, structured mode", **schema()}
_REQUEST: Final = {
    "requestBody": {
        "required": True,
        "content": {
            body.BATCH_JSON: {"schema": {"type": "array", "maxItems": body.MAX_EVENTS, "items": _EVENTS}},
            body.LINES: {"schema": {"type": "string", "description": "one event a line"}},
        },
    }
}


class RejectedEvent(BaseModel):
    """An event that was not taken: its place in the batch, its own `id` and `type`, and the reason."""

    index: int
    id: str | None
    type: str | None
    detail: str


class PushReceipt(BaseModel):
    """What became of a push: its receipt, and each refused event by its place in it (from 0)."""

    receipt: str
    accepted: int
    rejected: list[RejectedEvent]


class BatchView(PushReceipt):
    """What became of a pushed batch. `published`: Kafka has it."""

    received_at: dt.datetime
    published: bool


@router.post(
    "/platform-events",
    status_code=202,
    response_model=PushReceipt,
    openapi_extra=_REQUEST,
    max_body_size=body.MAX_BYTES,
)
async def push_events(request: Request, caller: Platform) -> Response:
    """Take a platform's events: each is checked, its personal fields are sealed, and 202 says what was accepted.

    At most 5,000 events or 8 MB unpacked, gzip or not. Dates lie between 1900 and ten years from today. Events that do not
    hold are named with their reason; the others are accepted all the same.

    503 `not-accepted`: nothing of the push is there. 503 `outcome-unknown`: it may be kept under the `receipt` in the
    answer, and then it is published as soon as that can be done. Sending the same events again does no harm.
    """
    kind = body.media_type(request)
    packed = await request.body()
    if _places.locked():
        raise _not_accepted(1, "推送繁忙，请稍后再试", "too many pushes at once")
    platform = str(caller.uscc)
    async with _places:
        try:
            content = await asyncio.to_thread(body.read, packed, request)
            await admission.check(platform, request.headers, content)
            events = await asyncio.to_thread(body.split, content, kind)
        except (Problem, Unauthenticated):
            await _count(platform, 1)
            raise
        await _count(platform, len(events))
        running: Running = request.app.state.running
        try:
            receipt = await commands.accept(platform, events, running.producer)
        except commands.NotAccepted:
            raise _not_accepted(5, "数据库暂时不可用，本次推送未被接收", "the database is away") from None
        except commands.OutcomeUnknown as unknown:
            raise _outcome_unknown(unknown.receipt) from None
    return Response(msgspec.json.encode(receipt), 202, media_type="application/json")


def _not_accepted(seconds: int, zh: str, en: str) -> Problem:
    return Problem(503, "not-accepted", zh, f"nothing was accepted: {en}", headers={"Retry-After": str(seconds)})


def _outcome_unknown(receipt: str) -> Problem:
    return Problem(
        503,
        "outcome-unknown",
        "本次推送的结果尚不明确，可凭回执查询或重新推送",
        "it is not known yet whether the push was taken: ask by its receipt, or send it again",
        headers={"Retry-After": "30"},
        receipt=receipt,
    )


@router.get("/batches/{receipt}")
async def read_batch(receipt: str, caller: Platform) -> BatchView:
    """What became of one of the platform's own pushes, for ninety days."""
    found = await batches.find(receipt)
    if found is None or found[0]["platform"] != caller.uscc:
        raise NotFound("该回执", "this receipt")
    row, rejected = found
    return BatchView(
        receipt=row["_id"],
        received_at=row["created_at"],
        accepted=row["accepted"],
        rejected=[RejectedEvent(**msgspec.structs.asdict(rejection)) for rejection in rejected],
        published="held" not in row,
    )


async def _count(platform: str, events: int) -> None:
    """Count a push; raises a 429 problem where the platform pushes more than the window takes."""
    if not await event_limit().allows(platform, events):
        zh, en = "推送过于频繁，请稍后再试", "too many events in a second"
        raise Problem(429, "too-many-events", zh, en, headers={"Retry-After": "1"})
