"""How many messages wait for a receipt that is late, and of how many nobody knows whether they arrived."""

from __future__ import annotations

from collections import Counter
from typing import Any

from prometheus_client import Gauge

from services.notifier.deliveries.documents import EVER, Delivery
from shared.storage.client import collection_of

LATE = Gauge(
    "xindun_notifier_receipts_late",
    "Messages that a gateway took and is asked about, since no receipt came. Growing: its receipts do not reach us.",
)
COUNTED = 10_000
"""Late receipts that a measurement counts at most."""
ASKED_ABOUT = {"ask_at": {"$gt": EVER}, "state": "sent"}
GIVEN_UP = {"state": "uncertain", "sent_at": {"$gt": EVER}}


async def measure() -> None:
    """Measure how many receipts are late."""
    LATE.set(await collection_of(Delivery).count_documents(ASKED_ABOUT, limit=COUNTED))


async def by_gateway() -> list[dict[str, Any]]:
    """The messages without a receipt, by channel and SMS provider: those that their gateway is asked about, those of which nobody
    knows, and how many of these wait for an officer."""
    found: dict[tuple[str, str], Counter[str]] = {}
    left = {"$cond": [{"$eq": [{"$ifNull": ["$left_at", None]}, None]}, 1, 0]}
    for name, wanted in (("asked", ASKED_ABOUT), ("unknown", GIVEN_UP)):
        way = {"channel": "$channel", "provider": "$provider"}
        group = {"_id": way, "messages": {"$sum": 1}, "to_decide": {"$sum": left}}
        async for row in collection_of(Delivery).aggregate([{"$match": wanted}, {"$group": group}]):
            count = found.setdefault(
                (row["_id"]["channel"], row["_id"].get("provider") or ""), Counter(asked=0, unknown=0, to_decide=0)
            )
            count[name] += row["messages"]
            count["to_decide"] += row["to_decide"] if name == "unknown" else 0
    return [
        {"channel": channel, "provider": provider or None, **counted}
        for (channel, provider), counted in sorted(found.items())
    ]
