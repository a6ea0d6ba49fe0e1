"""Counter-applications: file, decide on, answer and take back one; what is left of them when the dispute goes on without them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.complaints.disputes import further_rules, party_rules, rules, state_rules
from services.complaints.disputes.claim_commands import ahead_of_inspection, check_not_elsewhere, give_up, hold_alone
from services.complaints.disputes.documents import (
    Claim,
    Dispute,
    Entry,
    Further,
    clear_party,
    encrypted_entry,
    encrypted_party,
    encrypted_text,
)
from services.complaints.disputes.events import stepped
from services.complaints.disputes.further_rules import MOVES_OF, Outcome, other_side
from services.complaints.disputes.opening_commands import Claiming, claims_of
from services.complaints.disputes.party_commands import answer_day
from services.complaints.disputes.people_commands import forget_erased
from services.complaints.disputes.state_rules import Move, Side, State
from services.complaints.disputes.term_commands import (
    calculate,
    keep,
    law_of,
    met,
    plan_warning,
    publish,
    restart_award,
    set_term,
    today,
)
from services.complaints.terms import commands as terms
from shared import faults
from shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from shared.ids import new_id, readable_number
from shared.policy.calendar import end_of_day
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

COUNTER = TimerKind("complaints.dispute_counter")
"""The timer at which the time to decide on a counter-application is over; its key is `<dispute>|<counter-application>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who takes a step: on which side, as which enterprise or worker, and by which token."""

    side: Side
    party: str | None
    by: str
    worker_id: str | None = None


async def file(
    dispute: Dispute, acting: Acting, worker_id: str, text: str, claims: Sequence[Claiming], tx: Transaction
) -> Dispute:
    """File a counter-application (劳动人事争议仲裁办案规则 art. 36): by one of the respondents, against one of the workers, or by
    the worker. Its claims are decided nowhere else from now on; the commission decides within days whether it takes it up."""
    on, law = today(), law_of(dispute)
    party = further_rules.Party(
        side=acting.side, role=dispute.role_of(acting.party), answer_by=answer_day(dispute, acting.party)
    )
    further_rules.check_counter(party, dispute.state, dispute.applicant, len(dispute.further), on)
    if worker_id in dispute.erased:
        raise Conflict("worker-erased", "该劳动者的信息已按规定删除", "what identifies the worker was removed")
    rules.check_arbitration(dispute.relation, [one.kind for one in claims])
    side = other_side(dispute.applicant)
    parties = [acting.party] if acting.party else dispute.respondents
    asked = [
        one.model_copy(update={"applicant": side, "parties": parties, "joined_on": on})
        for one in claims_of(claims, worker_id, 0, on)
    ]
    keys = {*rules.claim_keys([claim.claimed for claim in asked], parties)}
    if keys & {*rules.claim_keys(dispute.held, dispute.respondents, dispute.applicant)}:
        raise Conflict("claimed-already", "同一请求已在本案提出", "the same is claimed in this dispute already")
    await check_not_elsewhere(dispute, keys, tx)
    dispute.further.append(
        Further(
            id=str(len(dispute.further) + 1),
            applicant=side,
            party=acting.party,
            filed_on=on,
            claims=asked,
            text=encrypted_party(dispute.id, text),
        )
    )
    tx.schedule(COUNTER, f"{dispute.id}|{dispute.further[-1].id}", end_of_day(further_rules.decide_by(on, law)))
    await hold_alone(dispute, tx)
    if side == "worker":
        await ahead_of_inspection(dispute, side, tx)
    await await_decision(dispute, law, tx)
    return await record(dispute, "counter_apply", acting, None, law, tx)


async def decide(
    dispute: Dispute, counter_id: str, outcome: Outcome, acting: Acting, text: str | None, tx: Transaction
) -> Dispute:
    """Take a counter-application up, to be tried with the application, or not, or say that it is to be filed apart. Taken up, the
    other side gets its copy with a term to answer, and the term of the award runs anew (劳动人事争议仲裁办案规则 art. 36, 46)."""
    on, law, counter = today(), law_of(dispute), counter_of(dispute, counter_id)
    further_rules.check_decision(counter.state, counter.filed_on, on)
    if outcome != "accepted" and text is None:
        raise RuleBroken("no-reason", "请说明不予受理的理由", "say why it is not taken up")
    await _decided(dispute, counter, on, tx)
    counter.state, counter.decided_on = outcome, on
    if outcome == "accepted":
        _take_up(dispute, counter)
        counter.answer_by = party_rules.answer_by(on, law).due
        calculate(dispute, law)
        await restart_award(dispute, on, "counter_accepted", law, tx)
    else:
        await give_up(dispute, [claim.claimed for claim in counter.claims], tx)
    if outcome == "refused":
        part = stand_alone(dispute, counter, "refused", law)
        words = encrypted_entry(part.id, text)
        part.entries.append(Entry(on=on, step="counter_refuse", side=acting.side, by=acting.by, text=words))
        plan_warning(part, tx)
        await forget_erased(part, tx)
        await part.put(tx)
    await await_decision(dispute, law, tx)
    return await record(dispute, MOVES_OF[outcome], acting, text, law, tx, counter)


def stand_alone(dispute: Dispute, counter: Further, state: State, law: Law) -> Dispute:
    """Make a counter-application that is not tried with the application a dispute of its own, between who filed it and who it is
    against: who filed it may sue on it (劳动争议调解仲裁法 art. 29). The caller stores it."""
    taken, own_id, on = take_in(dispute, counter.claims), new_id(), today()
    chosen = [claim for claim in dispute.claims if claim.id in taken]
    part = dispute.split(own_id, readable_number("德劳争", own_id, on), chosen)
    part.applicant, part.state, part.stepped_on = counter.applicant, state, on
    part.due_on, part.overdue, part.hearing_on = None, False, None
    part.workers, part.representatives = sorted({claim.worker_id for claim in chosen}), []
    part.erased = [one for one in dispute.erased if one in part.workers]
    part.enterprises = [one for one in part.enterprises if any(one in claim.parties for claim in chosen)]
    part.added = [one for one in part.added if one.enterprise in part.enterprises]
    part.text = encrypted_text(own_id, clear_party(dispute, counter) or "")
    counter.became = own_id
    calculate(part, law)
    return part


async def answer(dispute: Dispute, counter_id: str, acting: Acting, text: str, tx: Transaction) -> Dispute:
    """Answer a counter-application, as the side that it is against: who acts for the workers, or the one that it is against."""
    counter = counter_of(dispute, counter_id)
    against = {claim.worker_id for claim in dispute.claims if claim.id in counter.taken}
    if acting.side == "worker" and acting.worker_id not in {*dispute.speakers, *against}:
        raise NotFound("该反申请", "the counter-application")
    role = dispute.role_of(acting.party)
    further_rules.check_answer(acting.side, counter.applicant, counter.state, counter.answered_on, role)
    counter.answered_on = today()
    return await record(dispute, "counter_defend", acting, text, law_of(dispute), tx, counter)


async def withdraw(dispute: Dispute, counter_id: str, acting: Acting, text: str | None, tx: Transaction) -> Dispute:
    """Take a counter-application back; what else is tried goes on. Where that is nothing, the application having been taken back
    before, the dispute is the counter-application alone, and is taken back as any other."""
    counter, on, law = counter_of(dispute, counter_id), today(), law_of(dispute)
    further_rules.check_withdrawal(acting.side, counter.applicant, counter.state, own=is_own(dispute, counter, acting))
    if counter.state == "accepted" and all(claim.id in counter.taken for claim in dispute.claims):
        raise Forbidden("请撤回仲裁申请", "take the application back")
    if counter.state == "filed":
        await _decided(dispute, counter, on, tx)
    await _drop(dispute, counter, "withdrawn", tx)
    await await_decision(dispute, law, tx)
    calculate(dispute, law)
    return await record(dispute, "counter_leave", acting, text, law, tx, counter)


async def leave_behind(dispute: Dispute, tx: Transaction) -> None:
    """End what a dispute goes on without, once arbitration does not have it any more: counter-applications that wait for a decision;
    and where it is free to be brought anew, what the other side claimed in it, who brings that by themselves."""
    for one in dispute.further:
        if one.state == "filed":
            await _drop(dispute, one, "over", tx)
    lead_by_who_is_left(dispute)
    if dispute.state not in state_rules.FREE:
        return
    theirs = {claim.id for claim in dispute.of_side(other_side(dispute.applicant))}
    for one in dispute.further:
        one.claims += [claim for claim in dispute.claims if claim.id in theirs and claim.id in one.taken]
        left = [one_id for one_id in one.taken if one_id not in theirs]
        one.state = "over" if one.taken and not left else one.state
        one.taken = left
    dispute.claims = dispute.of_side(dispute.applicant)


def lead_by_who_is_left(dispute: Dispute) -> None:
    """Let the other side be who applied, where nothing of what the first one claims is left: its counter-application goes on
    (as courts go on with a counter-claim: 最高人民法院关于适用《民事诉讼法》的解释 art. 239)."""
    if dispute.claims and not dispute.of_side(dispute.applicant):
        dispute.applicant = other_side(dispute.applicant)


def take_in(dispute: Dispute, claims: Sequence[Claim]) -> list[str]:
    """Give a dispute further claims under ids of its own; these ids."""
    taken = [one_id for one in dispute.further for one_id in one.taken]  # also those that were split off since
    so_far = max((int(one_id) for one_id in [*(claim.id for claim in dispute.claims), *taken]), default=0)
    numbered = [one.model_copy(update={"id": str(so_far + place)}) for place, one in enumerate(claims, start=1)]
    dispute.claims += numbered
    return [one.id for one in numbered]


def _take_up(dispute: Dispute, counter: Further) -> None:
    counter.taken, counter.claims = take_in(dispute, counter.claims), []


async def _drop(dispute: Dispute, one: Further, state: further_rules.FurtherState, tx: Transaction) -> None:
    """Let a further application go, with what it claims; what was awarded on in part stays where it was."""
    gone = [claim for claim in dispute.claims if claim.id in one.taken]
    dispute.claims = [claim for claim in dispute.claims if claim.id not in one.taken]
    one.claims, one.taken, one.state = [*one.claims, *gone], [], state
    await give_up(dispute, [claim.claimed for claim in one.claims], tx)


async def await_decision(dispute: Dispute, law: Law, tx: Transaction) -> None:
    """Keep one term for the decision on counter-applications: of the one that was filed first and still waits."""
    waiting = [one.filed_on for one in dispute.further if one.state == "filed"]
    running = await terms.open_term("dispute", dispute.id, "counter_accept", tx)
    if waiting and running is None:
        await set_term(dispute, "counter_accept", min(waiting), "counter_applied", law, tx)


async def _decided(dispute: Dispute, counter: Further, on: dt.date, tx: Transaction) -> None:
    """Meet the term for decisions, where it is of this counter-application: that of an earlier one that waits goes on."""
    running = await terms.open_term("dispute", dispute.id, "counter_accept", tx)
    if running is not None and running.begun_on == counter.filed_on:
        await met(dispute, "counter_accept", on, tx)


async def record(
    dispute: Dispute,
    move: Move,
    acting: Acting,
    text: str | None,
    law: Law,
    tx: Transaction,
    counter: Further | None = None,
) -> Dispute:
    """Enter a step, and tell of it. `counter`: what it is about, which the other side answers, whoever has brought the dispute: that
    may be a counter-application alone by now."""
    state_rules.STATES.next(dispute.state, move)
    dispute.stepped_on = today()
    dispute.entries.append(
        Entry(
            on=today(),
            step=move,
            side=acting.side,
            by=acting.by,
            party=acting.party,
            text=encrypted_entry(dispute.id, text),
        )
    )
    keep(dispute, law)
    faults.reach(f"dispute.{move}")
    applicant = None if counter is None else other_side(counter.applicant)
    publish(stepped(dispute, move, dispute.state, applicant), tx)
    return await dispute.put(tx)


def is_own(dispute: Dispute, counter: Further, acting: Acting) -> bool:
    """Whether who acts has filed a counter-application, as far as the enterprise goes."""
    return counter.party is None or counter.party in dispute.places_of(acting.party)


def counter_of(dispute: Dispute, counter_id: str) -> Further:
    found = next((one for one in dispute.further if one.id == counter_id and one.origin is None), None)
    if found is None:
        raise NotFound("该反申请", "the counter-application")
    return found


def first_answer(counter: Further, district: str) -> dt.date | None:
    """The last day of the answer to a counter-application that was taken up, by the days off that are published now."""
    if counter.answer_by is None or counter.decided_on is None:
        return counter.answer_by
    law = parameters.on(counter.decided_on, place=district)
    return party_rules.answer_by(counter.decided_on, law).due
