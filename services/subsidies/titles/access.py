"""Who nominates for titles, who checks, and which nominations a caller sees."""

from __future__ import annotations

from typing import Annotated, Any

from services.subsidies.titles.documents import Nomination
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers, fits, reach

Nominating = Annotated[Caller, callers("platform", "union")]
"""A platform, or an association or union of the trade by the token of who acts for it."""
Concerned = Annotated[Caller, callers("worker", "platform", "union")]
Checker = Annotated[Caller, callers(departments=[HRSS], district="document")]
Reader = Annotated[Caller, callers("worker", "platform", "union", departments=[HRSS], district="document")]


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on nominations that a caller may see."""
    return reach(caller, worker="worker_id", platform="nominator_id", union="nominator_id", district="district")


async def nomination_of(nomination_id: str, caller: Caller, tx: Transaction | None = None) -> Nomination:
    """A nomination that the caller may see; any other is not found."""
    nomination = await Nomination.of(nomination_id, tx)
    if nomination is None or not fits(nomination, seen_by(caller)):
        raise NotFound("该职称推荐", "this nomination")
    return nomination
