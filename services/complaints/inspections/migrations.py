"""What earlier versions stored of inspections, brought to what this one reads."""

from __future__ import annotations

from services.complaints.inspections.documents import Inspection, Origin, begun
from shared.storage.client import Row
from shared.storage.migrations import Migration


async def circle_of_origin(row: Row) -> Row:
    """The circle of the case that something comes from, be it by an inspection."""
    _, case = await begun(Origin(**row["origin"]))
    return {"circle": None if case is None else case.circle}


CIRCLES = Migration(
    number=5,
    title="inspections that come of a sensitive case are for its circle",
    document=Inspection,
    wanted={"origin.kind": {"$in": ["case", "inspection"]}, "circle": {"$exists": False}},
    fields=("origin",),
    change=circle_of_origin,
)
