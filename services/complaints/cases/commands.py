"""File a complaint, take it up or refuse it, and notice a missed term."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.complaints.cases import rules
from services.complaints.cases.access import may_decide, may_see
from services.complaints.cases.documents import Case, CaseNumber, encrypted_refusal, encrypted_text
from services.complaints.cases.keywords import KEYWORDS
from services.complaints.cases.rules import Move, Step
from services.complaints.parties.commands import industries_of
from shared import clock
from shared.contracts.complaints import CaseAccepted, CaseDeadlineMissed, CaseOpened, Category
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.etags import require_revision
from shared.web.problems import Problem, broken_rule, conflict, forbidden, not_found

DEADLINE = "complaints.case_deadline"


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

    Raises a 422 problem where inspection no longer looks into it, or where it has not happened yet.
    """
    case_id, today = new_id(), shanghai_date(clock.now())
    law = parameters.on(today, place=filing.district)
    if filing.occurred_on > today:
        raise broken_rule("occurred-in-future", "发生日期不能晚于今天", "it cannot have happened after today")
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
    tx.schedule(DEADLINE, case.id, term.instant, step="accept")
    tx.tell(CaseOpened(**case.facts(), accept_by=case.accept_by))  # type: ignore[arg-type]
    return case


async def accept_case(case_id: str, caller: Caller, seen: int | None, tx: Transaction) -> Case:
    """Take a case up: it is opened for investigation on this day, and the term to investigate begins."""
    case = await _moved(case_id, "accept", caller, seen, tx)
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=case.district)
    term = rules.decide_by(today, law)
    case.decide_by, case.provisional = term.due, term.provisional
    case.used += law.used
    await case.put(tx)
    tx.schedule(DEADLINE, case.id, term.instant, step="investigate")
    tx.tell(CaseAccepted(**case.facts(), decide_by=term.due))  # type: ignore[arg-type]
    return case


async def refuse_case(case_id: str, reason: str, caller: Caller, seen: int | None, tx: Transaction) -> Case:
    """Refuse a case, with the reason that the complainant gets in writing."""
    case = await _moved(case_id, "refuse", caller, seen, tx)
    case.refusal, case.provisional = encrypted_refusal(case.id, reason), False
    await case.put(tx)
    tx.cancel(DEADLINE, case.id)
    return case


async def note_missed_term(case_id: str, step: Step, tx: Transaction) -> None:
    """Say that a step was not taken in time, if the case still waits for it."""
    case = await Case.of(case_id, tx)
    if case is None or rules.AWAITED.get(case.state) != step:
        return
    due_on = case.accept_by if step == "accept" else case.decide_by
    assert due_on is not None
    case.missed = [*case.missed, step]
    await case.put(tx)
    tx.tell(CaseDeadlineMissed(**case.facts(), step=step, due_on=due_on))  # type: ignore[arg-type]


async def read_case(case_id: str, caller: Caller, tx: Transaction | None = None) -> Case:
    """A case that the caller may see: their own, or one of their district and department; any other is not found."""
    case = await Case.of(case_id, tx)
    if case is None or not may_see(case, caller):
        raise not_found("该投诉", "the case")
    return case


async def _moved(case_id: str, move: Move, caller: Caller, seen: int | None, tx: Transaction) -> Case:
    case = await read_case(case_id, caller, tx)
    if not may_decide(case, caller):
        raise forbidden("由该投诉的主办部门办理", "this is for the department that leads on the case")
    if seen is not None:
        require_revision(seen, case.revision)
    try:
        case.state = rules.after(case.state, move)
    except rules.NotAllowed as error:
        raise conflict(
            "case-state", "该投诉的当前状态不允许此操作", f"not possible while the case is {error.state}"
        ) from None
    return case


def _too_late(years: int) -> Problem:
    return broken_rule(
        "limitation-expired",
        f"该行为距今已超过{years}年，劳动保障监察不再查处（《劳动保障监察条例》第二十条）。行为仍在持续的，请注明后重新提交；"
        "也可以依法申请劳动争议调解、仲裁，或者拨打12333咨询。",
        f"more than {years} years ago, inspection no longer looks into it; file it again as continuing where it still goes "
        "on, or ask for mediation or arbitration",
    )
