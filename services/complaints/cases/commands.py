"""File a complaint, accept or refuse it, and record a missed term."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from services.complaints.cases import events, rules
from services.complaints.cases.documents import Case, CaseNumber, encrypted_refusal, encrypted_text
from services.complaints.cases.keywords import KEYWORDS
from services.complaints.cases.rules import Step
from services.complaints.parties.commands import industries_of
from shared import clock
from shared.contracts.complaints import Category
from shared.errors import RuleBroken
from shared.ids import new_id
from shared.policy.calendar import Deadline, shanghai_date
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction


class Term(msgspec.Struct, frozen=True):
    """What the timer of a case is about: the step whose term ends."""

    step: Step


DEADLINE = TimerKind("complaints.case_deadline", Term)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A complaint as it was filed. `continuing`: what it is about still goes on."""

    platform: str | None
    category: Category | None
    text: str
    district: str
    occurred_on: dt.date
    continuing: bool


async def open_case(filing: Filing, worker_id: str, tx: Transaction) -> Case:
    """Put a complaint on file: its category, its departments and its first term.

    Raises `RuleBroken` where inspection no longer looks into it, or where it has not happened yet.
    """
    case_id, today = new_id(), shanghai_date(clock.now())
    law = parameters.on(today, place=filing.district)
    if filing.occurred_on > today:
        raise RuleBroken("occurred-in-future", "发生日期不能晚于今天", "it cannot have happened after today")
    if rules.too_late(filing.occurred_on, filing.continuing, today, law):
        raise _too_late(law.number("inspection.limitation_years"))
    category = filing.category or rules.classify(filing.text, KEYWORDS)
    industries = await industries_of(filing.platform, worker_id, tx) if filing.platform else ()
    route = rules.route(category, industries, law)
    term = rules.accept_by(today, law)
    case = Case(
        id=case_id,
        number=rules.case_number(case_id, today),
        worker_id=worker_id,
        platform=filing.platform,
        category=category,
        category_chosen=filing.category is not None,
        article=route.article,
        departments=list(route.departments),
        lead_department=route.lead,
        district=filing.district,
        occurred_on=filing.occurred_on,
        continuing=filing.continuing,
        text=encrypted_text(case_id, filing.text),
        accept_by=term.due,
        provisional=term.provisional,
        used=list(law.used),
    )
    await CaseNumber(id=case.number, holder=case.id).put(tx)
    await case.put(tx)
    _schedule(case, Term("accept"), term, tx)
    tx.publish(events.opened(case))
    return case


async def accept_case(case: Case, tx: Transaction) -> Case:
    """Accept a case: the investigation begins today, and so does its term."""
    case.state = rules.STATES.next(case.state, "accept")
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=case.district)
    term = rules.decide_by(today, law)
    case.decide_by, case.provisional = term.due, term.provisional
    case.used += law.used
    await case.put(tx)
    _schedule(case, Term("investigate"), term, tx)
    tx.publish(events.accepted(case, term.due))
    return case


async def refuse_case(case: Case, reason: str, tx: Transaction) -> Case:
    """Refuse a case, with the reason that the complainant gets in writing."""
    case.state = rules.STATES.next(case.state, "refuse")
    case.refusal, case.provisional = encrypted_refusal(case.id, reason), False
    await case.put(tx)
    tx.cancel(DEADLINE, case.id)
    return case


async def record_missed_term(case_id: str, step: Step, tx: Transaction) -> None:
    """Record that a step was not taken in time, if the case still waits for it."""
    case = await Case.of(case_id, tx)
    if case is None or rules.AWAITED.get(case.state) != step:
        return
    due_on = case.accept_by if step == "accept" else case.decide_by
    assert due_on is not None
    case.missed = [*case.missed, step]
    await case.put(tx)
    tx.publish(events.deadline_missed(case, step, due_on))


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's cases to the record that has taken the other's place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Case, {"worker_id": merged_worker_id}, moved)


def _schedule(case: Case, timer: Term, term: Deadline, tx: Transaction) -> None:
    tx.schedule(DEADLINE, case.id, term.instant, timer)


def _too_late(years: int) -> RuleBroken:
    return RuleBroken(
        "limitation-expired",
        f"该行为距今已超过{years}年，劳动保障监察不再查处（《劳动保障监察条例》第二十条）。行为仍在持续的，请注明后重新提交；"
        "也可以依法申请劳动争议调解、仲裁，或者拨打12333咨询。",
        f"more than {years} years ago, inspection no longer looks into it; file it again as continuing where it still goes "
        "on, or ask for mediation or arbitration",
    )
