"""Note courses that are left open, and decide of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from services.registry.courses import rules
from services.registry.courses.documents import REASON, Decision, ReportedCourse
from services.registry.courses.rules import Word
from shared import clock
from shared.callers import Caller
from shared.contracts.platform import Industry
from shared.errors import NotFound
from shared.storage.audit import write_down
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

Course = tuple[str, str]
"""A platform and the code by which it reports a course."""


class Pass(msgspec.Struct, frozen=True):
    """How far the look at those who have a course has come, whether it is the last one, and how many decisions it knew of."""

    after: str = ""
    last: bool = False
    decisions: int = 0


LOOK_AGAIN = TimerKind("registry.course_decided", Pass)
"""Whoever has the course is looked at again; and once more after a minute, for those who were recorded at the same time."""
MEANWHILE: Final = dt.timedelta(minutes=1)


async def words_of(met: Iterable[Course], tx: Transaction | None) -> Mapping[Course, Word]:
    """What was decided of courses, read at once."""
    ids = {ReportedCourse.id_of(*one): one for one in met}
    if tx is not None:
        await tx.load(ReportedCourse, ids)
        found = [await ReportedCourse.of(one, tx) for one in ids]
    elif ids:
        found = list(await ReportedCourse.find({"_id": {"$in": list(ids)}}).to_list())
    else:
        found = []
    return {ids[one.id]: one.word for one in found if one is not None and one.word is not None}


async def meet(course: Course, industries: Collection[Industry], tx: Transaction) -> None:
    """Note a course that is left open in some trades, for an officer to decide."""
    course_id = ReportedCourse.id_of(*course)
    known = await ReportedCourse.of(course_id, tx) or ReportedCourse(id=course_id, platform=course[0], course=course[1])
    fresh = set(industries) - set(known.industries)
    if fresh:
        known.industries = sorted({*known.industries, *fresh})
        known.state = rules.STATES.next(known.state, "meet")
        await known.put(tx)


async def decide(course_id: str, word: Word, reason: str, caller: Caller, seen: int, tx: Transaction) -> ReportedCourse:
    """Say in which trades a course counts, and how long it holds; whoever has it is looked at again."""
    known = await ReportedCourse.of(course_id, tx)
    if known is None:
        raise NotFound("该课程", "this course")
    require_revision(seen, known.revision)
    known.state = rules.STATES.next(known.state, "decide")
    if not all(word.covers(industry) for industry in known.industries):
        known.state = rules.STATES.next(known.state, "meet")  # of some trade nothing is said yet
    fresh = Decision(
        opens=sorted(word.opens),
        shuts=sorted(word.shuts),
        months=word.months,
        reason=encrypt_field(REASON, known.id, reason),
        officer=caller.subject,
        at=clock.now(),
    )
    known.decisions = [*known.decisions, fresh]
    await write_down("safety_course.decided", known.id, caller, tx)
    tx.schedule(LOOK_AGAIN, known.id, clock.now(), Pass(decisions=len(known.decisions)))
    return await known.put(tx)


def go_on(course_id: str, done: Pass, after: str | None, tx: Transaction) -> None:
    """Set the next look: at those after a worker, or where all were looked at, once more at all."""
    if after is not None:
        tx.schedule(LOOK_AGAIN, course_id, clock.now(), Pass(after, done.last, done.decisions))
    elif not done.last:
        tx.schedule(LOOK_AGAIN, course_id, clock.now() + MEANWHILE, Pass(last=True, decisions=done.decisions))
