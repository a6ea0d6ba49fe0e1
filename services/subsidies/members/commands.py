"""Record unions and their members, and say whom a union may act for."""

from __future__ import annotations

import datetime as dt

from services.subsidies.members.documents import Member, UnionOnFile
from services.subsidies.members.rules import is_member
from services.subsidies.trainees import commands as trainees
from shared import clock
from shared.contracts.registry import MembershipEnded, MembershipRecorded, UnionRecorded
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def record_union(fact: UnionRecorded, told_at: dt.datetime, tx: Transaction) -> None:
    """Record a union and who acts for it, unless a later event was recorded."""
    known = await UnionOnFile.of(fact.union_id, tx)
    if known is not None and known.told_at > told_at:
        return
    union = known or UnionOnFile(id=fact.union_id, officers=[], told_at=told_at)
    union.officers, union.told_at = list(fact.officers), told_at
    await union.put(tx)


async def record_member(fact: MembershipRecorded | MembershipEnded, told_at: dt.datetime, tx: Transaction) -> None:
    """Record that a worker is a member, or until when they were, unless a later event was recorded."""
    known = await Member.of(fact.membership_id, tx)
    if known is not None and known.told_at > told_at:
        return
    worker_id = await trainees.current(fact.worker_id, tx)
    member = known or Member(
        id=fact.membership_id, union_id=fact.union_id, worker_id=worker_id, since=None, until=None, told_at=told_at
    )
    if isinstance(fact, MembershipRecorded):
        member.since, member.until = fact.since, None
    else:
        member.until = fact.until
    member.told_at = told_at
    if worker_id != fact.worker_id:  # told late, of a record whose place another has taken
        await _end_as_the_joint_one(member, told_at, tx)
    elif isinstance(fact, MembershipEnded):
        await _end_earlier_ones(member, tx)
    await member.put(tx)


async def merge(worker_id: str, merged_worker_id: str, merged_at: dt.datetime, tx: Transaction) -> None:
    """Give a person's memberships to the record that has taken the other's place.

    The registry tells of one membership from here on, under the id that names the record that stays: its end is the end of both.
    """
    # a membership that is told after this finds the record that stays
    await trainees.merge(worker_id, merged_worker_id, tx)
    for member in await tx.find(Member, {"worker_id": merged_worker_id}):
        member.worker_id = worker_id
        await _end_as_the_joint_one(member, merged_at, tx)
        await member.put(tx)


async def _end_as_the_joint_one(member: Member, after: dt.datetime, tx: Transaction) -> None:
    joint = await Member.of(f"{member.union_id}:{member.worker_id}", tx)
    if joint is not None and joint.until is not None and joint.told_at > after:
        member.until = min(member.until or joint.until, joint.until)


async def _end_earlier_ones(ended: Member, tx: Transaction) -> None:
    for one in await tx.find(Member, {"worker_id": ended.worker_id}):
        if one.union_id == ended.union_id and one.id != ended.id and one.until is None and one.told_at <= ended.told_at:
            one.until = ended.until
            await one.put(tx)


async def acts_for(subject: str, worker_id: str, tx: Transaction) -> bool:
    """Whether a worker is today a member of a union for which the bearer of a token acts."""
    today = shanghai_date(clock.now())
    mine = [one for one in await tx.find(Member, {"worker_id": worker_id}) if is_member(one.since, one.until, today)]
    unions = [await UnionOnFile.of(one.union_id, tx) for one in mine]
    return any(union is not None and subject in union.officers for union in unions)
