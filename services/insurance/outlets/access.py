"""Who may see and change what of outlets, and how broken rules are answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.insurance.outlets.documents import Outlet
from services.insurance.outlets.rules import Refused
from shared import clock
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.problems import conflict, forbidden, not_found

T = TypeVar("T")

DEPARTMENT = "hrss"
"""The labour and social-security department, which administers the insurance."""


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


def require(officer: Caller, district: str) -> None:
    """Raise a 403 problem unless the officer is of the labour or the postal department, and of this district or the city."""
    departments = (DEPARTMENT, parameters.on(today()).text("express_outlet.list_department"))
    if officer.department not in departments or not officer.sees_district(district):
        raise forbidden("仅本辖区人社、邮政管理部门可操作", "only the district's labour and postal departments may")


async def outlet_of(uscc: str, caller: Caller, tx: Transaction | None = None) -> Outlet:
    """An outlet that the caller may see; raises a 404 problem."""
    outlet = await Outlet.of(uscc, tx)
    if outlet is not None and (
        (caller.role == "officer" and caller.sees_district(outlet.district))
        or (caller.role == "platform" and caller.uscc in (outlet.id, outlet.insurer))
    ):
        return outlet
    raise not_found("该网点", "the outlet")


async def carry_out(work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a command in one transaction; a broken rule is answered as a problem."""
    try:
        return await transact(work)
    except Refused as broken:
        raise conflict(broken.kind, broken.zh, broken.en) from None
