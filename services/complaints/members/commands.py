"""Record unions, their members and merged records, and say whom a union files for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from services.complaints.members.documents import Member, MergedWorker, UnionOnFile
from services.complaints.members.rules import is_member
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import MembershipEnded, MembershipRecorded, UnionRecorded
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

MOST_MERGERS: Final = 10
"""Mergers of one person's records that are followed one after another."""


async def record_union(fact: UnionRecorded, told_at: dt.datetime, tx: Transaction) -> None:
    """Record a union and who acts for it, unless a later event was recorded."""
    known = await UnionOnFile.of(fact.union_id, tx)
    if known is not None and known.told_at > told_at:
        return
    values = {"name": fact.name, "officers": list(fact.officers), "told_at": told_at}
    await (UnionOnFile(id=fact.union_id, **values) if known is None else known.changed(values)).put(tx)


async def record_member(fact: MembershipRecorded | MembershipEnded, told_at: dt.datetime, tx: Transaction) -> None:
    """Record that a worker is a member, or until when they were, unless a later event was recorded."""
    known = await Member.of(fact.membership_id, tx)
    if known is not None and known.told_at > told_at:
        return
    merged = await MergedWorker.of(fact.worker_id, tx)
    worker_id = await current(fact.worker_id, tx)
    member = known or Member(id=fact.membership_id, union_id=fact.union_id, worker_id=worker_id, told_at=told_at)
    if isinstance(fact, MembershipRecorded):
        member.since, member.until = fact.since, None
    else:
        member.until = fact.until
    member.told_at = told_at
    if merged is not None:  # told late, of a record whose place another has taken
        await _end_as_the_joint_one(member, merged.merged_at, tx)
    elif isinstance(fact, MembershipEnded):
        await _end_earlier_ones(member, tx)
    await member.put(tx)


async def merge(worker_id: str, merged_worker_id: str, merged_at: dt.datetime, tx: Transaction) -> str:
    """Give a person's memberships to the record that has taken the other's place; that record, as it stands today.

    The registry tells of one membership from here on, under the id that names the record that stays: its end is the end of both.
    """
    stands = await current(worker_id, tx)
    if stands == merged_worker_id:  # the other way about than it was told before: the last word holds
        tx.delete(MergedWorker, worker_id)
    else:
        worker_id = stands
    values = {"worker_id": worker_id, "merged_at": merged_at}
    known = await MergedWorker.of(merged_worker_id, tx)
    await (MergedWorker(id=merged_worker_id, **values) if known is None else known.changed(values)).put(tx)
    for member in await tx.find(Member, {"worker_id": merged_worker_id}):
        member.worker_id = worker_id
        await _end_as_the_joint_one(member, merged_at, tx)
        await member.put(tx)
    return worker_id


async def erase(worker_id: str, tx: Transaction) -> None:
    """Forget an erased person's memberships: nobody files for them any more."""
    for member in await tx.find(Member, {"worker_id": worker_id}):
        tx.delete(Member, member.id)


async def current(worker_id: str, tx: Transaction | None = None) -> str:
    """The record of a person that stands today, where theirs was merged into another: a token may still name the old one."""
    for _ in range(MOST_MERGERS):
        merged = await MergedWorker.of(worker_id, tx)
        if merged is None or merged.worker_id == worker_id:
            break
        worker_id = merged.worker_id
    return worker_id


async def standing(caller: Caller, people: Collection[str] = (), tx: Transaction | None = None) -> Caller:
    """A caller, where they are a worker as the record that stands today: a token outlives the merging of its record. Where it names
    one of the people of a matter, nobody looks further: only who would find nothing costs another read."""
    if caller.worker_id is None or caller.worker_id in people:
        return caller
    return replace(caller, worker_id=await current(caller.worker_id, tx))


async def acts_for(subject: str, worker_id: str, tx: Transaction) -> bool:
    """Whether a worker is today a member of a union for which the bearer of a token acts."""
    today = shanghai_date(clock.now())
    mine = [one for one in await tx.find(Member, {"worker_id": worker_id}) if is_member(one.since, one.until, today)]
    unions = [await UnionOnFile.of(one.union_id, tx) for one in mine]
    return any(union is not None and subject in union.officers for union in unions)


async def names_of(subject: str) -> list[str]:
    """The names of the unions for which the bearer of a token acts."""
    return sorted([union.name async for union in UnionOnFile.find({"officers": subject})])


async def _end_as_the_joint_one(member: Member, merged_at: dt.datetime, tx: Transaction) -> None:
    """Let a membership of a merged record end with that of the record that stays, where the end of that came after the merger."""
    joint = await Member.of(f"{member.union_id}:{member.worker_id}", tx)
    if joint is not None and joint.id != member.id and joint.until is not None and joint.told_at > merged_at:
        member.until = min(member.until or joint.until, joint.until)


async def _end_earlier_ones(ended: Member, tx: Transaction) -> None:
    for one in await tx.find(Member, {"worker_id": ended.worker_id}):
        if one.union_id == ended.union_id and one.id != ended.id and one.until is None and one.told_at <= ended.told_at:
            one.until = ended.until
            await one.put(tx)
