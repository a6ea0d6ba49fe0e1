"""Record trainings, and say when one nears its last day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from services.registry.courses import commands as courses
from services.registry.courses.commands import Course
from services.registry.courses.rules import Word
from services.registry.engagements.documents import DeclaredTraining, Engagement, listed
from services.registry.safety import rules
from services.registry.safety.documents import TrainingRecord
from services.registry.safety.rules import Gate, Question, State, Training, Workplace, gate_at
from shared import clock
from shared.contracts.platform import Industry, TrainingCompleted
from shared.contracts.registry import SafetyFact, SafetyTrainingExpired, SafetyTrainingExpiring
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import parameters
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.records import find
from shared.storage.transaction import Transaction

E = TypeVar("E", bound=SafetyFact)

"""The timers of a training that lapses, keyed by the engagement; their data is `LastDay`."""


class LastDay(msgspec.Struct, frozen=True):
    """What the timers of a training carry: its last day."""

    valid_to: dt.date


LAPSE = TimerKind("registry.safety_lapse", LastDay)
REMIND = TimerKind("registry.safety_reminder", LastDay)
BEGIN = TimerKind("registry.safety_begins")
"""A training that is dated ahead counts from now on, keyed by the engagement."""


async def record(platform: str, training: TrainingCompleted, told_at: dt.datetime, tx: Transaction) -> None:
    """Record a completed training; said again, the latest word on its hours and certificate holds."""
    key = {
        "platform": platform,
        "worker_ref": training.worker_ref,
        "course": training.course,
        "completed_on": training.completed_on,
    }
    kept = await tx.find_one(TrainingRecord, key)
    if kept is None:
        kept = TrainingRecord(
            **key,
            hours=training.hours,
            certificate_number=training.certificate_number,
            told_at=told_at,
        )
    elif told_at < kept.told_at:
        return
    kept.hours, kept.certificate_number, kept.told_at = training.hours, training.certificate_number, told_at
    await kept.put(tx)


@dataclass(frozen=True, slots=True)
class OnFile:
    """What a person has completed on any platform, and what officers have decided of these courses and of those that their
    engagements name."""

    completed: frozenset[Training] = frozenset()
    words: Mapping[Course, Word] = field(default_factory=dict)


async def on_file_of(
    engagements: Collection[Engagement],
    tx: Transaction | None = None,
    *,
    accounts: Collection[tuple[str, str]] | None = None,
) -> OnFile:
    """What is on file of a person with these engagements. `accounts`: under which of them (platform, the platform's own id of
    the worker) something may have been completed; all where it is left out.

    In a transaction a course that the catalogue leaves open is noted, for an officer to decide.
    """
    kept: list[TrainingRecord] = []
    for platform, worker_ref in (
        {one.account for one in engagements} if accounts is None else accounts
    ):  # seldom more than two
        kept += await find(TrainingRecord, {"platform": platform, "worker_ref": worker_ref}, tx)
    met: set[Course] = {(one.platform, one.course) for one in kept}
    for engagement in engagements:
        declared = (engagement.safety_training, *engagement.once_declared)
        met |= {(engagement.platform, one.course) for one in declared if one is not None}
    words = await courses.words_of(met, tx) if met else {}
    completed = frozenset(
        Training(one.course, one.completed_on, word=words.get((one.platform, one.course))) for one in kept
    )
    if tx is not None:
        await _note_open(engagements, kept, words, tx)
    return OnFile(completed, words)


async def _note_open(
    engagements: Collection[Engagement], kept: Collection[TrainingRecord], words: Mapping[Course, Word], tx: Transaction
) -> None:
    open_in: defaultdict[Course, set[Industry]] = defaultdict(set)
    for engagement in engagements:
        if engagement.ended_on is not None:
            continue
        law = workplace_of(engagement).law(parameters)
        named = [(one.platform, one.course, one.completed_on) for one in kept]
        if engagement.safety_training is not None:
            named.append(
                (engagement.platform, engagement.safety_training.course, engagement.safety_training.completed_on)
            )
        for platform, course, completed_on in named:
            training = Training(course, completed_on, word=words.get((platform, course)))
            if rules.questions(training, law, parameters):
                open_in[platform, course].add(engagement.industry)
    for met, industries in sorted(open_in.items()):
        await courses.meet(met, industries, tx)


async def on_file_of_person(worker_id: str, tx: Transaction | None = None) -> OnFile:
    """What is on file of a person."""
    return await on_file_of(await find(Engagement, {"worker_id": worker_id}, tx), tx)


_NAMED: Final = ("safety_training", "once_declared")


async def holders_of(platform: str, course: str, tx: Transaction) -> set[str]:
    """The ids of those who have completed a platform's course, or whose engagement with it names it, or did once: whether they
    might work then is decided anew too."""
    trained = await tx.rows(TrainingRecord, {"platform": platform, "course": course}, {"worker_ref": 1})
    refs = {row["worker_ref"] for row in trained}
    rows = await tx.rows(Engagement, {"platform": platform}, dict.fromkeys(("worker_id", "worker_ref", *_NAMED), 1))
    return {row["worker_id"] for row in rows if row["worker_ref"] in refs or _names(row, course)}


def _names(row: Row, course: str) -> bool:
    declared = [one for name in _NAMED for one in listed(row.get(name))]
    return any(one["course"] == course for one in declared)


def workplace_of(engagement: Engagement, words: Mapping[Course, Word] | None = None) -> Workplace:
    """An engagement as the gate is decided by. `words`: what officers have decided of the courses that it names."""
    decided, now = words or {}, engagement.safety_training
    return Workplace(
        platform=engagement.platform,
        industry=engagement.industry,
        district=engagement.district,
        started_on=engagement.started_on,
        declared_on=shanghai_date(engagement.declared_at),
        declared=None if now is None else _declared(engagement.platform, now, decided),
        once_declared=tuple(_declared(engagement.platform, one, decided) for one in engagement.once_declared),
    )


def _declared(platform: str, training: DeclaredTraining, words: Mapping[Course, Word]) -> Training:
    word = words.get((platform, training.course))
    return Training(training.course, training.completed_on, declared=True, word=word)


def gate_of(engagement: Engagement, on_file: OnFile, ended_on: dt.date | None = None) -> Gate:
    """Whether the person may work today, or might on the last day."""
    workplace = workplace_of(engagement, on_file.words)
    return gate_at(workplace, on_file.completed, ended_on, shanghai_date(clock.now()), parameters)


def was_open(engagement: Engagement, on_file: OnFile, ended_on: dt.date | None) -> bool:
    """Whether the gate was open on a day up to the last one."""
    workplace, today = workplace_of(engagement, on_file.words), shanghai_date(clock.now())
    return rules.was_open(workplace, on_file.completed, ended_on, today, parameters)


def open_questions(engagement: Engagement, on_file: OnFile) -> list[Question]:
    """What an officer is still to decide of what is on file."""
    workplace = workplace_of(engagement, on_file.words)
    law = workplace.law(parameters)
    return sorted(
        {one for training in workplace.on_file(on_file.completed) for one in rules.questions(training, law, parameters)}
    )


def watch(engagement_id: str, decided: Gate, tx: Transaction) -> None:
    """Set the timers of the training that holds longest, where it lapses, and of the next one that is dated ahead.

    Those of another one find that they are moot.
    """
    held, now = decided.held, clock.now()
    if decided.required and decided.counts_from is not None:
        tx.schedule(BEGIN, engagement_id, start_of_day(decided.counts_from))
    if not decided.required or held is None or held.valid_to is None or held.remind_on is None:
        return
    last = LastDay(held.valid_to)
    if now < start_of_day(held.remind_on):
        tx.schedule(REMIND, engagement_id, start_of_day(held.remind_on), last)
    if now < end_of_day(held.valid_to):
        tx.schedule(LAPSE, engagement_id, end_of_day(held.valid_to), last)


async def remind(engagement_id: str, last: dt.date, tx: Transaction) -> None:
    """Say that a training is to be renewed, where nothing newer is on file."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is not None and engagement.state == "active":
        course = await _course_until(last, engagement, "expiring", tx)
        if course is not None:
            tx.publish(_event(SafetyTrainingExpiring, engagement, course, last))


async def lapse(engagement_id: str, last: dt.date, tx: Transaction) -> str | None:
    """Say that a training's last day is over, where nothing newer is on file; the worker whose gates to look at again."""
    engagement = await Engagement.of(engagement_id, tx)
    if engagement is None or engagement.state == "ended":
        return None
    course = await _course_until(last, engagement, "expired", tx)
    if course is None:
        return None
    tx.publish(_event(SafetyTrainingExpired, engagement, course, last))
    return engagement.worker_id


async def _course_until(last: dt.date, engagement: Engagement, state: State, tx: Transaction) -> str | None:
    """The course of the training that holds longest, where that day is its last one and the gate is in that state."""
    decided = gate_of(engagement, await on_file_of_person(engagement.worker_id, tx))
    held = decided.held
    return held.training.course if held and held.valid_to == last and decided.state == state else None


def _event(kind: type[E], engagement: Engagement, course: str, last: dt.date) -> E:
    return kind(
        engagement_id=engagement.id,
        worker_id=engagement.worker_id,
        platform=engagement.platform,
        worker_ref=engagement.worker_ref,
        course=course,
        valid_to=last,
    )
