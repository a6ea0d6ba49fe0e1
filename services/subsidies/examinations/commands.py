"""Record completions and results of examinations, and issue the certificates that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.subsidies.attendance import commands as attendance
from services.subsidies.certificates import commands as certificates
from services.subsidies.certificates.commands import Award
from services.subsidies.certificates.rules import Grade
from services.subsidies.enrolments import commands as enrolments
from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.examinations import events, rules
from services.subsidies.examinations.documents import Result
from services.subsidies.examinations.rules import Completion, Recording
from services.subsidies.programmes.documents import Programme
from services.subsidies.providers.commands import provider_on_file
from services.subsidies.providers.rules import require_evaluator
from shared import clock
from shared.errors import Conflict
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, Used, parameters
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Examined:
    """A result as the evaluation body tells it. `attempt`: 1 for the first, 2 for the resit and so on."""

    enrolment_id: str
    attempt: int
    taken_on: dt.date
    passed: bool
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class CompletionRow:
    enrolment_id: str
    answer: Completion


@dataclass(frozen=True, slots=True)
class Completions:
    """The rows, and the parameters that they rest on."""

    rows: list[CompletionRow]
    used: Sequence[Used]


@dataclass(frozen=True, slots=True)
class ResultRow:
    examined: Examined
    answer: Recording


async def complete(programme: Programme, enrolment_ids: Sequence[str], by: str, tx: Transaction) -> Completions:
    """Record who has completed a course, once it is over; without an examination the certificate follows at once.

    Where no share of the hours is known, the word of the body or of the officer decides, and the enrolment shows that. Who was at
    two places at the same time waits for an officer.
    """
    await tx.load(Enrolment, enrolment_ids)
    law = parameters.on(programme.ends_on, place=programme.district)
    rows = [CompletionRow(one, await _complete(programme, one, by, law, tx)) for one in enrolment_ids]
    return Completions(rows, law.used)


async def record(programme: Programme, results: Sequence[Examined], tx: Transaction) -> list[ResultRow]:
    """Record results of the evaluation body that a programme names, each once; the certificate follows from a passed one.

    Raises Conflict or RuleBroken where the body was not on file for that on the day of an examination.
    """
    if programme.evaluator_filing is None:
        raise Conflict("not-examined", "该培训班不设考核", "nobody examines in this programme")
    body = await provider_on_file(programme.evaluator_filing, tx)
    for day in {one.taken_on for one in results}:
        require_evaluator(body.standing, day, programme.occupation, programme.level)
    await tx.load(Enrolment, [one.enrolment_id for one in results])
    return [ResultRow(one, await _record(programme, one, tx)) for one in results]


async def _complete(programme: Programme, enrolment_id: str, by: str, law: Law, tx: Transaction) -> Completion:
    enrolment = await _enrolment(programme, enrolment_id, tx)
    if enrolment is None or enrolment.state not in ("enrolled", "completed"):
        return "not_enrolled"
    if enrolment.state == "completed":
        return "completed_already"
    if any(session.ends_at > clock.now() for session in programme.sessions):
        return "not_over"
    if await attendance.is_suspected(enrolment, tx):
        return "suspected"
    enough = rules.enough_hours(enrolment.hours, programme.hours, law)
    if enough is False:
        return "too_few_hours"
    enrolment.by_word, enrolment.used = enough is None, list(law.used)
    await enrolments.complete(enrolment, by, programme.ends_on, tx)
    if programme.evaluator is None:
        await certificates.award(_award(programme, enrolment, programme.ends_on, None), tx)
    return "completed"


async def _record(programme: Programme, examined: Examined, tx: Transaction) -> Recording:
    enrolment = await _enrolment(programme, examined.enrolment_id, tx)
    if enrolment is None or enrolment.state != "completed":
        return "not_completed"
    known = await Result.of(Result.key(enrolment.id, examined.attempt), tx)
    if known is not None:
        told = (known.taken_on, known.passed, known.grade)
        return "recorded_already" if told == (examined.taken_on, examined.passed, examined.grade) else "differs"
    if not programme.starts_on <= examined.taken_on <= shanghai_date(clock.now()):
        return "day_wrong"
    earlier = await tx.find(Result, {"enrolment_id": enrolment.id}, sort="attempt")
    answer = rules.may_record(
        examined.attempt, examined.taken_on, [(one.attempt, one.taken_on, one.passed) for one in earlier]
    )
    if answer == "recorded":
        await _store(programme, enrolment, examined, tx)
    return answer


async def _store(programme: Programme, enrolment: Enrolment, examined: Examined, tx: Transaction) -> None:
    result = Result(
        id=Result.key(enrolment.id, examined.attempt),
        enrolment_id=enrolment.id,
        programme_id=programme.id,
        attempt=examined.attempt,
        evaluator=str(programme.evaluator),
        taken_on=examined.taken_on,
        passed=examined.passed,
        grade=examined.grade,
    )
    tx.publish(events.recorded(await result.put(tx), enrolment))
    if examined.passed:
        await certificates.award(_award(programme, enrolment, examined.taken_on, examined.grade), tx)


async def _enrolment(programme: Programme, enrolment_id: str, tx: Transaction) -> Enrolment | None:
    """The enrolment of that id in this programme, or the one that stands for it."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    if enrolment is not None and enrolment.kept is not None:
        enrolment = await Enrolment.of(enrolment.kept, tx)
    return enrolment if enrolment is not None and enrolment.programme_id == programme.id else None


def _award(programme: Programme, enrolment: Enrolment, day: dt.date, grade: Grade | None) -> Award:
    return Award(
        worker_id=enrolment.worker_id,
        enrolment_id=enrolment.id,
        programme_id=programme.id,
        title=programme.title,
        occupation=programme.occupation,
        occupation_name=programme.occupation_name,
        level=programme.level,
        hours=programme.hours,
        completed_on=day,
        days=[programme.ends_on, day],
        provider=programme.provider,
        provider_name=programme.provider_name,
        evaluator=programme.evaluator,
        grade=grade,
        district=programme.district,
        department=programme.department,
        used=enrolment.used,
    )
