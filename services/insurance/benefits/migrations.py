"""What earlier versions stored of benefits, brought to what this one reads."""

from __future__ import annotations

from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.fact_rules import granted_facts
from services.insurance.benefits.missing_rules import lacking
from shared.policy.parameters import parameters
from shared.storage.client import Row
from shared.storage.migrations import Migration


def _waits(row: Row) -> Row:
    awaits = _awaited(row) if row["state"] == "open" else []
    return {"awaits": [{"key": key, "entry": entry} for key, entry in awaits], "waits": bool(awaits)}


def _awaited(row: Row) -> list[tuple[str, str | None]]:
    """All that an open sum lacks by the law of the injury; at least what is kept of it."""
    law = parameters.on(row["occurred_on"].date(), place=row["district"])
    found = lacking(row["kind"], granted_facts(row["basis"], row["scheme"]), law).missing
    known = row["missing"]
    return [*found] if known is None or known in {key for key, _ in found} else [(known, None), *found]


WAITS = Migration(
    number=2,
    title="open benefits say which values they wait for",
    document=Benefit,
    wanted={"waits": {"$exists": False}},
    fields=("state", "kind", "scheme", "basis", "occurred_on", "district", "missing"),
    change=_waits,
)
"""A monthly benefit that is paid says with its next month whether it waits for the year's factor."""
