"""Record trainings, and say when one nears its last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from services.registry.engagements.documents import DeclaredTraining, Engagement
from services.registry.safety import rules
from services.registry.safety.documents import TrainingRecord
from services.registry.safety.rules import Gate, State, Training, Workplace, gate_at
from shared import clock
from shared.contracts.platform import TrainingCompleted
from shared.contracts.registry import SafetyFact, SafetyTrainingExpired, SafetyTrainingExpiring
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import parameters
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


async def trainings_of(accounts: Iterable[tuple[str, str]], tx: Transaction | None = None) -> set[Training]:
    """What was completed under any of these accounts (platform, the platform's own id of the worker)."""
    found: set[Training] = set()
    for platform, worker_ref in accounts:  # one or two, seldom more
        account = {"platform": platform, "worker_ref": worker_ref}
        kept = await find(TrainingRecord, account, tx)
        found.update(Training(one.course, one.completed_on) for one in kept)
    return found


async def trainings_of_person(worker_id: str, tx: Transaction | None = None) -> set[Training]:
    """What a person has completed on any platform."""
    engagements = await find(Engagement, {"worker_id": worker_id}, tx)
    return await trainings_of({engagement.account for engagement in engagements}, tx)


def workplace_of(engagement: Engagement) -> Workplace:
    """An engagement as the gate is decided by."""
    return Workplace(
        platform=engagement.platform,
        industry=engagement.industry,
        district=engagement.district,
        started_on=engagement.started_on,
        declared_on=shanghai_date(engagement.declared_at),
        declared=_declared(engagement.safety_training),
        once_declared=_declared(engagement.once_declared),
    )


def _declared(training: DeclaredTraining | None) -> Training | None:
    return None if training is None else Training(training.course, training.completed_on, declared=True)


def gate_of(engagement: Engagement, completed: Iterable[Training], ended_on: dt.date | None = None) -> Gate:
    """Whether the person may work today, or might on the last day."""
    return gate_at(workplace_of(engagement), completed, ended_on, shanghai_date(clock.now()), parameters)


def was_open(engagement: Engagement, completed: Iterable[Training], ended_on: dt.date | None) -> bool:
    """Whether the gate was open on a day up to the last one."""
    return rules.was_open(workplace_of(engagement), completed, ended_on, parameters)


def watch(engagement_id: str, decided: Gate, tx: Transaction) -> None:
    """Set the timers of the training that holds longest, where it lapses. Those of another one find that they are moot."""
    held, now = decided.held, clock.now()
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
    decided = gate_of(engagement, await trainings_of_person(engagement.worker_id, tx))
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
