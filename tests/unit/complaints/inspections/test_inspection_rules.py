from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.complaints.inspection_proposals import rules as proposals
from services.complaints.inspection_proposals.rules import Sign
from services.complaints.inspections import rules
from services.complaints.inspections.checklist import ARTICLES, CHECKLIST, items_of
from services.complaints.inspections.rules import Found
from services.complaints.joint import rules as joint
from services.complaints.joint.rules import Asked
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters
from shared.states import Machine

LAW = parameters.on(dt.date(2026, 11, 23))
TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("machine", "states", "moves"),
    [
        (rules.CAMPAIGN, rules.CampaignState, rules.CampaignMove),
        (rules.INSPECTION, rules.State, rules.Move),
        (proposals.PROPOSAL, proposals.State, proposals.Move),
        (joint.JOINT, joint.State, joint.Move),
        (joint.PART, joint.PartState, joint.PartMove),
    ],
    ids=["campaign", "inspection", "proposal", "joint", "part"],
)
def test_what_the_table_does_not_say_is_refused(machine: Machine[str, str, str], states: object, moves: object) -> None:
    for state in get_args(states):
        for move in get_args(moves):
            if machine.allows(state, move):
                assert machine.next(state, move) in get_args(states)
            else:
                with pytest.raises(Conflict):
                    machine.next(state, move)


def test_nothing_leads_out_of_what_is_public() -> None:
    assert rules.INSPECTION.final == {"published", "called_off"}
    assert rules.CAMPAIGN.final == {"closed", "cancelled"}


def test_every_item_is_answered_once() -> None:
    items = items_of(["5"])
    assert items == ["pay_in_time", "minimum_wage"]
    full = [Found(item=one, verdict="compliant") for one in items]
    rules.check_complete(items, full)
    for wrong in (full[:1], [*full, full[0]], [*full, Found(item="other_platforms", verdict="violation")]):
        with pytest.raises(RuleBroken):
            rules.check_complete(items, wrong)


def test_one_violation_makes_the_outcome() -> None:
    found = [Found(item="pay_in_time", verdict="not_applicable"), Found(item="minimum_wage", verdict="violation")]
    assert (rules.outcome(found), rules.violated(found)) == ("violations", ["minimum_wage"])
    assert rules.outcome(found[:1]) == "compliant"


def test_what_follows_is_of_what_was_found() -> None:
    rules.check_violated(["pay_in_time"], ["minimum_wage", "pay_in_time"])
    for items in ([], ["pay_in_time", "other_platforms"]):
        with pytest.raises(RuleBroken):
            rules.check_violated(items, ["minimum_wage", "pay_in_time"])


def test_no_violation_is_left_without_an_order_or_a_reason() -> None:
    rules.check_followed([], [])
    rules.check_followed(["minimum_wage", "pay_in_time"], ["pay_in_time", "minimum_wage", "pay_in_time"])
    with pytest.raises(Conflict) as refused:
        rules.check_followed(["minimum_wage", "pay_in_time"], ["pay_in_time"])
    assert refused.value.extra["items"] == ["minimum_wage"]


def test_two_of_the_team_inspect() -> None:
    rules.check_present(["a", "b", "c"], ["a", "b"], LAW)
    for present in (["a"], ["a", "a"], ["a", "x"]):
        with pytest.raises(RuleBroken):
            rules.check_present(["a", "b"], present, LAW)


@pytest.mark.parametrize("written", ["03 08 14 + 09", "3,8,14,9", "09|14|08|03", "０３、０８、１４－９", "3 8 14 / 9"])
def test_one_result_of_a_lottery_makes_one_draw(written: str) -> None:
    assert rules.numbers_of(written) == "3 8 9 14"


@pytest.mark.parametrize("written", ["030814", "3 8 14 号", "三 八", "", "3 8 14 x", " 3", "3.8"])
def test_nothing_but_numbers_makes_a_draw(written: str) -> None:
    with pytest.raises(RuleBroken):
        rules.numbers_of(written)


def test_the_checklist_names_articles_of_the_policy() -> None:
    assert set(LAW.lists("duty.departments")) >= ARTICLES
    assert all(item.basis for item in CHECKLIST.values())


def signs(people: list[str | None], district: str = "510603") -> list[Sign]:
    return [Sign(lead_id=f"l-{number}", person=one, district=district) for number, one in enumerate(people)]


@pytest.mark.parametrize(
    ("people", "reached"),
    [
        (["a", "a", "a", "a"], False),
        (["a", "a", "a", "a", "a"], True),
        (["a", "b"], False),
        (["a", "b", "c"], True),
        ([None, None, None, None], False),
    ],
)
def test_many_leads_or_many_persons_call_for_a_visit(people: list[str | None], reached: bool) -> None:
    assert proposals.weigh(signs(people), LAW).reached is reached


def test_leads_of_several_districts_are_the_citys() -> None:
    assert proposals.district_of(signs(["a"])) == "510603"
    assert proposals.district_of([*signs(["a"]), *signs(["b"], "510681")]) == "510600"


def parts(*departments: str) -> list[Asked]:
    return [Asked(department=one, due_on=TODAY + dt.timedelta(days=9)) for one in departments]


def test_a_joint_task_is_of_the_departments_of_its_article() -> None:
    joint.check_parts("5", parts("hrss", "transport"), TODAY, LAW)
    joint.check_parts("7", parts("emergency", "health"), TODAY, LAW)
    for article, named in (
        ("5", ["hrss"]),
        ("5", ["hrss", "hrss"]),
        ("5", ["hrss", "health"]),
        ("7", ["hrss", "health"]),
    ):
        with pytest.raises(RuleBroken):
            joint.check_parts(article, parts(*named), TODAY, LAW)


def test_an_order_follows_from_an_order_or_a_penalty_alone() -> None:
    for outcome in get_args(joint.Outcome):
        if outcome in ("ordered", "punished"):
            joint.check_ordered(outcome)
        else:
            with pytest.raises(Conflict):
                joint.check_ordered(outcome)
    with pytest.raises(Conflict):
        joint.check_ordered(None)


def test_whoever_does_not_wait_says_why() -> None:
    joint.check_conclusion([], None)
    joint.check_conclusion(["post"], "紧急")
    with pytest.raises(Conflict):
        joint.check_conclusion(["post"], None)
