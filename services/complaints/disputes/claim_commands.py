"""Let a claim be decided in one dispute alone."""

from __future__ import annotations

from services.complaints.disputes import rules
from services.complaints.disputes.documents import Dispute, DisputeClaim
from shared.errors import Conflict
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


async def hold(dispute: Dispute, tx: Transaction) -> None:
    """Let the claims be decided here alone; raises Conflict where they are elsewhere."""
    held = rules.hold(dispute.state)
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


async def release(dispute: Dispute, tx: Transaction) -> bool:
    """Give the claims free that this dispute holds; whether it held any."""
    held = False
    for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
        known = await DisputeClaim.of(key, tx)
        held = held or (known is not None and known.holder == dispute.id)
        await DisputeClaim.give_up(key, dispute.id, tx)
    return held
