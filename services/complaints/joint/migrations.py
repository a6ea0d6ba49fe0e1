"""What earlier versions stored of joint tasks, brought to what this one reads."""

from __future__ import annotations

from services.complaints.inspections.migrations import circle_of_origin
from services.complaints.joint.documents import JointTask
from shared.storage.migrations import Migration

CIRCLES = Migration(
    number=6,
    title="joint tasks that come of a sensitive case are for its circle",
    document=JointTask,
    wanted={"origin.kind": {"$in": ["case", "inspection"]}, "circle": {"$exists": False}},
    fields=("origin",),
    change=circle_of_origin,
)
