"""From the acceptance of a claim to its decision, and its end (工伤保险条例 art. 14-16, 19-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from services.insurance.claims import deadlines
from services.insurance.claims.documents import Claim
from services.insurance.claims.history import By, law_of, move
from services.insurance.claims.remedies import remedies_after_denial, remedies_after_refusal
from services.insurance.claims.step_documents import DECISION, Decision
from shared.contracts.insurance import ClaimClosed, ClaimDecided, ClaimRefused, ClaimResumed, ClaimSuspended, Scheme
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law, parameters
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction

Refusal = Literal["not_covered", "out_of_time", "papers_not_given", "not_competent"]

NOT_WITHIN = "not_within_the_law"
"""The reason where an accident is none of the cases that the law recognises."""


def investigate(claim: Claim, by: By) -> None:
    """Begin to inquire into the facts; the term to decide runs on (工伤保险条例 art. 19)."""
    move(claim, "investigate", by)


def suspend(claim: Claim, waits_for: str, by: By, tx: Transaction) -> None:
    """Wait for a court or another authority; the term stands still (工伤保险条例 art. 20(3))."""
    move(claim, "suspend", by, waits_for)
    deadlines.stand_still(claim, "decide", by.day, tx)
    tx.publish(ClaimSuspended(**claim.facts()))


def resume(claim: Claim, by: By, tx: Transaction) -> None:
    """What was waited for has come; the term runs again."""
    move(claim, "resume", by)
    decide_by = deadlines.go_on(claim, "decide", by.day, tx)
    tx.publish(ClaimResumed(**claim.facts(), decide_by=decide_by))


def refuse(claim: Claim, reasons: Sequence[Refusal], text: str, by: By, tx: Transaction) -> None:
    """Do not take an application up, and say what can be done instead. An appeal is open (工伤保险条例 art. 55)."""
    if "not_covered" in reasons and claim.cover != "not_covered":
        raise RuleBroken(
            "covered", "尚不能认定不在保障范围内", "it is not found that the accident is outside the cover"
        )
    if claim.state == "reported" and list(reasons) != ["not_covered"]:
        raise RuleBroken("not-applied", "尚未提出申请", "nobody has applied yet")
    if "out_of_time" in reasons and not (claim.application and claim.application.late):
        raise RuleBroken("in-time", "申请未超过期限", "the application is in time")
    waited = claim.due.get("supplement")
    if "papers_not_given" in reasons and (claim.state != "supplement" or waited is None or by.day <= waited):
        raise RuleBroken("papers-not-due", "补正期限尚未届满", "the papers are not asked for, or not due yet")
    law = law_of(claim, by)
    move(claim, "refuse", by)
    deadlines.clear_all(claim, tx)
    remedies = remedies_after_refusal(reasons)
    _record(claim, "refused", reasons, remedies, text, law, by)
    tx.publish(ClaimRefused(**claim.facts(), reasons=tuple(reasons), instead=tuple(remedies), remedies=tuple(remedies)))


def cases(scheme: Scheme, law: Law) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What the law recognises, and what it never does: names by code."""
    prefix = "work_injury" if scheme == "work_injury" else "oip"
    recognised = {**law.table(f"{prefix}.recognised_cases"), **law.table(f"{prefix}.treated_as_cases")}
    return recognised, law.table(f"{prefix}.excluded_cases")


def decide(
    claim: Claim,
    recognised: bool,
    reasons: Sequence[str],
    text: str,
    fatal: bool | None,
    hours_to_death: int | None,
    by: By,
    tx: Transaction,
) -> None:
    """Recognise an injury or not, by the cases of the law on the day of the accident; what was used is kept.

    `hours_to_death`: from the first diagnosis of the sudden illness to the death, which `sudden_death` needs (工伤保险条例 art.
    15(1)1; 劳社部函〔2004〕256号 no. 3).
    """
    facts_law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    within, excluded = cases(claim.scheme, facts_law)
    allowed = set(within) if recognised else {*excluded, NOT_WITHIN}
    wrong = sorted(set(reasons) - allowed)
    if wrong or not reasons:
        raise RuleBroken("wrong-reasons", "理由不是法定情形", "no reasons that the law has for this", about=wrong)
    died = claim.fatal if fatal is None else fatal
    if "sudden_death" in reasons:
        prefix = "work_injury" if claim.scheme == "work_injury" else "oip"
        limit = facts_law.number(f"{prefix}.sudden_death_hours")
        if not died:
            raise RuleBroken("not-a-death", "该情形仅限突发疾病死亡，须先确认死亡", "only a sudden death is treated so")
        if hours_to_death is None or hours_to_death > limit:
            raise RuleBroken("too-late-a-death", f"死亡不在突发疾病{limit}小时之内", f"no death within {limit} hours")
    law = law_of(claim, by)
    move(claim, "recognise" if recognised else "deny", by)
    deadlines.clear_all(claim, tx)
    claim.recognised, claim.fatal = recognised, died
    outcome: Literal["recognised", "not_recognised"] = "recognised" if recognised else "not_recognised"
    remedies = [] if recognised else remedies_after_denial(claim.scheme)
    decision = _record(claim, outcome, reasons, remedies, text, law, by)
    decision.used = [*facts_law.used, *decision.used]
    deadlines.set_serving(claim, tx)
    claim.history[-1].used = decision.used
    tx.publish(ClaimDecided(**claim.facts(), recognised=recognised, reasons=tuple(reasons), appeal_by=None))


def close(claim: Claim, by: By, tx: Transaction) -> None:
    """Put a decided claim away. An appeal or a later assessment takes it up again."""
    move(claim, "close", by)
    deadlines.clear_all(claim, tx)
    deadlines.set_serving(claim, tx)  # the decision is served all the same
    tx.publish(ClaimClosed(**claim.facts(), reason="done" if claim.recognised else "not_recognised"))


def _record(
    claim: Claim,
    outcome: Literal["refused", "recognised", "not_recognised"],
    reasons: Sequence[str],
    remedies: Sequence[str],
    text: str,
    law: Law,
    by: By,
) -> Decision:
    """Record a decision. Until when it can be appealed against is known of each party once it is served on that party."""
    decision = Decision(
        number=f"{claim.number}-{len(claim.decisions) + 1}",
        outcome=outcome,
        scheme=claim.scheme,
        reasons=list(reasons),
        instead=list(remedies),
        text=encrypt_field(DECISION, claim.id, text),
        decided_on=by.day,
        by=by.subject,
        used=list(law.used),
    )
    claim.decisions.append(decision)
    return decision
