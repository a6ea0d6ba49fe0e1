from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import get_args

import pytest

from services.complaints.directives.rules import Violation
from services.complaints.penalty_grounds import licence_rules
from services.complaints.penalty_grounds import rules as ground_rules
from services.complaints.penalty_grounds.rules import GROUNDS, Charge, Ground
from shared.contracts.platform import Relation
from shared.errors import RuleBroken
from shared.policy.parameters import parameters

LAW = parameters.on(dt.date(2026, 3, 2), place="510603")


def test_every_ground_has_its_article_and_range() -> None:
    assert set(GROUNDS) == set(get_args(Ground))
    for ground, basis in GROUNDS.items():
        charge = Charge(
            ground=ground,
            persons=1 if basis.per == "person" else None,
            sum=Decimal(1) if basis.per == "multiple" else None,
            gained=Decimal(1) if basis.per == "gain" or basis.needs_gain else None,
        )
        found = ground_rules.allowed(charge, LAW)
        assert 0 < found.least < found.most, ground


@pytest.mark.parametrize(
    ("charge", "least", "most"),
    [
        (Charge(ground="overtime", persons=7), 700, 3500),
        (Charge(ground="concealment", sum=Decimal("1000.01")), Decimal("1000.01"), Decimal("3000.03")),
        (Charge(ground="obstruction"), 2000, 20000),
        (Charge(ground="deposit", persons=2), 1000, 4000),
        (Charge(ground="dispatch", persons=1), 5000, 10000),
        (Charge(ground="registration", sum=Decimal(1000)), 1000, 3000),
        (Charge(ground="contributions", sum=Decimal(1000)), 1000, 3000),
        (Charge(ground="injury_insurance", sum=Decimal(1000)), 1000, 3000),
        (Charge(ground="injury_fraud", sum=Decimal("30000.50")), Decimal("60001.00"), Decimal("150002.50")),
        (Charge(ground="injury_obstruction"), 2000, 20000),
        (Charge(ground="agency"), 10000, 50000),
        (Charge(ground="unlicensed_agency", gained=Decimal(1)), 10000, 50000),
        (Charge(ground="unlicensed_dispatch", gained=Decimal(30000)), 30000, 150000),
        (Charge(ground="unlicensed_dispatch", gained=Decimal(0)), 0, 50000),
        (Charge(ground="unlicensed_dispatch"), 0, 50000),
    ],
)
def test_a_range_is_reckoned_as_its_article_says(charge: Charge, least: Decimal, most: Decimal) -> None:
    found = ground_rules.allowed(charge, LAW)
    assert (found.least, found.most) == (least, most)


@pytest.mark.parametrize(
    "charge",
    [
        Charge(ground="overtime"),
        Charge(ground="overtime", sum=Decimal(1)),
        Charge(ground="obstruction", persons=1),
        Charge(ground="concealment", persons=1, sum=Decimal(1)),
        Charge(ground="unlicensed_dispatch", sum=Decimal(1)),
    ],
)
def test_a_charge_says_what_its_fine_is_reckoned_by(charge: Charge) -> None:
    with pytest.raises(RuleBroken):
        ground_rules.allowed(charge, LAW)


@pytest.mark.parametrize("gained", [None, Decimal("0.00")])
def test_an_agency_that_gained_nothing_is_not_fined(gained: Decimal | None) -> None:
    """就业促进法 art. 64: 有违法所得的，没收违法所得，并处罚款."""
    with pytest.raises(RuleBroken):
        ground_rules.allowed(Charge(ground="unlicensed_agency", gained=gained), LAW)


def test_of_several_rules_the_highest_fine_counts() -> None:
    charges = [Charge(ground="overtime", persons=3), Charge(ground="not_put_right")]
    assert ground_rules.heaviest(charges, LAW, LAW).ground == "not_put_right"
    charges = [Charge(ground="overtime", persons=100), Charge(ground="not_put_right")]
    assert ground_rules.heaviest(charges, LAW, LAW).ground == "overtime"


@pytest.mark.parametrize("relation", [one for one in get_args(Relation) if one != "employment"])
@pytest.mark.parametrize("violation", get_args(Violation))
def test_no_other_footing_than_employment_is_punished(violation: Violation, relation: Relation) -> None:
    with pytest.raises(RuleBroken) as refused:
        ground_rules.check_grounds(["not_put_right"], violation, relation, breached=True)
    assert "约谈" in refused.value.zh


@pytest.mark.parametrize("ground", get_args(Ground))
def test_agencies_are_punished_whatever_the_footing(ground: Ground) -> None:
    basis = GROUNDS[ground]
    violation: Violation = "other" if basis.violations is None else min(basis.violations)
    if basis.anyone:
        ground_rules.check_grounds([ground], violation, "self_employed", breached=True)
        with pytest.raises(RuleBroken):
            ground_rules.check_grounds([ground, "not_put_right"], violation, "partial", breached=True)
    else:
        with pytest.raises(RuleBroken):
            ground_rules.check_grounds([ground], violation, "partial", breached=True)


def test_what_was_not_paid_is_fined_once_it_was_ordered() -> None:
    """社会保险法 art. 84, 86 and 工伤保险条例 art. 62 fine whoever does not pay when ordered to."""
    ordered: tuple[Ground, ...] = ("registration", "contributions", "injury_insurance")
    at_once: tuple[Ground, ...] = ("injury_fraud", "injury_obstruction")
    for ground in ordered:
        with pytest.raises(RuleBroken):
            ground_rules.check_grounds([ground], "social_insurance", "employment", breached=False)
    for ground in at_once:
        assert not GROUNDS[ground].breach


@pytest.mark.parametrize("violation", get_args(Violation))
@pytest.mark.parametrize("ground", get_args(Ground))
def test_an_act_is_punished_only_where_the_law_says(ground: Ground, violation: Violation) -> None:
    basis = GROUNDS[ground]
    fits = basis.violations is None or violation in basis.violations
    if fits:
        ground_rules.check_grounds([ground], violation, "employment", breached=True)
    if not fits or basis.breach:
        with pytest.raises(RuleBroken):
            ground_rules.check_grounds([ground], violation, "employment", breached=not basis.breach)


def test_short_pay_is_punished_only_once_the_order_is_breached() -> None:
    """劳动保障监察条例 art. 26 gives compensation to the worker, and no fine."""
    given = [
        one
        for one in get_args(Ground)
        if GROUNDS[one].violations is None or "underpayment" in (GROUNDS[one].violations or ())
    ]
    assert given == ["not_put_right"]


@pytest.mark.parametrize(
    ("ground", "licence", "grave", "given"),
    [
        ("dispatch", "labour_dispatch", False, True),
        ("dispatch", "human_resources", True, False),
        ("agency", "human_resources", True, True),
        ("agency", "human_resources", False, False),
        ("agency_misconduct", "human_resources", True, True),
        ("unlicensed_dispatch", "labour_dispatch", True, False),
    ],
)
def test_a_licence_is_taken_away_only_as_the_law_says(
    ground: Ground, licence: ground_rules.Revocable, grave: bool, given: bool
) -> None:
    licence_rules.check_revoked(None, [ground], grave=grave)
    if given:
        licence_rules.check_revoked(licence, [ground], grave=grave)
        return
    with pytest.raises(RuleBroken, match="takes no such licence"):
        licence_rules.check_revoked(licence, [ground], grave=grave)


def test_an_agency_fined_by_its_gain_may_lose_its_licence() -> None:
    charge = Charge(ground="agency_misconduct", gained=Decimal(0))
    assert ground_rules.allowed(charge, LAW).most == 0
    gained = ground_rules.allowed(Charge(ground="agency_misconduct", gained=Decimal(5)), LAW)
    assert (gained.least, gained.most) == (Decimal(10_000), Decimal(50_000))
