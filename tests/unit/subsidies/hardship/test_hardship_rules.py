from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest

from services.subsidies.decisions.rules import Outcome
from services.subsidies.hardship import rules
from services.subsidies.hardship.rules import GROUNDS, Circumstance, Hardship, HardshipFacts
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 1)
SINCE = dt.date(2026, 8, 1)


def decide(*hardships: Hardship, works: bool = True, visited: bool = True, **values: Any) -> Outcome:
    told: dict[str, Any] = {"persons": ("w-1",)} | values
    facts = HardshipFacts(day=DAY, place="510603", events={}, works=works, visited=visited, hardships=hardships, **told)
    return rules.decide(facts, parameters.on(DAY, place="510603"))


def met(outcome: Outcome) -> dict[str, bool | None]:
    return {ground.code: ground.met for ground in outcome.grounds}


def hardship(circumstance: Circumstance = "illness", **values: Any) -> Hardship:
    return Hardship(circumstance=circumstance, since=SINCE, **values)


def test_the_machine_says_what_is_known_and_no_sum() -> None:
    outcome = decide(hardship(found=True))
    assert (outcome.met, outcome.amount) == (True, None)
    assert outcome.once == ("hardship:w-1:illness:2026-08-01",)


def test_what_nobody_has_looked_at_is_a_persons_to_judge() -> None:
    assert met(decide(hardship()))["illness"] is None


def test_what_is_not_so_stands_against_it() -> None:
    outcome = decide(hardship(found=False), hardship("accident", found=True))
    assert (met(outcome)["illness"], outcome.met, outcome.once) == (False, False, ())


def test_without_a_visit_nothing_is_approved() -> None:
    assert met(decide(hardship(found=True), visited=False))["visited"] is False


def test_who_is_not_known_to_work_on_a_platform_is_judged() -> None:
    assert met(decide(hardship(found=True), works=False))["worker"] is None


def test_what_was_helped_before_is_not_helped_again() -> None:
    outcome = decide(hardship(found=True, helped=True))
    assert (met(outcome)["not_helped_before"], outcome.met) == (False, False)


def test_the_same_circumstance_by_another_day_is_judged() -> None:
    """Whoever was helped for an illness and says another day of it is shown to a person with both."""
    helped: Any = (("illness", dt.date(2026, 7, 31)), ("schooling", SINCE))
    outcome = decide(hardship(found=True), helped_on=helped)
    assert (met(outcome)["another_hardship"], outcome.met) == (None, None)
    assert [(one.asked, one.paid) for one in outcome.alike] == [("重大疾病 2026-08-01", "重大疾病 2026-07-31")]
    assert met(decide(hardship("accident", found=True), helped_on=helped))["another_hardship"] is True


def test_a_new_hardship_beside_an_old_one_is_helped_alone() -> None:
    outcome = decide(hardship(found=True, helped=True), hardship("accident", found=True))
    assert outcome.once == ("hardship:w-1:accident:2026-08-01",)
    assert "illness" not in met(outcome)


@pytest.mark.parametrize("circumstance", get_args(Circumstance))
def test_every_circumstance_has_its_text(circumstance: Circumstance) -> None:
    assert set(met(decide(hardship(circumstance, found=True)))) <= set(GROUNDS)
