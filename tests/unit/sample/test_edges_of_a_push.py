"""The demo's own reckoning takes and refuses the same events as the gateway, field by field, at the edges of each."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.calculation.validation import Rejected, accept
from services.registry.gateway import rules
from services.registry.gateway.event_rules import UNREADABLE
from shared.errors import RuleBroken
from tests.unit.identity.numbers import make, make_uscc
from tests.unit.registry import pushes
from tests.unit.registry.pushes import UBIQ

NOW = dt.datetime(2026, 11, 30, 5, 0, tzinfo=dt.UTC)
MOMENT = rules.moment_of(NOW)
BORN = dt.date(1990, 3, 7)

INSTANTS = [
    "2026-09-12T12:00:00", "2026-09-12t12:00:00z", "2026-09-12 12:00:00+08:00", "2026-09-12T12:00:00+0800",
    "2026-09-12T12:00:00+08", "2026-09-12T12:00+08:00", "2026-09-12T12:00:00.123456789+05:45", "2026-09-12T12:00:00.Z",
    "2026-09-12T12:00:00,5Z", "2026-09-12T24:00:00Z", "2026-09-12T12:00:00+23:59", "2026-09-12T12:00:00+24:00",
    "2016-12-31T23:59:60Z", "2016-02-29T00:00:00-00:00", "2017-02-29T00:00:00Z", "1900-01-01T00:00:00+14:00",
    "1899-12-31T23:00:00-12:00", "1899-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "2026-11-30T13:04:59+08:00", "2026-11-30T13:05:01+08:00", "２０26-09-12T12:00:00Z", "2026-09-12T12:00:00Z\n", "", 123,
    None,
]  # fmt: skip
DAYS = [
    "2026-09-01", "1899-12-31", "1900-01-01", "2036-11-30", "2036-12-01", "9999-12-31", "0000-01-01", "2026-02-30",
    "2024-02-29", "2026-9-1", "20260901", "2026-W01-1", "2026-09-01T00:00:00Z", "２０26-09-01", "2026-09-01\n", 1, None,
]  # fmt: skip
MONEY = [
    "0", "0.00", "12.5", "12.505", "-1", "-0.00", "999999999999.99", "1000000000000", "99999999999999", "00012", "1e3",
    "+1", "１２", "12.50\n", " 1", "", ".5", "1.", 12, None,
]  # fmt: skip
IDS = ["w", "", "字" * 128, "字" * 129, "\U00020000" * 128, "\x00", "a|b", " ", 5, None]
NUMBERS = [
    *(make("510603", BORN, serial).lower() for serial in range(20)), make("510603", BORN, 1)[:17], "H12345678",
    make("510603", BORN, 1) + "\n", None, 1, "５" + make("510603", BORN, 1)[1:],
    *(make(region, BORN, 1) for region in ("710000", "810000", "820000", "830000", "911110", "840000", "560000", "000000")),
    *(make("510603", dt.date(*day), 4) for day in ((1899, 12, 31), (1900, 1, 1), (2026, 11, 30), (2026, 12, 1))),
]  # fmt: skip
NAMES = ["张三", "阿卜杜热西提·买买提", "𠮷田", "名" * 200, "名" * 201, "\x00", "\n", "", None]
PHONES = [
    "+8613800000001", "0086 138-0000-0001", "138 0000 0001", "(138)00000001", "１３800000001", "138–0000–0001",
    "12800000001", "021-12345678", "1380000000", "", 1, None,
]  # fmt: skip
FIXED_LINES = ["0838-2500000", "12345", "1234", "(0838) 250 00 00", "0838/2500000", "1" * 24, "1" * 25]
TRADES = ["ride_hailing", "courier", "other", "x", "Courier", "", None]
PLACES = ["510603", "510604", "510600", "510601", "510683", "510626", "110101", "51060３", "510603\n", 510603, None]
FLAGS = [True, False, None, 0, 1, "true"]
PARTS: list[Any] = [None, [], {}, [{}], [{"kind": "a", "amount": "-1"}], [{"kind": "", "amount": "1"}]]
SIGNED: dict[str, Any] = {"kind": "contract", "number": "1", "signed_on": "2026-01-01"}
TERMS: list[dict[str, Any]] = [
    {"term": term, "ends_on": day}
    for term in ("fixed", "x", None)
    for day in ("2026-08-31", "2026-09-01", "2037-01-01")
]

FIELDS: dict[str, tuple[Any, dict[str, list[Any]]]] = {
    "profile": (pushes.profile, {
        "name": NAMES, "industries": [[], ["courier"] * 10, ["courier"] * 11, ["x"], "courier", None],
        "delivery_class": ["a", "b", "c", "A", None], "contact_phone": PHONES + FIXED_LINES,
    }),
    "engagement": (pushes.engagement, {
        "worker_ref": IDS, "id_number": NUMBERS, "name": NAMES, "phone": PHONES, "industry": TRADES, "district": PLACES,
        "relation": ["employment", "partial", "self_employed", "x", None], "started_on": DAYS, "dispatched": FLAGS,
        "part_time": FLAGS, "partner_uscc": [UBIQ, UBIQ.lower(), UBIQ + "\n", make_uscc("MA00000X8", kind="92"), "", None],
        "agreement": [None, {}, [], SIGNED | {"kind": "x"}, *(SIGNED | {"signed_on": day} for day in DAYS),
                      *(SIGNED | {"number": one} for one in IDS), *(SIGNED | term for term in TERMS)],
        "safety_training": [None, {}, *({"course": "safety", "completed_on": day} for day in DAYS)],
    }),
    "end": (pushes.ended, {"worker_ref": IDS, "ended_on": DAYS, "reason": ["", "字" * 500, "字" * 501, "\x00", None]}),
    "order": (pushes.order, {
        "order_id": IDS, "worker_ref": IDS, "industry": TRADES, "taken_at": INSTANTS, "finished_at": INSTANTS,
        "district": PLACES, "fee": MONEY,
    }),
    "settlement": (pushes.settlement, {
        "settlement_id": IDS, "period_start": DAYS, "period_end": DAYS, "due_on": DAYS, "paid_on": DAYS, "gross": MONEY,
        "net": MONEY, "orders": [0, 1_000_000, 1_000_001, 2**63, -1, 1.0, 1.5, True, "1", None],
        "deductions": [*PARTS, [{"kind": "a", "amount": "999999999999.99"}] * 100, [{"kind": "a", "amount": "1"}] * 101],
        "components": [*PARTS, [{"kind": "a", "amount": "100.01"}], [{"kind": "a", "amount": "2"}] * 50,
                       [{"kind": "a", "amount": "1"}] * 51],
        "replaces": [*IDS, pushes.settlement()["data"]["settlement_id"]],
    }),
    "worktime": (pushes.worktime, {"session_id": IDS, "online_at": INSTANTS, "offline_at": INSTANTS}),
    "incident": (pushes.incident, {
        "incident_id": IDS, "order_id": IDS, "occurred_at": INSTANTS, "district": PLACES,
        "place": ["", "字" * 500, "字" * 501, None], "description": ["", "字" * 5000, "字" * 5001, None],
        "severity": ["minor", "serious", "fatal", "x", None],
    }),
    "training": (pushes.training, {
        "course": IDS, "completed_on": DAYS, "certificate_number": IDS,
        "hours": [0, 0.1, 10_000, 10_001, 1e308, 2**63, -1, -0.0, True, "2", None],
    }),
    "declaration": (pushes.declaration, {"worker_ref": IDS, "id_number": NUMBERS, "name": NAMES, "started_on": DAYS}),
}  # fmt: skip
ENVELOPE: dict[str, list[Any]] = {
    "id": IDS,
    "time": INSTANTS,
    "specversion": ["1.0", "1", 1.0, None],
    "type": ["x", "order.finished.v1", "cn.deyang.platform.order.finished.v2", None],
    "source": [f"/platforms/{UBIQ}", "/platforms/x", f"/platforms/{UBIQ}/", f"/platforms/{UBIQ.lower()}", None],
}


def at_the_edges(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Events of a kind of which one field is at an edge, or is not there; and what that is."""
    make_event, fields = FIELDS[kind]
    plain = make_event()
    for field, values in fields.items():
        for value in values:
            event = copy.deepcopy(plain)
            event["data"][field] = value
            yield f"{field} {value!r}"[:200], event
        event = copy.deepcopy(plain)
        event["data"].pop(field, None)
        yield f"no {field}", event
    for field, values in ENVELOPE.items():
        for value in values:
            yield f"{field} {value!r}", plain | {field: value}


def gateway_takes(event: dict[str, Any]) -> bool:
    try:
        rules.read(json.dumps(event, ensure_ascii=False).encode(), f"/platforms/{UBIQ}", MOMENT)
    except (RuleBroken, *UNREADABLE):
        return False
    return True


def reckoning_takes(event: dict[str, Any]) -> bool:
    try:
        accept(event, 0, NOW)
    except Rejected:
        return False
    return True


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_both_take_the_same_events(kind: str) -> None:
    found = [(what, gateway_takes(event), reckoning_takes(event)) for what, event in at_the_edges(kind)]
    assert [one for one in found if one[1] != one[2]] == []
    assert {taken for _, taken, _ in found} == {True, False}
