"""Let arbitration try another dispute between the same parties together with this one (合并审理)."""

from __future__ import annotations

from services.complaints.disputes import further_rules, party_rules, state_rules
from services.complaints.disputes.claim_commands import ahead_of_inspection, hand_over
from services.complaints.disputes.counter_commands import Acting, record, take_in
from services.complaints.disputes.documents import Dispute, Entry, Further, encrypted_entry, encrypted_party
from services.complaints.disputes.events import stepped
from services.complaints.disputes.further_rules import Trial
from services.complaints.disputes.party_commands import answer_day
from services.complaints.disputes.people_commands import forget_erased
from services.complaints.disputes.term_commands import calculate, law_of, not_in_time, publish, today, wait
from services.complaints.procedures import commands as procedures
from services.complaints.terms import commands as terms
from shared.errors import Conflict
from shared.storage.transaction import Transaction


async def join(dispute: Dispute, other: Dispute, acting: Acting, text: str | None, tx: Transaction) -> Dispute:
    """Try another dispute with this one: what it claims stands here from now on, so that one award or mediation ends both, and its own
    file is closed and read on."""
    if dispute.id == other.id:
        raise Conflict("joined-with-itself", "不能与自身合并", "a dispute is not joined with itself")
    further_rules.check_joining(await _trial(dispute, tx), await _trial(other, tx))
    law, on = law_of(dispute), today()
    asked = [
        claim.model_copy(
            update={
                "applicant": claim.applicant or other.applicant,
                "parties": claim.parties or other.respondents,
                "joined_on": claim.joined_on or other.opened_on,
            }
        )
        for claim in other.claims
    ]
    await hand_over(other, dispute, tx)
    await procedures.put_dispute(other.id, None, (), tx)
    dispute.further.append(
        Further(
            id=str(len(dispute.further) + 1),
            applicant=other.applicant,
            origin=other.id,
            state="joined",
            filed_on=other.opened_on,
            decided_on=on,
            taken=take_in(dispute, asked),
            text=encrypted_party(dispute.id, other.clear_text),
        )
    )
    dispute.away = list(dict.fromkeys([*dispute.away, *other.away]))
    dispute.erased = list(dict.fromkeys([*dispute.erased, *other.erased]))
    await _close(other, dispute, acting, text, tx)
    calculate(dispute, law)
    await ahead_of_inspection(dispute, "forum", tx)
    return await record(dispute, "join", acting, text, law, tx)


async def _close(other: Dispute, into: Dispute, acting: Acting, text: str | None, tx: Transaction) -> None:
    before, other.state = other.state, state_rules.STATES.next(other.state, "joined")
    other.joined_to, other.stepped_on, other.due_on, other.overdue = into.id, today(), None, False
    await terms.end("dispute", other.id, tx)
    wait(other, tx)
    words = encrypted_entry(other.id, text)
    other.entries.append(Entry(on=today(), step="joined", side=acting.side, by=acting.by, text=words))
    publish(stepped(other, "joined", before), tx)
    await forget_erased(other, tx)
    await other.put(tx)


async def _trial(dispute: Dispute, tx: Transaction) -> Trial:
    term = await terms.open_term("dispute", dispute.id, "award", tx)
    last = answer_day(dispute, None)
    since = dispute.entries[party_rules.of_application([step for step, _ in dispute.steps]) :]
    answered = any(one.step == "defend" and dispute.role_of(one.party) is None for one in since)
    return Trial(
        state=dispute.state,
        relation=dispute.relation,
        workers=dispute.workers,
        enterprises=dispute.enterprises,
        respondents=dispute.respondents,
        department=dispute.department,
        district=dispute.district,
        accepted_on=next((one.on for one in reversed(dispute.entries) if one.step == "accept"), None),
        paused=term is not None and term.state == "paused",
        answered=answered or (last is not None and today() > last),
        standing_back=bool(dispute.standing_back),
        waiting=any(one.state == "filed" for one in dispute.further),
        overdue=not_in_time(dispute, today()),
    )
