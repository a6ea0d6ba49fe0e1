"""Who a case is about: join it, speak for it, and change or forget who they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from services.complaints.cases import events, rules
from services.complaints.cases.claim_commands import investigate_for
from services.complaints.cases.documents import FILERS, Case, CaseNumber, Happening, Reporter, encrypted_text
from services.complaints.cases.term_commands import keep_files, today_of
from services.complaints.members.commands import current
from shared.contracts.complaints import Category, JoiningReason
from shared.errors import Conflict, NotFound
from shared.storage.transaction import Transaction

MOST_ASKING = 200
"""People who ask to join a case at a time."""


async def ask_to_join(number: str, platform: str, category: Category, worker_id: str, tx: Transaction) -> None:
    """Ask to join the case of a number, on the same enterprise and category; a confidential one is nobody else's. Who knows a
    number alone learns nothing: they join when who filed it, who is told that somebody asks, a representative or the officer
    agrees."""
    held, worker_id = await CaseNumber.of(number, tx), await current(worker_id, tx)
    case = None if held is None else await Case.of(held.holder, tx)
    if (
        case is None
        or case.protected
        or case.state in rules.OVER
        or (case.platform, case.category) != (platform, category)
    ):
        raise NotFound("可以加入的投诉", "a case to join")
    if len(case.asking) >= MOST_ASKING:
        raise Conflict("too-many-asking", "待同意的加入申请过多，请稍后再试", "too many ask to join already")
    if worker_id not in (*case.people, *case.asking):
        case.asking = [*case.asking, worker_id]
        tx.publish(events.joining_asked(case))
        await case.put(tx)


async def answer_joining(case: Case, worker_id: str, tx: Transaction, *, agrees: bool) -> Case:
    """Take somebody who asks into a case, or not; they hear which."""
    if worker_id not in case.asking:
        raise NotFound("该加入申请", "somebody who asks to join")
    if agrees:
        return await add_member(case, worker_id, tx)
    case.asking = [one for one in case.asking if one != worker_id]
    events.tell_joining(case, worker_id, "answered", tx, agreed=False)
    return await case.put(tx)


def turn_away(case: Case, tx: Transaction) -> None:
    """Tell those who still ask that a case can be joined no more; the caller stores it."""
    for worker_id in case.asking:
        events.tell_joining(case, worker_id, "over", tx, agreed=False)
    case.asking = []


async def add_member(case: Case, worker_id: str, tx: Transaction) -> Case:
    """Add somebody who complains of the same, whether they asked or not; they hear that they are in it."""
    worker_id = await current(worker_id, tx)
    if worker_id not in case.people:
        if case.state in rules.INVESTIGATED:
            await investigate_for(case, worker_id, tx)
        reason: JoiningReason = "answered" if worker_id in case.asking else "added"
        case.members = [*case.members, worker_id]
        case.asking = [one for one in case.asking if one != worker_id]
        if case.state not in rules.OVER:
            events.involve(case, tx)
        events.tell_joining(case, worker_id, reason, tx, agreed=True)
        await case.put(tx)
    return case


async def represent(case: Case, chosen: Sequence[str], tx: Transaction) -> Case:
    """Let some of a large group speak for it."""
    _, law = today_of(case)
    rules.check_representatives(chosen, case.people, law)
    case.representatives = list(dict.fromkeys(chosen))
    case.used += law.used
    return await case.put(tx)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's cases to the record that has taken the other's place."""
    for case in await tx.find(Case, _of_person(merged_worker_id)):
        if case.worker_id == merged_worker_id:
            case.worker_id = worker_id
        case.members = [one for one in _renamed(case.members, merged_worker_id, worker_id) if one != case.worker_id]
        case.asking = [one for one in _renamed(case.asking, merged_worker_id, worker_id) if one not in case.people]
        case.representatives = _renamed(case.representatives, merged_worker_id, worker_id)
        case.parts = [
            one.model_copy(update={"worker_id": worker_id}) if one.worker_id == merged_worker_id else one
            for one in case.parts
        ]
        await case.put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What identifies the person goes from their cases, what they wrote with it; that there was a case stays."""
    for case in await tx.find(Case, _of_person(worker_id)):
        people = case.people
        if case.worker_id == worker_id:
            case.worker_id, case.rating, case.earlier_ratings, case.code = None, None, [], None
            case.text = encrypted_text(case.id, "（投诉人信息已按规定删除）")
            reporter = case.reporter
            case.reporter = Reporter(channel=reporter.channel, by=reporter.by)
            case.history = [one if one.by not in FILERS else _without_note(one) for one in case.history]
        case.members = [one for one in case.members if one != worker_id]
        case.asking = [one for one in case.asking if one != worker_id]
        case.representatives = [one for one in case.representatives if one != worker_id]
        case.parts = [one for one in case.parts if one.worker_id != worker_id]
        case.erased = case.erased or (worker_id in people and not case.people)
        keep_files(case, tx)
        await case.put(tx)


def _of_person(worker_id: str) -> dict[str, object]:
    return {"$or": [{"worker_id": worker_id}, {"members": worker_id}, {"asking": worker_id}]}


def _renamed(people: Collection[str], old: str, new: str) -> list[str]:
    return list(dict.fromkeys(new if one == old else one for one in people))


def _without_note(one: Happening) -> Happening:
    return one.model_copy(update={"note": None})
