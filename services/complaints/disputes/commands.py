"""Take a dispute's steps, from one body to the next, and let happen what happens when a term is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.complaints.disputes import events, further_rules, party_rules, rules, state_rules, suit_rules
from services.complaints.disputes.award_commands import (
    award,
    put_amounts,
    served_on,
    split_application,
    split_off,
    split_person,
    within_arbitration,
)
from services.complaints.disputes.claim_commands import check_inspection, hold, part_with
from services.complaints.disputes.counter_commands import leave_behind
from services.complaints.disputes.documents import Dispute, Entry, Handover, Interval, encrypted_entry
from services.complaints.disputes.further_rules import other_side
from services.complaints.disputes.people_commands import forget_erased, turn_away
from services.complaints.disputes.rules import Step, Taking
from services.complaints.disputes.state_rules import Move, Side
from services.complaints.disputes.term_commands import (
    CALENDAR,
    calculate,
    keep,
    law_of,
    met,
    plan_warning,
    publish,
    set_term,
    today,
    wait,
)
from services.complaints.evidence.documents import Evidence
from services.complaints.terms import commands as terms
from shared.contracts.complaints import Forum
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, parameters
from shared.storage import provisional
from shared.storage.transaction import Transaction

_DONE: Final[Mapping[Move, Step]] = {
    "fail": "mediate", "accept": "accept", "refuse": "accept", "award": "award", "award_finally": "award",
}  # fmt: skip
"""The term that a step meets."""


async def take(dispute: Dispute, taking: Taking, side: Side, by: str, tx: Transaction) -> Dispute:
    """Take a step; raises where this side may not, now or at all."""
    role = dispute.role_of(taking.party)
    state_rules.check_side(dispute.state, taking.step, side, dispute.applicant, role)
    party_rules.check_step(role, taking.step)
    on = taking.on or today()
    dated = side == "forum" or taking.step in state_rules.DATED_BY_PARTIES
    if not dispute.stepped_on <= on <= today() or not (dated or on == today()):
        raise RuleBroken("step-day", "办理日期有误", "the day is before the last step or in the future")
    law, before = law_of(dispute), dispute.state
    move = _meant(dispute, taking, side, on)
    state_rules.STATES.next(before, move)
    await _check(dispute, taking, side, on, law, tx)
    if move == "leave" and before == "arbitration" and dispute.of_side(other_side(dispute.applicant)):
        return await _leave_to_counter(dispute, taking, side, by, on, tx)
    if move == "award_part":
        part = await split_off(dispute, taking, on, tx)
        await take(part, replace(taking, step="award", on=on), "forum", by, tx)
        await part_with(dispute, tx)
    elif move in ("award", "award_finally"):
        award(dispute, taking, on, law, final=move == "award_finally")
    elif move in ("consent", "ask_confirmation"):
        dispute.consents = [*dispute.consents, side]
    text = encrypted_entry(dispute.id, taking.text)
    dispute.entries.append(Entry(on=on, step=move, side=side, by=by, party=taking.party, text=text))
    await _go(dispute, move, taking, on, law, tx)
    if move in ("award", "award_finally"):
        publish(events.awarded(dispute), tx)
    else:
        publish(events.stepped(dispute, move, before), tx)
    await forget_erased(dispute, tx)
    return await dispute.put(tx)


async def _leave_to_counter(
    dispute: Dispute, taking: Taking, side: Side, by: str, on: dt.date, tx: Transaction
) -> Dispute:
    """Take an application back beside which a counter-application was taken up: that goes on here with its terms, and what is taken
    back is a dispute of its own, from which it may be brought again."""
    law, part = law_of(dispute), await split_application(dispute, on, tx)
    for one in (part, dispute):
        text = encrypted_entry(one.id, taking.text)
        one.entries.append(Entry(on=on, step="leave", side=side, by=by, party=taking.party, text=text))
    await _go(part, "leave", taking, on, law, tx)
    await forget_erased(part, tx)
    await part.put(tx)
    dispute.stepped_on = on
    await part_with(dispute, tx)
    for step in ("serve", "defence", "copy_defence"):
        await terms.end_step("dispute", dispute.id, step, tx)
    calculate(dispute, law)
    publish(events.stepped(dispute, "leave", "arbitration"), tx)
    return await dispute.put(tx)


async def sue_alone(dispute: Dispute, worker_id: str, taking: Taking, by: str, tx: Transaction) -> Dispute:
    """Let one of several workers sue against the award by themselves, whoever acts for the others: their dispute of their own."""
    part = await split_person(dispute, worker_id, today(), tx)
    await take(part, taking, "worker", by, tx)
    await part_with(dispute, tx)
    calculate(dispute, law_of(dispute))
    await dispute.put(tx)
    return part


async def lapse(dispute_id: str, tx: Transaction) -> None:
    """Let happen what follows where a term is over: the way is open, a right to sue begins, or an award takes effect."""
    dispute = await Dispute.of(dispute_id, tx)
    if dispute is None or dispute.due_on is None or today() <= dispute.due_on:
        return
    before = dispute.state
    if before in ("filed", "arbitration"):
        if not dispute.overdue:
            dispute.overdue = True
            publish(events.overdue(dispute, "accept" if before == "filed" else "award"), tx)
            await dispute.put(tx)
        return
    if not state_rules.STATES.allows(before, "lapse"):
        return
    on = dispute.due_on + dt.timedelta(days=1)
    dispute.entries.append(Entry(on=on, step="lapse", side=None, by=None))
    await _go(dispute, "lapse", Taking(step="lapse"), on, law_of(dispute), tx)
    publish(events.stepped(dispute, "lapse", before), tx)
    await forget_erased(dispute, tx)
    await dispute.put(tx)


def _meant(dispute: Dispute, taking: Taking, side: Side, on: dt.date) -> Move:
    """The move that a step is: some depend on what came before."""
    in_court = dispute.state in suit_rules.IN_COURT
    match taking.step:
        case "leave" | "refuse" if in_court:
            return suit_rules.left_by(taking.step, after=dispute.after)
        case "ask_confirmation" if not {"worker", "enterprise"} <= {*dispute.consents, side}:
            return "consent"
        case "award":
            put_amounts(dispute, dispute.claims, taking)
            law = parameters.on(on, place=dispute.district)  # the minimum wage of the day of the award
            found = rules.finality(dispute.claimed, law, dispute.applicant)
            keep(dispute, law)
            final = found.final if taking.final is None else taking.final
            if final is None:
                raise RuleBroken("finality-unknown", "请注明裁决是否为终局裁决", "say whether the award is final")
            dispute.finality = list(found.reasons)
            return "award_finally" if final else "award"
        case step:
            return step


async def _check(dispute: Dispute, taking: Taking, side: Side, on: dt.date, law: Law, tx: Transaction) -> None:
    match taking.step:
        case "mediate":
            if taking.forum not in state_rules.MEDIATORS:
                raise RuleBroken("no-forum", "请选择调解组织", "say which body is to mediate")
        case "apply":
            rules.check_arbitration(dispute.relation, [one.kind for one in dispute.claims])
        case "sue":
            suit_rules.check_suit(
                dispute.state,
                side,
                dispute.relation,
                dispute.claimed,
                today=today(),
                due=dispute.due_on,
                sue_by=dispute.sue_by,
                direct=dispute.direct,
                suit=suit_rules.suit_of(dispute.steps),
                applicant=dispute.applicant,
            )
            if dispute.applicant == "worker" and side == "enterprise" and dispute.state not in state_rules.DECIDING:
                await check_inspection(dispute, tx)
        case "ask_to_set_aside":
            if dispute.set_aside_by is None or today() > dispute.set_aside_by:
                raise Conflict("set-aside-late", "申请撤销裁决的期限已届满", "the term to have it set aside is over")
        case "ask_confirmation":
            signed_on = dispute.runs_from.get("confirm")
            rules.check_confirmation(taking.forum, signed_on, today(), law, mediated=dispute.was_mediated)
            if dispute.confirm_by is None or today() > dispute.confirm_by:
                raise Conflict("confirmation-late", "申请司法确认的期限已届满", "the term to have it confirmed is over")
            if side in dispute.consents:
                raise Conflict(
                    "asked-already", "您已提出，请等待对方同意", "this side has asked: the other is to agree"
                )
        case "leave":
            suit_rules.check_leave(dispute.state, side, suit_rules.suit_of(dispute.steps), dispute.applicant)
            brought = [one.parties for one in dispute.of_side("enterprise")]
            if side == "enterprise" and dispute.state == "arbitration":
                further_rules.check_leave(brought, dispute.places_of(taking.party))
        case "appeal":
            suit_rules.check_appeal(step for step, _ in dispute.steps)
        case "breach":
            promised_by = next((side for step, side in reversed(dispute.steps) if step == "settle"), None)
            rules.check_breach(dispute.perform_by, today(), promised_by)
        case "issue_order":
            if dispute.due_on is not None:
                raise Conflict("ordered-already", "支付令已经发出", "the order was given already")
        case "ask_payment_order":
            rules.check_payment_order(dispute.claimed, dispute.relation, mediated=dispute.was_mediated)
        case "advance":
            chosen = [claim.claimed for claim in dispute.claims if claim.id in taking.awards]
            rules.check_advance(chosen, clear=taking.clear, hardship=taking.hardship, applicant=dispute.applicant)
        case "award" | "settle" if dispute.state == "arbitration":
            further_rules.check_none_waits(one.state for one in dispute.further)
        case "set_hearing":
            if taking.due_on is None:
                raise RuleBroken("no-day", "请填写开庭日期", "say when the hearing is")
            rules.check_hearing(taking.due_on, on, law)
        case _:
            pass


async def _go(dispute: Dispute, move: Move, taking: Taking, on: dt.date, law: Law, tx: Transaction) -> None:
    """Move a dispute on: its forum, its terms, its claims, its limitation."""
    before, dispute.state = dispute.state, state_rules.STATES.next(dispute.state, move)
    dispute.stepped_on = on
    if move in state_rules.INTERRUPTS and (move != "sue" or dispute.entries[-1].side == dispute.applicant):
        dispute.facts.append(Interval(ground=state_rules.INTERRUPTS[move], first=on))
    if before == dispute.state == "arbitration":
        await within_arbitration(dispute, move, taking, on, law, tx)
    elif move == "issue_order":
        deadline = rules.object_by(served_on(taking, on)[1], law)
        dispute.due_on = deadline.due
        provisional.watch(CALENDAR, dispute.id, deadline, tx)
    elif before != dispute.state:
        if dispute.state not in state_rules.EARLY:
            turn_away(dispute, tx)
        await hold(dispute, dispute.entries[-1].side or "forum", tx)
        if move == "settle":
            await met(dispute, "mediate", on, tx)
            await met(dispute, "award", on, tx)
        if before == "arbitration" or dispute.state in state_rules.FREE:
            await leave_behind(dispute, tx)
        await _hand_over(dispute, taking.forum, on, law, tx)
        await _begin(dispute, move, taking, on, law, tx)
    wait(dispute, tx)
    calculate(dispute, law)
    plan_warning(dispute, tx)
    keep(dispute, law)


async def _begin(dispute: Dispute, move: Move, taking: Taking, on: dt.date, law: Law, tx: Transaction) -> None:
    """What a dispute waits for in its new state, and until when."""
    if (done := _DONE.get(move)) is not None:
        await met(dispute, done, on, tx)
    await terms.end("dispute", dispute.id, tx)
    dispute.due_on, dispute.overdue = None, False
    match dispute.state:
        case "negotiation":
            deadline = calendar.add_days(on, law.days("dispute.negotiation_days"))
            dispute.due_on = deadline.due
            provisional.watch(CALENDAR, dispute.id, deadline, tx)
        case "mediation":
            dispute.due_on = await set_term(dispute, "mediate", on, "asked_to_mediate", law, tx)
        case "agreed":
            if taking.due_on is None or taking.due_on < on:
                raise RuleBroken("no-day", "请填写协议的履行期限", "say until when the agreement is to be performed")
            dispute.perform_by, dispute.consents = taking.due_on, []
            dispute.mediated = dispute.forum is not None
            dispute.confirm_by = rules.confirm_by(on, law).due
            dispute.runs_from["confirm"] = on
        case "breached":
            only_pay = all(claim.kind == "pay" for claim in dispute.claims)
            dispute.direct = dispute.direct or (dispute.was_mediated and (only_pay or move == "end_order"))
        case "open" if move == "deny":  # only a court's refusal opens the court (人民调解法 art. 33)
            dispute.direct = dispute.direct or dispute.handed[-1].forum == "court"
        case "filed":
            dispute.due_on = await set_term(dispute, "accept", on, "applied", law, tx)
        case "arbitration":
            await set_term(dispute, "serve", on, "accepted", law, tx)
            await set_term(dispute, "panel", on, "accepted", law, tx)
            dispute.due_on = await set_term(dispute, "award", on, "accepted", law, tx)
        case "awarded":
            dispute.due_on = max(dispute.sue_by.values())
        case "awarded_finally":
            if move == "leave_final":
                _, ruled_on = served_on(taking, on)
                dispute.sue_by, dispute.set_aside_by = {}, rules.set_aside_by(ruled_on, law).due
                dispute.runs_from["set_aside"] = ruled_on
            assert dispute.set_aside_by is not None
            dispute.due_on = max([dispute.set_aside_by, *dispute.sue_by.values()])
        case "set_aside":
            worker_on, enterprise_on = served_on(taking, on)
            dispute.sue_by = {
                "worker": rules.sue_by(worker_on, law).due,
                "enterprise": rules.sue_by(enterprise_on, law).due,
            }
            dispute.due_on = max(dispute.sue_by.values())
            dispute.runs_from |= {"worker": worker_on, "enterprise": enterprise_on}
            dispute.after, dispute.set_aside_by = None, None  # there is no award any more
        case _:
            pass


async def _hand_over(dispute: Dispute, asked: Forum | None, on: dt.date, law: Law, tx: Transaction) -> None:
    """Give the file to the body that has it now: its officers read it, with the evidence; one that only mediated reads it no more."""
    forum = _forum(dispute, asked)
    if forum == dispute.forum:
        return
    dispute.forum, dispute.department = forum, rules.department(forum, law)
    decided = [rules.department(one.forum, law) for one in dispute.handed if one.state in state_rules.DECIDING]
    if forum is not None:
        evidence = await tx.rows(Evidence, {"matter": dispute.matter}, {"_id": 1})
        dispute.handed.append(
            Handover(on=on, forum=forum, state=dispute.state, evidence=[str(row["_id"]) for row in evidence])
        )
        decided.insert(0, dispute.department)
    dispute.departments = list(dict.fromkeys(decided))
    for further in dispute.further:
        joined = None if further.origin is None else await Dispute.of(further.origin, tx)
        if joined is not None:  # its file is read with this one
            joined.departments = list(dict.fromkeys([*dispute.departments, *joined.departments]))
            await joined.put(tx)


def _forum(dispute: Dispute, asked: Forum | None) -> Forum | None:
    if dispute.state in state_rules.FORUM_OF:
        return state_rules.FORUM_OF[dispute.state]
    if dispute.state in ("mediation", "confirming"):
        return asked
    return None if dispute.state in state_rules.EARLY else dispute.forum
