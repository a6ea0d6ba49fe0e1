"""Propose, approve and serve the decision on a case, close it, and take in how content the complainant is."""

from __future__ import annotations

import datetime as dt

from services.complaints.cases import commands as cases
from services.complaints.cases import events
from services.complaints.cases.claim_commands import end_investigation
from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import OPINION, Case, Rating
from services.complaints.cases.documents import encrypted as encrypted_in_case
from services.complaints.cases.filing_commands import CODE, case_of_number, check_code, new_code
from services.complaints.cases.term_commands import DEADLINE, RATED
from services.complaints.decisions import rules
from services.complaints.decisions.documents import LETTER, NOTE, Decision, encrypted, encrypted_grounds
from services.complaints.decisions.rules import Side
from services.complaints.investigations.commands import heard
from services.complaints.officers.documents import Officer
from services.complaints.penalty_decisions.commands import check_punishes
from services.complaints.terms import commands as terms
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import CaseOutcome
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.encryption import lookup_hash
from shared.storage.transaction import Transaction


async def propose(
    case: Case,
    outcome: CaseOutcome,
    grounds: str,
    letter: str | None,
    by: Caller,
    tx: Transaction,
    *,
    penalty_id: str | None = None,
) -> Decision:
    """Propose how a case is to end. The enterprise's letter is refused where it would show who reports in confidence, and a
    penalty where none was decided by its own procedure."""
    if case.state != "concluded":
        raise Conflict("not-concluded", "调查尚未结束，不能提出处理意见", "the investigation is not concluded")
    if await _open_proposal(case, tx) is not None:
        raise Conflict("proposed-already", "已有待审批的处理意见", "a proposal is open")
    if (letter is None) is (case.platform is not None):
        raise RuleBroken(
            "letter", "有被投诉单位的须拟写送达单位的文书", "the enterprise, if there is one, gets a letter"
        )
    if letter is not None:
        await check_says_nothing_of_reporter(case, letter, tx)
    law = parameters.on(shanghai_date(clock.now()), place=case.district)
    rules.check_outcome(outcome, law, platform=case.platform is not None, heard=await heard(case, tx))
    rules.check_penalty(outcome, penalty_id)
    if penalty_id is not None:
        await check_punishes(penalty_id, case, tx)
    decision_id = new_id()
    decision = Decision(
        id=decision_id,
        case_id=case.id,
        inquiry_id=case.inquiry_id,
        outcome=outcome,
        penalty_id=penalty_id,
        grounds=encrypted_grounds(decision_id, grounds),
        letter=encrypted(LETTER, decision_id, letter),
        proposed_by=by.subject,
        used=list(law.used),
    )
    await case.put(tx)  # of two at once one is refused, and who approves has read this one
    return await decision.put(tx)


async def approve(case: Case, approver: Officer, by: Caller, tx: Transaction) -> Case:
    """Decide a case as it was proposed, as another officer."""
    decision = await _decided(case, approver, "approve", tx)
    if decision.penalty_id is not None:
        await check_punishes(decision.penalty_id, case, tx)
    await decision.put(tx)
    await terms.meet("case", case.id, "decide", shanghai_date(clock.now()), tx)
    cases.move(case, "decide", by, None)
    case.outcome = decision.outcome
    await end_investigation(case, tx)
    case.due_on = None
    tx.cancel(DEADLINE, case.id)
    await case.put(tx)
    events.publish(case, events.decided(case, decision.outcome), tx)
    return case


async def send_back(case: Case, note: str, approver: Officer, tx: Transaction) -> Case:
    """Send a proposal back: another one is to be made."""
    decision = await _decided(case, approver, "send_back", tx)
    decision.note = encrypted(NOTE, decision.id, note)
    await decision.put(tx)
    return case


async def serve(case: Case, side: Side, on: dt.date, tx: Transaction) -> Decision:
    """Record that the decision has reached a side, whose remedies begin with it (劳动保障监察条例 art. 19)."""
    decision = await decision_of(case, tx)
    today = shanghai_date(clock.now())
    if case.state != "decided":
        raise Conflict("not-decided", "该投诉不在送达阶段", "the case is not decided, or closed already")
    if on > today or (decision.decided_on is not None and on < decision.decided_on):
        raise RuleBroken(
            "service-day", "送达日期不能早于决定日期或者晚于今天", "not before the decision, nor after today"
        )
    if side in decision.served:
        raise Conflict("served-already", "该方已送达", "this side has it already")
    if side == "enterprise" and case.platform is None:
        raise Conflict("no-enterprise", "该投诉没有被投诉单位", "the case names no enterprise")
    decision.served = {**decision.served, side: on}
    if side == "enterprise" and case.inquiry_id is not None:
        tx.publish(events.inquiry_decided(case, decision.outcome))
    return await decision.put(tx)


async def serve_on_reporter(case: Case, on: dt.date, tx: Transaction) -> tuple[Decision, str | None]:
    """Record that the decision has reached who reported, and give what they read it by from now on, shown this once: who took the
    case down had the case's own code in hand."""
    decision = await serve(case, "reporter", on, tx)
    if case.code is None or case.reporter.channel == "anonymous":
        return decision, None
    code = new_code()
    decision.code = lookup_hash(CODE, code)
    return await decision.put(tx), code


async def read_by_code(number: str, code: str, tx: Transaction) -> Decision:
    """The decision, for who reported and has no token. Who reported without a name reads it by the code of the case, and read first
    it is served on them; any other by the code that came with its service."""
    case = await case_of_number(number, tx)
    if case.reporter.channel != "anonymous":
        decision = await served_decision(case, "reporter", tx)
        check_code(decision.code, code)
        return decision
    check_code(case.code, code)
    decision = await decision_of(case, tx)
    if "reporter" in decision.served:
        return decision
    decision.served = {**decision.served, "reporter": shanghai_date(clock.now())}
    return await decision.put(tx)


async def close(case: Case, by: Caller, tx: Transaction) -> Case:
    """Close a case whose decision has reached both sides."""
    decision = await decision_of(case, tx)
    reachable = case.reporter.channel != "anonymous"
    if not rules.served_on_all(decision.served, platform=case.platform is not None, reporter=reachable):
        raise Conflict("not-served", "处理决定尚未送达双方", "the decision has not reached both sides")
    cases.move(case, "close", by, None)
    case.ending = "served"
    return await cases.over(case, events.closed(case, "served"), tx)


async def rate(case: Case, grade: int, opinion: str | None, tx: Transaction) -> Case:
    """Take in how content the complainant is with a case that is closed; once."""
    if case.state != "closed":
        raise Conflict("not-closed", "办结后方可评价", "a case is rated when it is closed")
    if case.rating is not None:
        raise Conflict("rated-already", "您已评价", "the case is rated already")
    case.rating = Rating(grade=grade, opinion=encrypted_in_case(OPINION, case.id, opinion))
    tx.schedule(RATED, case.id, clock.now())
    return await case.put(tx)


async def decision_of(case: Case, tx: Transaction) -> Decision:
    """The decision that was approved last on a case."""
    found = await _in_state(case.id, "approved", tx)
    if found is None:
        raise NotFound("处理决定", "a decision")
    return found


async def served_decision(case: Case, side: Side, tx: Transaction) -> Decision:
    """The decision that was approved last on a case, where a side has got it."""
    decision = await decision_of(case, tx)
    if side not in decision.served:
        raise NotFound("处理决定", "a decision that was served")
    return decision


def of_case(case_id: str) -> tuple[type[Decision], dict[str, str]]:
    """What is to be read of a case's decisions, for `Transaction.ahead`."""
    return Decision, {"case_id": case_id}


async def _decided(case: Case, approver: Officer, move: rules.Move, tx: Transaction) -> Decision:
    decision = await _open_proposal(case, tx)
    if decision is None or case.state != "concluded":
        raise NotFound("待审批的处理意见", "an open proposal")
    rules.check_approver(decision.proposed_by, approver.id)
    decision.state = rules.STATES.next(decision.state, move)
    decision.decided_by, decision.decided_on = approver.id, shanghai_date(clock.now())
    return decision


async def _open_proposal(case: Case, tx: Transaction) -> Decision | None:
    """The proposal that waits in this investigation: one of before the case was opened again is nobody's matter any more."""
    proposal = await _in_state(case.id, "proposed", tx)
    return proposal if proposal is not None and proposal.created_at >= case.begun_at else None


async def _in_state(case_id: str, state: rules.State, tx: Transaction) -> Decision | None:
    found = [one for one in await tx.all_of(*of_case(case_id)) if one.state == state]
    return max(found, key=lambda one: one.id, default=None)
