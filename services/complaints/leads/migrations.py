"""What earlier versions stored of leads, brought to what this one reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bson import Decimal128

from services.complaints.leads.documents import Lead
from services.complaints.leads.kinds import KINDS
from shared.contracts.base import money
from shared.contracts.complaints.leads import LeadKind
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.client import Row
from shared.storage.migrations import Migration

KIND: LeadKind = "pay_below_hourly_minimum"


def _named(row: Row) -> Row:
    return {"collective_contract_id": row["agreement_id"]}


COLLECTIVE_CONTRACT = Migration(
    number=1,
    title="leads name their collective contract collective_contract_id, not agreement_id",
    document=Lead,
    wanted={
        "agreement_id": {"$exists": True},
        "collective_contract_id": {"$exists": False},
        "finding": {"$exists": False},
    },
    fields=("agreement_id",),
    change=_named,
)
"""The old field stays, for processes of the version that reads it; it goes when the lead is next stored."""


def _found(row: Row) -> Row:
    law, article = parameters.on(shanghai_date(row["created_at"])), KINDS[KIND].article
    pay, lacking = _yuan(row["pay"]), _yuan(row["shortfall"])
    waiting = _yuan(row.get("waiting_percent", Decimal(0)))
    first, last = _day(row["period_start"]), _day(row["period_end"])
    part = {
        "first": first,
        "last": last,
        "working_seconds": row["working_seconds"],
        "minimum": money(_yuan(row["minimum"])),
        "waiting_percent": str(waiting) if waiting else None,
        "collective_contract_id": row.get("collective_contract_id"),
        "due": money(pay + lacking),
        "measure": "hourly",
        "paid_days": None,
    }
    finding = {
        "kind": KIND,
        "settlement_id": row["settlement_id"],
        "period_start": first,
        "period_end": last,
        "orders": row["intervals"],
        "working_seconds": row["working_seconds"],
        "pay": money(pay),
        "due": money(pay + lacking),
        "shortfall": money(lacking),
        "parts": [part],
        "excluded": "0.00",
    }
    return {
        "kind": KIND,
        "worker_id": None,
        "departments": list(law.texts("duty.departments", article)),
        "lead_department": law.text("duty.lead", article),
        "finding": finding,
        "events": [],
        "to_judge": ["normal_labour", "components_unknown"],
        "state": "raised",
    }


FINDINGS = Migration(
    number=2,
    title="leads have a finding by kind, departments and a state",
    document=Lead,
    wanted={"finding": {"$exists": False}},
    fields=(
        "created_at",
        "settlement_id",
        "period_start",
        "period_end",
        "intervals",
        "working_seconds",
        "pay",
        "minimum",
        "shortfall",
        "waiting_percent",
        "collective_contract_id",
    ),
    change=_found,
)
"""The fields of old stay, for processes of the version that reads them."""


def _yuan(stored: Any) -> Decimal:
    return stored.to_decimal() if isinstance(stored, Decimal128) else Decimal(stored)


def _day(stored: Any) -> str:
    return str(stored)[:10]
