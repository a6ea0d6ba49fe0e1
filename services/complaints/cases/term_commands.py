"""The terms of a case: set them, show them with it, note that one was missed, and follow what was reckoned again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import msgspec

from services.complaints.cases import rules
from services.complaints.cases.documents import Case
from services.complaints.cases.rules import State, Step
from services.complaints.evidence import commands as evidence
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.documents import Term
from services.complaints.terms.rules import Length
from shared import clock
from shared.policy import calendar
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law, MissingParameter, parameters
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

COPIED_AT_ONCE: Final = 100
COMPLETE: Final = "complete"
DECIDE: Final[Step] = "decide"
SHOWN: Final[Mapping[State, str]] = {**rules.AWAITED, "returned": COMPLETE}
"""The step whose term a case shows, by the state in which it runs."""
PUNISHING: Final = "因该投诉引起的行政处罚正在依法定程序办理，处理决定期限中止计算"


class Awaited(msgspec.Struct, frozen=True):
    """What the timer of a case is about: the step whose term ends."""

    step: Step


DEADLINE = TimerKind("complaints.case_deadline", Awaited)
RATED = TimerKind("complaints.case_rated")
"""A case was rated, of which no event tells: its figures are to be counted."""


async def begin(case: Case, today: dt.date, rests_on: str, law: Law, tx: Transaction) -> None:
    """Set the term within which a case is taken up."""
    term = await set_term(case, "accept", rules.accept_term(law), today, rests_on, law, tx)
    case.accept_by = term.due
    follow(case, term, "accept", tx)


async def set_term(
    case: Case, step: str, length: Length, begun_on: dt.date, rests_on: str, law: Law, tx: Transaction
) -> Term:
    """Set the term of a step of a case."""
    about = About(
        kind="case",
        id=case.id,
        number=case.number,
        department=case.lead_department,
        district=case.district,
        officer=case.handler,
        enterprise=case.platform,
        circle=case.circle,
        away=case.away,
    )
    return await terms.set_term(about, step, length, begun_on=begun_on, rests_on=rests_on, used=law.used, tx=tx)


def follow(case: Case, term: Term, step: Step, tx: Transaction) -> None:
    """Show a term with its case, and set the timer that tells it missed."""
    case.due_on, case.provisional = term.due, term.provisional
    tx.schedule(DEADLINE, case.id, end_of_day(term.due), Awaited(step))


async def stand_still(case: Case, penalty_id: str, tx: Transaction) -> None:
    """Let the term to decide on a case stand still while a penalty runs that arose from it.

    The decision of such a case is the penalty (劳动保障监察条例 art. 18), whose notice, defence, hearing and review have a term of
    their own (行政处罚法 art. 60). 劳动保障监察条例 says nothing of the time to decide, 若干规定 art. 37 lets the head prolong its 15
    working days where there is reason; that the clock stands while the other runs is this system's own. The time to
    investigate (条例 art. 17) goes on: nothing stops it.
    """
    case.punishing = [*case.punishing, penalty_id]
    await hold_decision(case, tx)
    await case.put(tx)


async def hold_decision(case: Case, tx: Transaction) -> None:
    """Stop the clock of the decision, where a penalty runs and the term is not over."""
    today, _ = today_of(case)
    term = await terms.open_term("case", case.id, DECIDE, tx) if case.punishing else None
    if term is not None and term.state == "running" and today <= term.due:
        await terms.pause("case", case.id, DECIDE, today, PUNISHING, tx)
        case.due_on = None
        tx.cancel(DEADLINE, case.id)


async def go_on(case: Case, penalty_id: str, tx: Transaction) -> None:
    """Let the clock go on once no penalty runs any more."""
    if penalty_id not in case.punishing:
        return
    case.punishing = [one for one in case.punishing if one != penalty_id]
    term = await terms.open_term("case", case.id, DECIDE, tx)
    if not case.punishing and term is not None and term.state == "paused":
        follow(case, await terms.resume("case", case.id, DECIDE, today_of(case)[0], tx), DECIDE, tx)
    await case.put(tx)


async def record_missed_term(case_id: str, step: Step, tx: Transaction) -> None:
    """Record that a step was not taken in time, if the case still waits for it; its term tells whoever hears of that."""
    case = await Case.of(case_id, tx)
    if case is None or rules.AWAITED.get(case.state) != step:
        return
    case.missed = [*case.missed, step]
    await case.put(tx)


async def copy_terms(running: Running | None = None) -> None:
    """Take over the terms of cases that were reckoned again, for the lists and what is told of a missed one."""
    after = ""
    while True:

        async def some(tx: Transaction, after: str = after) -> list[str]:
            return await _copy_some(after, tx)

        ids = await transact(some)
        if not ids:
            return
        after = ids[-1]


async def _copy_some(after: str, tx: Transaction) -> list[str]:
    found = await tx.find(Case, {"provisional": True, "_id": {"$gt": after}}, sort="_id", limit=COPIED_AT_ONCE)
    for case in found:
        shown = SHOWN.get(case.state)
        term = None if shown is None else await terms.open_term("case", case.id, shown, tx)
        if term is None or term.state != "running" or (term.due == case.due_on and term.provisional):
            continue
        step = rules.AWAITED.get(case.state)
        if step == "accept":
            case.accept_by = term.due
        elif step == "investigate":
            case.decide_by = term.due
        if step is None:
            case.due_on, case.provisional = term.due, term.provisional
        else:
            follow(case, term, step, tx)
        await case.put(tx)
    return [case.id for case in found]


def keep_files(case: Case, tx: Transaction) -> None:
    """Keep the files of a case that is over and nobody's any more as long as those of inspection are kept. While nobody knows how
    long that is, an officer removes them."""
    if case.erased and case.ended_on is not None:
        _, law = today_of(case)
        try:
            years = law.number("retention.inspection_years")
        except MissingParameter:
            return
        evidence.keep_until(case.matter, calendar.months_after(case.ended_on, 12 * years), tx)


def today_of(case: Case) -> tuple[dt.date, Law]:
    """The day, and the law that holds on it where the case is."""
    today = shanghai_date(clock.now())
    return today, parameters.on(today, place=case.district)
