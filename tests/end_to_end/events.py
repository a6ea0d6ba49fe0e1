"""What a platform pushes, as its JSON."""

from __future__ import annotations

import uuid
from typing import Any


def event(kind: str, time: str, data: dict[str, Any], platform: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": f"/platforms/{platform}",
        "type": f"cn.deyang.platform.{kind}.v1",
        "time": time,
        "data": data,
    }


def profile(platform: str, **changes: Any) -> dict[str, Any]:
    data = {
        "name": "试验外卖",
        "industries": ["instant_delivery"],
        "delivery_class": "a",
        "contact_phone": "13700000001",
    }
    return event("profile.declared", "2026-09-01T00:00:00+08:00", data | changes, platform)


def engagement(platform: str, worker_ref: str, id_number: str, **changes: Any) -> dict[str, Any]:
    """An engagement from 2026-09-01 with safety training and no paper, unless `changes` say otherwise."""
    data = {
        "worker_ref": worker_ref,
        "id_number": id_number,
        "name": "王测试",
        "phone": "13900000001",
        "industry": "instant_delivery",
        "relation": "partial",
        "started_on": "2026-09-01",
        "district": "510603",
        "agreement": None,
        "safety_training": {"course": "road-safety", "completed_on": "2026-08-30"},
        "partner_uscc": None,
        "dispatched": False,
    }
    data |= changes
    return event("engagement.started", f"{data['started_on']}T08:00:00+08:00", data, platform)


def order(
    platform: str, order_id: str, worker_ref: str, taken_at: str, finished_at: str, **changes: Any
) -> dict[str, Any]:
    data = {
        "order_id": order_id,
        "worker_ref": worker_ref,
        "industry": "instant_delivery",
        "taken_at": taken_at,
        "finished_at": finished_at,
        "district": "510603",
        "fee": "6.00",
    }
    return event("order.finished", finished_at, data | changes, platform)
