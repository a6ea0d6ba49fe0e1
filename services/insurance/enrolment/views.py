"""What callers see of enrolments, and what they send. No view has more of a person than the worker's id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

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
from services.insurance.enrolment.segments import Basis, is_listed, scheme_of
from shared.contracts.insurance import Scheme
from shared.policy.parameters import Used, parameters
from shared.storage.encryption import decrypt_field

Answer = Literal["waiting", "accepted", "rejected"]
Asked = Literal["undeclared", "waiting", "accepted", "rejected"]
"""`undeclared`: the province is asked for nobody whom the employer has not declared."""

UNDECLARED = (
    "用人单位尚未为您申报参保登记，此前尚未参保；请督促其申报，逾期可投诉。未依法参保不影响您的工伤保险待遇，由用人单位支付"
    "（社会保险法第四十一条、工伤保险条例第六十二条）。"
)
UNLISTED = "尚未查到该平台已纳入职业伤害保障，已向省平台申请参保，是否参保以省平台确认为准。"
"""What is said to a worker whose employer has not declared them, or whose platform is not on the list."""


class CoverView(BaseModel):
    """Insurance through one platform. `since` and `until` are legal days; `until` is null while it has no end.

    `basis`: the employer insures its employee, a courier outlet its people, or the platform those who take its orders;
    `unit` is the credit code of whoever insures. `suspended`: an officer let it rest. `province`: whether the provincial
    platform has confirmed it, has refused it (with its `reason`), is still asked, or is not asked since the employer has not
    declared the person. `note`: what the worker should know of it.
    """

    platform: str
    scheme: Scheme
    basis: Basis
    unit: str
    in_force: bool
    suspended: bool
    since: dt.date
    until: dt.date | None
    province: Asked
    receipt_number: str | None
    reason: str | None
    due_on: dt.date | None = None
    declared_on: dt.date | None = None
    note: str | None = None


class EnrolmentView(BaseModel):
    """One person's insurance through one engagement, whose id it has. Scheme, basis and days are those of its last segment.

    `state`: `open` and in force, `undeclared` by the employer and so not registered, `suspended` by an officer, `ended`, or
    `withdrawn` (it turned out that it never covered a day). Days are legal days, both included. `unit`: the credit code of
    whoever insures. `due_on`: until when the employer must declare the person (社会保险法 art. 58), null where it is no
    employer's duty; `declared_on`: when it did; `confirmed_on`: when the province took it; `overdue`: the deadline passed
    and the province has not confirmed.
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
    unit: str | None = None
    declared_on: dt.date | None = None


class SegmentView(BaseModel):
    """Days insured by one unit in one scheme, as facts call for them; suspensions are not taken out of them. `declared_on`:
    when the employer declared the person; `overdue`: it had not in time. `listed`: the platform's name is on the list of
    those admitted to the occupational scheme."""

    scheme: Scheme
    basis: Basis
    worker_id: str
    unit: str
    starts_on: dt.date
    ends_on: dt.date | None
    due_on: dt.date | None
    declared_on: dt.date | None = None
    overdue: bool = False
    listed: bool | None = None


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
    """With its segments, suspensions, all requests to the province, and what follows where an employer's duty is missed.

    `used`: what put its last segment into its scheme."""

    segments: list[SegmentView]
    suspensions: list[SuspensionView]
    requests: list[RequestView]
    consequences: Consequences | None
    used: list[Used] = []


class SuspensionAsked(BaseModel):
    """From when the cover rests, and why."""

    since: Annotated[dt.date, Field(description="First legal day on which the cover rests; not after today")]
    reason: Annotated[str, Field(min_length=1, max_length=300, description="Why; numbers of persons are masked")]


class ResumptionAsked(BaseModel):
    """The day from which the cover holds again."""

    since: Annotated[dt.date, Field(description="First legal day on which the cover holds again; not after today")]


def view(enrolment: Enrolment) -> EnrolmentView:
    return EnrolmentView(
        **enrolment.model_dump(include=set(EnrolmentView.model_fields)),
        enrolment_id=enrolment.id,
        **_of_last(enrolment),
    )


def _of_last(enrolment: Enrolment) -> dict[str, Any]:
    last = enrolment.segments[-1] if enrolment.segments else None
    return {"unit": last and last.unit, "declared_on": last and last.declared_on}


def detail(enrolment: Enrolment, today: dt.date) -> EnrolmentDetail:
    names = set(EnrolmentDetail.model_fields) - {"enrolment_id", "consequences", "suspensions", "requests"}
    return EnrolmentDetail(
        **enrolment.model_dump(include=names),
        enrolment_id=enrolment.id,
        suspensions=[_suspension(enrolment.id, one) for one in enrolment.suspensions],
        requests=[request_view(enrolment.id, one) for one in enrolment.requests],
        consequences=_consequences(today) if enrolment.due_on else None,
        used=_used(enrolment),
        **_of_last(enrolment),
    )


def _used(enrolment: Enrolment) -> list[Used]:
    law = parameters.on(enrolment.starts_on)
    if enrolment.basis != "outlet":  # an outlet's people are insured by its being on file
        scheme_of("employment" if enrolment.basis == "employer" else "partial", None, law)
    if enrolment.basis == "platform":
        is_listed("", law)
    return list(law.used)


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
    latest = asked[-1] if asked else None
    undeclared = segment.segment in enrolment.undeclared
    going_on = segment.ends_on is None and not undeclared
    return CoverView(
        platform=enrolment.platform,
        **segment.model_dump(include={"scheme", "basis", "unit", "due_on", "declared_on"}),
        in_force=enrolment.state == "open" and going_on,
        suspended=enrolment.state == "suspended" and going_on,
        since=segment.starts_on,
        until=segment.ends_on,
        receipt_number=latest and latest.receipt_number,
        reason=latest and _refused_for(enrolment.id, latest),
        province=latest.status if latest and not undeclared else "undeclared",
        note=note_of(enrolment, segment),
    )


def note_of(enrolment: Enrolment, segment: StoredSegment) -> str | None:
    """What a worker should know of a segment: that nobody has declared them, or that the province decides."""
    if segment.segment in enrolment.undeclared:
        return UNDECLARED
    asked = [request for request in enrolment.requests if enrolment.segment_of(request) is segment]
    unknown = segment.listed is False and not any(request.status == "accepted" for request in asked)
    return UNLISTED if unknown else None
