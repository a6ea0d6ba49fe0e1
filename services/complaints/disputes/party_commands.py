"""Let an enterprise become party to a dispute that arbitration has in hand, or take the place of one that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.complaints.disputes import events, party_rules
from services.complaints.disputes.claim_commands import ahead_of_inspection, hold, release, take_claims
from services.complaints.disputes.documents import Added, Dispute, Succession, encrypted_party
from services.complaints.disputes.party_rules import Adding
from services.complaints.disputes.term_commands import keep, law_of, publish, restart_award, today
from services.complaints.procedures import commands as procedures
from shared import faults
from shared.contracts.complaints import SuccessionGround
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeding:
    """Which enterprises take whose place, why, and the officer who records it."""

    enterprise: str
    successors: Sequence[str]
    ground: SuccessionGround
    text: str
    by: str


async def succeed(dispute: Dispute, how: Succeeding, tx: Transaction) -> Dispute:
    """Let what an enterprise was merged or divided into take its place, with its claims and files (解释（一） art. 26)."""
    old, successors = how.enterprise, list(dict.fromkeys(how.successors))
    parties = party_rules.succeeded(dispute.enterprises, old, successors, how.ground, dispute.state)
    held = await release(dispute, tx)
    await procedures.put_dispute(dispute.id, None, (), tx)
    dispute.added = _added_now(dispute, old, successors)
    dispute.enterprises = parties
    for claim in dispute.claims:
        claim.bound = _replaced(claim.bound, old, successors)
        claim.parties = _replaced(claim.parties, old, successors)
    for further in dispute.further:
        for claim in further.claims:
            claim.parties = _replaced(claim.parties, old, successors)
    dispute.successions.append(
        Succession(
            on=today(),
            enterprise=old,
            successors=successors,
            ground=how.ground,
            by=how.by,
            text=encrypted_party(dispute.id, how.text),
        )
    )
    await ahead_of_inspection(dispute, "forum", tx)
    if held:  # another dispute may have a claim of the successor: an officer sees that it is decided once
        dispute.doubled = await take_claims(dispute, tx) is not None or dispute.doubled
    faults.reach("dispute.party_succeeded")
    publish(events.party_succeeded(dispute, old, how.ground), tx)
    return await dispute.put(tx)


async def add(dispute: Dispute, adding: Adding, text: str | None, tx: Transaction) -> Dispute:
    """Add a party, which hears of it with its own term to answer (劳动争议调解仲裁法 art. 22, 23, 30): from today where the others
    have the copy of the application already, and from its service with theirs else. The term of the award runs anew
    (劳动人事争议仲裁办案规则 art. 46)."""
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
    dispute.added.append(added)
    added.answer_by = answer_day(dispute, adding.enterprise)
    if dispute.hearing_on is not None and not party_rules.hearing_stands(dispute.hearing_on, on, law):
        dispute.hearing_on = None
    if adding.role == "respondent":
        await hold(dispute, adding.side, tx)
    if dispute.state == "arbitration":
        await restart_award(dispute, on, "party_added", law, tx)
    faults.reach("dispute.party_added")
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


def answer_day(dispute: Dispute, party: str | None) -> dt.date | None:
    """The last day of a respondent's own answer, by the days off that are published now: from when it got the copy of the application,
    or became a party since; None where the copies are still to be served."""
    since = dispute.entries[party_rules.of_application([step for step, _ in dispute.steps]) :]
    served = next((one.on for one in since if one.step == "serve"), None)
    if served is None:
        return None
    start = max([served, *(one.on for one in dispute.added if one.enterprise == party)])
    return party_rules.answer_by(start, parameters.on(start, place=dispute.district)).due


def _replaced(enterprises: Sequence[str], old: str, successors: Sequence[str]) -> list[str]:
    if old not in enterprises:
        return [*enterprises]
    return [one for one in dict.fromkeys([*enterprises, *successors]) if one != old or old in successors]


def _added_now(dispute: Dispute, old: str, successors: Sequence[str]) -> list[Added]:
    """Who was added, once others have a party's place: as that was in the dispute, unless they are in it already; what has the
    place of one that was there from the beginning is as if it had been, too."""
    original, found = dispute.role_of(old) is None, []
    for one in dispute.added:
        if one.enterprise == old:
            new = [uscc for uscc in successors if uscc == old or uscc not in dispute.enterprises]
            found += [one.model_copy(update={"enterprise": uscc}) for uscc in new]
        elif not (original and one.enterprise in successors):
            found.append(one)
    return found
