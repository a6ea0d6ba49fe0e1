"""How fast messages are handed over, and how many there are, for whoever runs the service."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from prometheus_client import Gauge

from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.table import ORDINARY
from shared import clock
from shared.policy.calendar import start_of_day
from shared.storage.client import collection_of

LATE = Gauge(
    "xindun_notifier_hand_over_late",
    "Messages that wait for their gateway for over a minute. Growing: a gateway is away or refuses us; ask there.",
)
WITHIN = dt.timedelta(minutes=1)
"""The time in which a message should be handed over."""
HANDED_OVER = ["sent", "delivered", "failed", "uncertain"]
"""The states of what a gateway may have taken."""
RECEIPT_WITHIN = dt.timedelta(minutes=10)
"""How long a receipt of a sent delivery is expected."""
COUNTED = 10_000
"""Late messages that a measurement counts at most."""


async def hand_overs_of(day: dt.date) -> list[dict[str, Any]]:
    """The messages that were handed over on a day in Asia/Shanghai, by channel, SMS provider and whether somebody awaits them; but
    those of broadcasts, which go at a rate of their own."""
    until = start_of_day(day + dt.timedelta(days=1))
    handed_over = {
        "state": {"$in": HANDED_OVER},
        "sent_at": {"$gte": start_of_day(day), "$lt": until},
        "broadcast": None,
    }
    within = {
        name: {"$sum": {"$cond": [{"$lte": ["$waited_ms", seconds * 1000]}, 1, 0]}}
        for name, seconds in (("within_1s", 1), ("within_10s", 10), ("within_60s", 60))
    }
    way = {"channel": "$channel", "provider": "$provider", "template": "$template"}
    by_template = {"_id": way, "messages": {"$sum": 1}, **within}
    pipeline: list[dict[str, Any]] = [{"$match": {**handed_over, "waited_ms": {"$ne": None}}}, {"$group": by_template}]
    found: dict[tuple[str, str, bool], Counter[str]] = {}
    async for row in collection_of(Delivery).aggregate(pipeline):
        of = row.pop("_id")
        awaited = of["template"] not in ORDINARY
        found.setdefault((of["channel"], of.get("provider") or "", awaited), Counter()).update(row)
    return [
        {"channel": channel, "provider": provider or None, "awaited": awaited, **counted}
        for (channel, provider, awaited), counted in sorted(found.items())
    ]


async def by_channel() -> list[dict[str, Any]]:
    """The messages that a gateway took, by channel and SMS provider."""
    taken = {"state": {"$in": HANDED_OVER}, "sent_at": {"$gt": dt.datetime.min.replace(tzinfo=dt.UTC)}}
    way = {"channel": "$channel", "provider": "$provider", "state": "$state"}
    found: dict[tuple[str, str | None], Counter[str]] = {}
    async for row in collection_of(Delivery).aggregate(
        [{"$match": taken}, {"$group": {"_id": way, "messages": {"$sum": 1}}}]
    ):
        of = row["_id"]
        count = found.setdefault((of["channel"], of.get("provider")), Counter(sent=0, delivered=0))
        count["sent"] += row["messages"]
        if of["state"] == "delivered":
            count["delivered"] += row["messages"]
    return [
        {"channel": channel, "provider": provider, **count}
        for (channel, provider), count in sorted(found.items(), key=lambda one: (one[0][0], one[0][1] or ""))
    ]


async def measure() -> None:
    """Measure how many messages are late."""
    since = {"$lt": clock.now() - WITHIN}
    late = {"state": "queued", "queued_at": since, "$or": [{"not_before": None}, {"not_before": since}]}
    LATE.set(await collection_of(Delivery).count_documents(late, limit=COUNTED))


async def uncertain() -> int:
    """How many deliveries there are that nobody can say of whether they went out, or arrived."""
    return await Delivery.find(Delivery.state == "uncertain").count()


async def counts() -> tuple[int, int, int]:
    """How many deliveries were sent (accepted by a gateway, whatever became of them), delivered, and failed."""
    sent = await Delivery.find(Delivery.state == "sent").count()
    delivered = await Delivery.find(Delivery.state == "delivered").count()
    failed = await Delivery.find(Delivery.state == "failed").count()
    lost = await Delivery.find({"state": {"$in": ["failed", "uncertain"]}, "sent_at": {"$ne": None}}).count()
    return sent + delivered + lost, delivered, failed


async def receipts_expected(now: dt.datetime) -> int:
    """How many deliveries were sent so lately that their receipt is still on its way."""
    lately = {"state": "sent", "sent_at": {"$gt": now - RECEIPT_WITHIN}, "channel": {"$ne": "email"}}
    return await Delivery.find(lately).count()
