"""Unions and their members over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.registry.fields import Name
from services.registry.unions import commands
from services.registry.unions.documents import Union, UnionScope
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import DistrictOrCity, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, UNION, Everybody, callers

creating = APIRouter(prefix="/v1", tags=["unions 工会"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["unions 工会"])

Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]

UnionOfficer = Annotated[Caller, callers(departments=[UNION, HRSS], district="document")]
Appointer = Annotated[Caller, callers("union", departments=[UNION, HRSS], district="document")]


class Scope(BaseModel):
    """Where a union acts (工会法 art. 11): in districts, and there in trades, for enterprises, or where neither is named in
    every trade."""

    districts: list[DistrictOrCity]
    industries: list[Industry] = []
    enterprises: list[Uscc] = Field(default=[], description="unified social credit codes")


class ScopeToRecord(Scope):
    """The scope of a union as an officer records it."""

    districts: list[DistrictOrCity] = Field(min_length=1, max_length=10)
    industries: list[Industry] = Field(default=[], max_length=5)
    enterprises: list[Uscc] = Field(default=[], max_length=200, description="unified social credit codes")

    def recorded(self) -> UnionScope:
        return UnionScope(
            districts=sorted(set(self.districts)),
            industries=sorted(set(self.industries)),
            enterprises=sorted(set(self.enterprises)),
        )


class NewUnion(BaseModel):
    """A union organisation whose founding the union above it has approved (工会法 art. 12)."""

    name: Name
    district: DistrictOrCity
    officers: list[Subject] = Field(min_length=1, description="Subjects (`sub`) of the tokens of those who act for it.")
    scope: ScopeToRecord


class Officers(BaseModel):
    """Those who act for a union."""

    officers: list[Subject] = Field(min_length=1, description="All who act for the union from now on.")


class UnionView(BaseModel):
    """A union organisation."""

    union_id: str
    name: str
    district: str
    scope: Scope


@creating.post("/unions", status_code=201)
async def put_union_on_file(body: NewUnion, officer: UnionOfficer, response: Response) -> UnionView:
    """Put a union on file, as an officer of the general union or the labour department who reaches all of its scope, and name
    those who act for it."""
    scope = body.scope.recorded()
    union = await transact(lambda tx: commands.found(body.name, body.district, body.officers, scope, officer, tx))
    response.headers["Location"] = f"/v1/unions/{union.id}"
    return _union(union, response)


@router.put("/unions/{union_id}/scope")
async def set_scope(
    union_id: str, body: ScopeToRecord, officer: UnionOfficer, seen: RevisionSeen, response: Response
) -> UnionView:
    """Record where a union acts, as an officer of the general union or the labour department who reaches all of it."""
    scope = body.recorded()
    return _union(await transact(lambda tx: commands.set_scope(union_id, scope, officer, seen, tx)), response)


@router.put("/unions/{union_id}/officers")
async def name_officers(
    union_id: str, body: Officers, caller: Appointer, seen: RevisionSeen, response: Response
) -> UnionView:
    """Name those who act for a union: one of them, or an officer who reaches all of its scope."""
    return _union(await transact(lambda tx: commands.appoint(union_id, body.officers, caller, seen, tx)), response)


@router.get("/unions")
async def list_unions(
    caller: Everybody,
    page: PageAsked,
    district: Annotated[str | None, Query(max_length=6, description="Only those of this district.")] = None,
) -> Page[UnionView]:
    """The unions that a worker can join, for every caller."""
    return await Page.of(Union, {"district": district} if district else {}, _union_view, page)


@router.get("/unions/{union_id}")
async def read_union(union_id: str, caller: Everybody, response: Response) -> UnionView:
    """One union."""
    return _union(await commands.union_of(union_id), response)


def _union(union: Union, response: Response) -> UnionView:
    set_etag(response, union.revision)
    return _union_view(union)


def _union_view(union: Union) -> UnionView:
    scope = Scope(**union.scope.model_dump())
    return UnionView(union_id=union.id, name=union.name, district=union.district, scope=scope)
