"""Who may see a claim, who may take a step, and how a broken rule is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from services.insurance.claims.documents import Claim
from services.insurance.claims.parts import Role
from services.insurance.claims.rules import Forbidden, RuleBroken
from services.insurance.claims.steps import By
from shared import clock
from shared.storage import audit
from shared.storage.records import find_one
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.etags import require_revision
from shared.web.problems import Problem, not_found
from shared.web.scope import HRSS, callers, reach

T = TypeVar("T")

ROLES: dict[str, Role] = {"worker": "worker", "platform": "platform", "officer": "officer", "union": "union"}

Reader = Annotated[Caller, callers("worker", "platform", "union", article=9, district="document")]
Reporting = Annotated[Caller, callers("worker", "union", departments=[HRSS], district="document")]
Party = Annotated[Caller, callers("worker", "platform", "union", departments=[HRSS], district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


def scope(caller: Caller) -> dict[str, Any]:
    """What the caller may see, as a query: workers and platforms their own, a union what it reported."""
    return reach(caller, worker="worker_id", platform="platform", union="reporter", district="district")


def reads_detail(caller: Caller) -> bool:
    """Whether the caller may read what happened to the person: neither platforms nor officers of other departments."""
    return caller.role in ("worker", "union") or (caller.role == "officer" and caller.department == HRSS)


async def find(claim_id: str, caller: Caller, tx: Transaction | None = None) -> Claim:
    """A claim that the caller may see; raises a 404 problem otherwise."""
    claim = await find_one(Claim, {**scope(caller), "_id": claim_id}, tx)
    if claim is None:
        raise not_found("该职业伤害报案", "the claim")
    return claim


async def write_down(claim: Claim, caller: Caller, what: str) -> None:
    """Record that an officer or a union reads what happened to a person."""
    if caller.role in ("officer", "union"):
        await audit.write_down("claim.read", claim.id, caller, detail=what)


def by_of(caller: Caller) -> By:
    """The caller as one who takes a step."""
    return By(ROLES[caller.role], caller.subject, clock.now())


async def change(claim_id: str, caller: Caller, seen: int, step: Callable[[Claim, Transaction], None]) -> Claim:
    """Take a step with a claim that stands at the revision seen, and store it."""

    async def work(tx: Transaction) -> Claim:
        claim = await find(claim_id, caller, tx)
        require_revision(seen, claim.revision)
        step(claim, tx)
        return await claim.put(tx)

    return await answering(lambda: transact(work))


async def answering(work: Callable[[], Awaitable[T]]) -> T:
    """Do it, and turn a broken rule into a problem answer."""
    try:
        return await work()
    except Forbidden as error:
        raise Problem(
            409,
            "claim-state",
            "报案当前状态不允许此操作",
            "the claim does not stand so that this can be done",
            state=error.state,
        ) from None
    except RuleBroken as error:
        raise Problem(422, error.kind, error.zh, error.en, about=list(error.about)) from None
