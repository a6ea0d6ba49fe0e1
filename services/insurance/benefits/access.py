"""Who may see what of benefits."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import HRSS, callers, reach

T = TypeVar("T")

Reader = Annotated[Caller, callers("worker", "platform", departments=[HRSS], district="document")]
Parties = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]


def scope(caller: Caller) -> dict[str, Any]:
    """The benefits or advances that an officer, or the enterprises concerned, may see, as a query."""
    if caller.role == "platform":
        return {"$or": [{"platform": caller.uscc}, {"partner": caller.uscc}]}
    return reach(caller, district="district")


def owed_by(caller: Caller) -> dict[str, Any]:
    """The benefits that an officer may see, or that are the caller's to pay or were, as a query: a platform's also in its partner
    firm's place, a partner firm's or dispatch agency's its own.
    """
    if caller.role != "platform":
        return scope(caller)
    ours, own = {"platform": caller.uscc}, {"partner": caller.uscc}
    owed = [{**ours, "payer": {"$ne": "fund"}}, {**ours, "liable": {"$ne": None}}]
    return {"$or": [*owed, {**own, "payer": "partner"}, {**own, "liable": "partner"}]}


async def sees(caller: Caller, benefit: Benefit) -> bool:
    """Whether the caller may see a benefit: a worker those of their claims, a platform or partner what is its to pay or was."""
    if caller.role == "worker":
        claim = await Claim.of(benefit.claim_id)
        return claim is not None and claim.worker_id == caller.worker_id
    if caller.role == "platform":
        if caller.uscc == benefit.partner and "partner" in (benefit.payer, benefit.liable):
            return True
        return caller.uscc == benefit.platform and (benefit.payer != "fund" or benefit.liable is not None)
    return caller.reaches(benefit.district)


async def benefit_of(caller: Caller, benefit_id: str, tx: Transaction | None = None) -> Benefit:
    """A benefit that the caller may see; raises a 404 problem."""
    benefit = await Benefit.of(benefit_id, tx)
    if benefit is None or not await sees(caller, benefit):
        raise NotFound("该待遇", "the benefit")
    return benefit


async def advanced_by(caller: Caller, benefit_id: str, tx: Transaction | None = None) -> Benefit:
    """A benefit that the caller may advance or record the advance of: not the partner firm, in whose place that is done."""
    benefit = await benefit_of(caller, benefit_id, tx)
    if caller.role == "platform" and caller.uscc != benefit.platform:
        raise NotFound("该待遇", "the benefit")
    return benefit


async def to_change(caller: Caller, benefit_id: str, seen: int, tx: Transaction) -> Benefit:
    benefit = await benefit_of(caller, benefit_id, tx)
    require_revision(seen, benefit.revision)
    return benefit
