"""What each dependant draws: by hand, and whatever the family (工伤保险条例 art. 39, 1, 2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.benefits.timeline import Growth, Sum, owed
from services.insurance.dependants.documents import Dependant, Earlier
from services.insurance.dependants.rules import Relative, Share, check, divide, last_month, percent, schedule
from shared.errors import RuleBroken
from shared.policy.calendar import months_between
from shared.policy.parameters import parameters

DAY = dt.date(2026, 9, 2)
AGES = {"minor": "18", "man": "60", "woman": "55"}
CAP = Decimal(100)
FEN = Decimal("0.01")


def yuan(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def percents(*numbers: int) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def test_a_spouse_and_a_child_draw_what_is_theirs() -> None:
    """Wage 5000.55: 40 % = 2000.22; 30 % = 1500.165, half up 1500.17. Together 3500.39, under the wage."""
    assert divide(Decimal("5000.55"), percents(40, 30), CAP) == yuan("2000.22", "1500.17")


def test_an_orphan_draws_ten_per_cent_more() -> None:
    """30 + 10 = 40 % of 5000 = 2000; a lone spouse 40 + 10 = 50 %."""
    table = parameters.on(DAY).table("work_injury.dependant_percent")
    assert (percent("child", True, table), percent("spouse", True, table)) == tuple(percents(40, 50))
    assert (percent("child", False, table), percent("parent", False, table)) == tuple(percents(30, 30))
    assert divide(Decimal(5000), [percent("child", True, table)], CAP) == yuan("2000.00")


def test_four_who_would_draw_more_than_the_wage_divide_it() -> None:
    """40 + 30 + 30 + 40 = 140 %. Of 5000.00: 5000 x 40/140 = 1428.571..., 5000 x 30/140 = 1071.428...

    Cut to the fen: 1428.57 + 1071.42 + 1071.42 + 1428.57 = 4999.98; two fen are left and go to the greatest rests, 0.00857 of
    each 30 (that of the 40s is 0.00143): 1428.57 + 1071.43 + 1071.43 + 1428.57 = 5000.00.
    """
    assert divide(Decimal(5000), percents(40, 30, 30, 40), CAP) == yuan("1428.57", "1071.43", "1071.43", "1428.57")


def test_a_hundred_per_cent_is_not_cut_but_by_a_fen_too_much() -> None:
    """40 + 30 + 30 of 1000.05: 400.02 + 300.015 (300.02) + 300.02 = 1000.06, a fen over: 400.02 + 300.015 + 300.015 cut is
    400.02 + 300.01 + 300.01, and the fen that is left is the first one's of the two.
    """
    assert divide(Decimal("1000.05"), percents(40, 30, 30), CAP) == yuan("400.02", "300.02", "300.01")
    assert divide(Decimal(1000), percents(40, 30, 30), CAP) == yuan("400.00", "300.00", "300.00")


def test_the_end_of_one_raises_the_others_where_the_cap_bound() -> None:
    """Wage 5000: spouse 40, two children 30, a parent 30 = 130 %. 5000 x 40/130 = 1538.461..., 5000 x 30/130 = 1153.846...

    Cut: 1538.46 + 3 x 1153.84 = 4999.98; the two fen left go to the first two of the 30s (rests 0.0062 against 0.0015). The parent
    dies in January: 40 + 30 + 30 = 100 %, so 2000 + 1500 + 1500. One child comes of age in March: 2000 + 1500 unchanged.
    """
    family = [
        Share(Decimal(40), "2026-10"),
        Share(Decimal(30), "2026-10", "2027-03"),
        Share(Decimal(30), "2026-10"),
        Share(Decimal(30), "2026-10", "2027-01"),
    ]
    assert schedule(Decimal(5000), family, CAP, "2026-10") == [
        [("2026-10", Decimal("1538.46")), ("2027-02", Decimal(2000))],
        [("2026-10", Decimal("1153.85")), ("2027-02", Decimal(1500))],
        [("2026-10", Decimal("1153.85")), ("2027-02", Decimal(1500))],
        [("2026-10", Decimal("1153.84"))],
    ]


def test_who_joins_later_cuts_the_others_from_then_on() -> None:
    """Spouse 40 and parents 30 + 30 = 100 % of 3000: 1200, 900, 900. A child is born in December: 130 %, so 3000 x 40/130 =
    923.0769 and 3000 x 30/130 = 692.3077: 923.07 + 3 x 692.30 = 2999.97; the three fen go to the 30s (rest 0.0077 against 0.0069).
    """
    family = [Share(Decimal(40), "2026-10"), *[Share(Decimal(30), "2026-10")] * 2, Share(Decimal(30), "2026-12")]
    assert schedule(Decimal(3000), family, CAP, "2026-12") == [
        [("2026-12", Decimal("923.07"))],
        [("2026-12", Decimal("692.31"))],
        [("2026-12", Decimal("692.31"))],
        [("2026-12", Decimal("692.31"))],
    ]


@pytest.mark.parametrize(
    ("relation", "born", "male", "more", "drawn"),
    [
        ("spouse", dt.date(1966, 9, 2), True, {}, True),
        ("spouse", dt.date(1966, 9, 3), True, {}, False),
        ("spouse", dt.date(1971, 9, 2), False, {}, True),
        ("spouse", dt.date(1990, 1, 1), False, {}, False),
        ("spouse", dt.date(1990, 1, 1), False, {"incapacitated": True}, True),
        ("child", dt.date(2008, 9, 3), True, {}, True),
        ("child", dt.date(2008, 9, 2), True, {}, False),
        ("child", dt.date(2000, 1, 1), True, {"incapacitated": True}, True),
        ("parent", dt.date(1960, 1, 1), True, {}, True),
        ("parent", dt.date(1972, 1, 1), False, {}, False),
        ("grandparent", dt.date(1940, 1, 1), True, {}, False),
        ("grandparent", dt.date(1940, 1, 1), True, {"next_in_line": True}, True),
        ("grandchild", dt.date(2020, 1, 1), True, {}, False),
        ("sibling", dt.date(2020, 1, 1), False, {"next_in_line": True}, True),
        ("sibling", dt.date(2000, 1, 1), False, {"next_in_line": True}, False),
    ],
)
def test_who_is_a_dependant(relation: str, born: dt.date, male: bool, more: dict[str, bool], drawn: bool) -> None:
    """因工死亡职工供养亲属范围规定 art. 3, on the day of the death, 2026-09-02."""
    relative = Relative(relation, born, male, **more)  # type: ignore[arg-type]
    if drawn:
        check(relative, DAY, AGES)
        return
    with pytest.raises(RuleBroken):
        check(relative, DAY, AGES)


def test_youth_ends_with_the_month_of_the_birthday() -> None:
    child = Relative("child", dt.date(2010, 2, 28), True)
    assert last_month(child, AGES) == "2028-02"
    assert last_month(Relative("child", child.born, True, incapacitated=True), AGES) is None
    assert last_month(Relative("spouse", dt.date(1960, 1, 1), True), AGES) is None


wages = st.integers(100_00, 60_000_00).map(lambda fen: Decimal(fen) / 100)
families = st.lists(st.sampled_from([30, 40, 50]).map(Decimal), min_size=1, max_size=20)


@given(wage=wages, family=families)
def test_the_sum_is_never_over_the_dead_workers_wage(wage: Decimal, family: list[Decimal]) -> None:
    shares = divide(wage, family, CAP)
    assert sum(shares) <= wage
    assert all(one > 0 and one == one.quantize(FEN) for one in shares)


@given(wage=wages, family=families)
def test_where_the_cap_binds_every_fen_is_somebodys(wage: Decimal, family: list[Decimal]) -> None:
    shares = divide(wage, family, CAP)
    if sum(family) > 100:
        assert sum(shares) == wage
        even = [wage * one / sum(family) for one in family]
        assert all(abs(share - one) < FEN for share, one in zip(shares, even, strict=True))


@given(
    wage=wages,
    family=st.lists(st.sampled_from([30, 40, 50]).map(Decimal), min_size=2, max_size=20),
    gone=st.integers(0, 19),
)
def test_an_end_never_lowers_another_share(wage: Decimal, family: list[Decimal], gone: int) -> None:
    """And changes it only where the cap bound before."""
    gone %= len(family)
    before = divide(wage, family, CAP)
    after = divide(wage, [one for place, one in enumerate(family) if place != gone], CAP)
    kept = [one for place, one in enumerate(before) if place != gone]
    assert all(now >= then for now, then in zip(after, kept, strict=True))
    if sum(family) < 100:
        assert after == kept


@given(wage=wages, family=families, growth=st.integers(100, 130))
def test_grown_shares_stay_within_the_grown_wage(wage: Decimal, family: list[Decimal], growth: int) -> None:
    factor = Decimal(growth) / 100
    sums = [[Sum(from_month="2026-10", amount=one, grows_from="2026-10")] for one in divide(wage, family, CAP)]
    growths = [Growth(from_month="2027-01", factor=str(factor))]
    grown = [owed(one, growths, "2027-01", down=True) or Decimal(0) for one in sums]
    assert sum(grown) <= wage * factor


months = st.integers(0, 23).map(lambda count: f"{2026 + count // 12}-{count % 12 + 1:02d}")


@given(
    wage=wages,
    family=st.lists(st.tuples(st.sampled_from([30, 40]), months, st.none() | months), min_size=1, max_size=8),
    again=months,
)
def test_in_every_month_the_schedule_is_the_division(
    wage: Decimal, family: list[tuple[int, str, str | None]], again: str
) -> None:
    """Whenever they come and go, and whenever it is divided anew: nobody's sum depends on when it was calculated."""
    shares = [Share(Decimal(one), first, last) for one, first, last in family if last is None or first <= last]
    first = min((one.first_month for one in shares), default="2026-01")
    whole, anew = schedule(wage, shares, CAP, first), schedule(wage, shares, CAP, max(again, first))
    for month in months_between(first, "2028-02"):
        there = [place for place, one in enumerate(shares) if one.drawn_in(month)]
        right = divide(wage, [shares[place].percent for place in there], CAP)
        assert [sum_in(whole[place], month) for place in there] == right
        if month >= max(again, first):
            assert [sum_in(anew[place], month) for place in there] == right


def sum_in(sums: list[tuple[str, Decimal]], month: str) -> Decimal:
    return [amount for since, amount in sums if since <= month][-1]


@pytest.mark.parametrize(
    ("last", "percents_drawn"),
    [(None, [30, 30, 40, 40]), ("2026-11", [30, 30, 0, 0]), ("2026-10", [30, 0, 0, 0]), ("2026-12", [30, 30, 40, 0])],
)
def test_what_a_dependant_drew_before_a_change_stays(last: str | None, percents_drawn: list[int]) -> None:
    """30 % in October and November 2026, 40 % as an orphan from December on; an end that is recorded late cuts both."""
    child = Dependant(
        number=1,
        relation="child",
        lone=True,
        incapacitated=False,
        id_number="",
        name="",
        percent="40",
        percent_since="2026-12",
        earlier=[Earlier(percent="30", first_month="2026-10", last_month="2026-11")],
        first_month="2026-10",
        last_month=last,
        comes_of_age_in=None,
        benefit_id="b",
    )
    months_seen = ("2026-10", "2026-11", "2026-12", "2027-01")
    drawn = [sum((one.percent for one in child.shares if one.drawn_in(month)), Decimal(0)) for month in months_seen]
    assert drawn == percents(*percents_drawn)
