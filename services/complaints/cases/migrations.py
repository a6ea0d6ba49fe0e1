"""What earlier versions stored of cases, brought to what this one reads."""

from __future__ import annotations

from services.complaints.cases.documents import Case
from shared.storage.client import Row
from shared.storage.migrations import Migration


def _sealed(_: Row) -> Row:
    return {"confidential": True}


REPORTS = Migration(
    number=4,
    title="who made a report is sealed, as that of every report is since (劳动保障监察条例 art. 9)",
    document=Case,
    wanted={"kind": "report", "confidential": {"$ne": True}},
    fields=("kind",),
    change=_sealed,
)
