"""Open a dispute: a grievance, and who acts for many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.cases.documents import Case
from services.complaints.disputes import events, rules
from services.complaints.disputes.documents import Claim, Dispute, Interval, encrypted_text
from services.complaints.disputes.term_commands import (
    CALENDAR,
    calculate,
    keep,
    law_of,
    plan_warning,
    publish,
    today,
    wait,
)
from services.complaints.members.commands import current
from services.complaints.procedures.rules import ClaimKind
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import NotFound, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """A claim as somebody makes it."""

    kind: ClaimKind
    known_on: dt.date
    amount: Decimal | None = None
    iou: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A grievance as a worker puts it. `enterprises`: the platform first, and partners or the dispatching firm beside it (art. 22);
    `raised_on`: the day on which the enterprise got the grievance, where it was put to it before."""

    enterprises: Sequence[str]
    relation: Relation
    relation_ended_on: dt.date | None
    category: Category
    district: str
    case_id: str | None
    text: str
    claims: Sequence[Claiming]
    raised_on: dt.date | None = None


async def open_dispute(opening: Opening, worker_id: str, tx: Transaction) -> Dispute:
    """Put a worker's grievance to the enterprise, and begin its term; it interrupts the limitation."""
    dispute_id, on, worker_id = new_id(), today(), await current(worker_id, tx)
    law = parameters.on(on, place=opening.district)
    if opening.case_id is not None:
        case = await Case.of(opening.case_id, tx)
        if case is None or case.worker_id != worker_id:
            raise NotFound("该投诉", "the case")
    raised_on = opening.raised_on or on
    if raised_on > on:
        raise RuleBroken("raised-in-future", "申诉日期不能晚于今天", "a grievance cannot be put after today")
    deadline = calendar.add_days(raised_on, law.days("dispute.grievance_days"))
    due = deadline.due
    provisional.watch(CALENDAR, dispute_id, deadline, tx)
    dispute = Dispute(
        id=dispute_id,
        number=readable_number("德劳争", dispute_id, on),
        matter=f"dispute:{dispute_id}",
        workers=[worker_id],
        enterprises=list(dict.fromkeys(opening.enterprises)),
        relation=opening.relation,
        relation_ended_on=opening.relation_ended_on,
        category=opening.category,
        district=opening.district,
        case_id=opening.case_id,
        text=encrypted_text(dispute_id, opening.text),
        claims=claims_of(opening.claims, worker_id, 0, on),
        department=rules.department(None, law),
        opened_on=on,
        stepped_on=raised_on,
        due_on=due,
        used=[],
    )
    dispute.facts.append(Interval(ground="claimed_of_other_side", first=raised_on))
    calculate(dispute, law)
    keep(dispute, law)
    wait(dispute, tx)
    plan_warning(dispute, tx)
    publish(events.opened(dispute, due), tx)
    return await dispute.put(tx)


async def choose(dispute: Dispute, representatives: Collection[str], tx: Transaction) -> Dispute:
    """Record whom ten or more workers have chosen to act for them (art. 7)."""
    if not rules.group(len(dispute.workers), law_of(dispute)):
        raise RuleBroken(
            "no-group", "劳动者一方不足十人，不适用推举代表", "fewer than ten workers choose no representatives"
        )
    if not representatives or not set(representatives) <= set(dispute.workers):
        raise RuleBroken("not-a-party", "代表应当是该争议的劳动者", "representatives are workers of the dispute")
    dispute.representatives = sorted(set(representatives))
    return await dispute.put(tx)


def claims_of(claims: Sequence[Claiming], worker_id: str, so_far: int, today: dt.date) -> list[Claim]:
    """Somebody's claims, numbered after those that there are; raises RuleBroken for one that is known after today."""
    if any(one.known_on > today for one in claims):
        raise RuleBroken("known-in-future", "知道权利被侵害之日不能晚于今天", "it cannot be known after today")
    return [
        Claim(
            id=str(so_far + place),
            worker_id=worker_id,
            kind=one.kind,
            known_on=one.known_on,
            amount=one.amount,
            iou=one.iou,
        )
        for place, one in enumerate(claims, start=1)
    ]
