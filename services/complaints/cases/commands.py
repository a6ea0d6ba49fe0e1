"""File a case, bring it from one state to the next, and put it into officers' hands."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from services.complaints.cases import events, rules
from services.complaints.cases.documents import (
    FILERS,
    NAME,
    NOTE,
    PHONE,
    REFUSAL,
    RELATION,
    Case,
    CaseNumber,
    Happening,
    Hotline,
    Reporter,
    encrypted,
    encrypted_text,
)
from services.complaints.cases.rules import Channel, Dispute, Facts, Kind, Move, Step
from services.complaints.cases.tables import KEYWORDS
from services.complaints.officers.commands import find_assignee, give_up, take_on
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter, obstacle
from services.complaints.parties.commands import district_of, industries_of
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.documents import Term
from services.complaints.terms.rules import Length
from shared import clock
from shared.callers import Caller
from shared.contracts.base import Fact
from shared.contracts.complaints import Category, RefusalGround
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.running import Running
from shared.storage.encryption import lookup_hash, lookup_hashes
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

HRSS: Final = "hrss"
CODE: Final = "case.code"
COPIED_AT_ONCE: Final = 100


class Awaited(msgspec.Struct, frozen=True):
    """What the timer of a case is about: the step whose term ends."""

    step: Step


DEADLINE = TimerKind("complaints.case_deadline", Awaited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How a case came in, in clear. `by`: the subject of the union or the officer that files it for somebody."""

    channel: Channel = "worker"
    by: str | None = None
    name: str | None = None
    phone: str | None = None
    relation: str | None = None
    hotline: Hotline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A complaint or report as it was filed. `continuing`: what it is about still goes on; without `district` it is that of
    the work."""

    platform: str | None
    category: Category | None
    text: str
    district: str | None
    occurred_on: dt.date
    continuing: bool
    kind: Kind = "complaint"
    confidential: bool = False
    dispute: Dispute | None = None
    source: Source = Source()


async def open_case(filing: Filing, worker_id: str | None, tx: Transaction, *, code: str | None = None) -> Case:
    """Put a case on file: its category, its departments, its first term and its officer, and what the machine proposes.

    `code` is what whoever has no token follows it by. Raises `RuleBroken` where it has not happened yet, or nobody knows
    where.
    """
    case_id, today = new_id(), shanghai_date(clock.now())
    if filing.occurred_on > today:
        raise RuleBroken("occurred-in-future", "发生日期不能晚于今天", "it cannot have happened after today")
    district = filing.district or await district_of(filing.platform, worker_id, tx)
    called_at = None if filing.source.hotline is None else filing.source.hotline.called_at
    if called_at is not None and not filing.occurred_on <= shanghai_date(called_at) <= today:
        zh = "来电时间应在发生日期之后且不晚于今天"
        raise RuleBroken("called-when", zh, "a call comes after what it is about, and not after today")
    if district is None:
        raise RuleBroken("district-missing", "请填写用工所在区县", "say in which district the work is done")
    law = parameters.on(today, place=district)
    category = filing.category or rules.classify(filing.text, KEYWORDS)
    industries = await industries_of(filing.platform, worker_id, tx) if filing.platform else ()
    route = rules.route(category, industries, law)
    facts = Facts(
        kind=filing.kind,
        platform=filing.platform,
        occurred_on=filing.occurred_on,
        continuing=filing.continuing,
        dispute=filing.dispute,
    )
    source = filing.source
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
        district=district,
        occurred_on=filing.occurred_on,
        continuing=filing.continuing,
        text=encrypted_text(case_id, filing.text),
        accept_by=today,
        provisional=False,
        kind=filing.kind,
        reporter=Reporter(
            channel=source.channel,
            by=source.by,
            name=encrypted(NAME, case_id, source.name),
            phone=encrypted(PHONE, case_id, source.phone),
            relation=encrypted(RELATION, case_id, source.relation),
            hotline=source.hotline,
        ),
        confidential=rules.in_confidence(filing.kind, asked=filing.confidential),
        dispute=filing.dispute,
        proposed=rules.proposed(facts, today, law),
        circle=rules.circle_of(category, law),
        code=None if code is None else lookup_hash(CODE, code),
        used=[],
    )
    await CaseNumber(id=case.number, holder=case.id).put(tx)
    await _begin(case, today, "case.opened", law, tx)
    if source.hotline is not None:
        length = Length(law.days("hotline.handle_workdays"), "workdays")
        await _set_term(case, "hotline", length, shanghai_date(source.hotline.called_at), "hotline.called", law, tx)
    case.used = list(law.used)
    await case.put(tx)
    events.publish(case, events.opened(case), tx)
    await _assign(case, tx)
    return case


def new_code() -> str:
    """A secret by which whoever has no token follows a case; only its hash is kept."""
    return secrets.token_urlsafe(24)


async def case_by_code(number: str, code: str) -> Case:
    """The case of a number, where the code is its own; any other is not found."""
    held = await CaseNumber.of(number)
    case = None if held is None else await Case.of(held.holder)
    if case is None or case.code is None or not _is_code(case.code, code):
        raise NotFound("该举报", "the report")
    return case


async def accept_case(case: Case, by: Caller, tx: Transaction) -> Case:
    """Accept a case: the investigation begins today, and so does its term."""
    today, law = _today(case)
    _move(case, "accept", by.subject, None)
    await terms.meet("case", case.id, "accept", today, tx)
    term = await _set_term(case, "investigate", rules.investigate_term(law), today, "case.accepted", law, tx)
    case.decide_by = term.due
    follow(case, term, "investigate", tx)
    case.used += law.used
    await case.put(tx)
    events.publish(case, events.accepted(case, term.due), tx)
    return case


async def refuse_case(case: Case, ground: RefusalGround, reason: str, by: Caller, tx: Transaction) -> Case:
    """Refuse a case, with the reason that the complainant gets in writing."""
    _move(case, "refuse", by.subject, None)
    case.ground, case.refusal = ground, encrypted(REFUSAL, case.id, reason)
    return await over(case, events.refused(case, ground), tx)


async def transfer_case(case: Case, body: str, reason: str, by: Caller, tx: Transaction) -> Case:
    """Hand a case to the body that is competent for it, and tell the complainant which one that is."""
    _move(case, "transfer", by.subject, f"移送{body}：{reason}")
    return await over(case, events.transferred(case), tx)


async def return_case(case: Case, missing: str, by: Caller, tx: Transaction) -> Case:
    """Ask for what is missing, once: the term of acceptance stands still until it comes."""
    if case.returned_on is not None:
        raise Conflict("returned-already", "已要求补正过一次", "completion is asked for once")
    today, law = _today(case)
    _move(case, "return", by.subject, missing)
    await terms.pause("case", case.id, "accept", today, missing, tx)
    length = Length(law.days("complaint.completion_workdays"), "workdays")
    term = await _set_term(case, "complete", length, today, "case.returned", law, tx)
    case.returned_on, case.due_on = today, term.due
    case.used += law.used
    tx.cancel(DEADLINE, case.id)
    await case.put(tx)
    events.publish(case, events.returned(case, term.due), tx)
    return case


async def complete_case(case: Case, addition: str, platform: str | None, by: Caller, tx: Transaction) -> Case:
    """Take in what was missing: the clock of acceptance goes on."""
    today, _ = _today(case)
    _move(case, "complete", by.role, addition)
    case.platform = platform or case.platform
    await terms.meet("case", case.id, "complete", today, tx)
    term = await terms.resume("case", case.id, "accept", today, tx)
    case.accept_by = term.due
    follow(case, term, "accept", tx)
    return await case.put(tx)


async def withdraw_case(case: Case, reason: str | None, by: Caller, tx: Transaction) -> Case:
    """End a case because who filed it withdraws it: not once it is investigated, which only the authority ends
    (劳动保障监察条例 art. 18)."""
    if case.state == "accepted":
        raise Conflict(
            "under-investigation",
            "已立案调查，是否撤销立案由劳动保障行政部门决定；情况有变化的，请告知承办人",
            "it is under investigation: the authority decides whether that ends",
        )
    _move(case, "withdraw", by.role, reason)
    return await over(case, events.withdrawn(case), tx)


async def reopen_case(case: Case, reason: str, by: Caller, tx: Transaction) -> Case:
    """Open a case that is over again, within its window; what happened stays on file."""
    today, law = _today(case)
    if case.ended_on is None or not rules.may_reopen(case.ended_on, today, law):
        raise Conflict("reopening-too-late", "已超过申请重新办理的期限", "the time to open it again is over")
    _move(case, "reopen", by.role, reason)
    case.ended_on, case.ground, case.refusal, case.decide_by, case.returned_on = None, None, None, None, None
    case.inquiry_id = None
    await _begin(case, today, "case.reopened", law, tx)
    case.used += law.used
    await case.put(tx)
    events.publish(case, events.reopened(case), tx)
    await _assign(case, tx)
    return case


async def conclude_case(case: Case, by: Caller, tx: Transaction) -> Case:
    """End the investigation: from now on the decision has its term (若干规定 art. 37)."""
    today, law = _today(case)
    _move(case, "conclude", by.subject, None)
    await terms.meet("case", case.id, "investigate", today, tx)
    length = Length(law.days("inspection.decide_workdays"), "workdays")
    term = await _set_term(case, "decide", length, today, "case.concluded", law, tx)
    case.due_on, case.provisional = term.due, term.provisional
    case.used += law.used
    tx.cancel(DEADLINE, case.id)
    return await case.put(tx)


async def over(case: Case, fact: Fact, tx: Transaction) -> Case:
    """End everything that runs for a case that is over, and tell it."""
    today, _ = _today(case)
    for step in ("accept", "hotline"):
        await terms.meet("case", case.id, step, today, tx)
    await terms.end("case", case.id, tx)
    tx.cancel(DEADLINE, case.id)
    case.ended_on, case.provisional, case.due_on = today, False, None
    if case.handler is not None:
        await give_up(case.handler, tx)
    case.handler = None
    await case.put(tx)
    events.publish(case, fact, tx)
    return case


def move(case: Case, what: Move, by: Caller, note: str | None) -> None:
    """Bring a case to its next state, and keep what was written."""
    _move(case, what, by.subject, note)


def matter_of(case: Case) -> Matter:
    """A case as what an officer acts on: of its lead department, or of the labour department."""
    return Matter(
        departments=[case.lead_department, HRSS],
        district=case.district,
        enterprise=case.platform,
        circle=case.circle,
    )


async def put_in_hands(case: Case, officer: Officer | None, tx: Transaction) -> Case:
    """Give a case to an officer, or to nobody where there is none who may take it."""
    before, case.handler = case.handler, None if officer is None else officer.id
    if case.handler == before:
        return case
    if before is not None:
        await give_up(before, tx)
    if officer is not None:
        await take_on(officer, tx)
    await terms.hand_over("case", case.id, case.handler, tx)
    tx.publish(events.assigned(case))
    return await case.put(tx)


async def hand_over(case: Case, subject: str, tx: Transaction) -> Case:
    """Give a case to another officer, who may handle it."""
    if case.state in rules.OVER:
        raise Conflict("case-over", "该投诉已办结，无须交接", "the case is over: nobody has it in hand")
    officer = await Officer.of(subject, tx)
    if officer is None or subject in case.away or obstacle(officer.person, matter_of(case), "handler"):
        raise Conflict("cannot-take-it", "该经办人员不能承办此投诉", "that officer may not handle the case")
    return await put_in_hands(case, officer, tx)


async def recuse(case: Case, officer: Officer, tx: Transaction) -> Case:
    """Keep an officer who has an interest in a case out of it (回避; 劳动保障监察条例 art. 16): what they had in hand goes to
    another."""
    case.away = [*case.away, officer.id]
    return await (_assign(case, tx) if case.handler in (None, officer.id) else case.put(tx))


async def join(number: str, worker_id: str, tx: Transaction) -> Case:
    """Let a worker join the case of a number that the others told them; a confidential one is nobody else's."""
    held = await CaseNumber.of(number, tx)
    case = None if held is None else await Case.of(held.holder, tx)
    if case is None or case.protected or case.state in rules.OVER:
        raise NotFound("可以加入的投诉", "a case to join")
    return await add_member(case, worker_id, tx)


async def add_member(case: Case, worker_id: str, tx: Transaction) -> Case:
    if worker_id not in case.people:
        case.members = [*case.members, worker_id]
        await case.put(tx)
    return case


async def represent(case: Case, chosen: Sequence[str], tx: Transaction) -> Case:
    """Let some of a large group speak for it."""
    _, law = _today(case)
    rules.check_representatives(chosen, case.people, law)
    case.representatives = list(dict.fromkeys(chosen))
    case.used += law.used
    return await case.put(tx)


async def link(case: Case, other: Case, tx: Transaction) -> Case:
    """Say of two cases that they belong together, on both."""
    if case.id == other.id:
        raise Conflict("same-case", "不能与自身关联", "a case is not linked to itself")
    for one, another in ((other, case), (case, other)):
        if another.id not in one.links:
            one.links = [*one.links, another.id]
            await one.put(tx)
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
    for case in await tx.find(Case, _of_person(merged_worker_id)):
        if case.worker_id == merged_worker_id:
            case.worker_id = worker_id
        case.members = [one for one in _renamed(case.members, merged_worker_id, worker_id) if one != case.worker_id]
        case.representatives = _renamed(case.representatives, merged_worker_id, worker_id)
        await case.put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What identifies the person goes from their cases, what they wrote with it; that there was a case stays."""
    for case in await tx.find(Case, _of_person(worker_id)):
        if case.worker_id == worker_id:
            case.worker_id, case.rating = None, None
            case.text = encrypted_text(case.id, "（投诉人信息已按规定删除）")
            reporter = case.reporter
            case.reporter = Reporter(channel=reporter.channel, by=reporter.by)
            case.history = [one if one.by not in FILERS else _without_note(one) for one in case.history]
        case.members = [one for one in case.members if one != worker_id]
        case.representatives = [one for one in case.representatives if one != worker_id]
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
        step = rules.AWAITED.get(case.state)
        term = None if step is None else await terms.open_term("case", case.id, step, tx)
        if step is None or term is None or (term.due == case.due_on and term.provisional):
            continue
        if step == "accept":
            case.accept_by = term.due
        else:
            case.decide_by = term.due
        follow(case, term, step, tx)
        await case.put(tx)
    return [case.id for case in found]


def follow(case: Case, term: Term, step: Step, tx: Transaction) -> None:
    """Show a term with its case, and set the timer that tells it missed."""
    case.due_on, case.provisional = term.due, term.provisional
    tx.schedule(DEADLINE, case.id, end_of_day(term.due), Awaited(step))


async def set_term(case: Case, step: str, length: Length, rests_on: str, law: Law, tx: Transaction) -> Term:
    """Set the term of a step of a case from today on."""
    return await _set_term(case, step, length, _today(case)[0], rests_on, law, tx)


async def _begin(case: Case, today: dt.date, rests_on: str, law: Law, tx: Transaction) -> None:
    term = await _set_term(case, "accept", rules.accept_term(law), today, rests_on, law, tx)
    case.accept_by = term.due
    follow(case, term, "accept", tx)


async def _set_term(
    case: Case, step: str, length: Length, begun_on: dt.date, rests_on: str, law: Law, tx: Transaction
) -> Term:
    about = About(
        kind="case",
        id=case.id,
        number=case.number,
        department=case.lead_department,
        district=case.district,
        officer=case.handler,
    )
    return await terms.set_term(about, step, length, begun_on=begun_on, rests_on=rests_on, used=law.used, tx=tx)


async def _assign(case: Case, tx: Transaction) -> Case:
    matter = Matter(
        departments=[case.lead_department],
        district=case.district,
        enterprise=case.platform,
        circle=case.circle,
    )
    return await put_in_hands(case, await find_assignee(matter, "handler", tx, away=case.away), tx)


def _move(case: Case, what: Move, by: str, note: str | None) -> None:
    case.state = rules.STATES.next(case.state, what)
    happened = Happening(at=clock.now(), move=what, by=by, note=encrypted(NOTE, case.id, note))
    case.history = [*case.history, happened]


def _today(case: Case) -> tuple[dt.date, Law]:
    today = shanghai_date(clock.now())
    return today, parameters.on(today, place=case.district)


def _is_code(kept: str, code: str) -> bool:
    return any(secrets.compare_digest(kept, one) for one in lookup_hashes(CODE, code))


def _of_person(worker_id: str) -> dict[str, object]:
    return {"$or": [{"worker_id": worker_id}, {"members": worker_id}]}


def _renamed(people: Collection[str], old: str, new: str) -> list[str]:
    return list(dict.fromkeys(new if one == old else one for one in people))


def _without_note(one: Happening) -> Happening:
    return one.model_copy(update={"note": None})
