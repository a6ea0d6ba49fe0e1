"""From the application to the acceptance of a claim (工伤保险条例 art. 17-18; 办法（试行）).

Each function changes a claim that was read in the same transaction; whoever calls it stores the claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.insurance.claims import deadlines, rules
from services.insurance.claims.commands import tell_own_kin
from services.insurance.claims.documents import Claim, Kin
from services.insurance.claims.history import By, law_of, move, note
from services.insurance.claims.rules import AccidentKind, check_papers
from services.insurance.claims.step_documents import EXTENSION, LATE_REASON, Application, Extension, WrongTerm
from shared.contracts.insurance import (
    ClaimAccepted,
    ClaimApplied,
    ClaimClosed,
    ClaimExtensionAsked,
    ClaimExtensionDecided,
    ClaimSupplementAsked,
    Reporter,
)
from shared.errors import Conflict, RuleBroken
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
    claim.first_applied = claim.first_applied or by.day
    claim.application = Application(
        applicant=applicant,
        unit=by.unit,
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
    deadlines.set_due(claim, "supplement", term, tx)
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
    claim: Claim,
    simple: bool,
    late_ground: str | None,
    cover_ground: str | None,
    fatal: bool | None,
    by: By,
    tx: Transaction,
) -> None:
    """Take an application up. From here on its scheme stands, and the term to decide runs.

    `late_ground`: why a late application is taken up all the same. `cover_ground`: why the accident falls under the
    scheme although no order was under way. `simple`: facts and rights are clear (工伤保险条例 art. 20(2)). `fatal`: whether the
    worker died, where that was reported otherwise.
    """
    law = law_of(claim, by)
    if claim.application is not None and claim.application.late and not late_ground:
        raise RuleBroken("late-ground-missing", "超期申请须说明受理理由", "say why the late application is taken up")
    uncovered = claim.cover in ("pending", "not_covered") and claim.scheme == "occupational_injury"
    if uncovered and not cover_ground:
        raise RuleBroken(
            "not-covered", "未查到事故时正在执行的订单，须说明受理理由", "no order was under way: say why it is covered"
        )
    claim.fatal = claim.fatal if fatal is None else fatal
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
    if claim.application is not None and claim.application.unit not in (None, by.unit):
        own = False
    if by.role != "officer" and (not own or (by.role == "platform" and claim.application is None)):
        raise RuleBroken("not-yours", "只能撤回本人（本单位）提出的申请", "only who made it takes it back")
    move(claim, "withdraw", by)
    if claim.application is not None and claim.application.applied_on == claim.first_applied:
        claim.first_applied = None
    deadlines.clear_all(claim, tx)
    tx.publish(ClaimClosed(**claim.facts(), reason="withdrawn"))


def ask_extension(claim: Claim, reason: str, by: By, tx: Transaction) -> None:
    """Ask for more time for the employer to apply, before its term is over and anybody has applied (工伤保险条例 art. 17(1))."""
    if claim.scheme != "work_injury" or claim.platform_apply_by is None:
        raise RuleBroken("not-extendable", "该申请期限不能延长", "only an employer's term to apply is extended")
    if claim.state != "reported":
        raise rules.not_now(claim.state, "ask_extension")
    if by.day > claim.platform_apply_by:
        raise RuleBroken(
            "extension-late", "申请期限已届满，不能再申请延长", "the term is over: it is not extended any more"
        )
    state = rules.EXTENSIONS.next(claim.extension.state if claim.extension else "none", "ask")
    claim.extension = Extension(
        state=state, asked_on=by.day, unit=by.unit, reason=encrypt_field(EXTENSION, claim.id, reason)
    )
    note(claim, "extension_asked", by)
    tx.publish(ClaimExtensionAsked(**claim.facts(), apply_by=claim.platform_apply_by))


def decide_extension(claim: Claim, until: dt.date | None, ground: str, by: By, tx: Transaction) -> None:
    """Grant the employer's request, with its last day, or refuse it (`until` None).

    The law gives no measure of what is fitting (适当): the officer says, within the worker's own term. An application that was made
    meanwhile is late or not by the new day.
    """
    asked = claim.extension
    asked_before = asked.state if asked else "none"
    state = rules.EXTENSIONS.next(asked_before, "refuse" if until is None else "grant")
    assert asked is not None
    last = claim.platform_apply_by
    if last is None or claim.scheme != "work_injury":
        raise RuleBroken("not-extendable", "该申请期限不能延长", "only an employer's term to apply is extended")
    if until is not None:
        _check_extended(claim, last, until)
        asked.before = last
    asked.state, asked.until, asked.decided_by, asked.decided_on = state, until, by.subject, by.day
    asked.ground = encrypt_field(EXTENSION, claim.id, ground)
    note(claim, "extension_granted" if until else "extension_refused", by)
    if until is not None:
        _extend(claim, until, tx)
        last = until
    tx.publish(ClaimExtensionDecided(**claim.facts(), granted=until is not None, apply_by=last))


def correct_extension(claim: Claim, until: dt.date, reason: str, by: By, tx: Transaction) -> None:
    """Put the last day right that was granted wrongly, earlier or later, by another officer than who granted it.

    An employer that has not applied yet keeps at least the present day. Raises Conflict, RuleBroken.
    """
    asked = claim.extension
    state = rules.EXTENSIONS.next(asked.state if asked else "none", "correct")
    assert asked is not None
    wrong = asked.until
    if wrong is None or claim.platform_apply_by != wrong or claim.recognised is not None:
        raise RuleBroken("not-extendable", "该申请期限不能延长", "only an employer's term to apply is extended")
    if by.subject == asked.decided_by:
        raise Conflict("second-officer-needed", "须由另一名经办人员更正", "another officer must put this right")
    _check_extended(claim, asked.before, until)
    if claim.state == "reported" and until < min(by.day, wrong):
        raise RuleBroken("extension-day", "更正后的期限不得早于今日", "the employer keeps at least the present day")
    found = WrongTerm(until=wrong, reason=encrypt_field(EXTENSION, claim.id, reason), by=by.subject, on=by.day)
    asked.state, asked.until, asked.wrong = state, until, [*asked.wrong, found]
    note(claim, "extension_corrected", by)
    _extend(claim, until, tx)
    tx.publish(ClaimExtensionDecided(**claim.facts(), granted=True, apply_by=until))


def _check_extended(claim: Claim, before: dt.date | None, until: dt.date) -> None:
    if not (before is None or before < until) or until > (claim.self_apply_by or until):
        raise RuleBroken(
            "extension-day",
            "延长后的期限应晚于原期限且不超过职工申请期限",
            "it ends after the term, within the worker's",
        )


def _extend(claim: Claim, until: dt.date, tx: Transaction) -> None:
    claim.platform_apply_by = until
    if claim.application is not None and claim.application.applicant == "platform":
        claim.application.late = claim.application.applied_on > until
    if claim.state == "reported":
        deadlines.set_due(claim, "apply", until, tx)


def lapse(claim: Claim, by: By, tx: Transaction) -> None:
    """Put away a report for which nobody applied in time; a late application takes it up again."""
    if claim.self_apply_by is None or by.day <= claim.self_apply_by:
        raise RuleBroken("still-in-time", "申请期限尚未届满", "the term to apply has not ended")
    move(claim, "lapse", by)
    deadlines.clear_all(claim, tx)
    tx.publish(ClaimClosed(**claim.facts(), reason="lapsed"))
