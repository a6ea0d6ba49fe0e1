"""What a union reaches: what lies within its recorded scope, and the workers who are its members."""

from __future__ import annotations

from services.registry.enterprises.documents import Enterprise
from services.registry.unions.documents import Membership, Union
from shared.contracts.platform import Industry
from shared.identity.regions import CITY
from shared.storage.client import Row
from shared.storage.records import find
from shared.storage.transaction import Transaction
from shared.web.auth import Caller


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


async def is_member(caller: Caller, worker_id: str, tx: Transaction | None = None) -> bool:
    """Whether a worker is a member, by their own word, of a union that the caller acts for."""
    ids = [f"{union.id}:{worker_id}" for union in await unions_of(caller, tx)]
    memberships = [await Membership.of(one, tx) for one in ids]
    return any(one is not None and one.state == "member" for one in memberships)


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
