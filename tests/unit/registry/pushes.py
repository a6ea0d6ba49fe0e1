"""Events as platforms push them, with synthetic numbers only."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

from tests.unit.identity.numbers import make, make_uscc

UBIQ, RIVAL = make_uscc("MA00000X1"), make_uscc("MA00000X2")
BORN = dt.date(1990, 3, 7)
_count = itertools.count(1)


def person(serial: int) -> str:
    """A resident id number that holds."""
    return make("510603", BORN, serial)


def event(kind: str, data: dict[str, Any], *, platform: str = UBIQ, **attributes: Any) -> dict[str, Any]:
    """A pushed event: `kind` is `order.finished`; `attributes` replace those of the envelope."""
    return {
        "specversion": "1.0",
        "id": f"e-{next(_count)}",
        "source": f"/platforms/{platform}",
        "type": f"cn.deyang.platform.{kind}.v1",
        "time": "2026-09-12T12:31:00+08:00",
        "data": data,
        **attributes,
    }


def order(*, platform: str = UBIQ, **fields: Any) -> dict[str, Any]:
    number = next(_count)
    data = {
        "order_id": f"o-{number}",
        "worker_ref": "w-1",
        "industry": "instant_delivery",
        "taken_at": "2026-09-12T12:00:00+08:00",
        "finished_at": "2026-09-12T12:30:00+08:00",
        "district": "510603",
        "fee": "6.50",
    }
    return event("order.finished", {**data, **fields}, platform=platform)


def engagement(*, platform: str = UBIQ, time: str = "2026-09-01T08:00:00+08:00", **fields: Any) -> dict[str, Any]:
    data = {
        "worker_ref": "w-1",
        "id_number": person(1),
        "name": "试样甲",
        "phone": "13800000001",
        "industry": "instant_delivery",
        "relation": "partial",
        "started_on": "2026-09-01",
        "district": "510603",
        "agreement": {"kind": "written_agreement", "number": "XY1", "signed_on": "2026-09-01"},
        "safety_training": None,
        "partner_uscc": None,
        "dispatched": False,
    }
    return event("engagement.started", {**data, **fields}, platform=platform, time=time)


def profile(*, platform: str = UBIQ, time: str = "2026-08-01T08:00:00+08:00", **fields: Any) -> dict[str, Any]:
    data = {"name": "试样平台", "industries": ["instant_delivery"], "contact_phone": "13800000000"}
    return event("profile.declared", {**data, **fields}, platform=platform, time=time)


def training(*, platform: str = UBIQ, time: str = "2026-09-03T17:30:00+08:00", **fields: Any) -> dict[str, Any]:
    data = {
        "worker_ref": "w-1",
        "course": "safety-onboarding",
        "hours": 2,
        "completed_on": "2026-09-03",
        "certificate_number": None,
    }
    return event("training.completed", {**data, **fields}, platform=platform, time=time)


def declaration(*, platform: str = UBIQ, time: str = "2026-09-02T09:00:00+08:00", **fields: Any) -> dict[str, Any]:
    data = {"worker_ref": "w-1", "id_number": "51060319900101001X", "name": "试样甲", "started_on": "2026-09-01"}
    return event("employee.declared", {**data, **fields}, platform=platform, time=time)


def ended(*, platform: str = UBIQ, time: str = "2026-09-20T22:00:00+08:00", **fields: Any) -> dict[str, Any]:
    data = {"worker_ref": "w-1", "ended_on": "2026-09-20", "reason": "本人离职"}
    return event("engagement.ended", {**data, **fields}, platform=platform, time=time)


def settlement(**fields: Any) -> dict[str, Any]:
    data = {
        "settlement_id": "s-1",
        "worker_ref": "w-1",
        "period_start": "2026-09-01",
        "period_end": "2026-09-07",
        "orders": 10,
        "gross": "100.00",
        "deductions": [{"kind": "fine", "amount": "5.00"}],
        "net": "95.00",
        "due_on": "2026-09-12",
        "paid_on": "2026-09-11",
    }
    return event("settlement.paid", {**data, **fields})


def worktime(**fields: Any) -> dict[str, Any]:
    data = {
        "session_id": "t-1",
        "worker_ref": "w-1",
        "online_at": "2026-09-12T08:00:00+08:00",
        "offline_at": "2026-09-12T12:00:00+08:00",
    }
    return event("worktime.recorded", {**data, **fields})


def incident(**fields: Any) -> dict[str, Any]:
    data = {
        "incident_id": "i-1",
        "worker_ref": "w-1",
        "order_id": None,
        "occurred_at": "2026-09-12T12:00:00+08:00",
        "district": "510603",
        "place": "旌阳区",
        "description": "摔倒",
        "severity": "minor",
    }
    return event("incident.reported", {**data, **fields})


def array(*events: Any) -> bytes:
    return json.dumps(events, ensure_ascii=False).encode()


def lines(*events: Any) -> bytes:
    return b"".join(json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in events)
