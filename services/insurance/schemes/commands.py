"""Correct under which insurance an accident falls, before it is decided; what rests on it is set anew.

A step changes a claim that was read in the same transaction; whoever calls it stores the claim.
"""

from __future__ import annotations

import datetime as dt

from services.insurance.claims import deadlines
from services.insurance.claims.commands import set_terms
from services.insurance.claims.deadlines import Term
from services.insurance.claims.documents import Claim, OutletUnit
from services.insurance.claims.history import By, law_of, move
from services.insurance.claims.rules import STATES, UNDECIDED
from services.insurance.outlets.documents import Outlet
from shared.contracts.insurance import ClaimSchemeCorrected, ClaimStep, Scheme
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import Law
from shared.storage.transaction import Transaction

TERMS: dict[tuple[ClaimStep, Scheme], str] = {
    ("review", "work_injury"): "work_injury.review_days",
    ("review", "occupational_injury"): "oip.material_review_workdays",
    ("decide", "work_injury"): "work_injury.decide_days",
    ("decide", "occupational_injury"): "oip.confirm_workdays",
}
"""How long the authority has for its step, by the scheme (工伤保险条例 art. 18, 20; 办法（试行）)."""


async def unit_of(outlet_id: str, claim: Claim, tx: Transaction) -> OutletUnit:
    """The outlet that an officer names, as it was on the day of the accident; raises RuleBroken where it was not insured."""
    outlet = await Outlet.of(outlet_id, tx)
    day = calendar.shanghai_date(claim.occurred_at)
    if outlet is None or day < outlet.since or (outlet.until is not None and outlet.until < day):
        raise RuleBroken(
            "outlet-not-insured", "该网点在事故当日未参加工伤保险", "the outlet was not on the scheme that day"
        )
    return OutletUnit(uscc=outlet.id, insurer=outlet.insurer)


def correct(
    claim: Claim, scheme: Scheme, outlet: OutletUnit | None, simple: bool, reasons: str, by: By, tx: Transaction
) -> None:
    """Put a claim under another insurance, or another unit of it, with the reasons; from now on no fact changes it by itself.

    Once recognition is decided only the remedies do (工伤保险条例 art. 55). `simple`: facts and rights are clear, so that the
    shorter term of art. 20(2) runs. Raises Conflict, RuleBroken.
    """
    if claim.decisions and not STATES.allows(claim.state, "correct_scheme") and claim.state not in UNDECIDED:
        raise Conflict(
            "decided-already",
            "已作出决定，对适用险种有异议的，应当通过行政复议或者行政诉讼解决",
            "it is decided: only a review or a suit changes the scheme now",
        )
    if scheme == "occupational_injury" and outlet is not None:
        raise RuleBroken("no-outlet", "职业伤害保障不适用网点参保", "occupational-injury cover knows no outlet")
    if (scheme, outlet) == (claim.scheme, claim.outlet):
        raise RuleBroken("same-scheme", "该案已适用此险种", "the claim goes by this scheme already")
    former = claim.scheme
    move(claim, "correct_scheme", by, reasons)
    claim.scheme, claim.scheme_set = scheme, True
    claim.insured_through(outlet)
    law = law_of(claim, by)
    set_terms(claim, tx)
    _look_at_application(claim)
    due_on = _restart(claim, simple, law, by, tx)
    claim.history[-1].used = list(law.used)
    tx.publish(
        ClaimSchemeCorrected(
            **claim.facts(),
            scheme=scheme,
            former_scheme=former,
            unit_apply_by=claim.platform_apply_by,
            self_apply_by=claim.self_apply_by,
            due_on=due_on,
        )
    )


def _look_at_application(claim: Claim) -> None:
    """Whether it is late by the terms that hold now."""
    application = claim.application
    if application is not None:
        last = claim.platform_apply_by if application.applicant == "platform" else claim.self_apply_by
        application.late = last is not None and application.applied_on > last


def _restart(claim: Claim, simple: bool, law: Law, by: By, tx: Transaction) -> dt.date | None:
    """Give the step under way the term of the scheme, from the day on which it began; its last day."""
    if claim.state in ("applied", "supplement"):
        due_on = deadlines.replace_term(claim, "review", _term("review", claim.scheme, simple, law), tx)
        return _ask_anew(claim, law, by, tx) or due_on
    if claim.state in ("accepted", "investigating", "suspended"):
        return deadlines.replace_term(claim, "decide", _term("decide", claim.scheme, simple, law), tx)
    return None


def _ask_anew(claim: Claim, law: Law, by: By, tx: Transaction) -> dt.date | None:
    """Other papers are needed under the other scheme: those that were asked for before are not, and may be asked for once more."""
    if claim.state == "supplement":
        claim.asked_papers = []
        claim.asked_papers = claim.missing_papers(law)
        if not claim.asked_papers:
            move(claim, "complete_papers", by)
            deadlines.clear(claim, "supplement", tx=tx)
            return deadlines.go_on(claim, "review", by.day, tx)
    else:
        claim.asked_papers = []
    return None


def _term(step: ClaimStep, scheme: Scheme, simple: bool, law: Law) -> Term:
    key = TERMS[step, scheme]
    if simple and key == "work_injury.decide_days":
        key = "work_injury.decide_days_simple"
    return Term(law.days(key), "workdays" if key.endswith("workdays") else "days")
