"""Bring a case from one state to the next."""

from __future__ import annotations

from collections.abc import Collection

from services.complaints.cases import events, rules
from services.complaints.cases.assignment_commands import assign
from services.complaints.cases.claim_commands import end_investigation, investigate, left_without_claims
from services.complaints.cases.documents import NOTE, REFUSAL, Case, Happening, encrypted
from services.complaints.cases.hotline_commands import give_up_call, take_call
from services.complaints.cases.people_commands import turn_away
from services.complaints.cases.rules import Move
from services.complaints.cases.term_commands import (
    COMPLETE,
    DEADLINE,
    DECIDE,
    begin,
    follow,
    hold_decision,
    keep_files,
    set_term,
    today_of,
)
from services.complaints.evidence import commands as evidence
from services.complaints.officers.commands import give_up
from services.complaints.procedures.rules import Claim
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import clock
from shared.callers import Caller
from shared.contracts.base import Fact
from shared.contracts.complaints import RefusalGround
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def accept_case(case: Case, by: Caller, tx: Transaction) -> Case:
    """Accept a case: the investigation begins today, and so does its term. Raises Conflict where a dispute has the matter."""
    today, law = today_of(case)
    _move(case, "accept", by.subject, None)
    await investigate(case, tx)
    await terms.meet("case", case.id, "accept", today, tx)
    term = await set_term(case, "investigate", rules.investigate_term(law), today, "case.accepted", law, tx)
    case.decide_by = term.due
    follow(case, term, "investigate", tx)
    case.used += law.used
    await case.put(tx)
    events.publish(case, events.accepted(case, term.due), tx)
    return case


async def refuse_case(case: Case, ground: RefusalGround, reason: str, by: Caller, tx: Transaction) -> Case:
    """Refuse a case, with the reason that the complainant gets in writing; the history keeps it, should the case be opened again."""
    _move(case, "refuse", by.subject, reason)
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
    today, law = today_of(case)
    _move(case, "return", by.subject, missing)
    await terms.pause("case", case.id, "accept", today, missing, tx)
    length = Length(law.days("complaint.completion_workdays"), "workdays")
    term = await set_term(case, COMPLETE, length, today, "case.returned", law, tx)
    case.returned_on, case.due_on, case.provisional = today, term.due, term.provisional
    case.used += law.used
    tx.cancel(DEADLINE, case.id)
    await case.put(tx)
    events.publish(case, events.returned(case, term.due), tx)
    return case


async def complete_case(case: Case, addition: str, platform: str | None, by: str, tx: Transaction) -> Case:
    """Take in what was missing, by the role of who filed it: the clock of acceptance goes on. Once an enterprise was investigated, the
    case, with what it asked and handed in, stays about that one."""
    if platform not in (None, case.platform) and case.platform is not None and _was_accepted(case):
        raise Conflict(
            "enterprise-fixed",
            "该投诉曾立案调查，不能更换被投诉单位，请另行投诉",
            "the case was investigated: another enterprise is another case",
        )
    today, _ = today_of(case)
    _move(case, "complete", by, addition)
    if platform not in (None, case.platform):
        await give_up_call(case, tx)
        case.platform = platform
        await take_call(case, tx)
    await terms.meet("case", case.id, COMPLETE, today, tx)
    term = await terms.resume("case", case.id, "accept", today, tx)
    case.accept_by = term.due
    follow(case, term, "accept", tx)
    return await case.put(tx)


async def withdraw_case(case: Case, reason: str | None, by: str, tx: Transaction, *, others_agree: bool) -> Case:
    """End a case because who filed it, by their role, withdraws it: not once it is investigated, which only the authority ends
    (劳动保障监察条例 art. 18). `others_agree`: so do the others, where several complain."""
    if case.state == "accepted":
        raise Conflict(
            "under-investigation",
            "已立案调查，是否撤销立案由劳动保障行政部门决定；情况有变化的，请告知承办人",
            "it is under investigation: the authority decides whether that ends",
        )
    rules.check_others_agree(case.people, agreed=others_agree)
    _move(case, "withdraw", by, reason)
    return await over(case, events.withdrawn(case), tx)


async def give_way(claims: Collection[Claim], by: str, tx: Transaction) -> None:
    """End the investigation of claims that arbitration or a court decides from now on (劳动保障监察条例 art. 21): a case closes, and
    whoever complained is told, as is the enterprise that was asked; of several, the case of the others goes on."""
    for case_id in await left_without_claims(claims, tx):
        case = await Case.of(case_id, tx)
        if case is not None and case.state in rules.INVESTIGATED:
            _move(case, "to_dispute", by, None)
            case.ending = "to_dispute"
            await over(case, events.closed(case, "to_dispute"), tx)
            if case.inquiry_id is not None and not case.protected:
                # of a case in confidence the moment alone would tell who complained (art. 9)
                tx.publish(events.inquiry_ended(case))


async def keep_confidential(case: Case, by: str, tx: Transaction) -> Case:
    """Keep from now on who complains from everybody who has no approved disclosure, as the complainant asks who did not when they
    filed (劳动保障监察条例 art. 9). What was told and shown before is known; nobody else joins."""
    if case.confidential:
        raise Conflict("confidential-already", "该投诉举报已经保密", "the case is confidential already")
    turn_away(case, tx)
    _move(case, "keep_confidential", by, None)
    case.confidential = True
    if case.state not in rules.OVER:
        events.involve(case, tx)
    return await case.put(tx)


async def reopen_case(case: Case, reason: str, by: str, tx: Transaction) -> Case:
    """Open a case that is over again, within its window; what happened stays on file."""
    today, law = today_of(case)
    if case.ended_on is None or not rules.may_reopen(case.ended_on, today, law):
        raise Conflict("reopening-too-late", "已超过申请重新办理的期限", "the time to open it again is over")
    _move(case, "reopen", by, reason)
    case.ended_on, case.ground, case.refusal, case.decide_by, case.returned_on = None, None, None, None, None
    case.inquiry_id, case.ending, case.outcome = None, None, None
    if case.rating is not None:
        case.earlier_ratings, case.rating = [*case.earlier_ratings, case.rating], None
    evidence.keep_on(case.matter, tx)
    await begin(case, today, "case.reopened", law, tx)
    case.used += law.used
    await case.put(tx)
    events.publish(case, events.reopened(case), tx)
    await assign(case, tx)
    return case


async def conclude_case(case: Case, by: Caller, tx: Transaction) -> Case:
    """End the investigation: from now on the decision has its term (若干规定 art. 37)."""
    today, law = today_of(case)
    _move(case, "conclude", by.subject, None)
    await terms.meet("case", case.id, "investigate", today, tx)
    length = Length(law.days("inspection.decide_workdays"), "workdays")
    term = await set_term(case, DECIDE, length, today, "case.concluded", law, tx)
    follow(case, term, DECIDE, tx)
    await hold_decision(case, tx)
    case.used += law.used
    return await case.put(tx)


async def over(case: Case, fact: Fact, tx: Transaction) -> Case:
    """End everything that runs for a case that is over, and tell it, also who still asks to join it."""
    today, _ = today_of(case)
    for step in ("accept", "hotline"):
        await terms.meet("case", case.id, step, today, tx)
    await terms.end("case", case.id, tx)
    if case.ending != "served":  # where there is a decision, that has given free what was claimed
        await end_investigation(case, tx)
    tx.cancel(DEADLINE, case.id)
    case.ended_on, case.provisional, case.due_on = today, False, None
    if case.handler is not None:
        give_up(case.handler, tx)
    case.handler = None
    turn_away(case, tx)
    keep_files(case, tx)
    await case.put(tx)
    events.publish(case, fact, tx)
    return case


def move(case: Case, what: Move, by: Caller, note: str | None) -> None:
    """Bring a case to its next state, and keep what was written."""
    _move(case, what, by.subject, note)


async def remove_files(case: Case, tx: Transaction) -> Case:
    """Remove the files of a case that is over and nobody's any more, as an officer finds that nothing keeps them (个人信息保护法
    art. 47)."""
    if not case.erased or case.ended_on is None:
        raise Conflict("files-kept", "该案卷的材料仍应保存", "the case goes on, or its people are known")
    await evidence.remove(case.matter, tx)
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


def _was_accepted(case: Case) -> bool:
    return any(one.move == "accept" for one in case.history)


def _move(case: Case, what: Move, by: str, note: str | None) -> None:
    case.state = rules.STATES.next(case.state, what)
    happened = Happening(at=clock.now(), move=what, by=by, note=encrypted(NOTE, case.id, note))
    case.history = [*case.history, happened]
