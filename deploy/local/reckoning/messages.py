"""Which messages people and platforms must get, by following the file from its first event to its last."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deploy.local.reckoning.premiums import Bill
from deploy.local.reckoning.registry import ENDED, PROFILE, STARTED, TRAINED
from deploy.local.reckoning.validation import Fact

INCIDENT = "incident.reported.v1"

Worker = tuple[str, str]


@dataclass(slots=True)
class Standing:
    """How one engagement stands at a place in the file."""

    worker: Worker
    started_on: date
    told_at: datetime
    id_number: str
    relation: str
    active: bool
    ended: bool

    @property
    def employed(self) -> bool:
        return self.relation == "employment"


class Messages:
    """Messages by occasion and recipient; one goes out only where the recipient has been told to the system."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.sent: Counter[str] = Counter()
        self._workers = {fact.worker for fact in facts if fact.type == STARTED}
        self._platforms = {fact.platform for fact in facts if fact.type == PROFILE}

    def to_worker(self, occasion: str, worker: Worker) -> None:
        if worker in self._workers:
            self.sent[f"{occasion}: worker"] += 1

    def to_platform(self, occasion: str, platform: str) -> None:
        if platform in self._platforms:
            self.sent[f"{occasion}: platform"] += 1

    def to_both(self, occasion: str, worker: Worker) -> None:
        self.to_worker(occasion, worker)
        self.to_platform(occasion, worker[0])


class Walk:
    """The engagements as they stand while the file is read: blocked, activated, enrolled, moved, ended."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._standings: dict[tuple[Worker, date], Standing] = {}
        self._of_worker: defaultdict[Worker, list[Standing]] = defaultdict(list)
        self._of_person: defaultdict[str, list[Standing]] = defaultdict(list)
        self._ends: defaultdict[Worker, list[date]] = defaultdict(list)
        self._trained_workers: set[Worker] = set()
        self._trained_persons: set[str] = set()

    def started(self, fact: Fact) -> None:
        key = (fact.worker, fact.data["started_on"])
        known = self._standings.get(key)
        if known is None:
            self._first(fact)
        elif fact.time >= known.told_at:
            self._correct(known, fact)

    def ended(self, fact: Fact) -> None:
        self._ends[fact.worker].append(fact.data["ended_on"])
        for standing in self._of_worker[fact.worker]:
            if standing.started_on <= fact.data["ended_on"]:
                standing.ended = True

    def trained(self, fact: Fact) -> None:
        self._trained_workers.add(fact.worker)
        for standing in list(self._of_worker[fact.worker]):
            self._train(standing.id_number)

    def _first(self, fact: Fact) -> None:
        worker, data = fact.worker, fact.data
        ended = any(end >= data["started_on"] for end in self._ends[worker])
        standing = Standing(
            worker, data["started_on"], fact.time, data["id_number"], data["relation"], active=False, ended=False
        )
        self._standings[worker, standing.started_on] = standing
        self._of_worker[worker].append(standing)
        if worker in self._trained_workers:
            self._train(standing.id_number)
        self._of_person[standing.id_number].append(standing)
        if data["safety_training"] is not None or standing.id_number in self._trained_persons:
            self._activate(standing)
        else:
            self._messages.to_both("engagement blocked", worker)
        standing.ended = ended

    def _correct(self, standing: Standing, fact: Fact) -> None:
        was_employed = standing.employed
        standing.told_at, standing.relation = fact.time, fact.data["relation"]
        if fact.data["id_number"] != standing.id_number:
            self._of_person[standing.id_number].remove(standing)
            standing.id_number = fact.data["id_number"]
            self._of_person[standing.id_number].append(standing)
            if standing.worker in self._trained_workers:
                self._train(standing.id_number)
        if standing.active and not standing.ended and standing.employed != was_employed:
            self._enrol(standing)
        if fact.data["safety_training"] is not None or standing.id_number in self._trained_persons:
            self._unblock(standing)

    def _train(self, id_number: str) -> None:
        self._trained_persons.add(id_number)
        for standing in self._of_person[id_number]:
            self._unblock(standing)

    def _unblock(self, standing: Standing) -> None:
        if not standing.active and not standing.ended:
            self._messages.to_both("engagement activated", standing.worker)
            self._activate(standing)

    def _activate(self, standing: Standing) -> None:
        standing.active = True
        self._enrol(standing)

    def _enrol(self, standing: Standing) -> None:
        if standing.employed:
            self._messages.to_platform("enrolment duty", standing.worker[0])
        else:
            self._messages.to_worker("cover opened", standing.worker)


def messages(facts: Sequence[Fact], bills: Iterable[Bill], actions: Iterable[dict[str, Any]]) -> Counter[str]:
    """How many messages must go out, by occasion and recipient."""
    out = Messages(facts)
    walk = Walk(out)
    once: set[tuple[object, ...]] = set()
    for fact in facts:
        if fact.type == STARTED:
            walk.started(fact)
        elif fact.type == ENDED:
            walk.ended(fact)
        elif fact.type == TRAINED:
            walk.trained(fact)
            certificate = ("certificate", *fact.worker, fact.data["course"], fact.data["completed_on"])
            if certificate not in once:
                once.add(certificate)
                out.to_worker("certificate issued", fact.worker)
        elif fact.type == INCIDENT:
            claim = ("claim", fact.platform, fact.data["incident_id"])
            if claim not in once:
                once.add(claim)
                out.to_both("claim opened", fact.worker)
    for bill in bills:
        out.to_platform("bill issued", bill.platform)
    for action in actions:
        worker = (str(action.get("platform")), str(action.get("worker_ref")))
        if action.get("kind") == "complaint":
            out.to_worker("complaint filed", worker)
            out.to_worker("complaint accepted", worker)
        elif action.get("kind") == "application":
            out.to_worker("application decided", worker)
    return out.sent
