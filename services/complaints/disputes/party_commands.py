"""Let an enterprise become party to a dispute that arbitration has in hand."""

from __future__ import annotations

import datetime as dt

from services.complaints.disputes import events, party_rules
from services.complaints.disputes.claim_commands import hold
from services.complaints.disputes.documents import Added, Dispute, encrypted_party
from services.complaints.disputes.party_rules import Adding
from services.complaints.disputes.term_commands import keep, law_of, publish, today
from shared.storage.transaction import Transaction


async def add(dispute: Dispute, adding: Adding, text: str | None, tx: Transaction) -> Dispute:
    """Add a party, which hears of it with its own term to answer (劳动争议调解仲裁法 art. 22, 23, 30): from today where the others
    have the copy of the application already, and from its service with theirs else."""
    on, law = today(), law_of(dispute)
    party_rules.check_adding(
        adding,
        dispute.state,
        dispute.applicant,
        dispute.enterprises,
        [one for one in dispute.enterprises if dispute.role_of(one) == "third_party"],
        hearing_on=dispute.hearing_on,
        today=on,
    )
    dispute.added = [one for one in dispute.added if one.enterprise != adding.enterprise]
    dispute.enterprises = list(dict.fromkeys([*dispute.enterprises, adding.enterprise]))
    added = Added(
        enterprise=adding.enterprise,
        role=adding.role,
        on=on,
        by=adding.side,
        text=encrypted_party(dispute.id, text),
    )
    if _served(dispute):
        added.answer_by = party_rules.answer_by(on, law).due
    dispute.added.append(added)
    if dispute.hearing_on is not None and not party_rules.hearing_stands(dispute.hearing_on, on, law):
        dispute.hearing_on = None
    if adding.role == "respondent":
        await hold(dispute, adding.side, tx)
    keep(dispute, law)
    publish(events.party_added(dispute, added), tx)
    return await dispute.put(tx)


def served(dispute: Dispute, due: dt.date) -> None:
    """Let those who were added before the copies went out answer as long as the others."""
    for one in dispute.added:
        if one.answered_on is None:
            one.answer_by = due


def answered(dispute: Dispute, party: str | None, on: dt.date) -> bool:
    """Whether an answer is an added party's own, which is kept with it; the others' term goes on."""
    found = next((one for one in dispute.added if one.enterprise == party), None)
    if found is None:
        return False
    found.answered_on = found.answered_on or on
    return True


def _served(dispute: Dispute) -> bool:
    steps = [step for step, _ in dispute.steps]
    return "serve" in steps[party_rules.of_application(steps) :]
