"""Let an order to pay give way to arbitration or a court that decides on the same pay, and order nothing that is there already.

An order to pay carries out the same claim by another way, and 劳动保障监察条例 art. 21 leaves one way to it; what else is ordered
(insurance, hours, a matter that was reported) is owed to more than one person, and goes on. A breach that has happened stays one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.complaints.cases.documents import Case
from services.complaints.directives import events, rules
from services.complaints.directives.closing import close, today
from services.complaints.directives.documents import Directive
from services.complaints.directives.rules import Violation
from services.complaints.parties.documents import Engagement
from services.complaints.procedures import commands as procedures
from services.complaints.procedures.rules import Claim, complained
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def give_way(claims: Collection[Claim], tx: Transaction) -> None:
    """Take out of the orders of an enterprise what arbitration or a court decides from now on; an order of which nothing is left
    closes. Both sides are told, but not of an order that follows from a report in confidence: the moment would tell who reported
    (劳动保障监察条例 art. 9), so that it stays with its officers."""
    for enterprise in sorted({one.enterprise for one in claims if one.kind == "pay"}):
        wanted = {"enterprise": enterprise, "violation": "underpayment", "state": {"$in": sorted(rules.STANDING)}}
        people = {one.worker_id for one in claims if one.kind == "pay" and one.enterprise == enterprise}
        refs = await _refs(people, enterprise, tx)
        for directive in await tx.find(Directive, wanted):
            await _give_way(directive, refs, tx)


async def check_not_elsewhere(
    root: str, enterprise: str, violation: Violation, refs: Collection[str], tx: Transaction
) -> None:
    """Raise Conflict where an order is to be made of pay that arbitration or a court decides on (劳动保障监察条例 art. 21)."""
    if violation != "underpayment":
        return
    behind = await _behind(enterprise, refs, tx)
    claims = [Claim(worker_id, enterprise, "pay") for worker_id in behind.values()]
    there = {one.worker_id for one in await procedures.having(claims, tx, "disputes")}
    found = sorted(ref for ref, worker_id in behind.items() if worker_id in there)
    if found or (not refs and await _gone(root, enterprise, tx) is not None):
        raise Conflict(
            "claim-elsewhere",
            "该报酬已申请仲裁或者提起诉讼，不得再责令支付，请告知当事人依照劳动争议处理或者诉讼的程序办理",
            "arbitration or a court decides on this pay: it is not ordered beside that",
            worker_refs=found,
        )


async def _give_way(directive: Directive, refs: dict[str, str], tx: Transaction) -> None:
    told: list[str] = []
    for owed in directive.owed:
        if owed.elsewhere_on is None and owed.worker_ref in refs:
            owed.elsewhere_on = today()
            told.append(refs[owed.worker_ref])
    if not directive.owed:
        if not rules.STATES.allows(directive.state, "give_way"):
            return  # it was found not met: nothing of it changes, and nobody is told again and again
        case = await _gone(directive.root, directive.enterprise, tx)
        if case is None or case.protected:
            return
        told = sorted(case.people)
    if not told:
        return
    if directive.due_on is not None:
        for worker_id in told:
            tx.publish(events.pay_referred(directive, worker_id))
    nothing_left = all(one.elsewhere_on is not None for one in directive.owed)
    if nothing_left and rules.STATES.allows(directive.state, "give_way"):
        directive.state = rules.STATES.next(directive.state, "give_way")
        await close(directive, "to_dispute", tx)
    await directive.put(tx)


async def _gone(root: str, enterprise: str, tx: Transaction) -> Case | None:
    """The complaint that an order without sums by person arose from, where all who complained of pay have it decided elsewhere."""
    kind, _, case_id = root.partition(":")
    case = await Case.of(case_id, tx) if kind == "case" else None
    if case is None or case.kind == "report":
        return None
    claims = [one for one in complained(case.people, enterprise, case.category) if one.kind == "pay"]
    there = await procedures.having(claims, tx, "disputes")
    return case if claims and len(there) == len(claims) else None


async def _refs(people: Iterable[str], enterprise: str, tx: Transaction) -> dict[str, str]:
    """By which of its references an enterprise knows these people now, and whom by each."""
    known = [one for worker_id in sorted(people) for one in await Engagement.between(worker_id, enterprise, tx)]
    behind = await _behind(enterprise, {one.worker_ref for one in known}, tx)
    return {ref: worker_id for ref, worker_id in behind.items() if worker_id in set(people)}


async def _behind(enterprise: str, refs: Iterable[str], tx: Transaction) -> dict[str, str]:
    """Who is behind each of an enterprise's references, of those whom the registry has told of."""
    found = await Engagement.of_workers({f"{enterprise}|{ref}" for ref in refs}, tx)
    return {key.partition("|")[2]: several[-1].worker_id for key, several in found.items()}
