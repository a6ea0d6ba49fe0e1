"""What insures me: a worker's own cover."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.insurance.enrolment.documents import Enrolment
from shared.contracts.insurance import Scheme
from shared.web.auth import Worker

router = APIRouter(prefix="/v1", tags=["enrolments 参保"])


class Cover(BaseModel):
    """Insurance through one platform. `since` and `until` are legal days; `until` is null while it is in force.

    `province`: whether the provincial platform has confirmed it, has refused it (with its `reason`), or is still asked.
    """

    platform: str
    scheme: Scheme
    in_force: bool
    since: dt.date
    until: dt.date | None
    province: Literal["waiting", "accepted", "rejected"]
    receipt_number: str | None
    reason: str | None


@router.get("/workers/me/cover")
async def read_my_cover(worker: Worker) -> list[Cover]:
    """What insures the caller, and since when; what is in force first, then what has ended."""
    found = await Enrolment.find(Enrolment.worker_id == worker.worker_id).to_list()
    found.sort(key=lambda enrolment: (enrolment.state != "open", enrolment.starts_on, enrolment.id))
    return [
        Cover(
            platform=enrolment.platform,
            scheme=enrolment.scheme,
            in_force=enrolment.state == "open",
            since=enrolment.starts_on,
            until=enrolment.ends_on,
            province=enrolment.current.status,
            receipt_number=enrolment.current.receipt_number,
            reason=enrolment.current.reason,
        )
        for enrolment in found
    ]
