"""Which messages people and platforms must get: what follows from all facts together, whatever their order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from deploy.local.calculation.duties import worked_while_blocked
from deploy.local.calculation.enrolments import Stretch
from deploy.local.calculation.premiums import Bill
from deploy.local.calculation.registry import PROFILE, STARTED, TRAINED, Engagement
from deploy.local.calculation.validation import Fact, is_mobile

INCIDENT = "incident.reported.v1"

Worker = tuple[str, str]


class Messages:
    """Messages by occasion and recipient; one goes out only where the recipient has been told to the system, and fails where a
    platform is reached on a fixed line (`failed`)."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.sent: Counter[str] = Counter()
        self.failed = 0
        self.by_app = 0
        self._workers = {fact.worker for fact in facts if fact.type == STARTED}
        profiles = sorted((fact for fact in facts if fact.type == PROFILE), key=lambda fact: (fact.time, fact.position))
        self._platforms = {fact.platform: is_mobile(fact.data["contact_phone"]) for fact in profiles}

    @property
    def channels(self) -> dict[str, int]:
        """How many go through the app and how many by SMS."""
        return {"push": self.by_app, "sms": self.sent.total() - self.by_app}

    def to_worker(self, occasion: str, worker: Worker, *, by_app: bool = False) -> None:
        if worker in self._workers:
            self.sent[f"{occasion}: worker"] += 1
            self.by_app += by_app

    def to_platform(self, occasion: str, platform: str) -> None:
        if self._platforms.get(platform, False):
            self.sent[f"{occasion}: platform"] += 1
        elif platform in self._platforms:
            self.failed += 1

    def to_both(self, occasion: str, worker: Worker) -> None:
        self.to_worker(occasion, worker)
        self.to_platform(occasion, worker[0])


def messages(
    facts: Sequence[Fact],
    standing: Sequence[Engagement],
    insured: Iterable[Stretch],
    without: Iterable[Engagement],
    bills: Iterable[Bill],
    actions: Iterable[dict[str, Any]],
) -> Messages:
    """Which messages must go out, by occasion and recipient. `without`: the work that no scheme takes in.

    What later facts took back before it was told is not told: a block that a training lifted, a cover that never was. What
    has been told before somebody has the app goes by SMS, as does what was only held until then.
    """
    out = Messages(facts)
    person = {fact.worker: fact.data["id_number"] for fact in facts if fact.type == STARTED}
    with_app: set[str] = set()
    for engagement in standing:
        if engagement.state == "blocked":
            out.to_both("engagement blocked", engagement.worker)
    for engagement in worked_while_blocked(facts, standing):
        out.to_platform("work while blocked", engagement.platform)
    for stretch in insured:
        if stretch.employed:
            out.to_platform("enrolment duty", stretch.unit)
        else:
            out.to_worker("cover opened", stretch.engagement.worker)
    for engagement in without:
        out.to_worker("cover excluded", engagement.worker)
    trained = [fact for fact in facts if fact.type == TRAINED and fact.worker in person]
    trainings = {  # several platforms may tell of one
        (person[fact.worker], fact.data["course"], fact.data["completed_on"]): fact.worker for fact in trained
    }
    for worker in trainings.values():
        out.to_worker("certificate issued", worker)
    incidents = {(fact.platform, fact.data["incident_id"]): fact for fact in reversed(facts) if fact.type == INCIDENT}
    for incident in incidents.values():
        out.to_platform("claim opened", incident.platform)
        if incident.data["severity"] != "fatal":  # nothing goes to the phone of the dead
            out.to_worker("claim opened", incident.worker)
    for bill in bills:
        out.to_platform("bill issued", bill.platform)
    for action in actions:
        worker = (str(action.get("platform")), str(action.get("worker_ref")))
        by_app = person.get(worker) in with_app
        if action.get("kind") == "device" and worker in person:
            with_app.add(person[worker])
        elif action.get("kind") == "complaint":
            out.to_worker("complaint filed", worker, by_app=by_app)
            out.to_worker("complaint accepted", worker, by_app=by_app)
        elif action.get("kind") == "whole_case" and worker in person:
            for news in ("filed", "accepted", "decided", "closed"):
                out.to_worker(f"complaint {news}", worker, by_app=by_app)
            for news in ("opened", "decided"):
                out.to_platform(f"inquiry {news}", worker[0])
        elif action.get("kind") == "application":
            for news in ("accepted", "found on by two officers"):
                out.to_worker(f"application {news}", worker, by_app=by_app)
    return out
