"""Engagements and how they stand in the end (德人社发〔2022〕95 号 art. 2: footing; art. 7: no training, no work)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Literal

from deploy.local.calculation.validation import Fact

STARTED = "engagement.started.v1"
ENDED = "engagement.ended.v1"
TRAINED = "training.completed.v1"
PROFILE = "profile.declared.v1"

State = Literal["active", "blocked", "ended"]

SAFETY = ("safety", "safety-*", "岗前安全*", "安全生产*")
ON_THE_ROAD = (*SAFETY, "road-safety", "road-safety-*", "道路交通安全*", "交通安全*")
COURSES = {
    "ride_hailing": (*ON_THE_ROAD, "ride-hailing-safety*", "网约车安全*"),
    "instant_delivery": (*ON_THE_ROAD, "delivery-safety*", "网约配送安全*"),
    "freight": (*ON_THE_ROAD, "freight-safety*", "货运安全*"),
    "courier": (*ON_THE_ROAD, "courier-safety*", "寄递安全*", "快递安全*"),
    "other": SAFETY,
}
"""The courses that are a trade's training before work."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """One engagement after every correction: who, through whom, on what footing, until when (last day, or None).

    `partner`: the firm that dispatches the person, or through which they work. `worked`: the person may have worked, since a
    training was completed by the last day, or declared, if only once.
    `trained_on`: when the first training that counts in the trade was completed, if any.
    """

    platform: str
    worker_ref: str
    id_number: str
    relation: str
    started_on: date
    ended_on: date | None
    state: State
    worked: bool
    district: str
    part_time: bool = False
    industry: str = ""
    partner: str | None = None
    dispatched: bool = False
    trained_on: date | None = None

    @property
    def worker(self) -> tuple[str, str]:
        """The platform and its own id of the person."""
        return self.platform, self.worker_ref

    def covers(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


def engagements(facts: Sequence[Fact], today: date) -> list[Engagement]:
    """The engagements that the accepted events amount to, one for each platform, worker and first day.

    A training that is dated ahead of today is none yet.
    """
    latest: dict[tuple[str, str, date], Fact] = {}
    ends: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    trained: defaultdict[tuple[str, str], list[tuple[str, date]]] = defaultdict(list)
    declared: defaultdict[tuple[str, str, date], list[dict[str, Any]]] = defaultdict(list)
    for fact in facts:
        if fact.type == STARTED:
            key = (*fact.worker, fact.data["started_on"])
            if fact.data["safety_training"] is not None:
                declared[key].append(fact.data["safety_training"])
            if key not in latest or fact.time >= latest[key].time:
                latest[key] = fact
        elif fact.type == ENDED:
            ends[fact.worker].append(fact.data["ended_on"])
        elif fact.type == TRAINED and fact.data["completed_on"] <= today:
            trained[fact.worker].append((fact.data["course"], fact.data["completed_on"]))
    person = {fact.worker: fact.data["id_number"] for fact in latest.values()}
    completed: defaultdict[str, list[tuple[str, date]]] = defaultdict(list)
    for worker, courses in trained.items():
        if worker in person:
            completed[person[worker]] += courses

    def stand(fact: Fact) -> Engagement:
        started_on: date = fact.data["started_on"]
        ended_on = min((end for end in ends[fact.worker] if end >= started_on), default=None)
        days = [day for course, day in completed[fact.data["id_number"]] if _is_of(fact.data["industry"], course)]
        industry = fact.data["industry"]
        named = _declared_on(fact.data["safety_training"], industry, today)
        may_work = named is not None or any(ended_on is None or day <= ended_on for day in days)
        trained_on = min((*days, *([named] if named else [])), default=None)
        once = declared[*fact.worker, started_on]  # whoever worked on one that was replaced since has worked
        worked = may_work or any(_declared_on(one, industry, today) is not None for one in once)
        state: State = "ended" if ended_on is not None else "active" if may_work else "blocked"
        return Engagement(
            *fact.worker,
            fact.data["id_number"],
            fact.data["relation"],
            started_on,
            ended_on,
            state,
            worked,
            fact.data["district"],
            fact.data["relation"] == "employment" and bool(fact.data["part_time"]),
            fact.data["industry"],
            fact.data["partner_uscc"],
            fact.data["dispatched"],
            trained_on,
        )

    return [stand(fact) for fact in latest.values()]


def _is_of(industry: str, course: str) -> bool:
    return any(fnmatchcase(course, pattern) for pattern in COURSES[industry])


def _declared_on(training: dict[str, Any] | None, trade: str, today: date) -> date | None:
    """When a training was completed that an engagement names; one of another trade alone does not count, nor one dated ahead."""
    if training is None or training["completed_on"] > today:
        return None
    known = [industry for industry in COURSES if _is_of(industry, training["course"])]
    completed_on: date = training["completed_on"]
    return completed_on if not known or trade in known else None
