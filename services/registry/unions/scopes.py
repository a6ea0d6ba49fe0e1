"""What lies within the scope of the unions that a caller acts for."""

from __future__ import annotations

from services.registry.enterprises.documents import Enterprise
from services.registry.unions.commands import acts_for
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
    parties = await _parties(industry, platforms, tx)
    return any(union.scope.rule.covers(district, parties) for union in unions)


async def concerned(
    district: str, industry: Industry | None, platforms: list[str], tx: Transaction, *, but_for: Caller | None = None
) -> tuple[str, ...]:
    """The ids of the unions within whose scope some of these enterprises or, where none are named, the trade lies; without those
    that a caller acts for."""
    unions = await tx.find(Union, {"scope.districts": {"$in": [district, CITY]}})
    parties = await _parties(industry, platforms, tx) if unions else []
    return tuple(
        sorted(
            union.id
            for union in unions
            if union.scope.rule.touches(district, parties) and not (but_for and acts_for(but_for, union))
        )
    )


async def acting_for(uscc: str, tx: Transaction) -> tuple[str, ...]:
    """The ids of the unions that act for an enterprise in any district."""
    trades = await _trades(uscc, tx)
    unions = await tx.find(Union, {"scope.districts": {"$gt": ""}})
    return tuple(
        sorted(
            union.id
            for union in unions
            if any(union.scope.rule.touches(district, [(uscc, trades)]) for district in union.scope.districts)
        )
    )


async def in_trade(industry: Industry | None, tx: Transaction) -> tuple[str, ...]:
    """The credit codes of the enterprises of a trade, or of every trade, that are on file."""
    found = await tx.find(Enterprise, {"industries": industry or {"$gt": ""}})
    return tuple(sorted(one.id for one in found))


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


async def _parties(
    industry: Industry | None, platforms: list[str], tx: Transaction | None
) -> list[tuple[str | None, list[Industry]]]:
    parties: list[tuple[str | None, list[Industry]]] = [(one, await _trades(one, tx)) for one in platforms]
    return parties or [(None, [industry] if industry else [])]


async def _trades(uscc: str, tx: Transaction | None) -> list[Industry]:
    enterprise = await Enterprise.of(uscc, tx)
    return enterprise.industries if enterprise else []
