"""The line to the province, and what every process may know of it."""

from __future__ import annotations

import os
from typing import Any

import structlog
from prometheus_client import Gauge
from pymongo.errors import PyMongoError

from shared.circuit import Circuit
from shared.settings import need, secret
from shared.signed_line import Address, Line
from shared.storage.client import storage

log = structlog.get_logger(__name__)

CIRCUIT_OPEN = Gauge(
    "xindun_insurance_province_circuit_open",
    "1 while this process sends nothing to the province because it does not answer: ask there.",
)


def address() -> Address:
    """Where the province is reached, from `PROVINCIAL_URL` and `PROVINCIAL_SECRET`; raises `SettingMissing`."""
    return Address(need(os.environ, "PROVINCIAL_URL").rstrip("/"), secret(os.environ, "PROVINCIAL_SECRET"))


async def _remember(circuit: Circuit) -> None:
    """Store a change of the circuit, for those processes that never call."""
    row = {"state": circuit.state, "since": circuit.since, "failures": circuit.failures}
    try:
        await storage().collection("province_line").update_one({"_id": "line"}, {"$set": row}, upsert=True)
    except PyMongoError as error:
        log.warning("province.line_not_stored", reason=type(error).__name__)


LINE = Line("province", address, connections=16, open_gauge=CIRCUIT_OPEN, remember=_remember)


async def remembered() -> dict[str, Any] | None:
    """How the line stood when it last changed: `state`, `since`, `failures`. None where it never did."""
    return await storage().collection("province_line").find_one({"_id": "line"}, {"_id": 0})
