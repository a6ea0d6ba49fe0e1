"""Which parameters decide on which kind of application."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.subsidies.applications.kinds import KINDS
from services.subsidies.flexible.rules import FlexibleFacts, Valid
from services.subsidies.grants.rules import GrantFacts
from services.subsidies.hardship.rules import Hardship, HardshipFacts
from services.subsidies.persons.rules import Paid
from services.subsidies.recognition.rules import RecognitionFacts
from services.subsidies.skill.rules import SkillFacts
from services.subsidies.training.rules import TrainingFacts
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
TOLD: dict[str, Any] = {"day": DAY, "place": "510603", "events": {}}
PERSON: dict[str, Any] = {"born_on": dt.date(1967, 1, 1), "sex": "male"}
PAID = Paid(
    contribution_id="c", month="2026-08", insurance="pension", payer=None, base="4000.00", amount="800.00", paid_on=DAY
)

KNOWN = {
    "training": TrainingFacts(**TOLD, worker_id="w", course="网约配送员（四级）", completed_on=DAY, born_on=DAY),
    "skill": SkillFacts(
        **TOLD, persons=("w",), filed_on=DAY, certificate_id="c", course="4-02-07-10:junior", level="junior",
        issued_on=DAY, evaluator=True, trained=True,
    ),
    "flexible": FlexibleFacts(
        **TOLD,
        **PERSON,
        persons=("w",),
        filed_on=DAY,
        group="hard_to_employ",
        first="2026-08",
        last="2026-08",
        pledged=True,
        recognised=(Valid(first=dt.date(2025, 1, 10), last=None),),
        contributions=(PAID,),
    ),
    "recognition": RecognitionFacts(**TOLD, **PERSON, category="older", spells=()),
    "grants": GrantFacts(
        **TOLD, applicant="platform", started_on=DAY, until=DAY, placed=(), panel=None
    ),
    "hardship": HardshipFacts(
        **TOLD, persons=("w",), works=True, visited=True, hardships=(Hardship(circumstance="illness", since=DAY),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("facts", KNOWN.values(), ids=list(KNOWN))
def test_what_a_rule_reads_sets_off_a_new_decision(facts: Any) -> None:
    (kind,) = [one for one in KINDS.values() if isinstance(facts, one.rule.facts)]
    used = [row.key for row in kind.rule.decide(facts, parameters.on(DAY, place="510603")).used]
    assert [key for key in used if not key.startswith(kind.parameters)] == []


def test_every_kind_is_looked_at() -> None:
    assert {type(facts) for facts in KNOWN.values()} == {kind.rule.facts for kind in KINDS.values()}


@pytest.mark.parametrize("code", ["flexible", "recognition"])
def test_the_age_of_retirement_is_read(code: str) -> None:
    used = KINDS[code].rule.decide(KNOWN[code], parameters.on(DAY, place="510603")).used
    assert "retirement.delay" in {row.key for row in used}
