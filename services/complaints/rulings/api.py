"""Rulings over HTTP, for officers of the arbitration commission's office and the court."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.officers import commands as officers
from services.complaints.officers.rules import Duty, Matter
from services.complaints.rulings import commands
from services.complaints.rulings.documents import Ruling
from services.complaints.rulings.rules import Outcome, RulingForum, State
from services.complaints.rulings.views import RulingView
from shared.callers import Caller
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, callers, reach

COURT = "court"

creating = APIRouter(prefix="/v1", tags=["rulings 类案"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["rulings 类案"])

Judging = Annotated[Caller, callers(departments=[HRSS, COURT], district="document")]
"""An officer of those who decide. Rulings without names are for all districts: the city has one standard."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class RulingBody(BaseModel):
    """A ruling. `names`: of persons, enterprises and places in it, which are replaced; numbers that say who somebody is are masked."""

    category: Category
    claims: list[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]] = Field(min_length=1, max_length=20)
    relation: Relation
    forum: RulingForum
    district: District
    decided_on: dt.date
    outcome: Outcome
    asked: Amount | None = None
    granted: Amount | None = None
    text: Text
    reason: Text
    names: list[Annotated[str, StringConstraints(min_length=2, max_length=100)]] = Field(default=[], max_length=100)


class CheckBody(BaseModel):
    """Whether nothing in it tells who somebody is."""

    anonymous: bool


@creating.post("/rulings", status_code=201)
async def record_ruling(body: RulingBody, caller: Judging, response: Response) -> RulingView:
    """Record a ruling; its names are masked before it is kept."""

    async def store(tx: Transaction) -> Ruling:
        await _on_duty(caller, "handler", body.district, tx)
        return await commands.record(commands.Recording(**body.model_dump()), caller.subject, tx)

    ruling = await transact(store)
    response.headers["Location"] = f"/v1/rulings/{ruling.id}"
    set_etag(response, ruling.revision)
    return RulingView.of(ruling)


@router.get("/rulings")
async def list_rulings(
    caller: Judging,
    page: PageAsked,
    state: Annotated[State, Query(description="rulings that stand so")] = "confirmed",
) -> Page[RulingView]:
    """Rulings, the last recorded first: those that are confirmed to name nobody of all districts, others of the officer's own."""
    await officers.registered(caller)
    query: dict[str, Any] = {"state": state}
    if state != "confirmed":
        query |= reach(caller, district="district")
    return await Page.of(Ruling, query, RulingView.of, page, sort="-_id")


@router.get("/rulings/{ruling_id}")
async def read_ruling(ruling_id: str, caller: Judging, response: Response) -> RulingView:
    """A ruling; one that is not confirmed to name nobody, of the officer's own district."""
    await officers.registered(caller)
    ruling = await _ruling(ruling_id)
    if ruling.state != "confirmed" and not caller.reaches(ruling.district):
        raise _unknown()
    set_etag(response, ruling.revision)
    return RulingView.of(ruling)


@router.post("/rulings/{ruling_id}/check")
async def check_ruling(
    ruling_id: str, body: CheckBody, caller: Judging, seen: RevisionSeen, response: Response
) -> RulingView:
    """Confirm that a ruling names nobody, so that it is found from now on, or reject it; by another officer who approves."""

    async def work(tx: Transaction) -> Ruling:
        ruling = await _ruling(ruling_id, tx)
        await _on_duty(caller, "approver", ruling.district, tx)
        require_revision(seen, ruling.revision)
        return await commands.check(ruling, caller.subject, anonymous=body.anonymous, tx=tx)

    ruling = await transact(work)
    set_etag(response, ruling.revision)
    return RulingView.of(ruling)


async def _ruling(ruling_id: str, tx: Transaction | None = None) -> Ruling:
    ruling = await Ruling.of(ruling_id, tx)
    if ruling is None:
        raise _unknown()
    return ruling


def _unknown() -> NotFound:
    return NotFound("该裁判", "the ruling")


async def _on_duty(caller: Caller, duty: Duty, district: str, tx: Transaction) -> None:
    await officers.on_duty(caller, duty, Matter(departments=[HRSS, COURT], district=district), tx)
