"""Read which settlements of workers others have taken the place of."""

from __future__ import annotations

from collections.abc import Iterable

from services.complaints.pay.documents import Covered, Settlement
from services.complaints.pay.replaced_rules import Replacement, linked
from services.complaints.work_time.reading import rows_with
from shared.storage.client import Row
from shared.storage.transaction import Transaction


async def replacements_of(workers: Iterable[str], tx: Transaction | None = None) -> list[Replacement]:
    """The settlements of workers (`<platform>|<worker_ref>`) that were told to replace others."""
    fields = {"worker": 1, "settlement_id": 1, "replaces": 1, "told_at": 1, "event_id": 1}
    rows = await rows_with(Settlement, "worker", workers, tx, fields=fields, replaces={"$gt": ""})
    return [
        Replacement(row["worker"], row["settlement_id"], row["replaces"], row["told_at"], row["event_id"])
        for row in rows
    ]


async def linked_with(rows: Iterable[Row]) -> dict[str, Covered]:
    """By id the settlements on file that some, stored a moment ago, replace or did when they were told earlier, in however many
    steps; and what those are for."""
    named = [(row, {row.get("replaces"), *row.get("replaced_before", [])} - {None}) for row in rows]
    replacing = [(row, ids) for row, ids in named if ids]
    if not replacing:
        return {}
    told = await replacements_of({row["worker"] for row, _ in replacing})
    found = {
        f"{row['platform']}|{one}"
        for row, ids in replacing
        for one in linked(row["worker"], {row["settlement_id"], *ids}, told)
    }
    covered = await rows_with(Settlement, "_id", found, fields={"worker": 1, "period_start": 1, "period_end": 1})
    return {row["_id"]: Covered.model_validate(row) for row in covered}
