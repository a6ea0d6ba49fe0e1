"""Who a dispute is of: change them, or forget them."""

from __future__ import annotations

from collections.abc import Collection

from services.complaints.disputes import rules, state_rules
from services.complaints.disputes.claim_commands import release
from services.complaints.disputes.documents import Dispute, DisputeClaim, encrypted_text
from services.complaints.disputes.term_commands import LAPSE, LIMITATION, today
from services.complaints.evidence import commands as evidence
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's disputes to the record that has taken the other's place, with the claims that these hold.

    Where both records have one claim decided on, the dispute is marked for an officer, and the claim stays where it was first.
    """
    for dispute in await tx.find(Dispute, {"workers": merged_worker_id}):
        held = await release(dispute, tx)
        dispute.workers = list(dict.fromkeys(_renamed(dispute.workers, merged_worker_id, worker_id)))
        dispute.representatives = list(dict.fromkeys(_renamed(dispute.representatives, merged_worker_id, worker_id)))
        for claim in dispute.claims:
            claim.worker_id = worker_id if claim.worker_id == merged_worker_id else claim.worker_id
        if held:
            for key in rules.claim_keys(dispute.claimed, dispute.enterprises):
                try:
                    await DisputeClaim.take(key, dispute.id, tx)
                except AlreadyTaken:
                    dispute.doubled = True
        await dispute.put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What identifies the person goes from their disputes, what they wrote with it; from one that is being decided, once it is."""
    for dispute in await tx.find(Dispute, {"workers": worker_id}):
        dispute.erased = list(dict.fromkeys([*dispute.erased, worker_id]))
        await forget_erased(dispute, tx)
        await dispute.put(tx)


async def forget_erased(dispute: Dispute, tx: Transaction) -> None:
    """Take what identifies those who are erased out of a dispute, unless it is being decided: the award would be on nobody."""
    gone = {*dispute.erased} & {*dispute.workers}
    if not gone or dispute.state in state_rules.DECIDING:
        return
    await release(dispute, tx)
    dispute.workers = [one for one in dispute.workers if one not in gone]
    dispute.representatives = [one for one in dispute.representatives if one not in gone]
    for claim in dispute.claims:
        claim.worker_id = "" if claim.worker_id in gone else claim.worker_id
    for entry in dispute.entries:
        if entry.side == "worker":
            entry.text, entry.by = None, None
    dispute.erased = []
    if not dispute.workers:
        await _close_file(dispute, tx)


async def _close_file(dispute: Dispute, tx: Transaction) -> None:
    """Of a dispute that is nobody's any more, keep what was handed in as long as the files of arbitration are kept."""
    dispute.text = encrypted_text(dispute.id, "（劳动者信息已按规定删除）")
    tx.cancel(LAPSE, dispute.id)
    tx.cancel(LIMITATION, dispute.id)
    law = parameters.on(today(), place=dispute.district)
    years = law.number("retention.award_years")
    evidence.keep_until(dispute.matter, calendar.months_after(dispute.stepped_on, 12 * years), tx)
    dispute.used += [one for one in law.used if one not in dispute.used]


def _renamed(ids: Collection[str], old: str, new: str) -> list[str]:
    return [new if one == old else one for one in ids]
