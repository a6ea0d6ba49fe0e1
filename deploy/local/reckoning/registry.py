"""Engagements and how they stand in the end (德人社发〔2022〕95 号 art. 2: footing; art. 7: no training, no work)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from deploy.local.reckoning.validation import Fact

STARTED = "engagement.started.v1"
ENDED = "engagement.ended.v1"
TRAINED = "training.completed.v1"
PROFILE = "profile.declared.v1"

State = Literal["active", "blocked", "ended"]


@dataclass(frozen=True, slots=True)
class Engagement:
    """One engagement after every correction: who, through whom, on what footing, until when (last day, or None)."""

    platform: str
    worker_ref: str
    relation: str
    started_on: date
    ended_on: date | None
    state: State

    def covers(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


def engagements(facts: Sequence[Fact]) -> list[Engagement]:
    """The engagements that the accepted events amount to, one for each platform, worker and first day."""
    latest: dict[tuple[str, str, date], Fact] = {}
    ends: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    trained: set[tuple[str, str]] = set()
    for fact in facts:
        if fact.type == STARTED:
            key = (*fact.worker, fact.data["started_on"])
            if key not in latest or fact.time >= latest[key].time:
                latest[key] = fact
        elif fact.type == ENDED:
            ends[fact.worker].append(fact.data["ended_on"])
        elif fact.type == TRAINED:
            trained.add(fact.worker)
    trained_persons = {fact.data["id_number"] for fact in latest.values() if fact.worker in trained}

    def stand(fact: Fact) -> Engagement:
        started_on: date = fact.data["started_on"]
        ended_on = min((end for end in ends[fact.worker] if end >= started_on), default=None)
        state: State = "blocked"
        if ended_on is not None:
            state = "ended"
        elif fact.data["safety_training"] is not None or fact.data["id_number"] in trained_persons:
            state = "active"
        return Engagement(*fact.worker, fact.data["relation"], started_on, ended_on, state)

    return [stand(fact) for fact in latest.values()]
