"""Open a joint task, answer its parts, ask again, and draw the one result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.inspections.access import check_origin
from services.complaints.inspections.documents import Inspection, Origin, begun
from services.complaints.inspections.rules import number_of
from services.complaints.joint import events, rules
from services.complaints.joint.documents import JointTask, Part, encrypted_text
from services.complaints.joint.rules import Asked, Outcome
from services.complaints.leads.documents import Lead
from services.complaints.officers.commands import on_duty, registered
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, check_not_away
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import clock
from shared.callers import Caller
from shared.errors import NotFound
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


class Missing(msgspec.Struct, frozen=True):
    """What the timer of a part is about."""

    joint_id: str
    department: str
    round: int


MISSING: Final = TimerKind("complaints.joint_part", Missing)
ANSWER: Final = "answer"
"""The step of a part whose term runs."""
LEAD: Final = "lead"
"""Whichever department leads on a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Asked):
    """What a department is asked to do."""

    demand: str


async def open_task(
    article: str,
    enterprise: str,
    district: str,
    subject: str,
    origin: Origin,
    demands: Sequence[Demand],
    caller: Caller,
    tx: Transaction,
) -> JointTask:
    """Open a joint task of the departments of an article; by an approver of the one that leads on it.

    Raises RuleBroken for departments that the article does not name, NotFound for an origin out of the officer's reach.
    """
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=district)
    lead = rules.lead_of(article, law)
    matter = Matter(departments=[lead], district=district, enterprise=enterprise)
    officer = await on_duty(caller, "approver", matter, tx)
    rules.check_parts(article, demands, today, law)
    await check_origin(origin, officer, tx)
    await _check_same(origin, enterprise, district, tx)
    _, case = await begun(origin, tx)
    circle = None if case is None else case.circle
    await on_duty(caller, "approver", replace(matter, circle=circle), tx)
    await _check_silent(case, [subject, *(one.demand for one in demands)], tx)
    task_id = new_id()
    task = JointTask(
        id=task_id,
        number=number_of(task_id, today, "德联办"),
        article=article,
        enterprise=enterprise,
        district=district,
        lead_department=lead,
        departments=[one.department for one in demands],
        origin=origin,
        circle=circle,
        opened_by=officer.id,
        subject=encrypted_text(task_id, subject),
        parts=[
            Part(department=one.department, demand=encrypted_text(task_id, one.demand), due_on=one.due_on)
            for one in demands
        ],
        used=list(law.used),
    )
    for part in task.parts:
        await _ask(task, part, today, law, tx)
    return await task.put(tx)


async def answer(task_id: str, department: str, text: str, caller: Caller, tx: Transaction) -> JointTask:
    """Answer a department's part, late or in time, by its handler."""
    task, officer = await task_for(task_id, caller, "handler", tx, of=department)
    part = _part(task, department)
    part.state = rules.PART.next(part.state, "answer")
    await _follow_term(task, part, tx)
    today = shanghai_date(clock.now())
    part.answer, part.answered_by, part.answered_on = encrypted_text(task.id, text), officer.id, today
    in_time = today <= part.due_on
    part.missed = part.missed or not in_time
    tx.cancel(MISSING, _key(task, part))
    await terms.meet("joint", _key(task, part), ANSWER, today, tx)
    tx.publish(events.answered(task, part, in_time))
    return await task.put(tx)


async def ask_again(
    task_id: str, department: str, remark: str, due_on: dt.date, caller: Caller, tx: Transaction
) -> JointTask:
    """Give an answer back that does not do, with what is missing and a new day."""
    task, _ = await task_for(task_id, caller, "approver", tx, of=LEAD)
    task.state = rules.JOINT.next(task.state, "ask")
    part = _part(task, department)
    part.state = rules.PART.next(part.state, "ask_again")
    today = shanghai_date(clock.now())
    rules.check_due(due_on, today)
    await _check_silent((await begun(task.origin, tx))[1], [remark], tx)
    part.remark, part.due_on, part.rounds = encrypted_text(task.id, remark), due_on, part.rounds + 1
    await _ask(task, part, today, parameters.on(today, place=task.district), tx)
    return await task.put(tx)


async def conclude(
    task_id: str, outcome: Outcome, result: str, reason: str | None, caller: Caller, tx: Transaction
) -> JointTask:
    """Draw the one result: all have answered, or the lead department says why it does not wait."""
    task, officer = await task_for(task_id, caller, "approver", tx, of=LEAD)
    task.state = rules.JOINT.next(task.state, "conclude")
    missing = task.waiting
    rules.check_conclusion(missing, reason)
    await _check_silent((await begun(task.origin, tx))[1], [result, reason or ""], tx)
    task.outcome, task.result = outcome, encrypted_text(task.id, result)
    task.reason = encrypted_text(task.id, reason) if reason else None
    task.concluded_on, task.concluded_by = shanghai_date(clock.now()), officer.id
    for part in task.parts:
        if part.state == "asked":
            part.state = rules.PART.next(part.state, "close")
            tx.cancel(MISSING, _key(task, part))
            await terms.end("joint", _key(task, part), tx)
    tx.publish(events.concluded(task, missing, task.concluded_on))
    return await task.put(tx)


async def order(task: JointTask, directive_id: str, tx: Transaction) -> None:
    """Keep that an order to put right follows from the result."""
    rules.check_ordered(task.outcome)
    task.directives = [*task.directives, directive_id]
    await task.put(tx)


async def record_missed(missing: Missing, tx: Transaction) -> None:
    """Record that a department has not answered in time, if its part still waits; the lead department hears."""
    task = await JointTask.of(missing.joint_id, tx)
    part = None if task is None else task.part_of(missing.department)
    if task is None or part is None or part.state != "asked" or part.rounds != missing.round:
        return
    await _follow_term(task, part, tx)
    if shanghai_date(clock.now()) <= part.due_on:
        tx.schedule(MISSING, _key(task, part), end_of_day(part.due_on), missing)
        await task.put(tx)
        return
    part.missed = True
    tx.publish(events.missed(task, part))
    await task.put(tx)


async def task_for(
    task_id: str, caller: Caller, duty: Duty | None, tx: Transaction, *, of: str | None = None
) -> tuple[JointTask, Officer]:
    """A joint task in which the officer's department has a part, with their entry in the register; of one that comes from a sensitive
    case, for officers of its circle.

    `of`: only for this department, or for the one that leads (`LEAD`).
    """
    task = await JointTask.of(task_id, tx)
    if task is None or not caller.is_officer_of(*task.departments) or not caller.reaches(task.district):
        raise NotFound("该联合执法任务", "the joint task")
    departments = task.departments if of is None else [task.lead_department if of == LEAD else of]
    _, case = await begun(task.origin, tx)
    circle = task.circle if case is None else case.circle
    matter = Matter(departments=departments, district=task.district, enterprise=task.enterprise, circle=circle)
    if matter.outside((await registered(caller, tx)).circles):
        raise NotFound("该联合执法任务", "the joint task")
    officer = await on_duty(caller, duty, matter, tx)
    if case is not None:
        check_not_away(officer.id, case.away)
    return task, officer


async def _check_same(origin: Origin, enterprise: str, district: str, tx: Transaction) -> None:
    """Raise RuleBroken where the matter that a task comes from is about another enterprise or district: what follows from the task is
    an act of that matter."""
    about: tuple[str | None, str] | None = None
    match origin.kind:
        case "case":
            case = await Case.of(origin.id, tx)
            about = None if case is None else (case.platform, case.district)
        case "lead":
            lead = await Lead.of(origin.id, tx)
            about = None if lead is None else (lead.platform, lead.district)
        case "inspection":
            inspection = await Inspection.of(origin.id, tx)
            about = None if inspection is None else (inspection.enterprise, inspection.district)
    if about is not None:
        whose, where = about
        rules.check_origin(whose, where, enterprise, district)


async def _check_silent(case: Case | None, texts: Sequence[str], tx: Transaction) -> None:
    """Raise Conflict where what every department reads would show who reported in confidence (劳动保障监察条例 art. 9)."""
    if case is not None:
        for text in texts:
            await check_says_nothing_of_reporter(case, text, tx)


async def _ask(task: JointTask, part: Part, today: dt.date, law: Law, tx: Transaction) -> None:
    """Let a part's term run, and tell its department."""
    about = terms.About(
        kind="joint",
        id=_key(task, part),
        number=task.number,
        department=part.department,
        district=task.district,
        officer=None,
    )
    length = Length((part.due_on - today).days, "days")
    term = await terms.set_term(about, ANSWER, length, begun_on=today, rests_on="asked", used=law.used, tx=tx)
    part.due_on = term.due
    tx.schedule(MISSING, _key(task, part), end_of_day(term.due), Missing(task.id, part.department, part.rounds))
    tx.publish(events.asked(task, part))


async def _follow_term(task: JointTask, part: Part, tx: Transaction) -> None:
    """Let the last day of a part be that of its term, which a year's days off may have moved since."""
    term = await terms.open_term("joint", _key(task, part), ANSWER, tx)
    if term is not None:
        part.due_on = term.due


def _part(task: JointTask, department: str) -> Part:
    part = task.part_of(department)
    if part is None:
        raise NotFound("该部门的任务", "the department's part")
    return part


def _key(task: JointTask, part: Part) -> str:
    return f"{task.id}:{part.department}"
