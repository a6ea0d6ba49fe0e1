"""Let a claim be decided in one dispute alone, and labour inspection give way to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from services.complaints.cases import commands as cases
from services.complaints.cases.documents import Case
from services.complaints.directives import dispute_commands as directives
from services.complaints.disputes import rules
from services.complaints.disputes.documents import Dispute, DisputeClaim
from services.complaints.disputes.rules import Claim as Claimed
from services.complaints.procedures import commands as procedures
from services.complaints.procedures.rules import Claim as Pursued
from shared.errors import Conflict
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


async def hold(dispute: Dispute, by: str, tx: Transaction) -> None:
    """Let the claims be decided here alone; raises Conflict where they are in another dispute."""
    held = rules.hold(dispute.state)
    await ahead_of_inspection(dispute, by, tx)
    if held == "give_up":
        await release(dispute, tx)
    elif held == "take":
        await hold_alone(dispute, tx)


async def hold_alone(dispute: Dispute, tx: Transaction) -> None:
    """Let this dispute hold its claims; raises Conflict where another holds one of them."""
    if (holder := await take_claims(dispute, tx)) is not None:
        raise _elsewhere(holder)


def _elsewhere(holder: str) -> Conflict:
    return Conflict(
        "claim-elsewhere",
        "同一请求已在另一争议中申请仲裁或者起诉",
        "the claim is in a deciding procedure of another dispute",
        dispute_id=holder,
    )


async def check_not_elsewhere(dispute: Dispute, keys: Collection[str], tx: Transaction) -> None:
    """Raise Conflict where another dispute has claims that are new to this one, also where that was split off from it: what was sued
    on or awarded already is not brought here again."""
    for key in sorted(keys):
        held = await DisputeClaim.of(key, tx)
        if held is not None and held.holder != dispute.id:
            raise _elsewhere(held.holder)


async def ahead_of_inspection(dispute: Dispute, by: str, tx: Transaction) -> None:
    """What labour inspection looks into of what a worker has brought here is not looked into any more, nor what it ordered to be paid:
    the law lets a worker choose, and points what they have brought here nowhere else (劳动保障监察条例 art. 21;
    保障农民工工资支付条例 art. 10). What an enterprise claims of a worker is nothing that inspection has."""
    claims = _pursued(dispute)
    if not claims:
        return
    decided = rules.hold(dispute.state) == "take"
    if decided:
        dispute.asking = []  # nobody joins what is being decided
        await cases.give_way(claims, by, tx)
    await procedures.put_dispute(dispute.id, rules.standing(dispute.state, dispute.relation), claims, tx)
    if decided:
        await directives.give_way(claims, tx)


async def take_claims(dispute: Dispute, tx: Transaction) -> str | None:
    """Let this dispute hold its claims; the dispute that holds one of them instead. Two claims of one kind and day are one here: of a
    dispute and what was split off from it each may have one."""
    elsewhere = None
    for key in rules.claim_keys(dispute.held, dispute.respondents, dispute.applicant):
        try:
            await DisputeClaim.take(key, dispute.id, tx)
        except AlreadyTaken as taken:
            other = await Dispute.of(taken.holder, tx)
            if other is None or other.matter != dispute.matter:
                elsewhere = elsewhere or taken.holder
    return elsewhere


async def check_inspection(dispute: Dispute, tx: Transaction) -> None:
    """Raise Conflict where an enterprise would end an investigation by a suit of its own: whether to complain or to sue is the
    worker's choice (劳动争议调解仲裁法 art. 9). Of a complaint in confidence it does not hear so (劳动保障监察条例 art. 9)."""
    claims = _pursued(dispute)
    ids = {one for found in (await procedures.having(claims, tx, "inspections")).values() for one in found}
    for case in [await Case.of(one, tx) for one in sorted(ids)]:
        if case is not None and not case.protected:
            raise Conflict(
                "inspection-runs", "该事项正由劳动保障监察办理", "labour inspection looks into the same matter"
            )


async def part_with(dispute: Dispute, tx: Transaction) -> None:
    """Leave what was split off to the dispute that has it now, and what was taken back to nobody."""
    await procedures.leave("disputes", dispute.id, tx, but=_pursued(dispute))


async def release(dispute: Dispute, tx: Transaction, *, of: Collection[str] | None = None) -> bool:
    """Give the claims free that this dispute holds, or those `of` some workers; whether it held any."""
    held = False
    claims = [one for one in dispute.held if of is None or one.worker_id in of]
    for key in rules.claim_keys(claims, dispute.respondents, dispute.applicant):
        known = await DisputeClaim.of(key, tx)
        held = held or (known is not None and known.holder == dispute.id)
        await DisputeClaim.give_up(key, dispute.id, tx)
    return held


async def give_up(dispute: Dispute, claims: Iterable[Claimed], tx: Transaction) -> None:
    """Give free what a dispute claims no more, as far as nothing that it does claim is the same."""
    kept = {*rules.claim_keys(dispute.held, dispute.respondents, dispute.applicant)}
    for key in rules.claim_keys(claims, dispute.respondents, dispute.applicant):
        if key not in kept:
            await DisputeClaim.give_up(key, dispute.id, tx)
    await part_with(dispute, tx)


async def hand_over(dispute: Dispute, other: Dispute, tx: Transaction) -> None:
    """Let another dispute hold the claims that this one holds, which stand there from now on; the caller gives it its place with
    inspection."""
    await pass_on(dispute, dispute.claimed, other.id, tx)


async def pass_on(dispute: Dispute, claims: Iterable[Claimed], other_id: str, tx: Transaction) -> None:
    """Let another dispute hold some of the claims that this one holds."""
    for key in rules.claim_keys(claims, dispute.respondents, dispute.applicant):
        held = await DisputeClaim.of(key, tx)
        if held is not None and held.holder == dispute.id:
            held.holder = other_id
            await held.put(tx)


def _pursued(dispute: Dispute) -> list[Pursued]:
    return rules.pursued(dispute.held, dispute.respondents, dispute.applicant)
