"""Put outlets on file, one by one or from the month's list, and insure their people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from services.insurance.claims import commands as claims
from services.insurance.engagements.documents import Engagement
from services.insurance.engagements.rules import Span
from services.insurance.enrolment import commands as enrolment
from services.insurance.enrolment.documents import Enrolment
from services.insurance.outlet_filing.documents import OutletList
from services.insurance.outlet_statements import commands as statements
from services.insurance.outlets import rules
from services.insurance.outlets.documents import Outlet, OutletMark
from services.insurance.outlets.rules import Filing
from services.insurance.persons.documents import EngagedPerson, Person
from shared import clock
from shared.errors import Conflict
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


class AfterEngagement(msgspec.Struct, frozen=True):
    """Up to which engagement of an outlet its people have been looked at; empty: none yet."""

    after: str


PEOPLE = TimerKind("insurance.outlet_people", AfterEngagement)

PEOPLE_AT_ONCE = 20
"""Engagements of an outlet that are looked at in one transaction."""


@dataclass(frozen=True, slots=True)
class Declared:
    """An outlet as it is put on file. `insurer` may be absent where the outlet has a licence of its own."""

    uscc: str
    name: str
    district: str
    filing: Filing
    insurer: str | None


async def put_on_file(declared: Declared, since: dt.date, until: dt.date | None, tx: Transaction) -> Outlet:
    """Store an outlet's facts and days, and look at its people again where their insurance changes; raises Conflict."""
    known = await Outlet.of(declared.uscc, tx)
    rules.check_days(since, until)
    facts = _facts(declared) | {"since": since, "until": until}
    outlet: Outlet = known.model_copy(update=facts) if known else Outlet.model_validate({"id": declared.uscc, **facts})
    await _store(outlet, known, tx)
    if known is None:  # months before it came on file are drawn by an officer
        statements.schedule(outlet.id, max(f"{since:%Y-%m}", calendar.month_of(clock.now())), tx)
    return outlet


def _facts(declared: Declared) -> dict[str, object]:
    insurer = rules.insurer_of(declared.uscc, declared.filing, declared.insurer)
    return {"name": declared.name, "district": declared.district, "filing": declared.filing, "insurer": insurer}


async def _store(outlet: Outlet, before: Outlet | None, tx: Transaction) -> None:
    await outlet.put(tx)
    terms = (outlet.insurer, outlet.since, outlet.until)
    if before is None or (before.insurer, before.since, before.until) != terms:
        await OutletMark.touch(outlet.id, tx)
        tx.schedule(PEOPLE, outlet.id, clock.now(), AfterEngagement(""))


async def accept_list(month: str, declared: Sequence[Declared], by: str, tx: Transaction) -> OutletList:
    """Store a month's list: its outlets are on the scheme from the first month on in which they are listed.

    The same list again changes nothing; another one of the same month takes its place. Names and insurers are those of
    the latest month, whichever list comes first. An outlet that is no longer listed stays until an officer ends it.
    """
    first = dt.date.fromisoformat(f"{month}-01")
    await tx.load(Outlet, (one.uscc for one in declared))
    for one in declared:
        known = await Outlet.of(one.uscc, tx)
        facts = _facts(one)
        if known is None:
            listed = {"since": first, "first_listed": month, "last_listed": month}
            outlet = Outlet.model_validate({"id": one.uscc, **facts, **listed})
        else:
            newer = known.last_listed is None or known.last_listed <= month
            listed = {
                "since": min(known.since, first),
                "first_listed": min(known.first_listed or month, month),
                "last_listed": max(known.last_listed or month, month),
            }
            outlet = known.model_copy(update=listed | (facts if newer else {}))
        if known is None or outlet != known:
            await _store(outlet, known, tx)
        statements.schedule(one.uscc, month, tx)
    kept = await OutletList.of(month, tx) or OutletList(id=month, outlets=[], by=by)
    kept.outlets, kept.by = sorted(one.uscc for one in declared), by
    await kept.put(tx)
    return kept


async def look_at_people(uscc: str, after: str, tx: Transaction) -> None:
    """Make the enrolments of an outlet's people fit it, some at a time."""
    query = {"partner_uscc": uscc, "_id": {"$gt": after}}
    found = await tx.find(Engagement, query, sort="_id", limit=PEOPLE_AT_ONCE)
    for engagement in found:
        await enrolment.follow(engagement, None, tx)
    await claims.look_again({(one.platform, one.worker_ref) for one in found}, tx)
    if len(found) == PEOPLE_AT_ONCE:
        tx.schedule(PEOPLE, uscc, clock.now(), AfterEngagement(found[-1].id))


async def add_person(outlet: Outlet, worker_id: str, started_on: dt.date, tx: Transaction) -> Engagement:
    """Insure a person who works for the outlet itself; raises Conflict.

    Whoever an employer insures already is not eligible, and is not moved to the single scheme (人社厅发〔2021〕101 号).
    """
    if await Person.of(worker_id, tx) is None:
        raise Conflict("unknown-worker", "未找到该劳动者", "no worker of this id is on file")
    whole = Span(started_on, None)
    if outlet.until is not None and outlet.until < started_on:
        raise Conflict(
            "outlet-ended", "该网点在该日已不参加工伤优先参保", "the outlet is not on the scheme on that day"
        )
    for kept in await tx.find(Enrolment, {"worker_id": worker_id}):
        for segment in kept.segments:
            if segment.basis == "employer" and segment.segment.span.common(whole):
                raise Conflict(
                    "insured-by-employer", "该劳动者已由用人单位参保", "an employer insures the person already"
                )
    now = clock.now()
    engagement = Engagement(
        id=new_id(),
        version=1,
        state="active",
        activated=True,
        outlet_only=True,
        platform=outlet.id,
        worker_ref=worker_id,
        worker_id=worker_id,
        relation="partial",
        industry="courier",
        partner_uscc=outlet.id,
        started_on=max(started_on, outlet.since),
        ended_on=None,
        district=outlet.district,
        happened_at=now,
    )
    for other in await Engagement.of_worker(outlet.id, worker_id, tx):
        if other.outlet_only and other.ended_on is None:
            raise Conflict("on-file-already", "该劳动者已在该网点登记", "the person is on file at this outlet already")
    await engagement.put(tx)
    await enrolment.follow(engagement, None, tx)
    await claims.look_again([(outlet.id, worker_id)], tx)
    return engagement


async def end_person(engagement: Engagement, ended_on: dt.date, tx: Transaction) -> None:
    """Take down the last day of an outlet's own person; raises Conflict."""
    if ended_on < engagement.started_on:
        raise Conflict("ends-before-it-begins", "结束日期早于开始日期", "the last day is before the first")
    engagement.ended_on, engagement.state, engagement.version = ended_on, "ended", engagement.version + 1
    await engagement.put(tx)
    await enrolment.follow(engagement, None, tx)
    await claims.look_again([(engagement.platform, engagement.worker_ref)], tx)


async def follow_merging(merged_worker_id: str, worker_id: str, tx: Transaction) -> None:
    """Give outlets' own people their new id, where two records were one person's. The registry moves its engagements."""
    for engagement_id in await EngagedPerson.note(merged_worker_id, None, tx):
        engagement = await Engagement.of(engagement_id, tx)
        if engagement is not None and engagement.outlet_only and engagement.worker_id == merged_worker_id:
            engagement.worker_id, engagement.worker_ref, engagement.version = (
                worker_id,
                worker_id,
                engagement.version + 1,
            )
            await engagement.put(tx)
            await enrolment.follow(engagement, merged_worker_id, tx)
