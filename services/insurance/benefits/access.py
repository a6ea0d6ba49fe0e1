"""Who may see and change what of benefits, and how broken rules are answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from services.insurance.benefits.advances import NothingDue
from services.insurance.benefits.commands import AlreadyGranted
from services.insurance.benefits.documents import Advance, Benefit
from services.insurance.benefits.payments import WrongSum
from services.insurance.benefits.reckoning import NotEntitled
from services.insurance.benefits.recoveries import NotTheirs
from services.insurance.benefits.rules import Forbidden, TooMuch
from services.insurance.claims.documents import Claim
from shared.storage.records import find_one
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.problems import Problem, broken_rule, conflict, not_found
from shared.web.scope import HRSS, callers, reach

T = TypeVar("T")

Reader = Annotated[Caller, callers("worker", "platform", departments=[HRSS], district="document")]
Parties = Annotated[Caller, callers("platform", departments=[HRSS], district="document")]
Bureau = Annotated[Caller, callers(departments=[HRSS], district="document")]


def scope(caller: Caller) -> dict[str, Any]:
    """The benefits or advances that an officer or a platform may see, as a query."""
    return reach(caller, platform="platform", district="district")


async def sees(caller: Caller, benefit: Benefit) -> bool:
    """Whether the caller may see a benefit: a worker those of their claims, a platform what is its to pay or was."""
    if caller.role == "worker":
        claim = await Claim.of(benefit.claim_id)
        return claim is not None and claim.worker_id == caller.worker_id
    if caller.role == "platform":
        return caller.uscc == benefit.platform and (benefit.payer != "fund" or benefit.liable is not None)
    return caller.reaches(benefit.district)


async def benefit_of(caller: Caller, benefit_id: str, tx: Transaction | None = None) -> Benefit:
    """A benefit that the caller may see; raises a 404 problem."""
    benefit = await Benefit.of(benefit_id, tx)
    if benefit is None or not await sees(caller, benefit):
        raise not_found("该待遇", "the benefit")
    return benefit


async def advance_of(caller: Caller, advance_id: str, tx: Transaction | None = None) -> Advance:
    """An advance that the caller may see; raises a 404 problem."""
    query = {**scope(caller), "_id": advance_id}
    advance = await find_one(Advance, query, tx)
    if advance is None:
        raise not_found("该垫付记录", "the advance")
    return advance


async def carry_out(work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a command in one transaction; a broken rule is answered as a problem."""
    try:
        return await transact(work)
    except NotEntitled as broken:
        raise broken_rule(broken.kind, broken.zh, broken.en) from None
    except (AlreadyGranted, Forbidden, NothingDue) as broken:
        raise _conflict(broken) from None
    except WrongSum as broken:
        raise Problem(
            422, "wrong-sum", f"应付金额为{broken.due}元，须一次付清", f"{broken.due} yuan is due, and all of it"
        ) from None
    except NotTheirs:
        raise broken_rule("not-theirs", "该主体不承担此项待遇", "whoever is named does not owe this benefit") from None
    except TooMuch:
        raise broken_rule("too-much", "金额超过可追回的数额", "more than is left to be paid back") from None


def _conflict(broken: Exception) -> Problem:
    if isinstance(broken, AlreadyGranted):
        return conflict("already-granted", "该项待遇已核定", "the claim has this benefit already")
    if isinstance(broken, NothingDue):
        return conflict("nothing-due", "当前没有应垫付或可追偿的款项", "no advance is due, or none was paid")
    return conflict("not-in-this-state", "当前状态不允许此操作", "not possible in the present state")
