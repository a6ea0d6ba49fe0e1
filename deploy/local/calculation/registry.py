"""Engagements and how they stand in the end (德人社发〔2022〕95 号 art. 2: footing; art. 7: no training, no work)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from deploy.local.calculation.validation import Fact

STARTED = "engagement.started.v1"
ENDED = "engagement.ended.v1"
TRAINED = "training.completed.v1"
PROFILE = "profile.declared.v1"

State = Literal["active", "blocked", "ended"]


@dataclass(frozen=True, slots=True)
class Engagement:
    """One engagement after every correction: who, through whom, on what footing, until when (last day, or None).

    `partner`: the firm that dispatches the person, or through which they work. `worked`: the person may have worked, since a
    training was completed by the last day, or declared, if only once.
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

    @property
    def worker(self) -> tuple[str, str]:
        """The platform and its own id of the person."""
        return self.platform, self.worker_ref

    def covers(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


def engagements(facts: Sequence[Fact]) -> list[Engagement]:
    """The engagements that the accepted events amount to, one for each platform, worker and first day."""
    latest: dict[tuple[str, str, date], Fact] = {}
    ends: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    trained: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    declared: set[tuple[str, str, date]] = set()
    for fact in facts:
        if fact.type == STARTED:
            key = (*fact.worker, fact.data["started_on"])
            if fact.data["safety_training"] is not None:
                declared.add(key)
            if key not in latest or fact.time >= latest[key].time:
                latest[key] = fact
        elif fact.type == ENDED:
            ends[fact.worker].append(fact.data["ended_on"])
        elif fact.type == TRAINED:
            trained[fact.worker].append(fact.data["completed_on"])
    person = {fact.worker: fact.data["id_number"] for fact in latest.values()}
    trained_persons: dict[str, date] = {}
    for worker, days in trained.items():
        if worker in person:
            first = trained_persons.get(person[worker], date.max)
            trained_persons[person[worker]] = min(first, *days)

    def stand(fact: Fact) -> Engagement:
        started_on: date = fact.data["started_on"]
        ended_on = min((end for end in ends[fact.worker] if end >= started_on), default=None)
        trained_on = trained_persons.get(fact.data["id_number"])
        in_time = trained_on is not None and (ended_on is None or trained_on <= ended_on)
        may_work = fact.data["safety_training"] is not None or in_time
        worked = may_work or (*fact.worker, started_on) in declared
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
        )

    return [stand(fact) for fact in latest.values()]
