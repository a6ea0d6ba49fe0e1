"""Let a claim be decided in one dispute alone, and not while labour inspection looks into it."""

from __future__ import annotations

from services.complaints.cases.documents import Case
from services.complaints.cases.rules import INVESTIGATED
from services.complaints.disputes import rules
from services.complaints.disputes.documents import Dispute, DisputeClaim
from services.complaints.disputes.rules import Side
from services.complaints.procedures import commands as procedures
from shared.errors import Conflict
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


async def hold(dispute: Dispute, tx: Transaction) -> None:
    """Let the claims be decided here alone; raises Conflict where they are elsewhere."""
    held = rules.hold(dispute.state)
    if held == "take":
        await procedures.enter("disputes", dispute.id, rules.pursued(dispute.claimed, dispute.enterprises), tx)
    else:
        await procedures.leave("disputes", dispute.id, tx)
    if held == "give_up":
        await release(dispute, tx)
    elif held == "take":
        for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
            try:
                await DisputeClaim.take(key, dispute.id, tx)
            except AlreadyTaken as taken:
                raise Conflict(
                    "claim-elsewhere",
                    "同一请求已在另一争议中申请仲裁或者起诉",
                    "the claim is in a deciding procedure of another dispute",
                    dispute_id=taken.holder,
                ) from None


async def check_inspection(dispute: Dispute, side: Side, tx: Transaction) -> None:
    """Raise Conflict while labour inspection looks into the same matter (劳动保障监察条例 art. 21), whether the dispute names the
    case or not. Of a complaint in confidence nobody hears so but who made it (art. 9)."""
    found = await procedures.having("inspections", rules.pursued(dispute.claimed, dispute.enterprises), tx)
    ids = {dispute.case_id, *(one for some in found.values() for one in some)}
    for case in [await Case.of(one, tx) for one in sorted(filter(None, ids))]:
        if case is None or case.state not in INVESTIGATED:
            continue
        own = side == "worker" and set(dispute.workers) <= set(case.people)
        if own or not case.protected:
            raise Conflict(
                "inspection-runs", "该事项正由劳动保障监察办理", "labour inspection looks into the same matter"
            )


async def part_with(dispute: Dispute, tx: Transaction) -> None:
    """Leave what was split off to the dispute that has it now."""
    await procedures.leave("disputes", dispute.id, tx, but=rules.pursued(dispute.claimed, dispute.enterprises))


async def release(dispute: Dispute, tx: Transaction) -> bool:
    """Give the claims free that this dispute holds; whether it held any."""
    held = False
    for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
        known = await DisputeClaim.of(key, tx)
        held = held or (known is not None and known.holder == dispute.id)
        await DisputeClaim.give_up(key, dispute.id, tx)
    return held
