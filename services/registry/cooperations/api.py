"""Cooperations over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.registry.cooperations import commands
from services.registry.cooperations.documents import Cooperation
from services.registry.cooperations.rules import Form, State
from services.registry.licences.rules import NAMES
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind
from shared.errors import Forbidden, NotFound
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used, parameters
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import DistrictOrCity, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers

router = APIRouter(prefix="/v1", tags=["cooperations 合作用工"], route_class=IdempotentRoute)


Reader = Annotated[Caller, callers("platform", article=3, district="document")]
Recorder = Annotated[Caller, callers("platform", departments=[HRSS, "transport"], district="document")]


class CooperationRecording(BaseModel):
    """A cooperation between a platform and a partner that organises its work (德人社发〔2022〕95 号 art. 3)."""

    platform: Uscc
    partner: Uscc
    form: Form = Field(description="outsourcing to a partner firm, or dispatch by a dispatch agency")
    industry: Industry
    district: DistrictOrCity = Field(
        default=CITY, description="GB/T 2260 code of where the work is done; 510600 is the whole city"
    )
    starts_on: dt.date = Field(description="first legal day")
    ends_on: dt.date | None = Field(default=None, description="last legal day; null where none is agreed")


class CooperationEnding(BaseModel):
    """The last day of a cooperation."""

    ends_on: dt.date = Field(description="last legal day, not later than one named before")


class CooperationView(BaseModel):
    """A cooperation as it stands today, or will on its first day.

    `missing`: the licences that the partner lacks, and since which legal day.
    """

    cooperation_id: str
    platform: str
    partner: str
    form: Form
    industry: Industry
    district: str
    starts_on: dt.date
    ends_on: dt.date | None
    state: State
    missing: list[LicenceKind]
    unlicensed_since: dt.date | None


class Advancer(BaseModel):
    """Who advances what the partner does not pay its workers in time, and may recover it afterwards; `source` says so."""

    uscc: str
    zh: str
    en: str
    source: str


class CooperationDetail(CooperationView):
    """`used`: the parameters of the latest examination of the partner's licences."""

    missing_names: list[str] = Field(description="what is missing, in Chinese")
    advances: Advancer
    used: list[Used]


@router.post("/cooperations", status_code=201)
async def record_cooperation(body: CooperationRecording, caller: Recorder, response: Response) -> CooperationDetail:
    """Put a cooperation on file, for the platform itself or an officer of the district.

    Refused where either side is not on file, where the partner is kept from new cooperations by a credit listing, and where
    on the first day it lacks a licence that the industry and the form demand: the problem then names each `missing` one with
    its `source`. Whether the partner still holds them is looked at again whenever its licences change.
    """
    agreed = commands.Agreed(**body.model_dump())
    cooperation = await transact(lambda tx: commands.record(agreed, caller, tx))
    response.headers["Location"] = f"/v1/cooperations/{cooperation.id}"
    return _answer(cooperation, response)


@router.get("/cooperations")
async def list_cooperations(
    caller: Reader,
    page: PageAsked,
    platform: Annotated[str | None, Query(max_length=18, description="credit code of the platform")] = None,
    partner: Annotated[str | None, Query(max_length=18, description="credit code of the partner")] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[CooperationView]:
    """Cooperations, the first recorded first: a platform's own; an officer's those of the district and of the whole city."""
    asked: dict[str, Any] = {"platform": platform, "partner": partner, "state": state}
    if caller.role == "platform":
        if platform not in (None, caller.uscc):
            raise Forbidden()
        asked["platform"] = caller.uscc
    elif not caller.of_whole_city:
        asked["district"] = {"$in": [caller.district, CITY]}
    wanted = {name: value for name, value in asked.items() if value is not None}
    return await Page.of(Cooperation, wanted, _view, page)


@router.get("/cooperations/{cooperation_id}")
async def read_cooperation(cooperation_id: str, caller: Reader, response: Response) -> CooperationDetail:
    """One cooperation, for either side or an officer; it says who must advance when the partner does not pay."""
    cooperation = await Cooperation.of(cooperation_id)
    if cooperation is None or not commands.may_see(cooperation, caller):
        raise NotFound("该合作", "this cooperation")
    return _answer(cooperation, response)


@router.post("/cooperations/{cooperation_id}/end")
async def end_cooperation(
    cooperation_id: str, body: CooperationEnding, caller: Recorder, seen: RevisionSeen, response: Response
) -> CooperationDetail:
    """Name a cooperation's last day; it has ended when that day is over. For the platform or an officer of the district."""
    return _answer(await transact(lambda tx: commands.end(cooperation_id, body.ends_on, caller, seen, tx)), response)


def _answer(cooperation: Cooperation, response: Response) -> CooperationDetail:
    set_etag(response, cooperation.revision)
    return CooperationDetail(
        **_view(cooperation).model_dump(),
        missing_names=[NAMES[kind][0] for kind in cooperation.missing],
        advances=_advancer(cooperation),
        used=cooperation.used,
    )


def _advancer(cooperation: Cooperation) -> Advancer:
    law = parameters.on(max(shanghai_date(clock.now()), cooperation.starts_on), place=cooperation.district)
    sides = {"platform": cooperation.platform, "partner": cooperation.partner}
    return Advancer(
        uscc=sides[law.text("cooperation.advancer")],
        zh="合作企业不能及时偿付劳动者待遇的，由平台企业先行垫付，再依法追偿",
        en="where the partner does not pay the workers in time, the platform advances it and recovers it afterwards",
        source=law.used[0].source,
    )


def _view(cooperation: Cooperation) -> CooperationView:
    shown = cooperation.model_dump(include={*CooperationView.model_fields})
    return CooperationView(cooperation_id=cooperation.id, **shown)
