"""Until when what: the terms of a dispute's steps, and the limitation of its claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from services.complaints.disputes import events, limitation, rules, state_rules
from services.complaints.disputes.documents import Dispute, Interval
from services.complaints.disputes.limitation import Ground
from services.complaints.disputes.rules import Step
from services.complaints.disputes.state_rules import State
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from shared import clock
from shared.contracts.base import Fact
from shared.errors import RuleBroken
from shared.policy.calendar import end_of_day, shanghai_date, start_of_day
from shared.policy.parameters import Law, parameters
from shared.storage import provisional
from shared.storage.kinds import TimerKind
from shared.storage.provisional import provisional_kind
from shared.storage.transaction import Transaction

LAPSE = TimerKind("complaints.dispute_lapse")
CALENDAR = provisional_kind("complaints.dispute_calendar")
"""The timer at which what a dispute waits for is over."""
LIMITATION = TimerKind("complaints.dispute_limitation")
"""The timer at which the worker is warned that a limitation ends."""


async def set_term(dispute: Dispute, step: Step, on: dt.date, rests_on: str, law: Law, tx: Transaction) -> dt.date:
    """Set the term of a step; its last day."""
    about = About(
        kind="dispute",
        id=dispute.id,
        number=dispute.number,
        department=dispute.department,
        district=dispute.district,
        officer=None,
    )
    length = rules.term_length(step, law)
    term = await terms.set_term(about, step, length, begun_on=on, rests_on=rests_on, used=law.used, tx=tx)
    provisional.watch(CALENDAR, dispute.id, term.due, tx)
    return term.due


async def restart_award(dispute: Dispute, on: dt.date, rests_on: str, law: Law, tx: Transaction) -> None:
    """Let the term of the award run anew, from the day on which more is to be decided (劳动人事争议仲裁办案规则 art. 46); where it
    stands still, it goes on doing so. What was not awarded in time stays so, also before a timer has said it:
    the parties may sue."""
    if not_in_time(dispute, on):
        return
    earlier = await terms.open_term("dispute", dispute.id, "award", tx)
    paused = earlier is not None and earlier.state == "paused"
    await terms.end_step("dispute", dispute.id, "award", tx)
    dispute.due_on = await set_term(dispute, "award", on, rests_on, law, tx)
    if paused:
        await terms.pause("dispute", dispute.id, "award", on, "依法扣除期间", tx)
        dispute.due_on = None
    wait(dispute, tx)


def not_in_time(dispute: Dispute, on: dt.date) -> bool:
    """Whether the last day of what a dispute waits for is over."""
    return dispute.overdue or (dispute.due_on is not None and on > dispute.due_on)


async def met(dispute: Dispute, step: Step, on: dt.date, tx: Transaction) -> None:
    await terms.meet("dispute", dispute.id, step, on, tx)


def wait(dispute: Dispute, tx: Transaction) -> None:
    """Set the timer of what a dispute waits for, or clear it."""
    if dispute.due_on is None or dispute.overdue:
        tx.cancel(LAPSE, dispute.id)
    else:
        tx.schedule(LAPSE, dispute.id, end_of_day(dispute.due_on))


async def record_fact(
    dispute: Dispute, ground: Ground, first: dt.date, last: dt.date | None, tx: Transaction
) -> Dispute:
    """Record what interrupts or suspends the limitation, and calculate it again."""
    if first > today() or (last is not None and last < first):
        raise RuleBroken("fact-day", "日期有误", "the days are not right")
    dispute.facts.append(Interval(ground=ground, first=first, last=last))
    calculate(dispute, law_of(dispute))
    plan_warning(dispute, tx)
    return await dispute.put(tx)


async def warn(dispute_id: str, tx: Transaction) -> None:
    """Warn the workers that a limitation ends, once for each of the days before it."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is None or dispute.limitation_on is None or not _limited(dispute.state):
        return
    left = (dispute.limitation_on - today()).days
    passed = [
        mark for days in _warning_days(dispute) if left <= days and (mark := _mark(dispute, days)) not in dispute.warned
    ]
    if passed and left >= 0:
        dispute.warned += passed
        publish(events.limitation_near(dispute, dispute.limitation_on), tx)
    plan_warning(dispute, tx)
    await dispute.put(tx)


def calculate(dispute: Dispute, law: Law) -> None:
    """Reckon when each claim's limitation ends, and the first of them."""
    facts = [one.happened for one in dispute.facts]
    for claim in dispute.claims:
        found = limitation.ends_on(
            claim.kind,
            dispute.relation,
            claim.known_on,
            facts if claim.joined_on is None else limitation.since(claim.joined_on, facts),
            relation_ended_on=dispute.relation_ended_on,
            law=law,
            by_worker=(claim.applicant or dispute.applicant) == "worker",
        )
        claim.limitation_on = None if found is None else found.due
    dispute.limitation_on = min((one.limitation_on for one in dispute.claims if one.limitation_on), default=None)


def plan_warning(dispute: Dispute, tx: Transaction) -> None:
    """Set the timer of the next warning, or clear it: workers are warned of their own claims alone."""
    days = [one for one in _warning_days(dispute) if _mark(dispute, one) not in dispute.warned]
    limited = dispute.applicant == "worker" and _limited(dispute.state)
    if dispute.limitation_on is None or not days or not limited or dispute.limitation_on < today():
        tx.cancel(LIMITATION, dispute.id)
        return
    first = dispute.limitation_on - dt.timedelta(days=max(days))
    tx.schedule(LIMITATION, dispute.id, max(start_of_day(first), clock.now()))


def keep(dispute: Dispute, law: Law) -> None:
    dispute.used += [one for one in law.used if one not in dispute.used]


def publish(facts: Iterator[Fact], tx: Transaction) -> None:
    for fact in facts:
        tx.publish(fact)


def law_of(dispute: Dispute) -> Law:
    return parameters.on(today(), place=dispute.district)


def today() -> dt.date:
    return shanghai_date(clock.now())


def _limited(state: State) -> bool:
    """Whether a limitation runs: nothing decides, and nothing is decided."""
    return state in state_rules.EARLY or state in ("agreed", "breached", "refused")


def _warning_days(dispute: Dispute) -> list[int]:
    return sorted((int(one) for one in law_of(dispute).texts("dispute.limitation_warning_days")), reverse=True)


def _mark(dispute: Dispute, days: int) -> str:
    return f"{dispute.limitation_on}:{days}"
