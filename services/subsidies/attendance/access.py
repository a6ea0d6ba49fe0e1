"""Who reports attendance, and who looks at its signs."""

from __future__ import annotations

from typing import Annotated

from services.subsidies.attendance.documents import Sign
from services.subsidies.programmes.access import own_programme, published
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.access import POST
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers, fits, reach

Reporter = Annotated[Caller, callers("provider", "provincial")]
"""The body that gives the course, and the provincial training platform on which it is held online."""
Judge = Annotated[Caller, callers(departments=[HRSS, POST], district="document")]


async def programme_of(programme_id: str, caller: Caller, tx: Transaction) -> Programme:
    """A published programme that a caller reports on: a body its own, the training platform those held online."""
    if caller.role == "provincial":
        programme = await published(programme_id, tx)
        if programme.mode != "on_site":
            return programme
    else:
        programme = await own_programme(programme_id, caller, tx)
        if programme.state in ("published", "cancelled"):
            return programme
    raise NotFound("该培训班", "this programme")


def seen_by(caller: Caller) -> dict[str, object]:
    """The condition on signs that an officer may see."""
    return reach(caller, district="district") | {"department": caller.department}


async def sign_of(sign_id: str, caller: Caller, tx: Transaction | None = None) -> Sign:
    """A sign that the officer may see; any other is not found."""
    sign = await Sign.of(sign_id, tx)
    if sign is None or not fits(sign, seen_by(caller)):
        raise NotFound("该疑点", "this sign")
    return sign
