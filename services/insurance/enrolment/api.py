"""What insures me: a worker's own cover."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.insurance.enrolment.documents import Enrolment, KeptSegment
from services.insurance.enrolment.segments import Basis
from shared.contracts.insurance import Scheme
from shared.web.auth import Worker

router = APIRouter(prefix="/v1", tags=["enrolments 参保"])


class Cover(BaseModel):
    """Insurance through one platform. `since` and `until` are legal days; `until` is null while it has no end.

    `basis`: the employer insures its employee, a courier outlet its people, or the platform those who take its orders;
    `unit` is the credit code of whoever insures. `suspended`: an officer let it rest.
    `province`: whether the provincial platform has confirmed it, has refused it (with its `reason`), or is still asked.
    """

    platform: str
    scheme: Scheme
    basis: Basis
    unit: str
    in_force: bool
    suspended: bool
    since: dt.date
    until: dt.date | None
    province: Literal["waiting", "accepted", "rejected"]
    receipt_number: str | None
    reason: str | None


@router.get("/workers/me/cover")
async def read_my_cover(worker: Worker) -> list[Cover]:
    """What insures the caller, and since when; what is in force first, then what has ended."""
    found = await Enrolment.find({"worker_id": worker.worker_id}).to_list()
    covers = [_cover(enrolment, segment) for enrolment in found for segment in enrolment.segments]
    return sorted(covers, key=lambda cover: (not cover.in_force, cover.since, cover.platform))


def _cover(enrolment: Enrolment, segment: KeptSegment) -> Cover:
    asked = [request for request in enrolment.requests if enrolment.segment_of(request) is segment]
    return Cover(
        platform=enrolment.platform,
        **segment.model_dump(include={"scheme", "basis", "unit"}),
        in_force=enrolment.state == "open" and segment.ends_on is None,
        suspended=enrolment.state == "suspended" and segment.ends_on is None,
        since=segment.starts_on,
        until=segment.ends_on,
        **asked[-1].model_dump(include={"receipt_number", "reason"}),
        province=asked[-1].status,
    )
