"""Put unions on file, and take workers in and let them go."""

from __future__ import annotations

import datetime as dt

from services.registry.unions import rules
from services.registry.unions.documents import Membership, Period, Union
from services.registry.unions.rules import MembershipEvent
from services.registry.workers.documents import Worker
from shared import clock
from shared.contracts.registry import MembershipEnded, MembershipRecorded
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.etags import require_revision
from shared.web.problems import broken_rule, conflict, forbidden, not_found


async def found(name: str, district: str, officers: list[str], tx: Transaction) -> Union:
    """Put a union on file."""
    if await Union.of(Union.id_of(name), tx) is not None:
        raise conflict("union-known", "该工会已登记", "a union of this name is on file")
    return await Union(id=Union.id_of(name), name=name, district=district, officers=sorted(set(officers))).put(tx)


async def appoint(union_id: str, officers: list[str], caller: Caller, seen: int, tx: Transaction) -> Union:
    """Name those who act for a union: by one of them, or by an officer of the place."""
    union = await union_of(union_id, tx)
    if caller.subject not in union.officers and not (caller.role == "officer" and caller.sees_district(union.district)):
        raise forbidden()
    require_revision(seen, union.revision)
    union.officers = sorted(set(officers))
    return await union.put(tx)


async def apply(union_id: str, worker_id: str, tx: Transaction) -> Membership:
    """A worker asks to join."""
    await union_of(union_id, tx)
    membership = await _membership(union_id, await person(worker_id, tx), tx)
    _follow(membership, "apply")
    membership.applied_at, membership.refusal = clock.now(), None
    return await membership.put(tx)


async def enrol(union_id: str, worker_id: str, since: dt.date, caller: Caller, tx: Transaction) -> Membership:
    """A union takes a worker in who has joined on paper."""
    await require_officer(union_id, caller, tx)
    worker = await Worker.standing(worker_id, tx)
    if worker is None:
        raise not_found("该劳动者", "this worker")
    membership = await _membership(union_id, worker.id, tx)
    _follow(membership, "enrol")
    return await _joined(membership, since, tx)


async def accept(membership_id: str, since: dt.date, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A union accepts an application."""
    membership = await _seen(membership_id, seen, tx)
    await require_officer(membership.union_id, caller, tx)
    _follow(membership, "accept")
    return await _joined(membership, since, tx)


async def refuse(membership_id: str, reason: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A union refuses an application, with its reason."""
    membership = await _seen(membership_id, seen, tx)
    await require_officer(membership.union_id, caller, tx)
    _follow(membership, "refuse")
    membership.refusal = reason
    return await membership.put(tx)


async def withdraw(membership_id: str, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker takes the application back."""
    membership = await _seen(membership_id, seen, tx)
    if await person(caller.worker_id, tx) != membership.worker_id:
        raise not_found("该会籍", "this membership")
    _follow(membership, "withdraw")
    return await membership.put(tx)


async def leave(membership_id: str, until: dt.date, caller: Caller, seen: int, tx: Transaction) -> Membership:
    """A worker leaves, or the union takes down that they left. `until` is the last day."""
    membership = await _seen(membership_id, seen, tx)
    if caller.role != "worker" or await person(caller.worker_id, tx) != membership.worker_id:
        await require_officer(membership.union_id, caller, tx)
    _follow(membership, "leave")
    if not membership.periods[-1].since <= until <= shanghai_date(clock.now()):
        raise broken_rule("until", "退会日期须在入会日期与今天之间", "the last day is between joining and today")
    membership.periods[-1].until = until
    tx.tell(
        MembershipEnded(
            membership_id=membership.id, worker_id=membership.worker_id, union_id=membership.union_id, until=until
        )
    )
    return await membership.put(tx)


async def merge(kept_id: str, merged_id: str, tx: Transaction) -> None:
    """Move the memberships of a record to the one that has taken its place; whoever hears of the merger does the same."""
    for gone in await tx.find(Membership, {"worker_id": merged_id}):
        membership = await _membership(gone.union_id, kept_id, tx)
        spans = [rules.Span(one.since, one.until) for one in (*membership.periods, *gone.periods)]
        membership.periods = [Period(since=one.since, until=one.until) for one in rules.joined_spans(spans)]
        membership.state = rules.joined_states(membership.state, gone.state)
        membership.applied_at = membership.applied_at or gone.applied_at
        membership.refusal = membership.refusal or gone.refusal
        await membership.put(tx)
        tx.delete(Membership, gone.id)


async def person(worker_id: str | None, tx: Transaction | None = None) -> str:
    """The record that now stands for a person's."""
    worker = await Worker.standing(str(worker_id), tx)
    return worker.id if worker else str(worker_id)


async def require_officer(union_id: str, caller: Caller, tx: Transaction | None = None) -> Union:
    """The union that a caller acts for; raises a 403 problem for anybody else."""
    union = await union_of(union_id, tx)
    if caller.role != "union" or caller.subject not in union.officers:
        raise forbidden("只有该工会可以办理", "only this union may do this")
    return union


async def union_of(union_id: str, tx: Transaction | None = None) -> Union:
    """The union; raises a 404 problem."""
    union = await Union.of(union_id, tx)
    if union is None:
        raise not_found("该工会", "this union")
    return union


async def _joined(membership: Membership, since: dt.date, tx: Transaction) -> Membership:
    earlier = membership.periods[-1].until if membership.periods else None
    if since > shanghai_date(clock.now()) or (earlier is not None and since <= earlier):
        raise broken_rule("since", "入会日期有误", "the first day is in the future or within an earlier membership")
    membership.periods = [*membership.periods, Period(since=since)]
    membership.refusal = None
    tx.tell(
        MembershipRecorded(
            membership_id=membership.id, worker_id=membership.worker_id, union_id=membership.union_id, since=since
        )
    )
    return await membership.put(tx)


async def _membership(union_id: str, worker_id: str, tx: Transaction) -> Membership:
    membership_id = f"{union_id}:{worker_id}"
    kept = await Membership.of(membership_id, tx)
    return kept or Membership(id=membership_id, union_id=union_id, worker_id=worker_id)


async def _seen(membership_id: str, seen: int, tx: Transaction) -> Membership:
    membership = await Membership.of(membership_id, tx)
    if membership is None:
        raise not_found("该会籍", "this membership")
    require_revision(seen, membership.revision)
    return membership


def _follow(membership: Membership, event: MembershipEvent) -> None:
    try:
        membership.state = rules.membership_after(membership.state, event)
    except rules.Forbidden:
        raise conflict(
            "membership-state", "该会籍的当前状态不允许此操作", "the state of the membership forbids this"
        ) from None
