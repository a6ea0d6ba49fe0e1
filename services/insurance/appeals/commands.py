"""Appeals against a refusal or a decision: administrative review and court (工伤保险条例 art. 55; 行政复议法; 行政诉讼法).

They are heard elsewhere; here they are filed, so that their terms are kept, and their outcome is recorded. A suit's
outcome is that of its last instance.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.insurance.claims import deadlines, rules
from services.insurance.claims.documents import Appeal, Claim, Decision
from services.insurance.claims.history import By, law_of, move, note
from services.insurance.procedure.commands import start_decision, start_review
from shared.contracts.insurance import ClaimAppealDecided, ClaimAppealed
from shared.errors import RuleBroken
from shared.policy import calendar
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
    if not appeals:
        return "none"
    return appeals[-1].outcome or "open"


def file(claim: Claim, way: Way, filed_on: dt.date, by: By, tx: Transaction) -> None:
    """Appeal against the decision that stands. A late one is recorded by officers only: who hears it judges of that."""
    decision, earlier = against_last(claim)
    rules.APPEALS.next(state_of(earlier), "file")
    last_review = next((appeal for appeal in reversed(earlier) if appeal.outcome == "upheld"), None)
    if last_review is not None and (way == "review" or last_review.way == "court"):
        raise RuleBroken("decided-before", "该途径已有结论", "this way has come to its end already")
    last_day = decision.review_by if way == "review" else decision.court_by
    if last_review is not None and last_review.ended_on is not None:
        law = law_of(claim, by)
        last_day = calendar.add_days(last_review.ended_on, law.days("admin_suit.after_review_days")).due
    late = last_day is not None and filed_on > last_day
    if late and by.role != "officer":
        raise RuleBroken("appeal-late", "已超过申请期限", "the term to appeal has ended", about=[str(last_day)])
    claim.appeals.append(Appeal(decision=decision.number, way=way, role=by.role, filed_on=filed_on, late=late))
    note(claim, "appeal_filed", by, way)
    deadlines.clear(claim, "appeal", tx=tx)
    tx.publish(ClaimAppealed(**claim.facts(), way=way))


def end(
    claim: Claim, outcome: Literal["upheld", "revoked", "withdrawn"], ended_on: dt.date, by: By, tx: Transaction
) -> None:
    """Record how an appeal ended. Where the decision is annulled, the claim is taken up again where it was decided."""
    _, appeals = against_last(claim)
    rules.APPEALS.next(state_of(appeals), EVENTS[outcome])
    appeal = appeals[-1]
    appeal.outcome, appeal.ended_on = outcome, ended_on
    note(claim, "appeal_ended", by, outcome)
    if outcome == "revoked":
        _decide_anew(claim, by, tx)
    elif outcome == "upheld" and appeal.way == "review":
        term = law_of(claim, by).days("admin_suit.after_review_days")
        deadlines.set_due(claim, "appeal", calendar.add_days(ended_on, term), tx)
    tx.publish(ClaimAppealDecided(**claim.facts(), outcome=outcome))


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
