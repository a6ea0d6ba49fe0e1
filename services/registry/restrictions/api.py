"""Restrictions over HTTP: in force for everybody, in full for officers and the enterprise itself."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, StringConstraints

from services.registry.enterprises.documents import Enterprise
from services.registry.restrictions import commands, letters, rules
from services.registry.restrictions.documents import WITHDRAWAL, Restriction
from services.registry.restrictions.rules import State
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import RestrictedField
from shared.errors import Forbidden, NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.encryption import decrypt_field
from shared.storage.transaction import transact
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, HRSS, callers

router = APIRouter(prefix="/v1", tags=["restrictions 信用限制"], route_class=IdempotentRoute)

Reader = Annotated[Caller, callers("platform", article=ALL, district="any")]
CityBureau = Annotated[Caller, callers(departments=[HRSS])]


class StoppedField(BaseModel):
    """A field by its code of `credit.restricted_fields`, and what is stopped there."""

    code: RestrictedField
    zh: str
    en: str


class PublicRestriction(BaseModel):
    """What an enterprise is stopped from on this day, on both days named and between (保障农民工工资支付条例 art. 48)."""

    uscc: str
    stops: list[StoppedField]
    since: dt.date
    until: dt.date = Field(description="the last legal day that it holds")


class RestrictionView(BaseModel):
    """A restriction with its history. `since` and `until` are its first and last legal day, null while only the delisting
    is known. `withdrawn_on`: from this day on it holds no more, by decision of an officer.
    """

    restriction_id: str = Field(description="the id of the credit listing that it follows from")
    uscc: str
    state: State
    stops: list[StoppedField]
    since: dt.date | None
    until: dt.date | None
    delisted_on: dt.date | None
    withdrawn_on: dt.date | None
    withdrawal_reason: str | None


class Notice(BaseModel):
    """What an enterprise is told in writing: why it is restricted, in what, from when until when, and what it may do."""

    text: str


class Lifting(BaseModel):
    """Why a restriction is lifted before its time."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        description="why the restriction is lifted before its time; shown to officers and to the enterprise"
    )


@router.get("/enterprises/{uscc}/restrictions")
async def read_restrictions_in_force(uscc: Uscc) -> list[PublicRestriction]:
    """What an enterprise is stopped from today, in words. Public: no token is needed.

    Empty where nothing is, or where nothing is known of the enterprise.
    """
    today = shanghai_date(clock.now())
    in_force = [stop for stop in await Restriction.stops_of(uscc) if stop.holds(today)]
    return [
        PublicRestriction(uscc=uscc, stops=_words(stop.fields), since=stop.first, until=stop.last)
        for stop in sorted(in_force, key=lambda stop: (stop.first, stop.last))
    ]


@router.get("/restrictions")
async def list_restrictions(
    caller: Reader,
    page: PageAsked,
    uscc: Annotated[str | None, Query(max_length=18, description="unified social credit code")] = None,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
) -> Page[RestrictionView]:
    """Restrictions with their history, the oldest listing first: all of them for officers, its own for an enterprise."""
    asked: dict[str, Any] = {"uscc": uscc, "state": state}
    if caller.role == "platform":
        if uscc not in (None, caller.uscc):
            raise Forbidden()
        asked["uscc"] = caller.uscc
    wanted = {name: value for name, value in asked.items() if value is not None}
    return await Page.of(Restriction, wanted, _view, page)


@router.get("/restrictions/{restriction_id}")
async def read_restriction(restriction_id: str, caller: Reader, response: Response) -> RestrictionView:
    """One restriction with its history, for an officer or the enterprise itself."""
    restriction = await Restriction.of(restriction_id)
    if restriction is None or not _may_see(restriction, caller):
        raise NotFound("该限制", "this restriction")
    set_etag(response, restriction.revision)
    return _view(restriction)


@router.get("/restrictions/{restriction_id}/notice")
async def read_notice(restriction_id: str, caller: Reader) -> Notice:
    """The written notice of a restriction, as it stands, for an officer or the enterprise itself; the enterprise is sent a message
    when there is one."""
    restriction = await Restriction.of(restriction_id)
    if restriction is None or restriction.stop is None or not _may_see(restriction, caller):
        raise NotFound("该限制", "this restriction")
    enterprise = await Enterprise.of(restriction.uscc)
    name = restriction.uscc if enterprise is None else enterprise.name
    return Notice(text=letters.notice(name, restriction.uscc, restriction.stop, restriction.state))


@router.post("/restrictions/{restriction_id}/withdrawal")
async def withdraw_restriction(
    restriction_id: str, body: Lifting, officer: CityBureau, seen: RevisionSeen, response: Response
) -> RestrictionView:
    """Lift a restriction from this day on, for the city's labour department. It is final: a later extension of the listing
    does not bring the restriction back.
    """
    restriction = await transact(lambda tx: commands.withdraw(restriction_id, body.reason, officer, seen, tx))
    set_etag(response, restriction.revision)
    return _view(restriction)


def _may_see(restriction: Restriction, caller: Caller) -> bool:
    return caller.role == "officer" or (caller.role == "platform" and caller.uscc == restriction.uscc)


def _words(fields: tuple[RestrictedField, ...]) -> list[StoppedField]:
    return [StoppedField(code=field, zh=rules.WORDS[field][0], en=rules.WORDS[field][1]) for field in fields]


def _view(restriction: Restriction) -> RestrictionView:
    stop, withdrawal = restriction.stop, restriction.withdrawal
    return RestrictionView(
        restriction_id=restriction.id,
        uscc=restriction.uscc,
        state=restriction.state,
        stops=_words(stop.fields) if stop else [],
        since=stop.first if stop else None,
        until=stop.last if stop else None,
        delisted_on=restriction.delisted_on,
        withdrawn_on=withdrawal.on if withdrawal else None,
        withdrawal_reason=decrypt_field(WITHDRAWAL, restriction.id, withdrawal.reason) if withdrawal else None,
    )
