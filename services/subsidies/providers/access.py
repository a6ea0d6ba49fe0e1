"""Which filings a caller reaches: a body its own, an officer those that their department checks in their district."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from services.subsidies.providers.documents import Provider
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import find
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers, fits, reach

POST = "post"
"""The postal administration, which creates the couriers' base."""

Body = Annotated[Caller, callers("provider")]
Checker = Annotated[Caller, callers(departments=[HRSS, POST], district="document")]
Reader = Annotated[Caller, callers("provider", departments=[HRSS, POST], district="document")]


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on filings that a caller may see."""
    own = reach(caller, provider="uscc", district="district")
    return own | ({"department": caller.department} if caller.role == "officer" else {})


def on_file(day: dt.date) -> dict[str, Any]:
    """The condition on filings that hold on a day."""
    return {"state": "filed", "valid_from": {"$lte": day}, "valid_to": {"$gte": day}}


async def ids_on_file(day: dt.date) -> list[str]:
    """The filings that hold on a day; a city has some hundreds."""
    return [one.id for one in await find(Provider, on_file(day))]


async def is_on_file(filing_id: str, day: dt.date) -> bool:
    """Whether a filing holds on a day."""
    return bool(await find(Provider, on_file(day) | {"_id": filing_id}))


async def filing_of(filing_id: str, caller: Caller, tx: Transaction | None = None) -> Provider:
    """A filing that the caller may see; any other is not found."""
    provider = await Provider.of(filing_id, tx)
    if provider is None or not fits(provider, seen_by(caller)):
        raise NotFound("该备案", "this filing")
    return provider
