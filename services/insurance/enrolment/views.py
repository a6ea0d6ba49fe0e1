"""What callers see of enrolments, and what they send. No view has more of a person than the worker's id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.insurance.enrolment.documents import (
    REFUSED_FOR,
    SUSPENDED_FOR,
    Enrolment,
    Request,
    StoredSegment,
    Suspension,
)
from services.insurance.enrolment.rules import State
from services.insurance.enrolment.segments import Basis
from shared.contracts.insurance import Scheme
from shared.policy.parameters import Used, parameters
from shared.storage.encryption import decrypt_field

Answer = Literal["waiting", "accepted", "rejected"]


class CoverView(BaseModel):
    """Insurance through one platform. `since` and `until` are legal days; `until` is null while it has no end.

    `basis`: the employer insures its employee, a courier outlet its people, or the platform those who take its orders;
    `unit` is the credit code of whoever insures. `suspended`: an officer let it rest. `province`: whether the provincial
    platform has confirmed it, has refused it (with its `reason`), or is still asked.
    """

    platform: str
    scheme: Scheme
    basis: Basis
    unit: str
    in_force: bool
    suspended: bool
    since: dt.date
    until: dt.date | None
    province: Answer
    receipt_number: str | None
    reason: str | None


class EnrolmentView(BaseModel):
    """One person's insurance through one engagement, whose id it has. Scheme, basis and days are those of its last segment.

    `state`: `open` and in force, `suspended` by an officer, `ended`, or `withdrawn` (it turned out that it never covered a
    day). Days are legal days, both included. `due_on`: until when the employer must register the person (社会保险法 art. 58),
    null where it is no employer's duty; `confirmed_on`: when the province took it; `overdue`: the deadline passed and the
    province has not confirmed.
    """

    enrolment_id: str
    platform: str
    worker_ref: str
    worker_id: str
    district: str
    scheme: Scheme
    basis: Basis
    state: State
    starts_on: dt.date
    ends_on: dt.date | None
    due_on: dt.date | None
    confirmed_on: dt.date | None
    overdue: bool


class SegmentView(BaseModel):
    """Days insured by one unit in one scheme, as facts call for them; suspensions are not taken out of them."""

    scheme: Scheme
    basis: Basis
    worker_id: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date | None
    due_on: dt.date | None


class RequestView(BaseModel):
    """A request to the provincial platform. `ends_on` is the last day told to it, before `starts_on` where the request is
    withdrawn; `end_receipt` its receipt for that day, null while it has not answered.
    """

    number: str
    scheme: Scheme
    basis: Basis
    worker_id: str
    unit: str
    district: str
    starts_on: dt.date
    ends_on: dt.date | None
    status: Answer
    receipt_number: str | None
    reason: str | None
    end_receipt: str | None


class SuspensionView(BaseModel):
    """Legal days on which the cover rests: from `since` to the day before `resumed_on`, null while it still does."""

    since: dt.date
    reason: str
    resumed_on: dt.date | None


class Consequences(BaseModel):
    """What an employer that does not register meets with (社会保险法 art. 84, 86).

    `late_fee_per_day` is a ratio of the contribution owed, for each day since it was due; `late_fine` and
    `unregistered_fine` are the least and most multiples of what is owed, `responsible_person_fine` the least and most
    yuan. `parameters` are the rows these rest on.
    """

    late_fee_per_day: str
    late_fine: Mapping[str, str]
    unregistered_fine: Mapping[str, str]
    responsible_person_fine: Mapping[str, str]
    parameters: list[Used]


class EnrolmentDetail(EnrolmentView):
    """With its segments, suspensions, all requests to the province, and what follows where an employer's duty is missed."""

    segments: list[SegmentView]
    suspensions: list[SuspensionView]
    requests: list[RequestView]
    consequences: Consequences | None


class SuspensionAsked(BaseModel):
    """From when the cover rests, and why."""

    since: Annotated[dt.date, Field(description="First legal day on which the cover rests; not after today")]
    reason: Annotated[str, Field(min_length=1, max_length=300, description="Why; numbers of persons are masked")]


class ResumptionAsked(BaseModel):
    """The day from which the cover holds again."""

    since: Annotated[dt.date, Field(description="First legal day on which the cover holds again; not after today")]


def view(enrolment: Enrolment) -> EnrolmentView:
    return EnrolmentView(**enrolment.model_dump(include=set(EnrolmentView.model_fields)), enrolment_id=enrolment.id)


def detail(enrolment: Enrolment, today: dt.date) -> EnrolmentDetail:
    names = set(EnrolmentDetail.model_fields) - {"enrolment_id", "consequences", "suspensions", "requests"}
    return EnrolmentDetail(
        **enrolment.model_dump(include=names),
        enrolment_id=enrolment.id,
        suspensions=[_suspension(enrolment.id, one) for one in enrolment.suspensions],
        requests=[request_view(enrolment.id, one) for one in enrolment.requests],
        consequences=_consequences(today) if enrolment.due_on else None,
    )


def _consequences(day: dt.date) -> Consequences:
    law = parameters.on(day)
    return Consequences(
        late_fee_per_day=law.text("social_insurance.late_fee_per_day"),
        late_fine=law.table("social_insurance.late_fine_multiple"),
        unregistered_fine=law.table("social_insurance.unregistered_fine_multiple"),
        responsible_person_fine=law.table("social_insurance.unregistered_person_fine"),
        parameters=list(law.used),
    )


def request_view(enrolment_id: str, request: Request) -> RequestView:
    return RequestView(**request.model_dump(exclude={"reason"}), reason=_refused_for(enrolment_id, request))


def _refused_for(enrolment_id: str, request: Request) -> str | None:
    return request.reason and decrypt_field(REFUSED_FOR, enrolment_id, request.reason)


def _suspension(enrolment_id: str, rest: Suspension) -> SuspensionView:
    reason = decrypt_field(SUSPENDED_FOR, enrolment_id, rest.reason)
    return SuspensionView(since=rest.since, reason=reason, resumed_on=rest.resumed_on)


def covers(enrolment: Enrolment) -> list[CoverView]:
    return [_cover(enrolment, segment) for segment in enrolment.segments]


def _cover(enrolment: Enrolment, segment: StoredSegment) -> CoverView:
    asked = [request for request in enrolment.requests if enrolment.segment_of(request) is segment]
    return CoverView(
        platform=enrolment.platform,
        **segment.model_dump(include={"scheme", "basis", "unit"}),
        in_force=enrolment.state == "open" and segment.ends_on is None,
        suspended=enrolment.state == "suspended" and segment.ends_on is None,
        since=segment.starts_on,
        until=segment.ends_on,
        receipt_number=asked[-1].receipt_number,
        reason=_refused_for(enrolment.id, asked[-1]),
        province=asked[-1].status,
    )
