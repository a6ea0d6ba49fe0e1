"""Who sees a referral to counselling: the person, and the union that is assigned. An officer of the general union sees that there is
one in the district, to assign it; officers of any other department see nothing."""

from __future__ import annotations

from typing import Annotated, Any

from services.subsidies.counselling.documents import Referral
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.transaction import Transaction
from shared.web.scope import UNION, callers, fits, reach

Reader = Annotated[Caller, callers("worker", "union", departments=[UNION], district="document")]
Assigner = Annotated[Caller, callers(departments=[UNION], district="document")]
Union = Annotated[Caller, callers("union")]


def seen_by(caller: Caller) -> dict[str, Any]:
    """The condition on referrals that a caller may see."""
    return reach(caller, worker="worker_id", union="union", district="district")


def reads(caller: Caller) -> bool:
    """Whether a caller who sees a referral also reads what is said in it."""
    return caller.role in ("worker", "union")


async def referral_of(referral_id: str, caller: Caller, tx: Transaction | None = None) -> Referral:
    """A referral that the caller may see; any other is not found."""
    referral = await Referral.of(referral_id, tx)
    if referral is None or not fits(referral, seen_by(caller)):
        raise NotFound("该转介", "this referral")
    return referral
