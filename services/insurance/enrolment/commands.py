"""Insure people as their engagements call for it, take employers' declarations, let covers rest, and keep the deadline."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import msgspec

from services.insurance.engagements.documents import Engagement, Platform
from services.insurance.engagements.rules import Span
from services.insurance.enrolment import province_requests, rules, segments
from services.insurance.enrolment.documents import (
    SUSPENDED_FOR,
    Declaration,
    Enrolment,
    StoredSegment,
    Suspension,
)
from services.insurance.enrolment.province_requests import fields, owed_by_employers, watch_duty
from services.insurance.enrolment.segments import Segment
from services.insurance.outlets.documents import Outlet, OutletMark
from services.insurance.outlets.rules import OutletTerms
from services.insurance.persons.documents import EngagedPerson, Person
from shared import clock
from shared.contracts.insurance import (
    EnrolmentDeclared,
    EnrolmentDutyNear,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentExcluded,
    EnrolmentOpened,
    EnrolmentResumed,
    EnrolmentSuspended,
)
from shared.identity.masking import mask_text
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


async def load(engagements: Sequence[str], workers: Sequence[str], tx: Transaction) -> None:
    """Read at once what these engagements and persons have to do with enrolments."""
    await tx.load(Person, workers)
    await tx.load(EngagedPerson, workers)
    known = [person for one in workers if (person := await EngagedPerson.of(one, tx)) is not None]
    others = [one for person in known for one in person.engagements]
    await tx.load(Enrolment, [*engagements, *others])
    if engagements:
        await tx.load(Engagement, others)


async def follow(engagement: Engagement, earlier_worker: str | None, tx: Transaction) -> None:
    """Make the enrolments of an engagement's person fit it (社会保险法 art. 58; 办法（试行） art. 2).

    `earlier_worker` is whose engagement it was before, where that was another's: their other engagements are looked at too.
    Whoever was never let to work is not enrolled; whoever is enrolled stays so, also while training is to be renewed.
    """
    await _insure(engagement.worker_id, engagement, tx)
    if earlier_worker is not None:
        await _insure(earlier_worker, None, tx)


async def _insure(worker_id: str, engagement: Engagement | None, tx: Transaction) -> None:
    ids = await EngagedPerson.note(worker_id, engagement.id if engagement else None, tx)
    engagements = [engagement] if engagement else []
    others = [one for one in ids if engagement is None or one != engagement.id]
    await tx.load(Engagement, others)
    known = [await Engagement.of(one, tx) for one in others]
    engagements += [other for other in known if other is not None and other.worker_id == worker_id]
    engaged = {one.id: await _engaged(one, tx) for one in engagements}
    wanted = segments.segments(engaged.values())
    for one in sorted(engagements, key=lambda one: (one.started_on, one.id)):
        await apply_segments(one, await Enrolment.of(one.id, tx), wanted.get(one.id, ()), tx)
        today = calendar.shanghai_date(clock.now())
        await _tell_exclusion(one, segments.excluded(engaged[one.id], engaged.values(), today), tx)


async def _tell_exclusion(engagement: Engagement, since: dt.date | None, tx: Transaction) -> None:
    """Say once that no scheme takes in the work through an engagement, and take it back where that is not so any more."""
    before = engagement.excluded_since
    if before == since or engagement.industry is None:
        return
    engagement.excluded_since = since
    await engagement.put(tx)
    if before is None or since is None:
        told = msgspec.convert(
            {
                "engagement_id": engagement.id,
                "worker_id": engagement.worker_id,
                "platform": engagement.platform,
                "industry": engagement.industry,
                "since": since or before,
                "withdrawn": since is None,
            },
            EnrolmentExcluded,
        )
        tx.publish(told)


async def _engaged(engagement: Engagement, tx: Transaction) -> segments.Engaged:
    return segments.Engaged(
        id=engagement.id,
        worker_id=engagement.worker_id,
        platform=engagement.platform,
        started_on=engagement.started_on,
        ended_on=engagement.ended_on,
        footings=engagement.dated,
        activated=engagement.activated,
        outlet=await _outlet_of(engagement, tx),
        outlet_only=engagement.outlet_only,
        worker_ref=engagement.worker_ref,
        industry=engagement.industry,
        partner=engagement.partner_uscc,
    )


async def _outlet_of(engagement: Engagement, tx: Transaction) -> OutletTerms | None:
    """The terms of the outlet through which a courier works; None where the partner is none, or there is no partner."""
    if engagement.industry != "courier" or engagement.partner_uscc is None:
        return None
    await OutletMark.touch(engagement.partner_uscc, tx)
    outlet = await Outlet.of(engagement.partner_uscc, tx)
    return OutletTerms(outlet.insurer, Span(outlet.since, outlet.until)) if outlet else None


async def apply_segments(
    engagement: Engagement, enrolment: Enrolment | None, wanted: Sequence[Segment], tx: Transaction
) -> None:
    """Store an engagement's enrolment with these segments, where it has others or its district is another one."""
    known = [stored.segment for stored in enrolment.segments] if enrolment else []
    state = enrolment.state if enrolment else "none"
    rests, declared = (enrolment.rests, enrolment.declared) if enrolment else ([], [])
    decision = rules.decide(state, known, rests, wanted, declared)
    if decision is None and (enrolment is None or enrolment.district == engagement.district):
        return
    stored = [await _stored(segment, wanted, enrolment, engagement, tx) for segment in wanted]
    enrolment = enrolment or _begun(engagement, stored)
    enrolment.segments, enrolment.district = stored, engagement.district
    enrolment.seen_by = sorted({enrolment.platform, *(one.unit for one in stored)})
    if decision is not None:
        enrolment.state = decision.state
        _summarise(enrolment, decision)
        _publish(enrolment, decision, tx)
    await province_requests.ask(enrolment, tx)
    watch_duty(enrolment, tx)
    await enrolment.put(tx)


async def _stored(
    segment: Segment, wanted: Sequence[Segment], enrolment: Enrolment | None, engagement: Engagement, tx: Transaction
) -> StoredSegment:
    """A segment as it is stored, with what is known of it already."""
    law = parameters.on(segment.starts_on)
    before = next((one for one in enrolment.segments if one.segment.is_same_as(segment)), None) if enrolment else None
    words = enrolment.declarations if enrolment else []
    said = [calendar.shanghai_date(one.at) for one in words if rules.meant_by(one.word, wanted) == segment]
    listed = None if before is None else before.listed
    if segment.basis == "platform" and listed is None:
        platform = await tx.get(Platform, engagement.platform)
        listed = segments.is_listed(None if platform is None else platform.name, law)
    return StoredSegment(
        **dataclasses.asdict(segment),
        due_on=rules.register_by(segment, law),
        declared_on=min(said, default=None),
        overdue=before is not None and before.overdue,
        listed=listed,
    )


def _begun(engagement: Engagement, stored: Sequence[StoredSegment]) -> Enrolment:
    return Enrolment(
        id=engagement.id,
        platform=engagement.platform,
        worker_ref=engagement.worker_ref,
        district=engagement.district,
        state="open",
        segments=[],
        requests=[],
        **stored[-1].model_dump(include={"worker_id", "scheme", "basis", "starts_on", "ends_on", "due_on"}),
    )


def _summarise(enrolment: Enrolment, decision: rules.Decision) -> None:
    """Give the enrolment the days of its last segment, or those of what never was."""
    never = StoredSegment(**dataclasses.asdict(decision.changes[0][1]), due_on=None)
    last = enrolment.segments[-1] if enrolment.segments else never
    for name in ("worker_id", "scheme", "basis", "starts_on", "ends_on", "due_on"):
        setattr(enrolment, name, getattr(last, name))
    if decision.begins:
        enrolment.confirmed_on = None


def _publish(enrolment: Enrolment, decision: rules.Decision, tx: Transaction) -> None:
    for what, segment in decision.changes:
        stored = next((one for one in enrolment.segments if one.segment == segment), None)
        event = EnrolmentOpened if what == "opened" else EnrolmentEnded
        due_on = rules.register_by(segment, parameters.on(segment.starts_on))
        tx.publish(event(**fields(enrolment, stored or StoredSegment(**dataclasses.asdict(segment), due_on=due_on))))


async def declare(enrolment: Enrolment, unit: str, starts_on: dt.date, by: str, tx: Transaction) -> None:
    """Take an employer's declaration that it employs the person since a legal day, and forward it to the province.

    Nobody else's word does it (社会保险法 art. 58). Raises Forbidden where the caller is no employer here, and Conflict.
    """
    now, days = clock.now(), [one.segment for one in enrolment.segments]
    meant = rules.declare(days, enrolment.declared, rules.Declared(unit, starts_on))
    enrolment.declarations.append(Declaration(unit=unit, starts_on=starts_on, at=now, by=by))
    stored = next(one for one in enrolment.segments if one.segment == meant)
    stored.declared_on = calendar.shanghai_date(now)
    event = rules.event_of(enrolment.state, days, enrolment.rests, enrolment.declared)
    assert event is not None, "there is the segment that was declared"
    enrolment.state = rules.STATES.next(enrolment.state, event)
    await province_requests.ask(enrolment, tx)
    tx.publish(EnrolmentDeclared(**fields(enrolment, stored)))
    watch_duty(enrolment, tx)
    await enrolment.put(tx)


async def recalculate(enrolment_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the employer's last day, where the days off have been published that it rests on."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    resting = [one for one in enrolment.segments if one.due_on == kept.due and not one.overdue] if enrolment else []
    if enrolment is None or not resting:
        return
    for one in resting:
        one.due_on = rules.register_by(one.segment, parameters.on(one.starts_on))
    enrolment.due_on = enrolment.segments[-1].due_on
    watch_duty(enrolment, tx)
    await enrolment.put(tx)


async def suspend(enrolment: Enrolment, since: dt.date, reason: str, by: str, tx: Transaction) -> None:
    """Let a cover rest from a legal day on, and tell the province its end; raises Conflict."""
    now = clock.now()
    last = enrolment.segments[-1] if enrolment.segments else None
    enrolment.state = rules.suspend(
        enrolment.state, last.segment if last else None, enrolment.rests, since, calendar.shanghai_date(now)
    )
    assert last is not None
    encrypted = encrypt_field(SUSPENDED_FOR, enrolment.id, mask_text(reason))
    enrolment.suspensions.append(Suspension(since=since, reason=encrypted, by=by, at=now))
    await province_requests.ask(enrolment, tx)
    # the reason may name somebody: who may read it finds it at the enrolment
    tx.publish(EnrolmentSuspended(**fields(enrolment, last), since=since, reason=""))
    await enrolment.put(tx)


async def resume(enrolment: Enrolment, since: dt.date, by: str, tx: Transaction) -> None:
    """Let a cover hold again from a legal day on, and have the province enrol anew; raises Conflict."""
    today = calendar.shanghai_date(clock.now())
    enrolment.state = rules.resume(enrolment.state, enrolment.rests, since, today)
    suspension = enrolment.suspensions[-1]
    suspension.resumed_on, suspension.resumed_by = since, by
    await province_requests.ask(enrolment, tx)
    tx.publish(EnrolmentResumed(**fields(enrolment, enrolment.segments[-1]), since=since))
    await enrolment.put(tx)


async def miss_duty(enrolment_id: str, tx: Transaction) -> None:
    """Say that an employer has missed its deadline: it has not declared, or was refused (社会保险法 art. 58)."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is None:
        return
    for segment in _at_stake(enrolment):
        segment.overdue = True
        tx.publish(EnrolmentDutyOverdue(**fields(enrolment, segment)))
    watch_duty(enrolment, tx)
    await enrolment.put(tx)


async def remind(enrolment_id: str, tx: Transaction) -> None:
    """Say that an employer's deadline is near, where it has not declared, or was refused."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is None:
        return
    for segment in _at_stake(enrolment):
        tx.publish(EnrolmentDutyNear(**fields(enrolment, segment)))


def _at_stake(enrolment: Enrolment) -> list[StoredSegment]:
    """The segments whose employer's deadline is the next one, that of the timer."""
    owed = [one for one in owed_by_employers(enrolment) if one.due_on is not None and not one.overdue]
    next_day = min((one.due_on for one in owed if one.due_on), default=None)
    return [one for one in owed if one.due_on == next_day]
