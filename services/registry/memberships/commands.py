"""Workers ask to join a union, are taken in, and leave."""

from __future__ import annotations

import datetime as dt

from services.registry.engagements.documents import Engagement
from services.registry.memberships import rules
from services.registry.memberships.documents import Membership, Period
from services.registry.memberships.rules import Claimant, Section
from services.registry.unions.commands import acts_for, require_officer, union_of
from services.registry.unions.documents import Union
from services.registry.workers.documents import Worker
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import (
    MembershipApplied,
    MembershipEnded,
    MembershipProposed,
    MembershipRecorded,
    MembershipRefused,
    UnionSpeaker,
)
from shared.errors import Conflict, NotFound, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction


async def apply(union_id: str, worker_id: str, share: list[Section], tx: Transaction) -> Membership:
    """A worker asks to join, and says what the union may read of their dossier once they are a member."""
    await union_of(union_id, tx)
    membership = await _membership(union_id, await person(worker_id, tx), tx)
    membership.state = rules.STATES.next(membership.state, "apply")
    membership.shared = share
    return await _applied(membership, tx)


async def propose(union_id: str, worker_id: str, since: dt.date, caller: Caller, tx: Transaction) -> Membership:
    """A union records a worker who has joined on paper, of those who work within its scope; the worker is asked.

    Where the worker has applied already, both have spoken, and the worker is a member.
    """
    union = await require_officer(union_id, caller, tx)
    worker = await Worker.standing(worker_id, tx)
    if worker is None or not await _works_within(union, worker.id, tx):
        raise NotFound("该劳动者", "this worker")
    membership = await _membership(union_id, worker.id, tx)
    if membership.state == "proposed" and membership.proposed_by == "platform":
        return await _proposed(membership, union, since, "union", tx)  # now it is the union's own word
    membership.state = rules.STATES.next(membership.state, "propose")
    if membership.state == "member":
        return await _joined(membership, since, "union", tx)
    return await _proposed(membership, union, since, "union", tx)


async def claim(union_id: str, worker_id: str, since: dt.date, caller: Caller, tx: Transaction) -> None:
    """An enterprise says that somebody who works through it has joined a union: the worker is asked, where nothing stands
    between the two yet.

    The enterprise does not learn what came of it, nor what there was before: whether somebody is a member is theirs to say.
    """
    union = await union_of(union_id, tx)
    if since > shanghai_date(clock.now()):
        raise RuleBroken("since", "入会日期有误", "the first day is in the future")
    worker = await Worker.standing(worker_id, tx)
    engaged = [] if worker is None else await tx.find(Engagement, {"worker_id": worker.id})
    if worker is None or all(one.platform != caller.uscc for one in engaged):
        raise NotFound("该劳动者", "this worker")
    membership = await _membership(union_id, worker.id, tx)
    asked_before = membership.state == "applied" or not rules.STATES.allows(membership.state, "propose")
    was_member = any(one.until is None or since <= one.until for one in membership.periods)
    if asked_before or was_member or not await _works_within(union, worker.id, tx):
        return
    membership.state = rules.STATES.next(membership.state, "propose")
    await _proposed(membership, union, since, "platform", tx)


async def confirm(membership_id: str, share: list[Section], caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker confirms that they have joined: from here on the union may act for them, and read what they share.

    What an enterprise alone has said of them becomes an application by this, for the union to accept.
    """
    membership = await _own(membership_id, caller, seen, tx)
    by_union = membership.proposed_by == "union"
    membership.state = rules.STATES.next(membership.state, "confirm" if by_union else "endorse")
    assert membership.proposed_since is not None
    membership.shared = share
    if not by_union:
        membership.proposed_since = None
        return await _applied(membership, tx)
    return await _joined(membership, membership.proposed_since, "worker", tx)


async def share(membership_id: str, sections: list[Section], caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker says what the union may read of their dossier from now on; nothing of what they do not name."""
    membership = await _own(membership_id, caller, seen, tx)
    if membership.state not in ("applied", "proposed", "member"):
        raise Conflict(rules.STATES.kind, rules.STATES.zh, "only a member, or who wants to be one, shares a dossier")
    membership.shared = sections
    return await membership.put(tx)


async def decline(membership_id: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker says that they have not joined; the union cannot ask again."""
    membership = await _own(membership_id, caller, seen, tx)
    membership.state = rules.STATES.next(membership.state, "decline")
    membership.proposed_since = None
    tx.publish(_refused(membership, "worker"))
    return await membership.put(tx)


async def accept(membership_id: str, since: dt.date, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A union accepts an application."""
    membership = await _of_union(membership_id, caller, seen, tx)
    await person(membership.worker_id, tx)
    membership.state = rules.STATES.next(membership.state, "accept")
    return await _joined(membership, since, "union", tx)


async def refuse(membership_id: str, reason: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A union refuses an application, with its reason."""
    membership = await _of_union(membership_id, caller, seen, tx)
    membership.state = rules.STATES.next(membership.state, "refuse")
    membership.refuse(reason)
    tx.publish(_refused(membership, "union"))
    return await membership.put(tx)


async def withdraw(membership_id: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker takes the application back, or a union what it proposed."""
    by_worker = caller.role == "worker"
    membership = await (_own if by_worker else _of_union)(membership_id, caller, seen, tx)
    membership.state = rules.withdrawn(membership.state, by_worker=by_worker)
    membership.proposed_since = None
    return await membership.put(tx)


async def leave(membership_id: str, until: dt.date, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker leaves, or the union records that they left. `until` is the last day."""
    membership = await (_own if caller.role == "worker" else _of_union)(membership_id, caller, seen, tx)
    membership.state = rules.STATES.next(membership.state, "leave")
    if not membership.periods[-1].since <= until <= shanghai_date(clock.now()):
        raise RuleBroken("until", "退会日期须在入会日期与今天之间", "the last day is between joining and today")
    membership.periods[-1].until = until
    membership.shared = []
    tx.publish(
        MembershipEnded(
            membership_id=membership.id,
            worker_id=membership.worker_id,
            union_id=membership.union_id,
            until=until,
            by="worker" if caller.role == "worker" else "union",
        )
    )
    return await membership.put(tx)


async def merge(kept_id: str, merged_id: str, tx: Transaction) -> None:
    """Move the memberships of a record to the one that has taken its place; whoever hears of the merger does the same."""
    for gone in await tx.find(Membership, {"worker_id": merged_id}):
        membership = await _membership(gone.union_id, kept_id, tx)
        spans = [rules.Span(one.since, one.until) for one in (*membership.periods, *gone.periods)]
        membership.periods = [Period(since=one.since, until=one.until) for one in rules.joined_spans(spans)]
        if membership.state != "member":
            membership.shared = gone.shared
        _join_proposals(membership, gone)
        membership.state = rules.joined_states(membership.state, gone.state)
        if membership.state != "proposed":
            membership.proposed_since = None
        membership.applied_at = membership.applied_at or gone.applied_at
        membership.refuse(membership.clear_refusal or gone.clear_refusal)
        await membership.put(tx)
        tx.delete(Membership, gone.id)


def _join_proposals(membership: Membership, gone: Membership) -> None:
    """Of the proposals of two records the union's own stands before an enterprise's word."""
    mine = membership.proposed_since is not None and (membership.proposed_by, gone.proposed_by) != ("platform", "union")
    if gone.proposed_since is not None and not mine:
        membership.proposed_since, membership.proposed_by = gone.proposed_since, gone.proposed_by


async def person(worker_id: str | None, tx: Transaction | None = None) -> str:
    """The record that now stands for a person's; raises NotFound where it is erased, whoever still has a token for it."""
    worker = await Worker.standing(str(worker_id), tx)
    if worker is None and await Worker.of(str(worker_id), tx) is not None:
        raise NotFound("该劳动者", "this worker")
    return worker.id if worker else str(worker_id)


async def _applied(membership: Membership, tx: Transaction) -> Membership:
    membership.applied_at, membership.refusal = clock.now(), None
    tx.publish(
        MembershipApplied(membership_id=membership.id, worker_id=membership.worker_id, union_id=membership.union_id)
    )
    return await membership.put(tx)


async def _proposed(membership: Membership, union: Union, since: dt.date, by: Claimant, tx: Transaction) -> Membership:
    _check_since(membership, since)
    membership.proposed_since, membership.proposed_by = since, by
    tx.publish(
        MembershipProposed(
            membership_id=membership.id,
            worker_id=membership.worker_id,
            union_id=union.id,
            union=union.name,
            since=since,
            by=by,
        )
    )
    return await membership.put(tx)


async def _joined(membership: Membership, since: dt.date, by: UnionSpeaker, tx: Transaction) -> Membership:
    _check_since(membership, since)
    membership.proposed_since = None
    membership.periods = [*membership.periods, Period(since=since)]
    membership.refusal = None
    tx.publish(
        MembershipRecorded(
            membership_id=membership.id,
            worker_id=membership.worker_id,
            union_id=membership.union_id,
            since=since,
            by=by,
        )
    )
    return await membership.put(tx)


def _refused(membership: Membership, by: UnionSpeaker) -> MembershipRefused:
    return MembershipRefused(
        membership_id=membership.id, worker_id=membership.worker_id, union_id=membership.union_id, by=by
    )


def _check_since(membership: Membership, since: dt.date) -> None:
    earlier = membership.periods[-1].until if membership.periods else None
    if since > shanghai_date(clock.now()) or (earlier is not None and since <= earlier):
        raise RuleBroken("since", "入会日期有误", "the first day is in the future or within an earlier membership")


async def _membership(union_id: str, worker_id: str, tx: Transaction) -> Membership:
    membership_id = f"{union_id}:{worker_id}"
    kept = await Membership.of(membership_id, tx)
    return kept or Membership(id=membership_id, union_id=union_id, worker_id=worker_id)


async def _own(membership_id: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker's own membership as they read it; raises NotFound."""
    membership = await Membership.of(membership_id, tx)
    if membership is None or membership.worker_id != await person(caller.worker_id, tx):
        raise _unknown()
    require_revision(seen, membership.revision)
    return membership


async def _of_union(membership_id: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A membership of a union that the caller acts for, as they read it; raises NotFound."""
    membership = await membership_for(membership_id, caller, tx)
    require_revision(seen, membership.revision)
    return membership


async def membership_for(membership_id: str, caller: Caller, tx: Transaction | None = None) -> Membership:
    """A membership that the caller may see: the worker's own, or of a union that they act for; raises NotFound."""
    membership = await Membership.of(membership_id, tx)
    if membership is None:
        raise _unknown()
    if caller.role == "worker":
        if membership.worker_id != await person(caller.worker_id, tx):
            raise _unknown()
    elif not acts_for(caller, await union_of(membership.union_id, tx)):
        raise _unknown()
    return membership


def _unknown() -> NotFound:
    return NotFound("该会籍", "this membership")


async def _works_within(union: Union, worker_id: str, tx: Transaction) -> bool:
    engagements = await tx.find(Engagement, {"worker_id": worker_id})
    return any(union.scope.rule.covers(one.district, [(one.platform, [one.industry])]) for one in engagements)
