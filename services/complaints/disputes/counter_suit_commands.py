"""Counter-applications on which nobody has decided in time: say so, and let who filed one sue on it."""

from __future__ import annotations

from services.complaints.disputes import commands, further_rules
from services.complaints.disputes.claim_commands import part_with, pass_on
from services.complaints.disputes.counter_commands import (
    COUNTER,
    Acting,
    await_decision,
    counter_of,
    is_own,
    record,
    stand_alone,
)
from services.complaints.disputes.documents import Dispute, Further
from services.complaints.disputes.events import overdue
from services.complaints.disputes.rules import Taking
from services.complaints.disputes.term_commands import law_of, publish, today
from services.complaints.terms import commands as terms
from shared.policy.calendar import end_of_day
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


async def sue(dispute: Dispute, counter_id: str, acting: Acting, text: str | None, tx: Transaction) -> Dispute:
    """Sue on a counter-application that was not decided on in time (劳动争议调解仲裁法 art. 29): it goes to the court as a dispute of
    its own, and the application goes on in arbitration without it."""
    counter, law = counter_of(dispute, counter_id), law_of(dispute)
    last = further_rules.decide_by(counter.filed_on, parameters.on(counter.filed_on, place=dispute.district))
    own = is_own(dispute, counter, acting)
    further_rules.check_suit(acting.side, counter.applicant, counter.state, own=own, decide_by=last, today=today())
    await terms.end_step("dispute", dispute.id, "counter_accept", tx)
    counter.state = "sued"
    part = stand_alone(dispute, counter, "filed", law)
    part.due_on, part.overdue = last, True
    await pass_on(dispute, part.claimed, part.id, tx)
    await part_with(dispute, tx)
    await commands.take(part, Taking(step="sue", text=text, party=acting.party), acting.side, acting.by, tx)
    await await_decision(dispute, law, tx)
    return await record(dispute, "counter_sue", acting, None, law, tx, counter)


async def tell_overdue(dispute_id: str, counter_id: str, tx: Transaction) -> None:
    """Tell the parties that a counter-application was not decided on in time: who filed it may sue."""
    dispute = await Dispute.of(dispute_id, tx)
    counter = None if dispute is None else _waiting(dispute, counter_id)
    if dispute is None or counter is None:
        return
    last = further_rules.decide_by(counter.filed_on, parameters.on(counter.filed_on, place=dispute.district))
    if today() <= last:  # days off were published since
        tx.schedule(COUNTER, f"{dispute_id}|{counter_id}", end_of_day(last))
        return
    publish(overdue(dispute, "counter_accept", counter.applicant), tx)


def _waiting(dispute: Dispute, counter_id: str) -> Further | None:
    found = (one for one in dispute.further if one.id == counter_id and one.state == "filed")
    return next(found, None) if dispute.state == "arbitration" else None
