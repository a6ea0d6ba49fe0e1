"""Settlements for parts of one month: what they pay together is held to the month's minimum wage, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints.parties.rules import Footing
from services.complaints.pay.minimum_rules import NO_FOOTING
from services.complaints.pay.month_rules import Month, of_month, reach
from services.complaints.pay.payment_rules import Found, Pay
from services.complaints.pay.rules import IN_PARTS, check
from services.complaints.pay.time_rules import Interval
from shared.contracts.complaints.pay_findings import BelowMinimum, DeductionTooLarge
from tests.unit.complaints.pay.settlements import EMPLOYED, PARTIAL, TEN_HOURS, at, footing, order
from tests.unit.complaints.pay.test_together_rules import MONTH, told

BY_THE_HOUR = [Footing(first=dt.date(2026, 1, 1), last=None, relation="employment", part_time=True)]
WORK = [*TEN_HOURS, order(at(15, 22), at(16, 3)), order(at(25, 8), at(25, 9), district="510681")]
"""Of two halves of the month, with an order that reaches into both."""


def day(number: int) -> dt.date:
    return dt.date(2026, 9, number)


def part(own: str, gross: str, first: int, last: int, **more: Any) -> Pay:
    return told(own, gross, (day(first), day(last)), last, **more)


def halves(first: str, second: str) -> list[Pay]:
    return [part("a", first, 1, 15), part("b", second, 16, 30)]


def signs(
    several: Sequence[Pay], work: Sequence[Interval] = WORK, footings: Sequence[Footing] = EMPLOYED
) -> dict[str, list[Found]]:
    """By settlement what shows by the month: pay under a minimum, and too much withheld for damage."""
    found: dict[str, list[Found]] = {}
    for one in several:
        others = [other for other in several if other is not one]
        for sign in check(one, work, footings, others=others).found:
            if isinstance(sign.finding, BelowMinimum | DeductionTooLarge):
                found.setdefault(one.settlement_id, []).append(sign)
    return found


def only(several: Sequence[Pay], **more: Any) -> tuple[str, Found]:
    [(own, [sign])] = signs(several, **more).items()
    return own, sign


def short(several: Sequence[Pay], **more: Any) -> dict[str, str]:
    """By settlement what is short of a minimum."""
    return {
        own: sign.finding.shortfall
        for own, found in signs(several, **more).items()
        for sign in found
        if isinstance(sign.finding, BelowMinimum)
    }


def test_halves_are_held_to_the_minimum_of_the_month() -> None:
    """By the share of each half the second would be 312.64 short, and nothing would be of the first."""
    assert short(halves("1400.00", "800.00")) == {}
    own, sign = only(halves("1400.00", "799.99"))
    assert isinstance(sign.finding, BelowMinimum)
    assert (own, sign.finding.shortfall, sign.finding.due) == ("a", "0.01", "2200.00")
    assert (sign.finding.period_start, sign.finding.period_end) == MONTH
    assert (sign.finding.settlement_id, sign.finding.further_settlements) == ("a", ("b",))
    assert (sign.finding.orders, sign.finding.working_seconds) == (3, 16 * 3600)
    assert "part_month" not in sign.to_judge
    assert (sign.district, "paid_in_parts" in sign.to_judge) == ("510603", False)


def test_nothing_makes_up_for_the_days_that_nobody_tells_of() -> None:
    """One that is missing, overlaps, or reaches into another month leaves each to its share of the month."""
    alone = {"a": "312.64", "b": "312.64"}
    assert short([part("a", "800.00", 1, 15)]) == {"a": "312.64"}
    assert short([part("a", "800.00", 1, 15), part("b", "800.00", 17, 30)]) == {"a": "312.64", "b": "211.49"}
    assert short([part("a", "800.00", 1, 16), part("b", "800.00", 16, 30)]).keys() == alone.keys()
    beyond = told("b", "800.00", (day(16), dt.date(2026, 10, 10)), 30)
    assert short([part("a", "800.00", 1, 15), beyond]).keys() == alone.keys()
    for several in ([part("a", "800.00", 1, 15)], [part("a", "800.00", 1, 15), beyond]):
        assert all("part_month" in sign.to_judge for found in signs(several).values() for sign in found)


def test_a_bonus_and_a_rest_count_in_the_month_once() -> None:
    days = [*halves("1000.00", "1000.00"), part("c", "150.00", 16, 30), part("d", "49.99", 3, 3)]
    own, sign = only(days)
    assert isinstance(sign.finding, BelowMinimum)
    assert (own, sign.finding.shortfall) == ("a", "0.01")
    assert set(sign.finding.further_settlements) == {"b", "c", "d"}
    assert "paid_in_parts" in sign.to_judge
    assert short([*days, part("e", "0.01", 30, 30)]) == {}
    assert only([*halves("1000.00", "1000.00"), told("m", "199.99", MONTH, 30)])[0] == "m"


def test_a_settlement_for_other_days_too_is_named() -> None:
    beside = told("x", "500.00", (day(20), dt.date(2026, 10, 25)), 30)
    found = signs([*halves("1000.00", "1000.00"), beside])
    assert found.keys() == {"a", "x"}
    assert all("periods_overlap" in sign.to_judge for own in found.values() for sign in own)


def test_who_is_paid_by_the_hour_is_measured_half_by_half() -> None:
    work = [order(at(3, 8), at(3, 18)), order(at(20, 8), at(20, 18))]
    for footings in (PARTIAL, BY_THE_HOUR):
        assert short(halves("209.00", "999.00"), work=work, footings=footings) == {"a": "1.00"}
        assert reach(*MONTH, footings) == MONTH
        assert reach(day(3), day(5), footings) == (day(3), day(5))
    assert reach(day(3), day(5), EMPLOYED) == MONTH


def test_what_is_of_somebody_else_is_not_added() -> None:
    """The reference of who has left may be given to another person, and a person may go over to another employer."""
    footings = [
        replace(footing("employment", last=day(15)), parties="w-1|p"),
        replace(footing("employment", first=day(16)), parties="w-2|p"),
    ]
    first, second = (
        replace(one, parties=parties)
        for one, parties in zip(halves("800.00", "9000.00"), ("w-1|p", "w-2|p"), strict=True)
    )
    assert short([first, second], footings=footings) == {"a": "312.64"}
    own = [replace(part(str(n), "400.00", *days), parties="w-1|p") for n, days in enumerate([(1, 7), (8, 15)])]
    assert short([*own, second], footings=footings) == {"0": "312.64"}


def test_who_comes_or_leaves_is_due_a_share_for_all_their_days() -> None:
    footings = [footing("employment", first=day(10))]
    one = only([part("m", "1000.00", 10, 30)], footings=footings)[1]
    own, two = only([part("a", "700.00", 10, 20), part("b", "300.00", 21, 30)], footings=footings)
    assert isinstance(one.finding, BelowMinimum)
    assert isinstance(two.finding, BelowMinimum)
    assert (own, two.finding.due, two.finding.shortfall) == ("a", one.finding.due, one.finding.shortfall)
    assert "part_month" in two.to_judge
    assert short([part("a", "700.00", 10, 19), part("b", "300.00", 21, 30)], footings=footings).keys() == {"a", "b"}


def test_a_half_without_an_order_counts_in_its_month() -> None:
    """Nothing shows work in it, and by itself it is held to nothing; the month's minimum is due for the month."""
    assert short([part("b", "1.00", 16, 30)], work=TEN_HOURS) == {}
    assert short(halves("1112.64", "1.00"), work=TEN_HOURS) == {"a": "1086.36"}
    assert short(halves("1.00", "1.00"), work=[]) == {}


def test_what_is_taken_back_in_the_second_half_is_missing() -> None:
    several = [part("a", "2200.00", 1, 15), part("b", "0.00", 16, 30, deductions=[("fine", Decimal("100.00"))])]
    assert short(several) == {"a": "100.00"}


def test_damage_is_a_share_of_the_months_pay() -> None:
    for withheld, too_large in (("600.00", False), ("600.01", True)):
        several = [
            part("a", "1500.00", 1, 15),
            part("b", "1500.00", 16, 30, deductions=[("damages", Decimal(withheld))]),
        ]
        found = [sign for own in signs(several).values() for sign in own if isinstance(sign.finding, DeductionTooLarge)]
        assert bool(found) == too_large
        assert all("part_month" not in sign.to_judge for sign in found)


def test_why_a_month_is_undecided_is_said_once() -> None:
    gap = [footing("employment", last=day(20)), footing("employment", first=day(26))]
    several = [*halves("2000.00", "2000.00"), part("c", "5.00", 16, 30)]
    work = [order(at(3, 8), at(3, 9)), order(at(25, 8), at(25, 9))]
    found = [check(one, work, gap, others=[other for other in several if other is not one]) for one in several]
    assert [one.undecided for one in found] == [(NO_FOOTING, IN_PARTS), (), ()]


amounts = st.integers(0, 150_000).map(lambda fen: Decimal(fen) / 100)
cuts = st.sets(st.integers(2, 30), min_size=1, max_size=6).map(sorted)
kinds = st.sampled_from(["fine", "income_tax", "damages"])


@st.composite
def split_months(draw: st.DrawFn) -> tuple[Pay, list[Pay], list[Footing]]:
    """One settlement for the days of employment in a month, and several that pay the same for parts of them."""
    begins, ends = draw(st.sampled_from([(1, 30), (1, 30), (5, 30), (1, 20), (8, 22)]))
    firsts = [begins, *(cut for cut in draw(cuts) if begins < cut <= ends)]
    lasts = [*(first - 1 for first in firsts[1:]), ends]
    parts = [
        part(
            str(n),
            str(draw(amounts)),
            *days,
            deductions=[(draw(kinds), draw(amounts)) for _ in range(draw(st.integers(0, 2)))],
        )
        for n, days in enumerate(zip(firsts, lasts, strict=True))
    ]
    whole = replace(
        parts[0],
        period_end=parts[-1].period_end,
        gross=sum((one.gross for one in parts), Decimal(0)),
        deductions=[deduction for one in parts for deduction in one.deductions],
    )
    last = None if ends == 30 else day(ends)
    return whole, parts, [footing("employment", first=day(begins) if begins > 1 else dt.date(2020, 1, 1), last=last)]


def shown(found: dict[str, list[Found]]) -> list[Any]:
    """What was found, but for the settlements that it names."""
    return [
        (
            {name: getattr(sign.finding, name) for name in sign.finding.__struct_fields__}
            | {"further_settlements": ()},
            sign.used,
            sign.to_judge,
        )
        for own in found.values()
        for sign in own
    ]


@given(split_months(), st.lists(st.integers(1, 29), max_size=5), st.randoms())
def test_split_at_any_days_a_month_shows_the_same(
    split: tuple[Pay, list[Pay], list[Footing]], days: list[int], chance: Any
) -> None:
    """In whatever order its settlements come, each sign stands once, with the first of them."""
    whole, parts, footings = split
    work = [order(at(one, 22), at(one + 1, 4)) for one in days]
    chance.shuffle(parts)
    found = signs(parts, work, footings)
    assert found.keys() <= {"0"}
    assert shown(found) == shown(signs([whole], work, footings))


@given(split_months(), st.data())
def test_a_month_follows_when_one_of_its_parts_is_corrected(
    split: tuple[Pay, list[Pay], list[Footing]], data: st.DataObject
) -> None:
    whole, parts, footings = split
    place = data.draw(st.integers(0, len(parts) - 1))
    more = data.draw(amounts)
    changed = [replace(one, gross=one.gross + more) if n == place else one for n, one in enumerate(parts)]
    corrected = replace(whole, gross=whole.gross + more)
    assert shown(signs(changed, WORK, footings)) == shown(signs([corrected], WORK, footings))


@given(split_months(), st.data())
def test_without_one_of_its_parts_no_month_is_measured(
    split: tuple[Pay, list[Pay], list[Footing]], data: st.DataObject
) -> None:
    _, parts, footings = split
    left = [one for one in parts if one is not data.draw(st.sampled_from(parts))]
    assert all(of_month(one, left, footings) is None for one in left)


@pytest.mark.parametrize("month", [2, 12])
def test_months_of_any_length_and_at_the_end_of_a_year(month: int) -> None:
    last = 28 if month == 2 else 31
    several = [
        told("a", "1000.00", (dt.date(2026, month, 1), dt.date(2026, month, 10)), 1),
        told("b", "1000.00", (dt.date(2026, month, 11), dt.date(2026, month, 20)), 2),
        told("c", "100.00", (dt.date(2026, month, 21), dt.date(2026, month, last)), 3),
    ]
    found = of_month(several[1], [several[0], several[2]], EMPLOYED)
    assert isinstance(found, Month)
    assert (found.pay.gross, found.pay.parts, found.pay.of_whole_months) == (Decimal("2100.00"), ("b", "c"), True)
