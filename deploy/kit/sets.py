"""A well-made event of each type, and ill-made ones: each is a well-made one with one thing wrong."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

from shared.contracts.platform import platform_source

WELL_MADE: Final = Path(__file__).with_name("events.jsonl")
LEFT_OUT: Final = object()

FAULTS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("order.finished", "specversion", "0.3"),
    ("order.finished", "source", "/platforms/91510600MA0000025X"),
    ("order.finished", "type", "cn.deyang.platform.order.tipped.v1"),
    ("order.finished", "id", LEFT_OUT),
    ("order.finished", "data.order_id", LEFT_OUT),
    ("order.finished", "data.fee", 6.5),
    ("order.finished", "data.fee", "6.505"),
    ("order.finished", "data.district", "510100"),
    ("order.finished", "data.taken_at", "2026-09-12T12:05:00"),
    ("order.finished", "data.taken_at", "2026-09-12T12:31:00+08:00"),
    ("engagement.started", "data.id_number", "510603199001010011"),
    ("engagement.started", "data.phone", "12345"),
    ("engagement.started", "data.partner_uscc", "91510600MA0000025X"),
    ("engagement.started", "data.agreement.signed_on", "1899-12-31"),
    ("engagement.started", "data.dispatched", LEFT_OUT),
    ("engagement.started", "data.part_time", "yes"),
    ("engagement.ended", "data.ended_on", "2026-02-30"),
    ("settlement.paid", "data.period_end", "2026-09-06"),
    ("settlement.paid", "data.deductions", LEFT_OUT),
    ("settlement.paid", "data.components", [{"kind": "orders", "amount": "1170.01"}]),
    ("settlement.paid", "data.replaces", "kit-settlement-1"),
    ("worktime.recorded", "data.offline_at", "2026-09-12T10:59:00+08:00"),
    ("incident.reported", "data.severity", "unknown"),
    ("training.completed", "data.hours", -1),
    ("employee.declared", "data.id_number", "510603199001010011"),
    ("employee.declared", "data.started_on", "1899-12-31"),
    ("profile.declared", "data.industries", []),
    ("profile.declared", "data.contact_phone", "none"),
)
"""The type of a well-made event, what of it is changed, and to what."""


def well_made(platform: str) -> list[dict[str, Any]]:
    """One event of each type, as a platform pushes them."""
    events = map(json.loads, WELL_MADE.read_text("utf-8").splitlines())
    return [{**event, "source": platform_source(platform)} for event in events]


def ill_made(platform: str, now: dt.datetime) -> list[tuple[str, dict[str, Any]]]:
    """Events that no gateway takes, each with what is wrong with it: `data.fee = 6.5`."""
    by_kind = {event["type"].split(".", 3)[3].removesuffix(".v1"): event for event in well_made(platform)}
    ahead = (now + dt.timedelta(hours=1)).isoformat()
    faults = (*FAULTS, ("order.finished", "time", ahead), ("order.finished", "data.finished_at", ahead))
    return [
        (_caption(path, value), _with(by_kind[kind], path, value, f"kit-ill-made-{number}"))
        for number, (kind, path, value) in enumerate(faults, 1)
    ]


def _caption(path: str, value: Any) -> str:
    return f"no {path}" if value is LEFT_OUT else f"{path} = {json.dumps(value)}"


def _with(event: dict[str, Any], path: str, value: Any, event_id: str) -> dict[str, Any]:
    changed = {**copy.deepcopy(event), "id": event_id}
    *parents, name = path.split(".")
    holder = changed
    for parent in parents:
        holder = holder[parent]
    if value is LEFT_OUT:
        del holder[name]
    else:
        holder[name] = value
    return changed
