"""Who may see a claim, and who may take a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from services.insurance.claims.documents import Claim
from services.insurance.claims.history import By
from services.insurance.claims.step_documents import Role
from shared import clock
from shared.callers import Caller
from shared.contracts.insurance import Side
from shared.errors import Forbidden, NotFound, RuleBroken
from shared.storage import audit
from shared.storage.records import find_one, require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.scope import HRSS, callers, reach

ROLES: dict[str, Role] = {"worker": "worker", "platform": "platform", "officer": "officer", "union": "union"}

Reader = Annotated[Caller, callers("worker", "platform", "union", article=9, district="document")]
Reporting = Annotated[Caller, callers("worker", "platform", "union", departments=[HRSS], district="document")]
Party = Annotated[Caller, callers("worker", "platform", "union", departments=[HRSS], district="document")]


def scope(caller: Caller) -> dict[str, Any]:
    """What the caller may see, as a query: workers and enterprises their own, a union what it reported.

    A partner firm or dispatch agency is a party to the claims of those who work through it, and whoever insures people through a
    courier outlet to theirs.
    """
    if caller.role == "platform":
        return {"$or": [{field: caller.uscc} for field in ("platform", "partner", "outlet_units")]}
    return reach(caller, worker="worker_id", platform="platform", union="reporter", district="district")


def reads_detail(caller: Caller) -> bool:
    """Whether the caller may read what happened to the person: neither platforms nor officers of other departments."""
    return caller.role in ("worker", "union") or caller.is_officer_of(HRSS)


async def find(claim_id: str, caller: Caller, tx: Transaction | None = None) -> Claim:
    """A claim that the caller may see; raises a 404 problem otherwise."""
    claim = await find_one(Claim, {**scope(caller), "_id": claim_id}, tx)
    if claim is None:
        raise NotFound("该职业伤害报案", "the claim")
    return claim


async def write_down(claim: Claim, caller: Caller, what: str) -> None:
    """Record that an officer or a union reads what happened to a person."""
    if caller.role in ("officer", "union"):
        await audit.write_down("claim.read", claim.id, caller, detail=what)


def by_of(caller: Caller) -> By:
    """The caller as one who takes a step."""
    return By(ROLES[caller.role], caller.subject, clock.now(), caller.uscc if caller.role == "platform" else None)


def side_of(caller: Caller, claim: Claim) -> Side:
    """On whose side a caller stands; an officer sees what the worker does."""
    if caller.role != "platform":
        return "worker"
    return "platform" if caller.uscc == claim.platform or "partner" not in claim.parties else "partner"


def party_of(claim: Claim, by: By, asked: Side | None) -> Side:
    """For whom a step is taken: an officer says for whom, the worker if no one is named; others act for themselves.

    Raises RuleBroken.
    """
    own: Side = "worker"
    if by.role == "platform":
        own = "platform" if by.unit in (None, claim.platform) or "partner" not in claim.parties else "partner"
    if by.role == "officer":
        own = asked or own
    if asked not in (None, own) or own not in claim.parties:
        raise RuleBroken("no-such-party", "只能代表本方当事人", "no such party, or not yours")
    return own


def require_unit(claim: Claim, caller: Caller) -> None:
    """Raise a 403 problem for a platform where an outlet's insurer stands as the employer in its place."""
    if caller.role == "platform" and claim.outlet is not None and caller.uscc not in claim.outlet_units:
        raise Forbidden("该案由承担用工主体责任的网点单位办理", "the outlet's insurer acts as the employer here")


async def change(
    claim_id: str,
    caller: Caller,
    seen: int,
    step: Callable[[Claim, Transaction], None],
    audited: tuple[str, str] | None = None,
) -> Claim:
    """Take a step with a claim that stands at the revision seen, and store it. `audited`: as what, and with what detail, the step is
    written into the audit log."""

    async def work(tx: Transaction) -> Claim:
        claim = await find(claim_id, caller, tx)
        require_revision(seen, claim.revision)
        require_unit(claim, caller)
        step(claim, tx)
        if audited is not None:
            await audit.write_down(audited[0], claim.id, caller, tx, audited[1])
        return await claim.put(tx)

    return await transact(work)
