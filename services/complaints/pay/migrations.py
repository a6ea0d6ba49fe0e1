"""What earlier versions stored of settlements, brought to what this one reads."""

from __future__ import annotations

from services.complaints.pay.documents import Settlement
from shared.storage.client import Row
from shared.storage.migrations import Migration


def _by_kind(row: Row) -> Row:
    return {"leads": {"pay_below_hourly_minimum": row["lead_id"]}}


LEADS = Migration(
    number=3,
    title="settlements name their leads by kind",
    document=Settlement,
    wanted={"lead_id": {"$gt": ""}, "leads": {"$exists": False}},
    fields=("lead_id",),
    change=_by_kind,
)
"""`lead_id` stays, for processes of the version that reads it."""
