"""Recognise persons as hard to employ, check that each year, and end it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec
from pydantic import BaseModel

from services.subsidies.decisions.commands import facts_changed
from services.subsidies.decisions.documents import Subject
from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.persons import commands as persons
from services.subsidies.persons.documents import Registration
from services.subsidies.persons.retirement_rules import Group as RetirementGroup
from services.subsidies.persons.rules import Person
from services.subsidies.recognition import events, rules
from services.subsidies.recognition.documents import (
    Closed,
    ProposedEnd,
    Recognition,
    encrypted_category,
    encrypted_reason,
)
from services.subsidies.recognition.first_rules import Category
from services.subsidies.recognition.rules import Ending, Lost, RecognitionFacts
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.registry import EmploymentFact
from shared.errors import RuleBroken
from shared.ids import readable_number
from shared.policy.calendar import add_working_days, end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.transaction import Transaction


class CheckBy(msgspec.Struct, frozen=True):
    """What the timers of a yearly check carry: its last day."""

    check_by: dt.date


EXPIRE = TimerKind("subsidies.recognition_expiry")
CHECK_NEAR = TimerKind("subsidies.recognition_check_near", CheckBy)
CHECK_OVERDUE = TimerKind("subsidies.recognition_check_overdue", CheckBy)
ASSIST_BY = TimerKind("subsidies.recognition_assist_by")
CALENDAR = TimerKind("subsidies.recognition_calendar")
STORED = Stored(CALENDAR, Recognition, from_day("assist_by"))
"""The timers of a recognition's last day, of its yearly check, and of when help to work is to be offered; keyed by its id."""

ERASED = "erased"
"""The category of a person whose data was erased."""


class Stated(BaseModel):
    """In which category a person asks to be recognised. `retirement_group`: for a woman, as her file says."""

    category: Category
    retirement_group: RetirementGroup | None = None


async def facts(stated: Stated, applicant: Applying, tx: Transaction) -> RecognitionFacts:
    """Age, sex, registered employment and unemployment of the person."""
    person = await persons.person(applicant.id, tx)
    registrations = await persons.registrations(person, tx)
    unemployed = await persons.unemployment_on(person, applicant.filed_on, tx)
    others = [one for one in await of_person(person.ids, tx) if one.id != applicant.application_id]
    told = {
        "unemployed_on": (unemployed.event_id,) if unemployed else (),
        "spells": tuple(one.event_id for one in registrations),
        "born_on": (person.event_id,) if person.event_id is not None else (),
    }
    return RecognitionFacts(
        day=applicant.filed_on,
        place=applicant.place,
        events={field: found for field, found in told.items() if found},
        category=stated.category,
        born_on=person.born_on,
        sex=person.sex,
        retirement_group=stated.retirement_group,
        spells=tuple(spell for one in registrations for spell in one.spells),
        unemployed_on=unemployed.registered_on if unemployed else None,
        recognised=any(one.last is None or one.last >= applicant.filed_on for one in others),
    )


async def approved(facts: RecognitionFacts, applicant: Applying, department: str, tx: Transaction) -> None:
    """Recognise a person whose application was approved, from today on. Whoever approves has the person's others considered again."""
    today = _today()
    law = _law(applicant.place)
    recognition = Recognition(
        id=applicant.application_id,
        number=readable_number("德就困", applicant.application_id, today),
        worker_id=applicant.id,
        category=encrypted_category(applicant.application_id, facts.category),
        district=applicant.place,
        department=department,
        since=today,
        until=rules.until(today, law),
        check_by=rules.check_by(today, law),
    )
    recognition.assist_by = add_working_days(today, law.days("hard_to_employ.assist_workdays")).due
    tx.schedule(ASSIST_BY, recognition.id, end_of_day(recognition.assist_by))
    _watch(recognition, law, tx)
    recognition.used = list(law.used)
    tx.publish(events.recorded(recognition))
    await recognition.put(tx)
    await _fit(recognition, await persons.person(applicant.id, tx), tx)


async def recalculate(recognition_id: str, tx: Transaction) -> None:
    """Move the day by which help to work is offered, where the days off have been published that it rests on."""
    recognition = await Recognition.of(recognition_id, tx)
    if recognition is None or recognition.assist_by is None or recognition.offers:
        return
    days = parameters.on(recognition.since, place=recognition.district).days("hard_to_employ.assist_workdays")
    due = add_working_days(recognition.since, days).due
    if due != recognition.assist_by:
        recognition.assist_by = due
        tx.schedule(ASSIST_BY, recognition.id, end_of_day(due))
        await recognition.put(tx)


async def of_person(worker_ids: Iterable[str], tx: Transaction) -> list[Recognition]:
    """Every recognition of a person, by all their ids, the first first."""
    found = [one for worker_id in worker_ids for one in await tx.all_of(Recognition, {"worker_id": worker_id})]
    return sorted(found, key=lambda one: str(one.id))


async def check(recognition: Recognition, until: dt.date | None, by: str, tx: Transaction) -> Recognition:
    """Find in the yearly check that it still holds. `until`: its last day, where an officer sets one."""
    recognition.state = rules.STATES.next(recognition.state, "check")
    today = _today()
    law = _law(recognition.district)
    if until is not None:
        if until < today:
            raise RuleBroken("end-in-the-past", "截止日期不能早于今天", "the last day is over")
        recognition.until = until
    recognition.checked_on, recognition.checked_by = today, by
    recognition.proposed = recognition.reason = None
    recognition.check_by = rules.check_by(today, law)
    _watch(recognition, law, tx)
    recognition.used = list(law.used)
    await _store(recognition, tx)
    await _fit(
        recognition, await persons.person(recognition.worker_id, tx), tx
    )  # a later last day may lie behind employment
    return recognition


async def end(recognition: Recognition, ending: Ending, last: dt.date, tx: Transaction) -> Recognition:
    """End a recognition otherwise than by employment; `last`: its last day."""
    recognition.closed = Closed(ending=ending, on=last)
    return await _end(recognition, Lost(ending, last), tx)


async def _end(recognition: Recognition, lost: Lost, tx: Transaction) -> Recognition:
    recognition.state = rules.STATES.next(recognition.state, "end")
    recognition.ending, recognition.ended_on, recognition.ended_by = lost.ending, lost.last, lost.registration_id
    for kind in (EXPIRE, CHECK_NEAR, CHECK_OVERDUE, ASSIST_BY):
        tx.cancel(kind, recognition.id)
    tx.publish(events.ended(recognition))
    return await _store(recognition, tx)


async def propose_end(recognition: Recognition, ending: Ending, reason: str, by: str, tx: Transaction) -> Recognition:
    """Propose to end a recognition against the person's wish: the reason is kept for them to read."""
    rules.STATES.next(recognition.state, "end")
    recognition.proposed = ProposedEnd(ending=ending, by=by)
    recognition.reason = encrypted_reason(recognition.id, reason)
    return await recognition.put(tx)


async def confirm_end(recognition: Recognition, by: str, tx: Transaction) -> Recognition:
    """End a recognition from tomorrow on as another officer has proposed."""
    rules.check_confirmer(by, None if recognition.proposed is None else recognition.proposed.by)
    assert recognition.proposed is not None
    return await end(recognition, recognition.proposed.ending, _today(), tx)


async def load(facts: Sequence[EmploymentFact], tx: Transaction) -> None:
    """Read at once what `follow` asks for."""
    worker_ids, registration_ids = [fact.worker_id for fact in facts], [fact.registration_id for fact in facts]
    await persons.load(worker_ids, tx)
    await tx.load(Registration, registration_ids)
    await tx.load(Subject, worker_ids)
    await tx.load_all_of(Recognition, "worker_id", worker_ids)
    await tx.load_all_of(Recognition, "ended_by", registration_ids)


async def follow(event: CloudEvent[EmploymentFact], tx: Transaction) -> None:
    """Let the recognitions of a person fit how they are registered as employed by all that is known, whichever event comes first;
    also those of somebody else of whom the registration was told before."""
    await persons.record_registration(event, tx)
    person = await persons.person(event.data.worker_id, tx)
    for one in await tx.all_of(Recognition, {"ended_by": event.data.registration_id}):
        if one.worker_id not in person.ids:
            await _fit(one, await persons.person(one.worker_id, tx), tx)
    await fit(person, tx)


async def fit(person: Person, tx: Transaction) -> None:
    """Let the recognitions of a person stand or end by what is known of their employment."""
    for worker_id in person.ids:
        subject = await Subject.of(worker_id, tx)
        if subject is not None:
            await subject.put(tx)  # so that an approval at the same moment meets it
    for one in await of_person(person.ids, tx):
        await _fit(one, person, tx)


async def _fit(recognition: Recognition, person: Person, tx: Transaction) -> None:
    """What is known of a person who was erased has gone: how their recognitions ended stays."""
    if await persons.is_erased(person.ids, tx):
        return
    known = {one.id: one.spells for one in await persons.registrations(person, tx)}
    closed, ending = recognition.closing, recognition.ending
    otherwise = None if closed is None else Lost(closed.ending, closed.on)
    found = rules.lost(recognition.since, recognition.until, otherwise, known)
    now = None if ending is None else Lost(ending, recognition.ended_on or recognition.since, recognition.ended_by)
    if found == now:
        return
    recognition.closed = closed
    if recognition.state == "ended":
        recognition.state = rules.STATES.next(recognition.state, "resume")
        recognition.ending = recognition.ended_on = recognition.ended_by = None
    if found is not None:
        await _end(recognition, found, tx)
        return
    _watch(recognition, _law(recognition.district), tx)
    if recognition.assist_by is not None and not recognition.offers:
        due = end_of_day(recognition.assist_by)
        if due > clock.now():
            tx.schedule(ASSIST_BY, recognition.id, due)
    tx.publish(events.recorded(recognition))
    await _store(recognition, tx)


async def expire(recognition_id: str, tx: Transaction) -> None:
    """End a recognition whose last day has passed."""
    recognition = await Recognition.of(recognition_id, tx)
    if recognition is None or recognition.until is None or clock.now() < end_of_day(recognition.until):
        return
    if rules.STATES.allows(recognition.state, "end"):
        await end(recognition, "expired", recognition.until, tx)


async def remind(recognition_id: str, check_by: dt.date, tx: Transaction, *, overdue: bool) -> None:
    """Say that the last day of a yearly check is near, or over. Being late with it takes nothing from the person."""
    recognition = await Recognition.of(recognition_id, tx)
    if recognition is None or recognition.state != "recognised" or recognition.check_by != check_by:
        return
    tell = events.check_overdue if overdue else events.check_near
    tx.publish(tell(recognition, check_by))


async def miss_assistance(recognition_id: str, tx: Transaction) -> None:
    """Say that nobody has offered help to work in time."""
    recognition = await Recognition.of(recognition_id, tx)
    if recognition is None or recognition.assist_by is None or recognition.offers:
        return
    if recognition.state == "recognised" and clock.now() >= end_of_day(recognition.assist_by):
        tx.publish(events.assistance_overdue(recognition, recognition.assist_by))


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's recognitions to the record that has taken the other's place; the employment of both counts for each."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Recognition, {"worker_id": merged_worker_id}, moved)
    await fit(await persons.person(worker_id, tx), tx)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Forget in which category a person was recognised, and why that ended; that there was a recognition stays, as money was paid by
    it."""
    for recognition in await of_person(await persons.ids_of(worker_id, tx), tx):
        recognition.category = encrypted_category(recognition.id, ERASED)
        recognition.reason = None
        await recognition.put(tx)


async def _store(recognition: Recognition, tx: Transaction) -> Recognition:
    await facts_changed(recognition.worker_id, tx)
    return await recognition.put(tx)


def _watch(recognition: Recognition, law: Law, tx: Transaction) -> None:
    if recognition.until is not None:
        tx.schedule(EXPIRE, recognition.id, end_of_day(recognition.until))
    if recognition.check_by is not None:
        due = CheckBy(recognition.check_by)
        before = recognition.check_by - dt.timedelta(days=law.days("hard_to_employ.check_warning_days"))
        tx.schedule(CHECK_NEAR, recognition.id, start_of_day(before), due)
        tx.schedule(CHECK_OVERDUE, recognition.id, end_of_day(recognition.check_by), due)


def _law(district: str) -> Law:
    return parameters.on(_today(), place=district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
