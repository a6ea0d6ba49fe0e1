"""Apply for legal aid, decide on it, assign somebody, and record what they do and what comes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from services.complaints.cases.documents import Case
from services.complaints.disputes.documents import Dispute
from services.complaints.legal_aid import events, rules
from services.complaints.legal_aid import lawyer_commands as lawyers
from services.complaints.legal_aid.documents import (
    AidStep,
    LegalAid,
    Replacement,
    encrypted_answer,
    encrypted_income,
    encrypted_note,
    encrypted_text,
)
from services.complaints.legal_aid.rules import Asked, Ending, Form, Move, Outcome, Step
from services.complaints.members.commands import current
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from shared import clock
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

LAPSE = TimerKind("complaints.legal_aid_lapse")
"""The timer at which an application without what was asked for counts as withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a person hands in. `origin`: the matter that it is about (`case:<id>`, `dispute:<id>`), where there is one."""

    asked: Asked
    form: Form
    text: str
    district: str
    origin: str | None


async def apply(application: Application, worker_id: str, tx: Transaction) -> LegalAid:
    """Put an application on file with what the machine proposes, and the term in which it is decided on.

    Raises NotFound for a case or a dispute as its origin that is not the applicant's.
    """
    aid_id, today, asked = new_id(), _today(), application.asked
    if asked.ends_on is not None and asked.ends_on < today:
        raise RuleBroken("term-over", "所述时效或期限已经届满", "the limitation or term named is over already")
    worker_id = await current(worker_id, tx)
    await _check_origin(application.origin, worker_id, tx)
    law = parameters.on(today, place=application.district)
    proposal = rules.propose(asked, law)
    aid = LegalAid(
        id=aid_id,
        number=readable_number("德法援", aid_id, today),
        worker_id=worker_id,
        body=asked.body,
        department=rules.departments(law)[asked.body],
        district=application.district,
        subject=asked.subject,
        form=application.form,
        text=encrypted_text(aid_id, application.text),
        ground=asked.means.ground,
        income=encrypted_income(aid_id, asked.means.monthly_income),
        pledged=asked.means.pledged,
        ends_on=asked.ends_on,
        origin=application.origin,
        received_on=today,
        reasons=list(proposal.reasons),
        grant_proposed=proposal.grant,
        used=list(law.used),
    )
    due_on = await _begin(aid, "decide", "submitted", tx)
    tx.publish(events.submitted(aid, due_on))
    return await aid.put(tx)


async def ask_for_supplement(aid: LegalAid, what: str, tx: Transaction) -> LegalAid:
    """Say, once, what must still be handed in (法律援助法 art. 43): the time that it takes does not count into the seven days
    (办理法律援助案件程序规定 art. 17), unless they are over already; also of aid that was given first, for which the papers are
    made up for (法律援助法 art. 44)."""
    if aid.asked_once:
        raise Conflict("asked-once", "补充材料应当一次性告知", "what is missing is said once")
    _move(aid, "ask")
    aid.asked_once, aid.answer = True, encrypted_answer(aid.id, what)
    deciding = await terms.open_term("legal_aid", aid.id, "decide", tx)
    if deciding is not None and _today() <= deciding.due:
        await terms.pause("legal_aid", aid.id, "decide", _today(), what, tx)
    due_on = await _begin(aid, "supplement", "supplement_asked", tx)
    tx.schedule(LAPSE, aid.id, end_of_day(due_on))
    tx.publish(events.supplement_asked(aid, due_on))
    return await aid.put(tx)


async def supplement(aid: LegalAid, text: str, tx: Transaction) -> LegalAid:
    """Add what was asked for, or what is made up for after aid was given first (法律援助法 art. 44); the term to decide goes on."""
    if await terms.open_term("legal_aid", aid.id, "supplement", tx) is None:  # what was asked for always has room
        rules.check_room(aid.clear_text)
    _move(aid, "supplement")
    aid.text = encrypted_text(aid.id, f"{aid.clear_text}\n\n{text}")
    tx.cancel(LAPSE, aid.id)
    await terms.meet("legal_aid", aid.id, "supplement", _today(), tx)
    await _go_on(aid, "supplemented", tx)
    return await aid.put(tx)


async def lapse(aid_id: str, tx: Transaction) -> None:
    """Take an application as withdrawn whose supplement did not come (art. 43); what was given first ends with it."""
    aid = await LegalAid.of(aid_id, tx)
    if aid is None or aid.state not in ("supplementing", "provided_first"):
        return
    term = await terms.open_term("legal_aid", aid.id, "supplement", tx)
    if term is None and aid.state == "provided_first":  # it has come meanwhile
        return
    if term is not None and _today() <= term.due:  # a year's days off have moved it
        tx.schedule(LAPSE, aid.id, end_of_day(term.due))
        await aid.put(tx)
        return
    await withdraw(aid, tx, lapsed=True)


async def withdraw(aid: LegalAid, tx: Transaction, *, lapsed: bool = False) -> LegalAid:
    """Take an application back."""
    given = aid.state == "provided_first"
    _move(aid, "lapse" if lapsed else "withdraw")
    if given:
        await lawyers.let_go(aid, tx)
    tx.cancel(LAPSE, aid.id)
    await terms.end("legal_aid", aid.id, tx)
    tx.publish(events.withdrawn(aid, lapsed=lapsed))
    return await aid.put(tx)


async def grant(aid: LegalAid, officer: Officer, tx: Transaction) -> LegalAid:
    """Give legal aid; somebody is assigned within a term, unless aid was given first."""
    _move(aid, "grant")
    await _decide(aid, officer, tx)
    if aid.state == "granted":
        await _begin(aid, "assign", "granted", tx)
    tx.publish(events.decided(aid, granted=True))
    return await aid.put(tx)


async def provide_first(aid: LegalAid, *, preservation: bool, tx: Transaction) -> LegalAid:
    """Give aid before it is decided on, where a term is about to end (art. 44); the decision is still to be taken, and what was
    asked for still to be handed in."""
    rules.may_provide_first(aid.asked, _today(), _law(aid), preservation=preservation)
    _move(aid, "provide_first")
    aid.first = True
    await lawyers.assign(aid, (), tx)
    return await aid.put(tx)


async def refuse(aid: LegalAid, officer: Officer, answer: str, tx: Transaction) -> LegalAid:
    """Refuse legal aid, with the reason that the applicant gets in writing (art. 43); what was given first ends with it."""
    given = aid.state == "provided_first"
    _move(aid, "refuse")
    if given:
        await lawyers.let_go(aid, tx)
    aid.answer = encrypted_answer(aid.id, answer)
    await _decide(aid, officer, tx)
    tx.publish(events.decided(aid, granted=False))
    return await aid.put(tx)


async def assign(aid: LegalAid, tx: Transaction, *, lawyer_id: str | None = None) -> LegalAid:
    """Assign the lawyer named, or whom field and load point to; raises Conflict where there is nobody."""
    _move(aid, "assign")
    await lawyers.assign(aid, (), tx, lawyer_id)
    await terms.meet("legal_aid", aid.id, "assign", _today(), tx)
    return await aid.put(tx)


async def reassign(
    aid: LegalAid, officer: Officer, tx: Transaction, *, lawyer_id: str | None = None, answer: str | None = None
) -> LegalAid:
    """Give a matter to another lawyer; that is what was asked for where the person did (法律援助法 art. 55)."""
    _move(aid, "reassign")
    await lawyers.give_up(aid, tx)
    await lawyers.assign(aid, aid.lawyers, tx, lawyer_id)
    if aid.replacing is not None:
        await lawyers.answer(aid, officer, answer, replaced=True, tx=tx)
    return await aid.put(tx)


async def ask_replacement(aid: LegalAid, text: str, tx: Transaction) -> LegalAid:
    """Ask for another lawyer than one who does not do their duty (法律援助法 art. 55); it is decided on within a term."""
    if aid.replacing is not None:
        raise Conflict("replacement-asked", "已有待决定的更换请求", "a request for another lawyer waits")
    _move(aid, "ask_replacement")
    assert aid.lawyer is not None
    said = Replacement(lawyer=aid.lawyer, asked_on=_today(), text=encrypted_note(aid.id, text))
    aid.replacements = [*aid.replacements, said]
    due_on = await _begin(aid, "replacement", "replacement_asked", tx)
    tx.publish(events.replacement_asked(aid, due_on))
    return await aid.put(tx)


async def decide_replacement(
    aid: LegalAid, officer: Officer, answer: str, *, replace: bool, lawyer_id: str | None, tx: Transaction
) -> LegalAid:
    """Assign another lawyer, as was asked, or say in writing why not (法律援助法 art. 55). Until somebody else may be assigned it
    waits, so that the person is never without."""
    if aid.replacing is None:
        raise Conflict("replacement-not-asked", "没有待决定的更换请求", "no request for another lawyer waits")
    if replace:
        return await reassign(aid, officer, tx, lawyer_id=lawyer_id, answer=answer)
    await lawyers.answer(aid, officer, answer, replaced=False, tx=tx)
    return await aid.put(tx)


async def record_step(aid: LegalAid, on: dt.date, kind: str, note: str, officer: Officer, tx: Transaction) -> LegalAid:
    """Record something that was done for the person."""
    if aid.lawyer is None or aid.state not in ("assigned", "provided_first"):
        raise Conflict("not-assigned", "尚未指派承办人员或事项已办结", "nobody is at work on it")
    if not aid.received_on <= on <= _today():
        raise RuleBroken("step-day", "办理日期有误", "the day is before the application or in the future")
    aid.steps.append(AidStep(on=on, kind=kind, note=encrypted_note(aid.id, note), by=officer.id))
    return await aid.put(tx)


async def finish(aid: LegalAid, outcome: Outcome, recovered: Decimal | None, tx: Transaction) -> LegalAid:
    """Record what came of it. `recovered`: yuan that the person got by it."""
    _move(aid, "finish")
    aid.outcome, aid.recovered = outcome, recovered
    await lawyers.let_go(aid, tx)
    await terms.end("legal_aid", aid.id, tx)
    tx.publish(events.finished(aid))
    return await aid.put(tx)


async def terminate(aid: LegalAid, ending: Ending, answer: str, officer: Officer, tx: Transaction) -> LegalAid:
    """End legal aid before its time (art. 48), with the reason in writing."""
    at_work = aid.state != "granted"  # whom it names there was let go when it was refused
    _move(aid, "terminate")
    aid.ending, aid.answer = ending, encrypted_answer(aid.id, answer)
    if at_work:
        await lawyers.let_go(aid, tx)
    await _decide(aid, officer, tx)
    tx.publish(events.terminated(aid))
    return await aid.put(tx)


async def contest(aid: LegalAid, text: str, tx: Transaction) -> LegalAid:
    """Object to a refusal or an end (art. 49); it is answered within a term."""
    _move(aid, "contest")
    aid.text = encrypted_text(aid.id, f"{aid.clear_text}\n\n异议：{text}")
    due_on = await _begin(aid, "objection", "contested", tx)
    tx.publish(events.contested(aid, due_on))
    return await aid.put(tx)


async def decide_objection(aid: LegalAid, officer: Officer, answer: str, *, uphold: bool, tx: Transaction) -> LegalAid:
    """Uphold what was decided, or overturn it; by somebody else than who decided it (art. 49).

    Aid that goes on is assigned within its term, at once where it had been ended and somebody is free; against what is upheld,
    review and suit are open.
    """
    if officer.id == aid.decided_by:
        raise Conflict("same-officer", "异议应由其他人员审查", "an objection is decided on by somebody else")
    ended = aid.state == "termination_contested"
    _move(aid, "uphold" if uphold else "overturn")
    aid.answer = encrypted_answer(aid.id, answer)
    await terms.meet("legal_aid", aid.id, "objection", _today(), tx)
    if not uphold:
        aid.ending = None
        await _begin(aid, "assign", "overturned", tx)
        if ended and await lawyers.chosen(aid, (), tx) is not None:
            await assign(aid, tx)
    tx.publish(events.objection_decided(aid, upheld=uphold))
    return await aid.put(tx)


async def _check_origin(origin: str | None, worker_id: str, tx: Transaction) -> None:
    kind, _, own_id = (origin or "").partition(":")
    if kind == "case":
        case = await Case.of(own_id, tx)
        if case is None or worker_id not in case.people:
            raise NotFound("所依据的投诉", "the case that this begins from")
    elif kind == "dispute":
        dispute = await Dispute.of(own_id, tx)
        if dispute is None or worker_id not in dispute.workers:
            raise NotFound("所依据的争议", "the dispute that this begins from")


async def _decide(aid: LegalAid, officer: Officer, tx: Transaction) -> None:
    aid.decided_by, aid.decided_on = officer.id, _today()
    await terms.meet("legal_aid", aid.id, "decide", _today(), tx)
    await terms.end("legal_aid", aid.id, tx, but=["replacement"])
    tx.cancel(LAPSE, aid.id)


async def _go_on(aid: LegalAid, rests_on: str, tx: Transaction) -> None:
    """Let the term to decide go on, or begin where it was ended, as it was before it could stand still."""
    term = await terms.open_term("legal_aid", aid.id, "decide", tx)
    if term is None:
        await _begin(aid, "decide", rests_on, tx)
    elif term.state == "paused":
        await terms.resume("legal_aid", aid.id, "decide", _today(), tx)


async def _begin(aid: LegalAid, step: Step, rests_on: str, tx: Transaction) -> dt.date:
    """Set the term of a step from today; its last day."""
    law, today = _law(aid), _today()
    about = About(
        kind="legal_aid", id=aid.id, number=aid.number, department=aid.department, district=aid.district, officer=None
    )
    length = rules.term(step, law)
    term = await terms.set_term(about, step, length, begun_on=today, rests_on=rests_on, used=law.used, tx=tx)
    return term.due


def _move(aid: LegalAid, move: Move) -> None:
    aid.state = rules.STATES.next(aid.state, move)


def _law(aid: LegalAid) -> Law:
    return parameters.on(_today(), place=aid.district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
