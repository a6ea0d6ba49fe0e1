"""Events of the documented types, whole unless a test says otherwise; every number is synthetic."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from deploy.local.calculation import calculate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
P, Q = "91510603970186694U", "91510681088449522K"
ANN, BEN = "510681198512310027", "51060319900101001X"

Event = dict[str, Any]

_numbers = count(1)


def event(kind: str, data: dict[str, Any], platform: str = P, time: str = "2026-09-01T09:00:00+08:00") -> Event:
    return {
        "specversion": "1.0",
        "id": f"e{next(_numbers)}",
        "source": f"/platforms/{platform}",
        "type": f"cn.deyang.platform.{kind}.v1",
        "time": time,
        "datacontenttype": "application/json",
        "data": data,
    }


def profile(platform: str = P, delivery_class: str | None = None, time: str = "2025-01-01T09:00:00+08:00") -> Event:
    data: dict[str, Any] = {"name": "示例平台", "industries": ["instant_delivery"], "contact_phone": "13800000000"}
    if delivery_class is not None:
        data["delivery_class"] = delivery_class
    return event("profile.declared", data, platform, time)


def started(
    worker: str = "w1",
    platform: str = P,
    time: str = "2026-09-01T09:00:00+08:00",
    trained: bool = True,
    **changes: Any,
) -> Event:
    data = {
        "worker_ref": worker,
        "id_number": ANN,
        "name": "赵安",
        "phone": "13800000001",
        "industry": "instant_delivery",
        "relation": "partial",
        "started_on": "2026-09-01",
        "district": "510603",
        "agreement": None,
        "safety_training": {"course": "safety", "completed_on": "2026-08-31"} if trained else None,
        "partner_uscc": None,
        "dispatched": False,
    }
    return event("engagement.started", data | changes, platform, time)


def ended(ended_on: str, worker: str = "w1", platform: str = P) -> Event:
    return event("engagement.ended", {"worker_ref": worker, "ended_on": ended_on, "reason": "本人离职"}, platform)


def order(
    number: str,
    taken_at: str = "2026-09-02T12:00:00+08:00",
    finished_at: str = "2026-09-02T12:30:00+08:00",
    worker: str = "w1",
    platform: str = P,
    **changes: Any,
) -> Event:
    data = {
        "order_id": number,
        "worker_ref": worker,
        "industry": "instant_delivery",
        "taken_at": taken_at,
        "finished_at": finished_at,
        "district": "510603",
        "fee": "6.50",
    }
    return event("order.finished", data | changes, platform)


def settlement(number: str, gross: str, *deductions: tuple[str, str], worker: str = "w1", **changes: Any) -> Event:
    data = {
        "settlement_id": number,
        "worker_ref": worker,
        "period_start": "2026-09-01",
        "period_end": "2026-09-15",
        "orders": 1,
        "gross": gross,
        "deductions": [{"kind": kind, "amount": amount} for kind, amount in deductions],
        "net": gross,
        "due_on": "2026-09-20",
        "paid_on": "2026-09-19",
    }
    return event("settlement.paid", data | changes)


def worktime(online_at: str, offline_at: str) -> Event:
    data = {"session_id": "s1", "worker_ref": "w1", "online_at": online_at, "offline_at": offline_at}
    return event("worktime.recorded", data)


def incident(number: str, worker: str = "w1", platform: str = P, **changes: Any) -> Event:
    data = {
        "incident_id": number,
        "worker_ref": worker,
        "order_id": None,
        "occurred_at": "2026-09-02T12:10:00+08:00",
        "district": "510603",
        "place": "旌阳区文庙广场",
        "description": "雨天路滑摔倒",
        "severity": "minor",
    }
    return event("incident.reported", data | changes, platform)


def training(worker: str = "w1", platform: str = P, completed_on: str = "2026-09-10", **changes: Any) -> Event:
    data = {
        "worker_ref": worker,
        "course": "safety",
        "hours": 8,
        "completed_on": completed_on,
        "certificate_number": None,
    }
    return event("training.completed", data | changes, platform)


def figures(*events: Any, actions: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return calculate(events, actions, NOW)
