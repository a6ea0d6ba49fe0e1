"""Record who was at which session; raise a sign where one person was in two places, and judge it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.subsidies.attendance import events, rules
from services.subsidies.attendance.documents import AttendedSession, Report, Sign, encrypted_note
from services.subsidies.attendance.rules import Answer, Source
from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.programmes.documents import Programme
from shared import clock
from shared.errors import RuleBroken
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Attended:
    """A person at a session, as it is reported."""

    enrolment_id: str
    session: str


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a reported row."""

    attended: Attended
    answer: Answer


async def report(programme: Programme, source: Source, rows: Sequence[Attended], tx: Transaction) -> list[Row]:
    """Record what is reported of a programme's sessions, in any order and as often as it comes; each row is answered."""
    await tx.load(Enrolment, [row.enrolment_id for row in rows])
    await tx.load(AttendedSession, [AttendedSession.key(row.enrolment_id, row.session) for row in rows])
    new: list[AttendedSession] = []
    answers = [Row(row, await _record(programme, source, row, new, tx)) for row in rows]
    await _look_for_signs(new, tx)
    return answers


async def judge(sign: Sign, strike: Sequence[str], note: str, officer: str, tx: Transaction) -> Sign:
    """Decide on a sign: the sessions of these of its enrolments do not count; of none, where nothing is wrong."""
    if not set(strike) <= set(sign.enrolments):
        raise RuleBroken("not-of-this-sign", "所选报名不属于该疑点", "an enrolment is none of this sign's")
    sign.state = rules.STATES.next(sign.state, "confirm" if strike else "dismiss")
    sign.note, sign.decided_by = encrypted_note(sign.id, note), officer
    for key in sign.sessions:
        session = await AttendedSession.of(key, tx)
        if session is not None and session.enrolment_id in strike and not session.struck:
            session.struck = True
            await session.put(tx)
            await _count(session.enrolment_id, -session.hours, tx)
    tx.publish(events.judged(sign, tuple(strike)))
    return await sign.put(tx)


async def is_suspected(enrolment: Enrolment, tx: Transaction) -> bool:
    """Whether a sign on an enrolment waits for an officer; looked for once more, since two reports may have come at once."""
    await _look_for_signs(await tx.find(AttendedSession, {"enrolment_id": enrolment.id}), tx)
    return bool(await tx.find(Sign, {"enrolments": enrolment.id, "state": "open"}, limit=1))


async def merge(
    worker_id: str, merged_worker_id: str, pairs: Iterable[tuple[Enrolment, Enrolment]], tx: Transaction
) -> None:
    """Give a person's sessions to the record that has taken the other's place, and those of an enrolment that joined another to
    that one, each once."""
    moved = await tx.find(AttendedSession, {"worker_id": merged_worker_id})
    for session in moved:
        session.worker_id = worker_id
        await session.put(tx)
    for sign in await tx.find(Sign, {"worker_id": merged_worker_id}):
        sign.worker_id = worker_id
        await sign.put(tx)
    for kept, joined in pairs:
        for session in await tx.find(AttendedSession, {"enrolment_id": joined.id}):
            await _take_over(kept, session, tx)
    await _look_for_signs(moved, tx)


async def _record(
    programme: Programme, source: Source, row: Attended, new: list[AttendedSession], tx: Transaction
) -> Answer:
    enrolment = await Enrolment.of(row.enrolment_id, tx)
    if enrolment is not None and enrolment.kept is not None:
        enrolment = await Enrolment.of(enrolment.kept, tx)
    if enrolment is None or enrolment.programme_id != programme.id:
        return "not_enrolled"
    session = next((one for one in programme.sessions if one.code == row.session), None)
    if session is None:
        return "unknown_session"
    if session.starts_at > clock.now():
        return "not_held_yet"
    key, said = AttendedSession.key(enrolment.id, session.code), Report(source=source, at=clock.now())
    known = await AttendedSession.of(key, tx)
    if known is not None:
        if source not in {one.source for one in known.reports}:
            known.reports = [*known.reports, said]
            await known.put(tx)
        return "reported_already"
    if enrolment.state != "enrolled":
        return "completed_already" if enrolment.state == "completed" else "not_enrolled"
    attended = AttendedSession(
        id=key,
        enrolment_id=enrolment.id,
        programme_id=programme.id,
        worker_id=enrolment.worker_id,
        session=session.code,
        hours=session.hours,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        reports=[said],
    )
    new.append(await attended.put(tx))
    enrolment.hours += session.hours
    await enrolment.put(tx)
    return "counted"


async def _take_over(kept: Enrolment, session: AttendedSession, tx: Transaction) -> None:
    key = AttendedSession.key(kept.id, session.session)
    if kept.state != "enrolled" or session.struck or await AttendedSession.of(key, tx) is not None:
        return
    copied = session.model_dump(exclude={"id", "revision", "enrolment_id"})
    await AttendedSession(id=key, enrolment_id=kept.id, **copied).put(tx)
    kept.hours += session.hours
    await kept.put(tx)


async def _look_for_signs(new: Sequence[AttendedSession], tx: Transaction) -> None:
    """Raise a sign for each of these sessions during which its person was at one of another programme."""
    if not new:
        return
    begin, end = min(one.starts_at for one in new), max(one.ends_at for one in new)
    workers = sorted({one.worker_id for one in new})
    beside = {"worker_id": {"$in": workers}, "starts_at": {"$lt": end}, "ends_at": {"$gt": begin}, "struck": False}
    known = {one.id: one for one in await tx.find(AttendedSession, beside)}
    valid = [one.presence for one in new if not one.struck]
    for one, other in rules.overlapping(valid, [one.presence for one in known.values()]):
        await _raise_sign(known[one.key], known[other.key], tx)


async def _raise_sign(one: AttendedSession, other: AttendedSession, tx: Transaction) -> None:
    key = rules.sign_key(one.id, other.id)
    if await Sign.of(key, tx) is not None:
        return
    enrolments = [await Enrolment.of(session.enrolment_id, tx) for session in (one, other)]
    mine, theirs = enrolments
    if mine is None or theirs is None:
        return
    sign = Sign(
        id=key,
        worker_id=one.worker_id,
        enrolments=sorted((mine.id, theirs.id)),
        sessions=sorted((one.id, other.id)),
        department=mine.department,
        district=mine.district if mine.district == theirs.district else None,
    )
    sign.state = rules.STATES.next(sign.state, "raise")
    tx.publish(events.suspected(sign))
    await sign.put(tx)


async def _count(enrolment_id: str, hours: int, tx: Transaction) -> None:
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is not None:
        enrolment.hours += hours
        await enrolment.put(tx)
