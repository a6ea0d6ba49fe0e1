"""What lies within the scope of the unions that a caller acts for."""

from __future__ import annotations

from services.registry.enterprises.documents import Enterprise
from services.registry.unions.documents import Union
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.identity.regions import CITY
from shared.storage.client import Row
from shared.storage.records import find
from shared.storage.transaction import Transaction


async def unions_of(caller: Caller, tx: Transaction | None = None) -> list[Union]:
    """The unions that the caller acts for."""
    if caller.role != "union":
        return []
    return await find(Union, {"officers": caller.subject}, tx)


async def may_act(
    caller: Caller, district: str, industry: Industry | None, platforms: list[str], tx: Transaction | None = None
) -> bool:
    """Whether the caller acts for a union whose scope holds all of these enterprises or, where none are named, the trade."""
    unions = await unions_of(caller, tx)
    if not unions:
        return False
    parties: list[tuple[str | None, list[Industry]]] = [(one, await _trades(one, tx)) for one in platforms]
    whole: list[tuple[str | None, list[Industry]]] = [(None, [industry] if industry else [])]
    return any(union.scope.rule.covers(district, parties or whole) for union in unions)


async def within(caller: Caller) -> list[Row]:
    """What consultations and collective contracts some part of which lies within the caller's scope fit any of."""
    return [condition for union in await unions_of(caller) for condition in await _within(union)]


async def districts_within(caller: Caller, uscc: str) -> frozenset[str]:
    """The districts in which the caller's unions act for an enterprise; none where they do not."""
    trades = await _trades(uscc, None)
    scopes = [union.scope.rule for union in await unions_of(caller)]
    return frozenset(
        district for scope in scopes for district in scope.districts if scope.covers(district, [(uscc, trades)])
    )


async def _within(union: Union) -> list[Row]:
    scope = union.scope
    places: Row = {} if CITY in scope.districts else {"district": {"$in": scope.districts}}
    if scope.rule.general:
        return [places]
    in_trade = await Enterprise.find({"industries": {"$in": scope.industries}}).to_list() if scope.industries else []
    enterprises = [*scope.enterprises, *(one.id for one in in_trade)]
    trades: list[Row] = [{"platforms": {"$in": enterprises}}, {"platforms": [], "industry": {"$in": scope.industries}}]
    return [places | trade for trade in trades]


async def _trades(uscc: str, tx: Transaction | None) -> list[Industry]:
    enterprise = await Enterprise.of(uscc, tx)
    return enterprise.industries if enterprise else []
