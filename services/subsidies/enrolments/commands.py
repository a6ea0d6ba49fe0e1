"""Enrol, move up, withdraw, cancel, and keep one enrolment of one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.subsidies.enrolments import events, rules
from services.subsidies.enrolments.documents import EnrolledPerson, Enrolment, Places, Step
from services.subsidies.enrolments.rules import Agent, Move
from services.subsidies.members import commands as members
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.commands import provider_on_file
from services.subsidies.providers.rules import require_valid
from services.subsidies.trainees import commands as trainees
from services.subsidies.trainees.documents import Person, Trainee
from shared import clock
from shared.errors import Conflict
from shared.ids import new_id, readable_number
from shared.policy.calendar import shanghai_date, start_of_day
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

BEGIN = TimerKind("subsidies.programme_begins")
CANCEL = TimerKind("subsidies.programme_cancelled")
"""Timers by the id of a programme: its first day, after which nobody moves up, and the end of its enrolments, some at a time."""
AT_ONCE = 200
MACHINE = "system"
"""By whom a step was taken that no person took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who enrols: `agent_id` is a platform's credit code or the subject that acts for a union."""

    agent: Agent
    agent_id: str | None
    subject: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A person on a list: by a platform's own reference, or by their id."""

    worker_ref: str | None
    worker_id: str | None


Answer = Literal["enrolled", "waiting", "enrolled_already", "unknown"]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a person on a list."""

    listed: Listed
    answer: Answer
    enrolment_id: str | None


async def enrol(programme: Programme, worker_id: str, by: By, tx: Transaction) -> Enrolment:
    """Enrol a person, or put them on the waiting list where the places are taken; raises Conflict for who is in it already."""
    places = await _open_places(programme, tx)
    try:
        return await _enrol(programme, places, await trainees.current(worker_id, tx), by, tx)
    except AlreadyTaken:
        raise Conflict("enrolled-already", "已报名该培训班", "the person is in this programme already") from None


async def enrol_list(programme: Programme, listed: Sequence[Listed], by: By, tx: Transaction) -> list[Row]:
    """Enrol those on a list in its order; what stands against one stops no other."""
    places = await _open_places(programme, tx)
    await _load(programme, listed, by, tx)
    rows: list[Row] = []
    for one in listed:
        worker_id = await _whom(one, by, tx)
        if worker_id is None:
            rows.append(Row(one, "unknown", None))
            continue
        try:
            enrolment = await _enrol(programme, places, worker_id, by, tx)
            rows.append(Row(one, "waiting" if enrolment.state == "waiting" else "enrolled", enrolment.id))
        except AlreadyTaken:
            rows.append(Row(one, "enrolled_already", None))
    return rows


async def withdraw(enrolment: Enrolment, by: str, tx: Transaction) -> Enrolment:
    """Take an enrolment back; the place goes to who waits longest, until the course begins."""
    had_place = rules.counts(enrolment.state)
    move(enrolment, "withdraw", by)
    await _let_go(enrolment, tx)
    await enrolment.put(tx)
    tx.publish(events.ended(enrolment, "withdrawn"))
    await _give_back(enrolment, had_place, tx)
    return enrolment


async def lapse(programme_id: str, tx: Transaction) -> None:
    """End the waiting of some of those for whom no place became free before the course began."""
    places = await Places.of(programme_id, tx)
    waiting = await _some(programme_id, ["waiting"], tx)
    for enrolment in waiting:
        move(enrolment, "lapse", MACHINE)
        await _let_go(enrolment, tx)
        tx.publish(events.ended(await enrolment.put(tx), "lapsed"))
    if places is not None and waiting:
        places.waiting -= len(waiting)
        await places.put(tx)
        tx.schedule(BEGIN, programme_id, clock.now())


async def begin_cancelling(programme_id: str, tx: Transaction) -> None:
    """Let nobody into a cancelled programme any more, and end the enrolments that there are."""
    places = await Places.of(programme_id, tx)
    if places is not None:
        places.closed = True
        await places.put(tx)
        tx.schedule(CANCEL, programme_id, clock.now())


async def cancel_some(programme_id: str, tx: Transaction) -> None:
    """End some of the enrolments of a cancelled programme."""
    standing = await _some(programme_id, ["waiting", "enrolled"], tx)
    for enrolment in standing:
        move(enrolment, "cancel", MACHINE)
        await _let_go(enrolment, tx)
        tx.publish(events.ended(await enrolment.put(tx), "cancelled"))
    if standing:
        tx.schedule(CANCEL, programme_id, clock.now())


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> list[tuple[Enrolment, Enrolment]]:
    """Give a person's enrolments to the record that has taken the other's place; of two in one programme the one that went
    further stands. Those pairs: the one that stands, and the one that joined it."""
    pairs: list[tuple[Enrolment, Enrolment]] = []
    for enrolment in await tx.find(Enrolment, {"worker_id": merged_worker_id}, sort="_id"):
        enrolment.worker_id = worker_id
        if enrolment.state in rules.FURTHEST:
            programme_id = enrolment.programme_id
            await EnrolledPerson.give_up(EnrolledPerson.key(programme_id, merged_worker_id), enrolment.id, tx)
            key = EnrolledPerson.key(programme_id, worker_id)
            try:
                await EnrolledPerson.take(key, enrolment.id, tx)
            except AlreadyTaken as taken:
                other = await Enrolment.of(taken.holder, tx)
                assert other is not None
                pairs.append(await _join(enrolment, other, key, tx))
        await enrolment.put(tx)
    return pairs


async def complete(enrolment: Enrolment, by: str, on: dt.date, tx: Transaction) -> Enrolment:
    """Record that a person has completed a course."""
    move(enrolment, "complete", by)
    enrolment.completed_on = on
    tx.publish(events.completed(enrolment))
    return await enrolment.put(tx)


def move(enrolment: Enrolment, how: Move, by: str) -> None:
    enrolment.state = rules.STATES.next(enrolment.state, how)
    enrolment.steps = [*enrolment.steps, Step(at=clock.now(), move=how, by=by)]


async def _open_places(programme: Programme, tx: Transaction) -> Places:
    today = shanghai_date(clock.now())
    rules.check_open(programme.state == "published", programme.enrol_until, today)
    require_valid((await provider_on_file(programme.filing, tx)).standing, today)
    places = await Places.of_programme(programme.id, programme.capacity, tx)
    rules.check_open(not places.closed, programme.enrol_until, today)
    if places.revision == 0:
        tx.schedule(BEGIN, programme.id, start_of_day(programme.starts_on))
    return places


async def _enrol(programme: Programme, places: Places, worker_id: str, by: By, tx: Transaction) -> Enrolment:
    enrolment_id = new_id()
    await EnrolledPerson.take(EnrolledPerson.key(programme.id, worker_id), enrolment_id, tx)
    enrolment = Enrolment(
        id=enrolment_id,
        number=readable_number("德培报", enrolment_id, shanghai_date(clock.now())),
        programme_id=programme.id,
        title=programme.title,
        starts_on=programme.starts_on,
        worker_id=worker_id,
        agent=by.agent,
        agent_id=by.agent_id,
        provider=programme.provider,
        bodies=[body for body in (programme.provider, programme.evaluator) if body is not None],
        department=programme.department,
        district=programme.district,
    )
    if places.is_full or places.waiting:
        places.waiting += 1
        move(enrolment, "queue", by.subject)
    else:
        places.taken += 1
        move(enrolment, "enrol", by.subject)
    await places.put(tx)
    tx.publish(events.made(enrolment))
    return await enrolment.put(tx)


async def _load(programme: Programme, listed: Sequence[Listed], by: By, tx: Transaction) -> None:
    """Read at once what the rows of a list ask for one by one."""
    keys = [Trainee.key(str(by.agent_id), one.worker_ref) for one in listed if one.worker_ref is not None]
    await tx.load(Trainee, keys)
    named = [trainee.worker_id for key in keys if (trainee := await Trainee.of(key, tx)) is not None]
    persons = [one for one in (*named, *(one.worker_id for one in listed)) if one is not None]
    await tx.load(Person, persons)
    await tx.load(EnrolledPerson, [EnrolledPerson.key(programme.id, one) for one in persons])


async def _whom(one: Listed, by: By, tx: Transaction) -> str | None:
    """The person that a list means: a platform's own worker, or a union's member."""
    if one.worker_ref is not None and by.agent == "platform":
        trainee = await Trainee.of(Trainee.key(str(by.agent_id), one.worker_ref), tx)
        return None if trainee is None or trainee.worker_id is None else await trainees.current(trainee.worker_id, tx)
    if one.worker_id is None or by.agent == "platform":
        return None
    worker_id = await trainees.current(one.worker_id, tx)
    return worker_id if await members.acts_for(by.subject, worker_id, tx) else None


async def _give_back(enrolment: Enrolment, had_place: bool, tx: Transaction) -> None:
    """Count a place, or a turn in the waiting list, as free, and let the next move up."""
    places = await Places.of(enrolment.programme_id, tx)
    assert places is not None
    if not had_place:
        places.waiting -= 1
    else:
        places.taken -= 1
        await _move_up(places, enrolment.starts_on, tx)
    await places.put(tx)


async def _move_up(places: Places, starts_on: dt.date, tx: Transaction) -> None:
    if places.closed or not places.waiting or not rules.moves_up(starts_on, shanghai_date(clock.now())):
        return
    found = await tx.find(Enrolment, {"programme_id": places.id, "state": "waiting"}, sort="_id", limit=1)
    for enrolment in found:
        move(enrolment, "move_up", MACHINE)
        places.taken, places.waiting = places.taken + 1, places.waiting - 1
        tx.publish(events.moved_up(await enrolment.put(tx)))


async def _join(mine: Enrolment, other: Enrolment, key: str, tx: Transaction) -> tuple[Enrolment, Enrolment]:
    kept, joined = (mine, other) if not rules.further(other.state, mine.state) else (other, mine)
    had_place = rules.counts(joined.state)
    move(joined, "join", MACHINE)
    joined.kept = kept.id
    if kept is mine:
        person = await EnrolledPerson.of(key, tx)
        assert person is not None
        person.holder = mine.id
        await person.put(tx)
    await joined.put(tx)
    tx.publish(events.ended(joined, "joined"))
    await _give_back(joined, had_place, tx)
    return kept, joined


async def _some(programme_id: str, states: Sequence[str], tx: Transaction) -> list[Enrolment]:
    query = {"programme_id": programme_id, "state": {"$in": list(states)}}
    found = await tx.find(Enrolment, query, sort="_id", limit=AT_ONCE)
    await tx.load(EnrolledPerson, [EnrolledPerson.key(programme_id, one.worker_id) for one in found])
    return found


async def _let_go(enrolment: Enrolment, tx: Transaction) -> None:
    await EnrolledPerson.give_up(EnrolledPerson.key(enrolment.programme_id, enrolment.worker_id), enrolment.id, tx)
