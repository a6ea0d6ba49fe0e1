"""Who a dispute is of: who joins it, change them, or forget them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from services.complaints.disputes import events, rules, state_rules
from services.complaints.disputes.claim_commands import hold, release, take_claims
from services.complaints.disputes.documents import Asking, Claim, Dispute, encrypted_text
from services.complaints.disputes.opening_commands import Claiming, claims_of
from services.complaints.disputes.term_commands import (
    LAPSE,
    LIMITATION,
    calculate,
    law_of,
    plan_warning,
    publish,
    today,
)
from services.complaints.evidence import commands as evidence
from services.complaints.members.commands import current
from services.complaints.parties.documents import Engagement
from shared.errors import Conflict, NotFound
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction

MOST_WORKERS: Final = 500
MOST_ASKING: Final = 200
"""Workers who ask to join a dispute at a time."""


async def ask_to_join(number: str, claims: Sequence[Claiming], worker_id: str, tx: Transaction) -> None:
    """Ask to join the dispute of a number, for who has worked with its enterprise and claims the same (劳动争议调解仲裁法 art. 7).
    They join when those in it, who are told that somebody asks, or the body that has it in hand agree; anybody else learns nothing by
    a number: raises NotFound."""
    worker_id = await current(worker_id, tx)
    wanted = claims_of(claims, worker_id, 0, today())
    dispute = await tx.find_one(Dispute, {"number": number})
    if dispute is None or not (worker_id in dispute.workers or await _in_common(dispute, wanted, worker_id, tx)):
        raise NotFound("可以加入的争议", "a dispute to join")
    if worker_id in dispute.workers:
        raise Conflict("joined-already", "您已加入该争议", "the worker has joined already")
    others = [one for one in dispute.asking if one.worker_id != worker_id]
    if len(others) >= MOST_ASKING:
        raise Conflict("too-many-asking", "待同意的加入申请过多，请稍后再试", "too many ask to join already")
    if len(others) == len(dispute.asking):  # who asks again says it better, and is told of once
        publish(events.joining_asked(dispute), tx)
    dispute.asking = [*others, Asking(worker_id=worker_id, claims=wanted, asked_on=today())]
    await dispute.put(tx)


async def answer_joining(dispute: Dispute, worker_id: str, tx: Transaction, *, agrees: bool) -> Dispute:
    """Take somebody who asks into a dispute with what they claim, or not; before a body decides on it. They hear which."""
    asked = next((one for one in dispute.asking if one.worker_id == worker_id), None)
    if asked is None:
        raise NotFound("该加入申请", "somebody who asks to join")
    dispute.asking = [one for one in dispute.asking if one is not asked]
    if agrees:
        await _take_in(dispute, asked.claims, worker_id, tx)
    tx.publish(events.joining_answered(dispute, worker_id, "answered", agreed=agrees))
    return await dispute.put(tx)


def turn_away(dispute: Dispute, tx: Transaction) -> None:
    """Tell those who still ask that a dispute can be joined no more; the caller stores it."""
    for asking in dispute.asking:
        tx.publish(events.joining_answered(dispute, asking.worker_id, "over", agreed=False))
    dispute.asking = []


async def _in_common(dispute: Dispute, wanted: Sequence[Claim], worker_id: str, tx: Transaction) -> bool:
    early = dispute.state in state_rules.EARLY and dispute.applicant == "worker"
    if not early or not dispute.workers:  # nobody's any more
        return False
    engaged = [
        (one.started_on, one.ended_on)
        for one in await tx.find(Engagement, {"worker_id": worker_id})
        if {one.platform, one.partner} & {*dispute.enterprises}
    ]
    claims = [one.claimed for one in wanted]
    return rules.common(dispute.claimed, claims, engaged, dispute.relation, law_of(dispute))


async def _take_in(dispute: Dispute, claims: Sequence[Claim], worker_id: str, tx: Transaction) -> None:
    if dispute.state not in state_rules.EARLY:
        raise Conflict(
            "joining-late", "该争议已进入裁判程序，不能再加入", "a body decides on it: nobody joins any more"
        )
    if len(dispute.workers) >= MOST_WORKERS:
        raise Conflict("too-many-workers", "该争议人数已满", "there are too many workers in the dispute")
    so_far = max((int(one.id) for one in dispute.claims), default=0)  # some may have been split off
    dispute.workers.append(worker_id)
    dispute.claims += [
        one.model_copy(update={"id": str(so_far + place), "joined_on": today()})
        for place, one in enumerate(claims, start=1)
    ]
    if dispute.state == "mediation":
        await hold(dispute, "worker", tx)
    calculate(dispute, law_of(dispute))
    plan_warning(dispute, tx)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's disputes to the record that has taken the other's place, with the claims that these hold.

    Where both records have one claim decided on, the dispute is marked for an officer, and the claim stays where it was first.
    """
    for dispute in await tx.find(Dispute, _of_person(merged_worker_id)):
        held = await release(dispute, tx)
        dispute.workers = list(dict.fromkeys(_renamed(dispute.workers, merged_worker_id, worker_id)))
        dispute.representatives = list(dict.fromkeys(_renamed(dispute.representatives, merged_worker_id, worker_id)))
        for claim in dispute.claims:
            claim.worker_id = worker_id if claim.worker_id == merged_worker_id else claim.worker_id
        for further in dispute.further:
            for claim in further.claims:
                claim.worker_id = worker_id if claim.worker_id == merged_worker_id else claim.worker_id
        dispute.asking = _asking_now(dispute.asking, merged_worker_id, worker_id, dispute.workers)
        if held:
            dispute.doubled = await take_claims(dispute, tx) is not None or dispute.doubled
        await dispute.put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What identifies the person goes from their disputes, what they wrote with it; from one that is being decided, once it is."""
    for dispute in await tx.find(Dispute, _of_person(worker_id)):
        dispute.asking = [one for one in dispute.asking if one.worker_id != worker_id]
        if worker_id in dispute.workers:
            dispute.erased = list(dict.fromkeys([*dispute.erased, worker_id]))
            await forget_erased(dispute, tx)
        await dispute.put(tx)


async def forget_erased(dispute: Dispute, tx: Transaction) -> None:
    """Take what identifies those who are erased out of a dispute, unless it is being decided: the award would be on nobody."""
    gone = {*dispute.erased} & {*dispute.workers}
    if not gone or dispute.state in state_rules.DECIDING:
        return
    await release(dispute, tx, of=gone)
    dispute.workers = [one for one in dispute.workers if one not in gone]
    dispute.representatives = [one for one in dispute.representatives if one not in gone]
    for claim in dispute.claims:
        claim.worker_id = "" if claim.worker_id in gone else claim.worker_id
    for further in dispute.further:
        further.text = None
        for claim in further.claims:
            claim.worker_id = "" if claim.worker_id in gone else claim.worker_id
    for entry in dispute.entries:
        if entry.side == "worker":
            entry.text, entry.by = None, None
    for added in dispute.added:
        added.text = None
    for succession in dispute.successions:
        succession.text = None
    dispute.erased = []
    if not dispute.workers:
        await _close_file(dispute, tx)


async def _close_file(dispute: Dispute, tx: Transaction) -> None:
    """Of a dispute that is nobody's any more, keep what was handed in as long as the files of arbitration are kept."""
    turn_away(dispute, tx)
    dispute.text = encrypted_text(dispute.id, "（劳动者信息已按规定删除）")
    tx.cancel(LAPSE, dispute.id)
    tx.cancel(LIMITATION, dispute.id)
    law = parameters.on(today(), place=dispute.district)
    years = law.number("retention.award_years")
    evidence.keep_until(dispute.matter, calendar.months_after(dispute.stepped_on, 12 * years), tx)
    dispute.used += [one for one in law.used if one not in dispute.used]


def _of_person(worker_id: str) -> dict[str, Any]:
    return {"$or": [{"workers": worker_id}, {"asking.worker_id": worker_id}]}


def _asking_now(asking: Sequence[Asking], old: str, new: str, workers: Collection[str]) -> list[Asking]:
    """Who asks to join, once of a person, and nobody who is in it already."""
    found: dict[str, Asking] = {}
    for one in asking:
        if one.worker_id == old:
            claims = [claim.model_copy(update={"worker_id": new}) for claim in one.claims]
            one = Asking(worker_id=new, claims=claims, asked_on=one.asked_on)
        if one.worker_id not in workers:
            found[one.worker_id] = one
    return list(found.values())


def _renamed(ids: Collection[str], old: str, new: str) -> list[str]:
    return [new if one == old else one for one in ids]
