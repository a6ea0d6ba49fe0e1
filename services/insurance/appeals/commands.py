"""Appeals against a refusal or a decision: administrative review and court (工伤保险条例 art. 55; 行政复议法; 行政诉讼法).

They are heard elsewhere; here they are filed, so that their terms are kept, and their outcome is recorded. A suit's
outcome is that of its last instance.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.insurance.claims import deadlines, rules
from services.insurance.claims.documents import Claim
from services.insurance.claims.history import By, law_of, move, note
from services.insurance.claims.step_documents import Appeal, Decision
from services.insurance.letters.rules import silence
from services.insurance.procedure.commands import start_decision, start_review
from shared.contracts.insurance import ClaimAppealDecided, ClaimAppealed, Side
from shared.errors import RuleBroken
from shared.policy.contesting import is_late, latest
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction

Way = Literal["review", "court"]
EVENTS: dict[Literal["upheld", "revoked", "withdrawn"], rules.AppealEvent] = {
    "upheld": "uphold",
    "revoked": "revoke",
    "withdrawn": "withdraw",
}


def against_last(claim: Claim) -> tuple[Decision, list[Appeal]]:
    """The decision that stands, and the appeals against it; raises Conflict where none stands."""
    if claim.state in rules.UNDECIDED or not claim.decisions:
        raise rules.not_now(claim.state, "appeal")
    decision = claim.decisions[-1]
    return decision, [appeal for appeal in claim.appeals if appeal.decision == decision.number]


def state_of(appeals: list[Appeal]) -> rules.AppealState:
    """How the appeals of one party stand."""
    if not appeals:
        return "none"
    return appeals[-1].outcome or "open"


def file(claim: Claim, way: Way, filed_on: dt.date, party: Side, by: By, tx: Transaction) -> None:
    """Appeal against the decision that stands. A late one is recorded by officers only: who hears it judges of that.

    It is late after the party's own term, which runs from service on it alone, and in any case years after the decision. Who sues
    since a review was not decided in its term has that of 行政诉讼法 art. 45 from its end on.
    """
    decision, all_ = against_last(claim)
    earlier = [appeal for appeal in all_ if appeal.side == party]
    if way == "court":
        _leave_review(claim, earlier, filed_on)
    rules.APPEALS.next(state_of(earlier), "file")
    if filed_on < decision.decided_on:
        raise RuleBroken("before-the-decision", "日期早于决定作出之日", "the day is before the decision")
    last_review = next((appeal for appeal in reversed(earlier) if appeal.outcome == "upheld"), None)
    left = any(appeal.outcome == "not_decided" for appeal in earlier)
    if (way == "review" and (last_review or left)) or (last_review is not None and last_review.way == "court"):
        raise RuleBroken("decided-before", "该途径已有结论", "this way has come to its end already")
    term = deadlines.appeal_term(claim, earlier, way, party)
    law = law_of(claim, by)
    late = is_late(filed_on, term, latest(way, decision.decided_on, law))
    if late and by.role != "officer":
        raise RuleBroken("appeal-late", "已超过申请期限", "the term to appeal has ended", about=[str(term)])
    claim.appeals.append(
        Appeal(decision=decision.number, way=way, role=by.role, party=party, filed_on=filed_on, late=late)
    )
    note(claim, "appeal_filed", by, way, law.used)
    deadlines.set_next_appeal(claim, by.day, tx)
    tx.publish(ClaimAppealed(**claim.facts(), way=way))


def _leave_review(claim: Claim, earlier: list[Appeal], filed_on: dt.date) -> None:
    """Let a party's review under way be left for the court, once its term is over without a decision (行政诉讼法 art. 45)."""
    last = earlier[-1] if earlier else None
    if last is None or last.way != "review" or last.outcome is not None:
        return
    silent = silence(last.filed_on, parameters.on(last.filed_on, place=claim.district))
    if silent is not None and filed_on > silent.over_on:
        rules.APPEALS.next("open", "overrun")
        last.outcome, last.ended_on = "not_decided", filed_on


def end(
    claim: Claim,
    outcome: Literal["upheld", "revoked", "withdrawn"],
    ended_on: dt.date,
    party: Side | None,
    by: By,
    tx: Transaction,
) -> None:
    """Record how an appeal ended: that of `party`, or the one under way. Where the decision is annulled, the claim is taken up
    again where it was decided, and every appeal against that decision is at its end.

    The term to sue after a review runs once its decision is served on who asked for it (行政诉讼法 art. 45).
    """
    _, appeals = against_last(claim)
    event = EVENTS[outcome]
    appeal = _under_way(appeals, party, event)
    if ended_on < appeal.filed_on:
        raise RuleBroken("before-the-appeal", "日期早于申请之日", "the day is before the appeal")
    appeal.outcome, appeal.ended_on = outcome, ended_on
    note(claim, "appeal_ended", by, outcome)
    if outcome == "revoked":
        for other in appeals:
            if other.outcome is None:
                other.outcome, other.ended_on = outcome, ended_on
        _decide_anew(claim, by, tx)
    else:
        deadlines.set_next_appeal(claim, by.day, tx)
    tx.publish(ClaimAppealDecided(**claim.facts(), outcome=outcome))


def _under_way(appeals: list[Appeal], party: Side | None, event: rules.AppealEvent) -> Appeal:
    """The appeal of a party, or the only one, that is under way; raises Conflict, and RuleBroken where it is not clear whose."""
    mine = [one for one in appeals if party in (None, one.side)]
    found = [one for one in mine if one.outcome is None]
    if not found:
        rules.APPEALS.next(state_of(mine), event)
    if len(found) != 1:
        raise RuleBroken("party-missing", "多方均已提出，请指明当事人", "several are under way: say whose")
    return found[0]


def _decide_anew(claim: Claim, by: By, tx: Transaction) -> None:
    move(claim, "revoke", by)
    deadlines.clear_all(claim, tx)
    claim.recognised, claim.grade, claim.nursing = None, None, None
    claim.assessments = [one for one in claim.assessments if one.concluded_on is not None]
    law = law_of(claim, by)
    if claim.state == "applied":
        start_review(claim, by, law, tx)
    else:
        start_decision(claim, False, by, law, tx)
    claim.history[-1].used = list(law.used)
