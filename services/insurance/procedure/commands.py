"""From the application to the acceptance of a claim (工伤保险条例 art. 17-18; 办法（试行）).

Each function changes a claim that was read in the same transaction; whoever calls it stores the claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.insurance.claims import deadlines, rules
from services.insurance.claims.commands import tell_own_kin
from services.insurance.claims.documents import LATE_REASON, Application, Claim, Kin
from services.insurance.claims.history import By, law_of, move, note
from services.insurance.claims.rules import AccidentKind, check_papers
from shared.contracts.insurance import (
    ClaimAccepted,
    ClaimApplied,
    ClaimClosed,
    ClaimSupplementAsked,
    Reporter,
)
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction


def apply(
    claim: Claim,
    applicant: Reporter,
    kinds: Sequence[AccidentKind],
    given: Sequence[str],
    late_reason: str | None,
    kin: Kin | None,
    by: By,
    tx: Transaction,
) -> None:
    """Apply for benefits. A late application is not turned away: it needs a reason, which an officer judges.

    `kin`: who they are, where next of kin apply; from now on they are told how the claim goes on.
    After a refusal one can apply again, with what was lacking, unless an appeal against it is under way.
    """
    if any(appeal.outcome is None for appeal in claim.appeals):
        raise RuleBroken("appeal-open", "复议或者诉讼尚未审结", "an appeal is under way")
    if kin is not None and applicant != "kin":
        raise RuleBroken("not-by-kin", "并非以近亲属名义申请", "it is not the next of kin who apply")
    law = law_of(claim, by)
    check_papers(given, law)
    last = claim.platform_apply_by if applicant == "platform" else claim.self_apply_by
    late = last is not None and by.day > last
    if late and not late_reason:
        raise RuleBroken("late-reason-missing", "申请已超过期限，请说明理由", "the application is late: say why")
    move(claim, "apply", by)
    claim.application = Application(
        applicant=applicant,
        applied_on=by.day,
        late=late,
        late_reason=encrypt_field(LATE_REASON, claim.id, late_reason) if late_reason else None,
    )
    if kin is not None:
        claim.act_by(kin)
        tell_own_kin(claim, tx)
    claim.kinds, claim.asked_papers = sorted({*claim.kinds, *kinds}), []
    claim.papers = sorted({*claim.papers, *given})
    deadlines.clear_all(claim, tx)
    review_by = start_review(claim, by, law, tx)
    claim.history[-1].used = list(law.used)
    tx.publish(ClaimApplied(**claim.facts(), applicant=applicant, late=late, review_by=review_by))


def start_review(claim: Claim, by: By, law: Law, tx: Transaction) -> dt.date | None:
    """Start the term in which an application's papers are looked through."""
    if claim.scheme == "work_injury":
        return deadlines.start(claim, "review", by.day, tx, days=law.days("work_injury.review_days"))
    return deadlines.start(claim, "review", by.day, tx, workdays=law.days("oip.material_review_workdays"))


def ask_papers(claim: Claim, further: Sequence[str], by: By, tx: Transaction) -> None:
    """Ask for all that is missing, once and all together; the review waits meanwhile (工伤保险条例 art. 18)."""
    law = law_of(claim, by)
    check_papers(further, law)
    if claim.asked_papers:
        raise RuleBroken(
            "asked-before", "补正材料须一次性告知，不得再次要求", "papers are asked for once and all together"
        )
    wanted = [paper for paper in dict.fromkeys([*claim.missing_papers(law), *further]) if paper not in claim.papers]
    if not wanted:
        raise RuleBroken("nothing-missing", "材料已齐全，应当受理", "no paper is missing: accept the claim")
    move(claim, "ask_papers", by, " ".join(wanted))
    claim.asked_papers = wanted
    deadlines.stand_still(claim, "review", by.day, tx)
    term = calendar.add_days(by.day, law.days("claims.supplement_days"))
    deadlines.set_due(claim, "supplement", term.due, tx)
    claim.history[-1].used = list(law.used)
    tx.publish(ClaimSupplementAsked(**claim.facts(), papers=tuple(wanted)))


def give_papers(claim: Claim, given: Sequence[str], by: By, tx: Transaction) -> None:
    """Hand papers in. When all that were asked for are there, the review goes on."""
    if claim.state not in ("reported", "applied", "supplement", "accepted", "investigating", "suspended"):
        raise rules.not_now(claim.state, "give_papers")
    check_papers(given, law_of(claim, by))
    claim.papers = sorted({*claim.papers, *given})
    note(claim, "papers_given", by, " ".join(given))
    if claim.state == "supplement" and not set(claim.asked_papers) - set(claim.papers):
        move(claim, "complete_papers", by)
        deadlines.clear(claim, "supplement", tx=tx)
        deadlines.go_on(claim, "review", by.day, tx)


def accept(
    claim: Claim, simple: bool, late_ground: str | None, cover_ground: str | None, by: By, tx: Transaction
) -> None:
    """Take an application up. From here on its scheme stands, and the term to decide runs.

    `late_ground`: why a late application is taken up all the same. `cover_ground`: why the accident falls under the
    scheme although no order was under way. `simple`: facts and rights are clear (工伤保险条例 art. 20(2)).
    """
    law = law_of(claim, by)
    if claim.application is not None and claim.application.late and not late_ground:
        raise RuleBroken("late-ground-missing", "超期申请须说明受理理由", "say why the late application is taken up")
    uncovered = claim.cover in ("pending", "not_covered") and claim.scheme == "occupational_injury"
    if uncovered and not cover_ground:
        raise RuleBroken(
            "not-covered", "未查到事故时正在执行的订单，须说明受理理由", "no order was under way: say why it is covered"
        )
    lacking = claim.missing_papers(law)
    if claim.state == "applied" and lacking:
        raise RuleBroken("papers-missing", "材料不齐全", "papers are missing", about=lacking)
    move(claim, "accept", by, "; ".join(ground for ground in (late_ground, cover_ground) if ground) or None)
    deadlines.clear(claim, "review", tx=tx)
    decide_by = start_decision(claim, simple, by, law, tx)
    claim.history[-1].used = list(law.used)
    tx.publish(ClaimAccepted(**claim.facts(), decide_by=decide_by))


def start_decision(claim: Claim, simple: bool, by: By, law: Law, tx: Transaction) -> dt.date | None:
    """Start the term in which a claim is decided (工伤保险条例 art. 20)."""
    if claim.scheme == "occupational_injury":
        return deadlines.start(claim, "decide", by.day, tx, workdays=law.days("oip.confirm_workdays"))
    key = "work_injury.decide_days_simple" if simple else "work_injury.decide_days"
    return deadlines.start(claim, "decide", by.day, tx, days=law.days(key))


def withdraw(claim: Claim, by: By, tx: Transaction) -> None:
    """Take a report or an application back: whoever made it, or an officer on their word. Another can be made.

    A platform cannot take back that an accident happened.
    """
    maker = claim.application.applicant if claim.application else claim.reported_by
    own = by.role == maker or (by.role == "union" and maker == "kin")
    if by.role != "officer" and (not own or (by.role == "platform" and claim.application is None)):
        raise RuleBroken("not-yours", "只能撤回本人（本单位）提出的申请", "only who made it takes it back")
    move(claim, "withdraw", by)
    deadlines.clear_all(claim, tx)
    tx.publish(ClaimClosed(**claim.facts(), reason="withdrawn"))


def lapse(claim: Claim, by: By, tx: Transaction) -> None:
    """Put away a report for which nobody applied in time; a late application takes it up again."""
    if claim.self_apply_by is None or by.day <= claim.self_apply_by:
        raise RuleBroken("still-in-time", "申请期限尚未届满", "the term to apply has not ended")
    move(claim, "lapse", by)
    deadlines.clear_all(claim, tx)
    tx.publish(ClaimClosed(**claim.facts(), reason="lapsed"))
