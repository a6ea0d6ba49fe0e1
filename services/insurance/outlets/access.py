"""Who may see and change what of outlets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, TypeVar

from services.insurance.outlets.documents import Outlet
from shared import clock
from shared.callers import Caller
from shared.errors import NotFound
from shared.policy import calendar
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers

T = TypeVar("T")

POST = "post"
"""The postal authority, which lists the outlets."""

Keeper = Annotated[Caller, callers(departments=[HRSS, POST], district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]
Reader = Annotated[Caller, callers("platform", article=9, district="document")]
DetailReader = Annotated[Caller, callers("platform", departments=[HRSS, POST], district="document")]


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


async def outlet_of(uscc: str, caller: Caller, tx: Transaction | None = None) -> Outlet:
    """An outlet that the caller may see; raises a 404 problem."""
    outlet = await Outlet.of(uscc, tx)
    if outlet is not None and (
        caller.reaches(outlet.district) or (caller.role == "platform" and caller.uscc in (outlet.id, outlet.insurer))
    ):
        return outlet
    raise NotFound("该网点", "the outlet")
