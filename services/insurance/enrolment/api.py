"""Enrolments over HTTP: officers by district, platforms and employers their own, workers what covers them."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Response, status

from services.insurance.enrolment import commands, province_requests
from services.insurance.enrolment.access import WHOSE, enrolment_of
from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.rules import State
from services.insurance.enrolment.views import (
    CoverView,
    EnrolmentDetail,
    EnrolmentView,
    RequestView,
    ResumptionAsked,
    SuspensionAsked,
    covers,
    detail,
    request_view,
    view,
)
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden
from shared.policy import calendar
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker
from shared.web.etags import set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

router = APIRouter(prefix="/v1", tags=["enrolments 参保"], route_class=IdempotentRoute)

T = TypeVar("T")

Reader = Annotated[Caller, callers("platform", article=8, district="document")]
Asker = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


@router.get("/workers/me/cover")
async def read_my_cover(worker: Worker) -> list[CoverView]:
    """What insures the caller, and since when; what is in force first, then what has ended or is not declared."""
    found = await Enrolment.find({"worker_id": worker.worker_id}).to_list()
    shown = [cover for enrolment in found for cover in covers(enrolment)]
    return sorted(shown, key=lambda cover: (not cover.in_force, cover.since, cover.platform))


@router.get("/enrolments")
async def list_enrolments(
    caller: Reader,
    page: PageAsked,
    platform: Annotated[str | None, Query(max_length=18, description="Credit code of the platform")] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    overdue: Annotated[bool | None, Query(description="Whether an employer's deadline was missed")] = None,
) -> Page[EnrolmentView]:
    """Enrolments that the caller may see, the oldest first: an officer those of the district, a platform its own, and an
    employer those whom it employs, also where it dispatches them. `state=undeclared` lists whom an employer has still to
    declare."""
    asked = {"platform": platform, "state": state, "overdue": overdue}
    query = {name: value for name, value in asked.items() if value is not None} | reach(caller, **WHOSE)
    foreign = caller.role == "platform" and platform not in (None, caller.uscc)
    if foreign and await Enrolment.find_one({"seen_by": caller.uscc, "platform": platform}) is None:
        raise Forbidden()
    return await Page.of(Enrolment, query, view, page)


@router.get("/enrolments/{enrolment_id}")
async def read_enrolment(enrolment_id: str, caller: Reader, response: Response) -> EnrolmentDetail:
    """An enrolment with its segments, suspensions, requests to the province, deadline, and what missing it entails."""
    return _shown(await enrolment_of(enrolment_id, caller), response)


@router.post("/enrolments/{enrolment_id}/requests", status_code=status.HTTP_201_CREATED)
async def ask_again(enrolment_id: str, caller: Asker) -> list[RequestView]:
    """Ask the province again, under a new number, for what it refused, once what was wrong has been corrected.

    Officers of the district's labour department and the unit that insures may, be it the employer or the platform. 409 where
    the province has refused nothing.
    """

    async def work(tx: Transaction) -> list[RequestView]:
        enrolment = await enrolment_of(enrolment_id, caller, tx)
        unit = caller.uscc if caller.role == "platform" else None
        if unit is not None and unit not in {one.unit for one in enrolment.segments}:
            raise Forbidden("仅参保单位可重新申报", "only the unit that insures may ask again")
        asked = await province_requests.ask_again(enrolment, unit, tx)
        return [request_view(enrolment.id, request) for request in asked]

    return await transact(work)


@router.post("/enrolments/{enrolment_id}/suspensions", status_code=status.HTTP_201_CREATED)
async def suspend(enrolment_id: str, body: SuspensionAsked, officer: Bureau, response: Response) -> EnrolmentDetail:
    """Let a cover rest from a day on; the province is told its end. 409 where it does not hold, or not on that day."""

    async def work(tx: Transaction) -> Enrolment:
        enrolment = await enrolment_of(enrolment_id, officer, tx)
        await commands.suspend(enrolment, body.since, body.reason, officer.subject, tx)
        return enrolment

    return _shown(await transact(work), response)


@router.post("/enrolments/{enrolment_id}/resumptions", status_code=status.HTTP_201_CREATED)
async def resume(enrolment_id: str, body: ResumptionAsked, officer: Bureau, response: Response) -> EnrolmentDetail:
    """Let a suspended cover hold again from a day on; the province enrols anew. 409 where it is not suspended."""

    async def work(tx: Transaction) -> Enrolment:
        enrolment = await enrolment_of(enrolment_id, officer, tx)
        await commands.resume(enrolment, body.since, officer.subject, tx)
        return enrolment

    return _shown(await transact(work), response)


def _shown(enrolment: Enrolment, response: Response) -> EnrolmentDetail:
    set_etag(response, enrolment.revision)
    return detail(enrolment, calendar.shanghai_date(clock.now()))
