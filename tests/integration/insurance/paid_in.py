"""What the province says was paid in, and for whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2

from shared.contracts.registry import WorkerRegistered
from shared.ids import new_id
from shared.storage.encryption import seal_for
from tests.harness import Harness, bearer
from tests.unit.identity.numbers import make


def new_id_number() -> str:
    """A synthetic id number that no other test uses."""
    serial = next(_serial)
    return make("510603", dt.date(1985, 1, 1) + dt.timedelta(days=serial), serial)


def registered(worker_id: str, id_number: str) -> WorkerRegistered:
    sealed = seal_for("insurance", {"id_number": id_number, "name": "测试甲"})
    return WorkerRegistered(worker_id=worker_id, for_insurance=sealed, for_notifier="", for_subsidies="")


def contribution(id_number: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "contribution",
        "number": new_id(),
        "id_number": id_number,
        "insurance": "pension",
        "month": "2026-09",
        "base": "5000.00",
        "employer_amount": "0.00",
        "worker_amount": "1000.00",
        "payer": None,
        "paid_on": "2026-10-10",
    } | changes


async def tell(insurance: Harness, *items: dict[str, Any]) -> httpx2.Response:
    return await insurance.http.post("/v1/province/notices", json={"items": list(items)}, headers=bearer("provincial"))


_serial = iter(range(100, 900))
