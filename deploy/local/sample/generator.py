"""The sample day put together: everything in the order in which it is to be pushed."""

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.local.sample.actions import Action, actions
from deploy.local.sample.events import SAFETY_COURSE, SKILL_COURSES, Event, Pen
from deploy.local.sample.mistakes import with_mistakes
from deploy.local.sample.numbers import mobile
from deploy.local.sample.pay import settlements
from deploy.local.sample.people import Platform
from deploy.local.sample.roster import WORKERS, Job, at, cast
from deploy.local.sample.shifts import shifts

SEED = 20260901

Dated = tuple[datetime, Event]


@dataclass(frozen=True, slots=True)
class Sample:
    """CloudEvents in the order in which they are pushed, and what workers do over HTTP afterwards."""

    events: list[Event]
    actions: list[Action]

    def write(self, directory: Path) -> None:
        """Write `events.ndjson` and `actions.ndjson`, one object a line."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "events.ndjson").write_text(_lines(self.events), encoding="utf-8")
        (directory / "actions.ndjson").write_text(_lines(self.actions), encoding="utf-8")


def generate(seed: int = SEED, *, people: int = WORKERS, work: int = 100, shuffle: int | None = None) -> Sample:
    """Two months (2026-09-01 to 2026-10-31) of four platforms; the same arguments give the same sample.

    `people` are 100 at least; `work` is how much each of them works, in percent of the usual. `shuffle` is the seed of
    another order, in which anything may come before anything; without it events stand in the order in which they were told.
    """
    rng = random.Random(seed)
    platforms, jobs = cast(rng, people)
    pen = Pen(rng)
    told: list[Dated] = list(_profiles(pen, rng, platforms))
    for job in jobs:
        told += _engagement(pen, job)
        told += _work(pen, rng, job, work)
    told.sort(key=lambda dated: dated[0])
    events = with_mistakes(rng, [event for _, event in told], people)
    sample = Sample(events, actions(rng, jobs, people))
    if shuffle is not None:
        random.Random(shuffle).shuffle(sample.events)
    return sample


def _profiles(pen: Pen, rng: random.Random, platforms: Iterable[Platform]) -> Iterator[Dated]:
    for number, platform in enumerate(platforms):
        declared = at(date(2025, 1, 10 + number), 10)
        yield declared, pen.profile(platform, declared, platform.phone)
        if number == 0:
            again = at(date(2026, 9, 20), 10)
            yield again, pen.profile(platform, again, mobile(rng))


def _engagement(pen: Pen, job: Job) -> Iterator[Dated]:
    yield job.told_at, pen.started(job, job.told_at, job.started_on, job.relation, job.trained)
    if job.trains_on is not None:
        skilled = job.role == "skilled"
        course = SKILL_COURSES[job.platform.industry] if skilled else SAFETY_COURSE
        completed = pen.training(job, job.trains_on, course, 40 if skilled else 8, job.certified)
        yield at(job.trains_on, 17, 30), completed
    if job.ended_on is not None:
        yield at(job.ended_on, 22), pen.ended(job, job.ended_on)
    if job.restarts_on is not None:
        again = at(job.restarts_on, 6)
        yield again, pen.started(job, again, job.restarts_on, job.relation, trained=True)
    if job.becomes_employed_on is not None:
        corrected = at(job.becomes_employed_on, 11)
        yield corrected, pen.started(job, corrected, job.started_on, "employment", job.trained)


def _work(pen: Pen, rng: random.Random, job: Job, work: int) -> Iterator[Dated]:
    worked = shifts(rng, job, work)
    for shift in worked:
        for order in shift:
            finished = pen.order(job, order)
            yield order.finished_at, finished
            if rng.random() < 0.0018:
                occurred = order.taken_at + (order.finished_at - order.taken_at) / 2
                occurred = occurred.replace(microsecond=0)
                yield occurred + timedelta(minutes=20), pen.incident(job, occurred, finished["data"]["order_id"])
        if rng.random() < 0.2:
            session = pen.worktime(job, shift)
            yield max(order.finished_at for order in shift) + timedelta(minutes=10), session
        if rng.random() < 0.002:
            occurred = shift[0].taken_at - timedelta(minutes=50)
            yield occurred + timedelta(minutes=20), pen.incident(job, occurred, None)
    orders = [order for shift in worked for order in shift]
    for settlement in settlements(rng, orders, job.relation == "employment"):
        paid = pen.settlement(job, settlement)
        yield at(settlement.last + timedelta(days=5), 20), paid


def _lines(items: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n" for item in items)
