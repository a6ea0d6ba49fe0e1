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
from tests.unit.machines import goes_by

LAW = parameters.on(dt.date(2026, 11, 23))
TODAY = dt.date(2026, 11, 23)


CAMPAIGNS_BY_LAW: dict[rules.CampaignState, dict[rules.CampaignMove, rules.CampaignState]] = {
    # who is inspected and by whom is drawn in public, of a plan that was announced (95号文 art. 1, 双随机一公开)
    "announced": {"draw": "running", "cancel": "cancelled"},
    # what was drawn is carried out, and each visit that cannot be is called off by itself
    "running": {"close": "closed"},
    "closed": {},
    "cancelled": {},
}
INSPECTIONS_BY_LAW: dict[rules.State, dict[rules.Move, rules.State]] = {
    # an officer who must stay away is replaced by another (劳动保障监察条例 art. 16)
    "planned": {"replace": "planned", "call_off": "called_off", "find": "found"},
    # the enterprise is heard before anything is decided or public (art. 19); no order needs a reason (art. 18)
    "found": {"amend": "found", "hear": "found", "leave": "found", "publish": "published"},
    "published": {},
    "called_off": {},
}
PROPOSALS_BY_LAW: dict[proposals.State, dict[proposals.Move, proposals.State]] = {
    # data propose, officers decide to inspect or not (art. 14); the leads that it rests on may fall away before
    "proposed": {"take_up": "taken_up", "dismiss": "dismissed", "withdraw": "withdrawn"},
    "taken_up": {},
    "dismissed": {},
    "withdrawn": {},
}


@pytest.mark.parametrize(
    ("machine", "by_law", "states", "moves"),
    [
        (rules.CAMPAIGN, CAMPAIGNS_BY_LAW, rules.CampaignState, rules.CampaignMove),
        (rules.INSPECTION, INSPECTIONS_BY_LAW, rules.State, rules.Move),
        (proposals.PROPOSAL, PROPOSALS_BY_LAW, proposals.State, proposals.Move),
    ],
    ids=["campaign", "inspection", "proposal"],
)
def test_each_moves_only_as_the_law_says(
    machine: Machine[str, str, str], by_law: dict[str, dict[str, str]], states: object, moves: object
) -> None:
    assert set(by_law) == set(get_args(states))
    table = {(state, move): then for state, ways in by_law.items() for move, then in ways.items()}
    goes_by(machine, table, get_args(states), get_args(moves))


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
