"""Who may see and who may speak in a consultation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.registry.enterprises.documents import Enterprise
from services.registry.unions import scopes
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.errors import Forbidden
from shared.identity.regions import CITY
from shared.storage.client import Row
from shared.storage.transaction import Transaction


def any_of(conditions: Sequence[Row]) -> Row:
    """That one of some conditions holds. They stand side by side, so that an index serves each: within one another none
    may."""
    if {} in conditions:
        return {}
    return {"$or": list(conditions)} if conditions else {"_id": {"$in": []}}


async def seen_by(caller: Caller) -> list[Row]:
    """What a party to consultations may see fits any of these; raises Forbidden for anybody else.

    A union sees what lies within its scope, an officer the district and what concerns the whole city, an enterprise what names
    it or its trade.
    """
    match caller.role:
        case "union":
            return await scopes.within(caller)
        case "officer" if caller.of_whole_city:
            return [{}]
        case "officer":
            return [{"district": {"$in": [caller.district, CITY]}}]
        case "platform":
            enterprise = await Enterprise.of(str(caller.uscc))
            trades: list[Any] = [None, *(enterprise.industries if enterprise else [])]
            return [{"platforms": caller.uscc}, {"platforms": [], "industry": {"$in": trades}}]
    raise Forbidden()


async def require_speaker(
    caller: Caller, district: str, industry: Industry | None, platforms: list[str], tx: Transaction
) -> None:
    """Raise Forbidden unless the caller is a union within its scope, or an officer of the place."""
    acts = await scopes.may_act(caller, district, industry, platforms, tx)
    if not acts and not caller.reaches(district):
        raise Forbidden("不在该工会的工作范围内", "this lies outside the scope")
