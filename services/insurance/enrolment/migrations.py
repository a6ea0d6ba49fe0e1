"""What earlier versions stored of enrolments, brought to what this one reads."""

from __future__ import annotations

from services.insurance.enrolment.documents import Enrolment
from shared.storage.client import Row
from shared.storage.migrations import Migration

BEFORE = "registered before declarations"


def _known(row: Row) -> Row:
    asked = {(one["unit"], one["starts_on"]) for one in row["requests"]}
    own = [one for one in row["segments"] if one["basis"] == "employer" and (one["unit"], one["starts_on"]) in asked]
    return {
        "seen_by": sorted({row["platform"], *(one["unit"] for one in row["segments"])}),
        "declarations": [
            {"unit": one["unit"], "starts_on": one["starts_on"], "at": row["created_at"], "by": BEFORE} for one in own
        ],
    }


DECLARATIONS = Migration(
    number=1,
    title="enrolments name who may see them; whom the province was asked for counts as declared",
    document=Enrolment,
    wanted={"seen_by": {"$exists": False}},
    fields=("platform", "segments", "requests", "created_at"),
    change=_known,
)
"""Earlier versions asked the province for whomever an employer had to declare. What it took stays."""
