"""Which messages people and platforms must get: what follows from all facts together, whatever their order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from deploy.local.calculation.enrolments import Stretch
from deploy.local.calculation.premiums import Bill
from deploy.local.calculation.registry import PROFILE, STARTED, TRAINED, Engagement
from deploy.local.calculation.validation import Fact

INCIDENT = "incident.reported.v1"

Worker = tuple[str, str]


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


def messages(
    facts: Sequence[Fact],
    engagements: Iterable[Engagement],
    insured: Iterable[Stretch],
    bills: Iterable[Bill],
    actions: Iterable[dict[str, Any]],
) -> Counter[str]:
    """How many messages must go out, by occasion and recipient.

    What later facts took back before it was told is not told: a block that a training lifted, a cover that never was.
    """
    out = Messages(facts)
    for engagement in engagements:
        if engagement.state == "blocked":
            out.to_both("engagement blocked", engagement.worker)
    for stretch in insured:
        if stretch.employed:
            out.to_platform("enrolment duty", stretch.engagement.platform)
        else:
            out.to_worker("cover opened", stretch.engagement.worker)
    trainings = {
        (fact.worker, fact.data["course"], fact.data["completed_on"]) for fact in facts if fact.type == TRAINED
    }
    for worker, _, _ in trainings:
        out.to_worker("certificate issued", worker)
    incidents = {
        (fact.platform, fact.data["incident_id"]): fact.worker for fact in reversed(facts) if fact.type == INCIDENT
    }
    for worker in incidents.values():
        out.to_both("claim opened", worker)
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
