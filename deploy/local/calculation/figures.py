"""The figures of the demo's report, from the input alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from deploy.local.calculation.duties import worked_while_blocked
from deploy.local.calculation.enrolments import enrolments, excluded
from deploy.local.calculation.hours import leads_on_hours
from deploy.local.calculation.kinds import every_kind
from deploy.local.calculation.messages import INCIDENT, messages
from deploy.local.calculation.premiums import FEN, Bill, bills, distinct_orders
from deploy.local.calculation.registry import PROFILE, STARTED, TRAINED, Engagement, engagements
from deploy.local.calculation.validation import SHANGHAI, Fact, Rejected, accept
from deploy.local.calculation.wages import leads


def accepted(events: Iterable[dict[str, Any]], now: datetime) -> tuple[int, list[Fact]]:
    """How many events there are, and those that the gateway must accept at `now` (aware)."""
    facts: list[Fact] = []
    position = -1
    for position, event in enumerate(events):
        try:
            facts.append(accept(event, position, now))
        except Rejected:
            continue
    return position + 1, facts


def calculate(events: Iterable[dict[str, Any]], actions: Iterable[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Every figure of `report.json` but those of the run, for events pushed in this order at about `now` (aware).

    Each event is taken as pushed by the platform of its own source. Money is in yuan, as a text with two decimals;
    bills are sorted by platform and month.
    """
    pushed, facts = accepted(events, now)
    done = list(actions)
    today = now.astimezone(SHANGHAI).date()
    standing = engagements(facts, today)
    insured = enrolments(standing)
    states = Counter(engagement.state for engagement in standing)
    orders = distinct_orders(facts)
    monthly = bills(facts, orders, standing)
    without = excluded(standing, today)
    told = messages(facts, standing, insured, without, monthly, done)
    sent = told.sent.total()
    incidents = {(fact.platform, fact.data["incident_id"]) for fact in facts if fact.type == INCIDENT}
    return {
        "pushed": {"events": pushed, "accepted": len(facts), "rejected": pushed - len(facts)},
        "registry": {
            "workers": len({fact.data["id_number"] for fact in facts if fact.type == STARTED}),
            "enterprises": len({fact.platform for fact in facts if fact.type == PROFILE}),
            "engagements": {state: states[state] for state in ("active", "blocked", "ended")},
        },
        "insurance": {
            "enrolled": sum(stretch.last is None for stretch in insured),
            "orders": len(orders),
            "premium": str(sum((bill.premium for bill in monthly), Decimal(0)).quantize(FEN)),
            "bills": [
                {"platform": bill.platform, "month": bill.month, "orders": bill.orders, "premium": str(bill.premium)}
                for bill in monthly
            ],
            "claims": len(incidents),
        },
        "complaints": complaints(done, facts, orders, standing),
        "subsidies": applications(done, facts),
        "notifier": {"sent": sent, "delivered": sent, "failed": told.failed},
        "channels": told.channels,
        "dead_letters": 0,
        **further(done, facts, standing, monthly, incidents, now),
    }


def complaints(
    actions: Sequence[dict[str, Any]], facts: Sequence[Fact], orders: Sequence[Fact], standing: Sequence[Engagement]
) -> dict[str, Any]:
    """Cases, those that workers file and leave to an officer and those that the demo brings to their end, and leads."""
    known = {fact.worker for fact in facts if fact.type == STARTED}
    filed = sum(one.get("kind") == "complaint" for one in actions)
    closed = sum(
        one.get("kind") == "whole_case" and (one.get("platform"), one.get("worker_ref")) in known for one in actions
    )
    blocked = Counter(work_while_blocked=len(worked_while_blocked(facts, standing)))
    # nothing that is pushed says that two enterprises cooperate
    unrecorded = {
        (one.platform, one.partner)
        for one in standing
        if one.worked and one.partner != one.platform and (one.partner is not None or one.dispatched)
    }
    firms = Counter(partner_unrecorded=len(unrecorded))
    by_kind = +(leads(facts, orders, standing) + leads_on_hours(facts, standing) + blocked + firms)
    return {
        "cases": filed + closed,
        "leads": by_kind.total(),
        "closed": closed,
        "leads_by_kind": dict(by_kind),
    }


def applications(actions: Iterable[dict[str, Any]], facts: Sequence[Fact]) -> dict[str, int]:
    """Applications for the training subsidy: those for a training that a platform told of are put on public notice, which ends on
    another day, and all others are refused."""
    person = {fact.worker: fact.data["id_number"] for fact in facts if fact.type == STARTED}
    trained = {
        (person[fact.worker], fact.data["course"], str(fact.data["completed_on"]))
        for fact in facts
        if fact.type == TRAINED and fact.worker in person
    }
    applied = [
        (
            person.get((str(action.get("platform")), str(action.get("worker_ref")))),
            action.get("course"),
            action.get("completed_on"),
        )
        for action in actions
        if action.get("kind") == "application"
    ]
    on_notice = sum(one in trained for one in applied)
    return {"applications": len(applied), "on_notice": on_notice, "refused": len(applied) - on_notice}


def further(
    actions: Iterable[dict[str, Any]],
    facts: Sequence[Fact],
    standing: Sequence[Engagement],
    monthly: Sequence[Bill],
    incidents: Iterable[tuple[str, str]],
    now: datetime,
) -> dict[str, Any]:
    """The figures of what the demo does beyond the platforms' day."""
    found: dict[str, Any] = {}
    done = list(actions)
    for action in done:
        match action.get("kind"):
            case "webhook":
                platform = action["platform"]
                found["webhooks"] = {
                    "claims": sum(one == platform for one, _ in incidents),
                    "bills": sum(bill.platform == platform for bill in monthly),
                    "unverified": 0,
                }
            case "enforcement":
                found |= enforced(action, facts, standing, now)
            case "subsidies":
                found["money"] = settled(action, facts)
            case "every_kind":
                person = {fact.worker: fact.data["id_number"] for fact in facts if fact.type == STARTED}
                number = person.get((action["platform"], action["worker_ref"]))
                if number is not None:
                    trainings = applications(done, facts)["on_notice"]
                    found["kinds"] = every_kind(action, trainings, facts, standing, number, now)
            case "broadcast":
                people = reached(action["district"], standing)
                found["broadcast"] = {"people": people, "given": people, "delivered": people}
    return found


def enforced(
    action: dict[str, Any], facts: Sequence[Fact], standing: Iterable[Engagement], now: datetime
) -> dict[str, Any]:
    """What two orders, a listing and a draw on a platform lead to.

    The platform hears of both orders, that one is met and one overdue, of the proposal and the listing, and of what it restricts; the
    person who is owed hears of the order to pay. All for whom people work in the district stand in the draw.
    """
    on_file = {fact.platform for fact in facts if fact.type == PROFILE}
    today = now.astimezone(SHANGHAI).date()
    working = {
        firm
        for one in standing
        for firm in (one.platform, one.partner)
        if one.worked and one.district == action["district"] and (one.ended_on is None or one.ended_on >= today)
    }
    owed = (action["platform"], action["worker_ref"])
    told = 7 * (action["platform"] in on_file) + (owed in {fact.worker for fact in facts if fact.type == STARTED})
    return {
        "orders": {"met": 1, "overdue": 1, "messages": told},
        "listed": [action["platform"]],
        "draw": {"enterprises": len(working & on_file), "unpublished": 0, "untold": 0, "not_the_same": 0},
    }


def settled(action: dict[str, Any], facts: Iterable[Fact]) -> dict[str, Any]:
    """What an application for help that is paid, and one for a training that nobody told of, lead to; money in yuan.

    The person hears that the first was submitted, accepted, approved and paid, and that the second was accepted and refused.
    """
    known = (action["platform"], action["worker_ref"]) in {fact.worker for fact in facts if fact.type == STARTED}
    amount = action["amount"] if known else "0.00"
    return {
        "paid": int(known),
        "amount": amount,
        "spent": amount,
        "refused": int(known),
        "grounds": ["certificate"] * known,
        "messages": 6 * known,
    }


def reached(district: str, standing: Iterable[Engagement]) -> int:
    """How many people a message to a district reaches: whoever has an engagement there that has no end, each once."""
    return len({one.id_number for one in standing if one.district == district and one.ended_on is None})
