"""Ask gateways what became of messages that no receipt came for: one gateway beside the other, of each one call after the other.

An SMS provider is asked by number: one call tells of all messages of a batch that went there. The push service is asked by
message. A gateway that fails several times in a row is asked nothing more in this batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.notifier.deliveries.documents import EVER, Delivery
from services.notifier.gateways.commands import gateways
from services.notifier.gateways.rules import Accepted
from services.notifier.providers import commands as providers
from services.notifier.providers.rules import Name, Sent
from services.notifier.receipts import rules
from shared import circuit, clock
from shared.messaging.timers import TryAgain
from shared.storage.records import find

SECONDS = 40.0
"""How long the calls of one batch may take together; what is not asked by then comes with a later one."""

LINES: Mapping[str, Mapping[str, Any]] = {
    "aliyun": {"channel": "sms", "provider": {"$ne": "tencent"}},  # where none is named there was this one
    "tencent": {"channel": "sms", "provider": "tencent"},
    "push": {"channel": "push"},
}
"""The gateways that can be asked, and which deliveries they took. A mail server tells nothing, whoever asks."""


@dataclass(slots=True)
class Asked:
    """A batch of each gateway as it was asked about. `told`: by id what was said of it, None for nothing; those of which there was no
    answer are not there. `left`: those that there was no time to ask about. `more`: a gateway that answers had a full batch."""

    batch: list[Delivery] = field(default_factory=list)
    told: dict[str, Accepted | None] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    more: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One call to a gateway, and whom it is about."""

    ids: Sequence[str]
    ask: Callable[[], Awaitable[Mapping[str, Accepted]]]


async def ask() -> Asked:
    """Ask each gateway about its deliveries that it is time to ask about, so many at once."""
    asked, now = Asked(), clock.now()
    batches = {name: await _due(of, now) for name, of in LINES.items()}
    await asyncio.gather(*(_go_through(_questions(name, batch), asked) for name, batch in batches.items()))
    for batch in batches.values():
        asked.batch += batch
        rest = len(batch) == rules.AT_ONCE or any(one.id in asked.left for one in batch)
        asked.more |= rest and any(one.id in asked.told for one in batch)
    return asked


async def _due(of: Mapping[str, Any], now: Any) -> list[Delivery]:
    due = {"ask_at": {"$gt": EVER, "$lte": now}, "state": "sent", **of}
    return await find(Delivery, due, sort="ask_at", limit=rules.AT_ONCE)


def _questions(name: str, batch: Sequence[Delivery]) -> list[Question]:
    if name == "push":
        return [Question([one.id], partial(_of_push, one.id)) for one in batch]
    by_phone: dict[str | None, list[Delivery]] = {}
    for one in batch:
        by_phone.setdefault(one.clear_address, []).append(one)
    provider: Name = "tencent" if name == "tencent" else "aliyun"
    return [
        Question([one.id for one in of], partial(_of_phone, provider, phone, [_sent(one) for one in of]))
        for phone, of in by_phone.items()
    ]


async def _of_push(delivery_id: str) -> Mapping[str, Accepted]:
    found = await gateways().push.find(delivery_id)
    return {delivery_id: found} if found else {}


async def _of_phone(name: Name, phone: str | None, sent: Sequence[Sent]) -> Mapping[str, Accepted]:
    if phone is None:  # its recipient was erased: nobody can be asked by a number that is forgotten
        return {}
    return await providers.ask(name, phone, sent)


def _sent(delivery: Delivery) -> Sent:
    sent_at = delivery.sent_at or delivery.created_at
    offered_at = delivery.offered_at or delivery.queued_at or sent_at
    return Sent(delivery.id, delivery.gateway_id, max(offered_at, delivery.not_before or offered_at), sent_at)


async def _go_through(questions: Sequence[Question], asked: Asked) -> None:
    failures = begun = answered = 0
    try:
        async with asyncio.timeout(SECONDS):
            for question in questions:
                begun += 1
                try:
                    found = await question.ask()
                except TryAgain:
                    failures += 1
                    if failures == circuit.FAILURES:
                        return
                    continue
                failures, answered = 0, begun
                for one in question.ids:
                    said = found.get(one)
                    asked.told[one] = said if said is not None and said.state != "under_way" else None
    except TimeoutError:
        # the one that was being asked has failed if it took all the time alone
        rest = questions[answered or begun :]
        asked.left.update(one for question in rest for one in question.ids)
