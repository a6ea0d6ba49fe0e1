"""The assessment of the capacity for work (工伤保险条例 ch. 4), which occupational injuries follow too."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from services.insurance.claims import deadlines, rules
from services.insurance.claims.documents import Claim
from services.insurance.claims.history import By, law_of, move, note
from services.insurance.claims.step_documents import Assessment, Nursing
from services.insurance.letters.rules import service_on
from shared.contracts.insurance import ClaimAssessed, Side
from shared.errors import RuleBroken
from shared.policy import calendar
from shared.policy.contesting import is_late
from shared.policy.parameters import Law
from shared.storage.transaction import Transaction

Kind = Literal["first", "again", "review"]


def request(claim: Claim, kind: Kind, party: Side, by: By, tx: Transaction) -> None:
    """Ask for an assessment: the first, another by the province (art. 26), or a review after a year (art. 28).

    The term to ask for another runs for each party from the day on which the last conclusion was served on it.
    """
    if claim.recognised is not True:
        raise rules.not_now(claim.state, "request_assessment")
    if claim.fatal:
        raise RuleBroken("fatal", "死亡案件不进行劳动能力鉴定", "a death is not assessed")
    law = law_of(claim, by)
    decision = claim.decisions[-1].number
    earlier = [assessment for assessment in claim.assessments if assessment.decision == decision]
    _check_kind(kind, earlier[-1] if earlier else None, party, by.day, law)
    move(claim, "request_assessment", by, kind)
    claim.assessments.append(Assessment(decision=decision, kind=kind, requested_on=by.day, requested_by=by.role))
    deadlines.start(claim, "assess", by.day, tx, days=law.days("work_injury.appraisal_days"))
    claim.history[-1].used = list(law.used)


def _check_kind(kind: Kind, last: Assessment | None, party: Side, day: dt.date, law: Law) -> None:
    """Raise RuleBroken where this assessment cannot follow the last one on that day."""
    if (kind == "first") != (last is None):
        raise RuleBroken("not-first", "鉴定种类与鉴定次序不符", "the kind of assessment does not fit those before")
    if last is None or last.concluded_on is None:
        return
    if kind == "again" and last.kind == "again":
        raise RuleBroken("final", "省级鉴定结论为最终结论", "the province's conclusion is final")
    served = service_on(party, last.served)
    if kind == "again" and served is not None and is_late(day, served.again_by, None):
        raise RuleBroken("again-too-late", "申请再次鉴定的期限已过", "the term to ask for another has ended")
    if kind == "review":
        first_day = calendar.months_after(last.concluded_on, 12 * law.number("work_injury.review_after_years"))
        if day <= first_day:
            raise RuleBroken(
                "review-too-early",
                "鉴定结论作出一年后方可申请复查",
                "a review is for a year later",
                about=[str(first_day)],
            )


def extend(claim: Claim, by: By, tx: Transaction) -> None:
    """Prolong the term to assess, once (art. 25(2))."""
    if claim.state != "assessing":
        raise rules.not_now(claim.state, "extend")
    assessment = claim.assessments[-1]
    if assessment.extended:
        raise RuleBroken("extended-before", "鉴定期限只能延长一次", "the term is prolonged once only")
    law = law_of(claim, by)
    assessment.extended = True
    deadlines.prolong(claim, "assess", law.days("work_injury.appraisal_extension_days"), tx)
    note(claim, "extended", by, used=law.used)


def conclude(claim: Claim, grade: int | None, nursing: Nursing | None, experts: int, by: By, tx: Transaction) -> None:
    """Record the result: a grade from 1 (worst) to 10, or none, and the dependence on nursing, if there is any.

    Three or five experts are drawn (art. 25(1)). Of the province's assessment no other is asked for.
    """
    law = law_of(claim, by)
    if str(experts) not in law.texts("work_injury.appraisal_experts"):
        raise RuleBroken("experts", "专家组由3名或者5名专家组成", "three or five experts assess")
    if nursing is not None and grade is None:
        raise RuleBroken("nursing-without-grade", "未达伤残等级不能评定生活护理等级", "nursing needs a grade")
    move(claim, "assess", by)
    assessment = claim.assessments[-1]
    assessment.concluded_on, assessment.grade, assessment.nursing = by.day, grade, nursing
    assessment.experts = experts
    claim.grade, claim.nursing = grade, nursing
    deadlines.clear(claim, "assess", tx=tx)
    claim.history[-1].used = list(law.used)
    tx.publish(ClaimAssessed(**claim.facts(), again_by=None))
