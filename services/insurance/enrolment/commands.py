"""Insure people as their engagements call for it, let covers rest, and keep the employer's deadline."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from services.insurance.engagements.documents import Engagement
from services.insurance.engagements.rules import Span
from services.insurance.enrolment import province_requests, rules, segments
from services.insurance.enrolment.documents import SUSPENDED_FOR, Enrolment, StoredSegment, Suspension
from services.insurance.enrolment.province_requests import DUTY, DUTY_NEAR, clear_duty, fields
from services.insurance.enrolment.segments import Segment
from services.insurance.outlets.documents import Outlet, OutletMark
from services.insurance.outlets.rules import OutletTerms
from services.insurance.persons.documents import EngagedPerson, Person
from shared import clock
from shared.contracts.insurance import (
    EnrolmentDutyNear,
    EnrolmentDutyOverdue,
    EnrolmentEnded,
    EnrolmentOpened,
    EnrolmentResumed,
    EnrolmentSuspended,
)
from shared.identity.masking import mask_text
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.encryption import encrypt_field
from shared.storage.provisional import Provisional, provisional_kind
from shared.storage.transaction import Transaction

CALENDAR = provisional_kind("insurance.enrolment_calendar")

ANSWER_TIME = dt.timedelta(hours=1)
"""How long the province has to answer before a duty told after its deadline counts as missed: our own, not the law's."""


async def load(engagements: Sequence[str], workers: Sequence[str], tx: Transaction) -> None:
    """Read at once what these engagements and persons have to do with enrolments."""
    await tx.load(Person, workers)
    await tx.load(EngagedPerson, workers)
    await tx.load(Enrolment, engagements)


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
    wanted = segments.segments([await _engaged(one, tx) for one in engagements])
    for one in sorted(engagements, key=lambda one: (one.started_on, one.id)):
        await apply_segments(one, await Enrolment.of(one.id, tx), wanted.get(one.id, ()), tx)


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
    decision = rules.decide(state, known, enrolment.rests if enrolment else [], wanted)
    if decision is None and (enrolment is None or enrolment.district == engagement.district):
        return
    had_duty = enrolment is not None and enrolment.due_on is not None
    stored = [_stored(segment) for segment in wanted]
    enrolment = enrolment or _begun(engagement, stored)
    enrolment.segments, enrolment.district = stored, engagement.district
    if decision is not None:
        enrolment.state = decision.state
        _summarise(enrolment, decision)
        _publish(enrolment, decision, tx)
    await province_requests.ask(enrolment, tx)
    _set_duty(enrolment, had_duty, begins=decision is not None and decision.begins, tx=tx)
    await enrolment.put(tx)


def _stored(segment: Segment) -> StoredSegment:
    due_on = rules.register_by(segment, parameters.on(segment.starts_on))
    return StoredSegment(**dataclasses.asdict(segment), due_on=due_on)


def _begun(engagement: Engagement, stored: Sequence[StoredSegment]) -> Enrolment:
    return Enrolment(
        id=engagement.id,
        platform=engagement.platform,
        worker_ref=engagement.worker_ref,
        district=engagement.district,
        state="open",
        segments=[],
        requests=[],
        **stored[-1].model_dump(exclude={"unit"}),
    )


def _summarise(enrolment: Enrolment, decision: rules.Decision) -> None:
    """Give the enrolment the days of its last segment, or those of what never was."""
    never = decision.changes[0][1]
    last = enrolment.segments[-1] if enrolment.segments else StoredSegment(**dataclasses.asdict(never), due_on=None)
    for name in ("worker_id", "scheme", "basis", "starts_on", "ends_on", "due_on"):
        setattr(enrolment, name, getattr(last, name))
    if decision.begins:
        enrolment.overdue, enrolment.confirmed_on = False, None


def _publish(enrolment: Enrolment, decision: rules.Decision, tx: Transaction) -> None:
    for what, segment in decision.changes:
        stored = next((one for one in enrolment.segments if one.segment == segment), None) or _stored(segment)
        event = EnrolmentOpened if what == "opened" else EnrolmentEnded
        tx.publish(event(**fields(enrolment, stored)))


def _set_duty(enrolment: Enrolment, had_duty: bool, *, begins: bool, tx: Transaction) -> None:
    due_on = enrolment.due_on
    if due_on is None or enrolment.state not in rules.STANDING:
        if had_duty:
            clear_duty(enrolment, tx)
    elif begins:
        provisional.watch(CALENDAR, enrolment.id, due_on, tx)
        now = clock.now()
        tx.schedule(DUTY, enrolment.id, max(calendar.end_of_day(due_on), now + ANSWER_TIME))
        days = parameters.on(enrolment.starts_on).days("enrolment.remind_days")
        remind_at = calendar.start_of_day(due_on - dt.timedelta(days=days))
        if remind_at > now:
            tx.schedule(DUTY_NEAR, enrolment.id, remind_at)


async def reckon_again(enrolment_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the employer's last day, where the days off have been published that it rests on."""
    enrolment = await _with_duty(enrolment_id, tx)
    if enrolment is None or enrolment.due_on != kept.due or not enrolment.segments:
        return
    last = _stored(enrolment.segments[-1].segment)
    if last.due_on != kept.due:
        enrolment.segments[-1].due_on = enrolment.due_on = last.due_on
        _set_duty(enrolment, True, begins=True, tx=tx)
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
    """Say that the employer has missed its deadline, where the province has not confirmed (社会保险法 art. 58)."""
    enrolment = await _with_duty(enrolment_id, tx)
    if enrolment is None:
        return
    enrolment.overdue = True
    tx.publish(EnrolmentDutyOverdue(**fields(enrolment, enrolment.segments[-1])))
    await enrolment.put(tx)


async def remind(enrolment_id: str, tx: Transaction) -> None:
    """Say that the employer's deadline is near, where the province has not confirmed."""
    enrolment = await _with_duty(enrolment_id, tx)
    if enrolment is not None:
        tx.publish(EnrolmentDutyNear(**fields(enrolment, enrolment.segments[-1])))


async def _with_duty(enrolment_id: str, tx: Transaction) -> Enrolment | None:
    """The enrolment where its employer has still to register the person."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is None or enrolment.state not in rules.STANDING or enrolment.due_on is None:
        return None
    return None if enrolment.confirmed_on is not None else enrolment
