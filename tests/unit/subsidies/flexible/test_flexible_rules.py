from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subsidies.flexible import rules
from services.subsidies.flexible.rules import GROUNDS, FlexibleFacts, Valid
from services.subsidies.persons.rules import Paid, Spell
from shared.contracts.insurance import Insurance
from shared.policy.calendar import month_after, months_between
from shared.policy.parameters import Law, Parameters
from shared.policy.rows import Parameter, Row, Source, read_all

WAGE = Decimal("7500.00")
"""An average wage that nobody has published: its share of 0.60 is a cap of 4,500.00."""


def known(**values: Any) -> Parameters:
    """The law with values in the place of rows of which none is known."""
    declared = read_all()
    for name, value in values.items():
        key = f"flexible_subsidy.{name}" if name != "flexible_women" else "retirement.flexible_women"
        row = Row(value=value, valid_from=dt.date(2019, 1, 1), published=dt.date(2019, 1, 1),
                  source=Source(document="试"), verified=False)  # fmt: skip
        declared[key] = Parameter(**{**dict(declared[key]), "rows": (row,)})
    return Parameters(declared.values())


FULL = known(average_wage=str(WAGE), apply_by="12", near_retirement_max_months="60")
PUBLISHED = known()


def law(parameters: Parameters = FULL, day: dt.date = dt.date(2026, 6, 30)) -> Law:
    return parameters.on(day, place="510603")


def paid(month: str, base: str = "4000.00", amount: str = "800.00", **values: Any) -> Paid:
    told = {"contribution_id": f"{month}-{values}", "insurance": "pension", "payer": None} | values
    return Paid(month=month, base=base, amount=amount, paid_on=dt.date.fromisoformat(f"{month}-15"), **told)


def hard(*contributions: Paid, **values: Any) -> FlexibleFacts:
    """A man of forty, recognised since 2025, who asks for January to June 2026."""
    facts = FlexibleFacts(
        day=dt.date(2026, 6, 30),
        place="510603",
        events={},
        persons=("w-1",),
        filed_on=dt.date(2026, 7, 10),
        group="hard_to_employ",
        first="2026-01",
        last="2026-06",
        pledged=True,
        born_on=dt.date(1986, 1, 1),
        sex="male",
        recognised=(Valid(first=dt.date(2025, 1, 10), last=None),),
        contributions=contributions or (paid("2026-01"),),
    )
    return msgspec.structs.replace(facts, **values)


def graduate(*contributions: Paid, **values: Any) -> FlexibleFacts:
    told = {"group": "graduate_within_two_years", "graduated_on": dt.date(2025, 6, 30), "recognised": ()}
    return hard(*contributions, **told | values)


def amounts(facts: FlexibleFacts, parameters: Parameters = FULL) -> dict[str, str | None]:
    """What is subsidised by month and scheme, or why not."""
    found = rules.assess(facts, law(parameters, facts.day))
    return {
        f"{part.month}:{part.insurance}": part.left_out or (None if part.amount is None else f"{part.amount:.2f}")
        for part in found.parts
    }


def grounds(facts: FlexibleFacts, parameters: Parameters = FULL) -> dict[str, bool | None]:
    return rules.assess(facts, law(parameters, facts.day)).grounds


def test_two_thirds_of_what_was_paid_under_the_cap() -> None:
    """800.00 paid on 4,000.00, under the cap of 0.60 × 7,500.00 = 4,500.00: 800 × 2 / 3 = 533.33…, down to 533.33."""
    assert amounts(hard()) == {"2026-01:pension": "533.33"}


def test_what_is_over_the_cap_counts_up_to_it() -> None:
    """1,200.00 on 6,000.00 is a rate of 0.20; at the cap 900.00 would have been paid: 900 × 2 / 3 = 600.00."""
    assert amounts(hard(paid("2026-01", "6000.00", "1200.00"))) == {"2026-01:pension": "600.00"}


def test_a_base_just_at_the_cap_is_not_cut() -> None:
    """900.00 on 4,500.00: 600.00, as at any base above it and the same rate."""
    assert amounts(hard(paid("2026-01", "4500.00", "900.00"))) == {"2026-01:pension": "600.00"}


def test_each_scheme_is_subsidised_by_itself() -> None:
    """Pension 800.00 → 533.33; medical 340.00 on 4,000.00 → 226.66 (226.666…); in all 759.99."""
    facts = hard(paid("2026-01"), paid("2026-01", amount="340.00", insurance="medical"))
    assert amounts(facts) == {"2026-01:medical": "226.66", "2026-01:pension": "533.33"}
    assert rules.decide(facts, law()).amount == Decimal("759.99")


def test_a_scheme_that_is_not_listed_is_left_out() -> None:
    """Work-injury insurance is no scheme of the subsidy: nothing is paid for, so the ground fails."""
    assert grounds(hard(paid("2026-01", insurance="work_injury")))["paid"] is False


def test_a_month_in_two_payments_is_capped_once() -> None:
    """Two of 600.00 on 3,000.00 make 1,200.00 on 6,000.00: 600.00 and not 2 × 400.00."""
    halves = [paid("2026-01", "3000.00", "600.00", contribution_id=one) for one in ("a", "b")]
    assert amounts(hard(*halves)) == {"2026-01:pension": "600.00"}


def test_six_months_are_added_up() -> None:
    """6 × 533.33 = 3,199.98: each month is rounded down by itself, as it is paid."""
    facts = hard(*[paid(f"2026-0{month}") for month in range(1, 7)])
    outcome = rules.decide(facts, law())
    assert outcome.amount == Decimal("3199.98")
    assert outcome.once[:2] == ("contribution:w-1:2026-01:pension", "flexible:w-1:hard_to_employ:2026-01:pension")
    assert len(outcome.once) == 12


def test_a_recognition_counts_from_the_month_in_which_it_begins() -> None:
    """Recognised on 2026-02-20: January is left out, February counts."""
    facts = hard(paid("2026-01"), paid("2026-02"), recognised=(Valid(first=dt.date(2026, 2, 20), last=None),))
    assert amounts(facts) == {"2026-01:pension": "recognised", "2026-02:pension": "533.33"}


@pytest.mark.parametrize(("last", "february"), [(dt.date(2026, 2, 27), "recognised"), (dt.date(2026, 2, 28), "533.33")])
def test_it_stops_from_the_month_in_which_the_recognition_ends(last: dt.date, february: str) -> None:
    """Over on the 27th, February stops; held to its last day, February counts and March stops."""
    valid = (Valid(first=dt.date(2025, 1, 1), last=last),)
    facts = hard(paid("2026-01"), paid("2026-02"), paid("2026-03"), recognised=valid)
    assert amounts(facts) == {
        "2026-01:pension": "533.33",
        "2026-02:pension": february,
        "2026-03:pension": "recognised",
    }


def test_it_stops_from_the_month_in_which_employment_begins() -> None:
    """In a labour relation from 2026-02-15: February and March are left out."""
    spells = (
        Spell(first=dt.date(2025, 1, 1), last=dt.date(2026, 2, 14), form="flexible"),
        Spell(first=dt.date(2026, 2, 15), last=None, form="employed"),
    )
    facts = hard(paid("2026-01"), paid("2026-02"), paid("2026-03"), spells=spells)
    assert list(amounts(facts).values()) == ["533.33", "flexible_employment", "flexible_employment"]
    assert grounds(facts)["flexible_employment"] is True


def test_employed_all_along_the_ground_fails_and_nothing_is_paid() -> None:
    facts = hard(paid("2026-01"), spells=(Spell(first=dt.date(2025, 1, 1), last=None, form="employed"),))
    outcome = rules.decide(facts, law())
    assert (outcome.met, outcome.amount, outcome.once) == (False, None, ())


def test_a_month_that_an_employer_paid_for_is_left_out() -> None:
    facts = hard(paid("2026-01"), paid("2026-01", insurance="medical", payer="91510600MA0000001E"), paid("2026-02"))
    assert amounts(facts) == {"2026-01:pension": "not_insured_by_employer", "2026-02:pension": "533.33"}


def test_an_outlets_work_injury_insurance_bars_nobody() -> None:
    facts = hard(paid("2026-01"), paid("2026-01", insurance="work_injury", payer="91510600MA0000001E"))
    assert amounts(facts) == {"2026-01:pension": "533.33"}


def test_thirty_six_months_are_the_most() -> None:
    """35 months used: one of the two asked for is left."""
    used = tuple(months_between("2023-02", "2025-12"))
    assert len(used) == 35
    facts = hard(paid("2026-01"), paid("2026-02"), used_months=used)
    assert amounts(facts) == {"2026-01:pension": "533.33", "2026-02:pension": "within_months"}


def test_another_scheme_of_a_used_month_takes_no_further_month() -> None:
    """36 months used, January 2026 among them by its pension: its medical insurance may still be had."""
    used = (*months_between("2023-02", "2025-12"), "2026-01")
    facts = hard(
        paid("2026-01", amount="340.00", insurance="medical"),
        paid("2026-01"),
        used_months=used,
        paid_parts=("2026-01:pension",),
    )
    assert amounts(facts) == {"2026-01:medical": "226.66", "2026-01:pension": "not_paid_before"}


def test_a_graduate_has_twenty_four_months() -> None:
    """Left school on 2024-06-30 and began in 2024-07: with 24 months to 2026-06, July is left out."""
    facts = graduate(
        paid("2026-06"),
        paid("2026-07"),
        first="2026-06",
        last="2026-07",
        graduated_on=dt.date(2024, 6, 30),
        used_months=tuple(months_between("2024-07", "2026-05")),
    )
    assert amounts(facts) == {"2026-06:pension": "533.33", "2026-07:pension": "within_months"}


def test_a_graduates_diploma_is_an_officers_to_check() -> None:
    found = grounds(graduate())
    assert (found["diploma"], found["graduate_window"]) == (None, True)
    assert "recognised" not in found


def test_a_graduate_who_began_after_two_years_has_nothing() -> None:
    """Left school on 2023-06-30: the two years were over on 2025-06-30."""
    facts = graduate(graduated_on=dt.date(2023, 6, 30))
    assert grounds(facts)["graduate_window"] is False
    assert rules.decide(facts, law()).amount is None


def test_months_after_the_second_year_are_a_persons_to_judge() -> None:
    """Left school on 2024-03-31 and began in 2024-05: April to June 2026 lie after the two years."""
    facts = graduate(graduated_on=dt.date(2024, 3, 31), used_months=("2024-05",))
    assert grounds(facts)["graduate_window"] is None


def test_who_is_near_retirement_has_it_until_then() -> None:
    """Born 1967-06-01: 60 in 2027-06, m = 29, delayed by ceil(30 / 4) = 8 months to 2028-02-01. First had in 2023-02, less than
    five years before (2028-02-01 ≤ 2023-02-01 + 60 months): beyond 36 months it goes on."""
    used = tuple(months_between("2023-02", "2026-01"))
    facts = hard(
        paid("2026-02"), paid("2026-03"), born_on=dt.date(1967, 6, 1), used_months=used, first="2026-02", last="2026-03"
    )
    assert list(amounts(facts).values()) == ["533.33", "533.33"]
    assert grounds(facts)["within_months"] is True


def test_it_stops_from_the_month_of_retirement() -> None:
    """Born 1965-06-10: 60 in 2025-06, m = 5, delayed by ceil(6 / 4) = 2 months: retired on 2025-08-10, so August stops."""
    facts = hard(
        paid("2025-07"),
        paid("2025-08"),
        born_on=dt.date(1965, 6, 10),
        first="2025-07",
        last="2025-08",
        day=dt.date(2025, 8, 31),
    )
    assert amounts(facts) == {"2025-07:pension": "533.33", "2025-08:pension": "before_retirement"}


def test_who_is_farther_from_retirement_has_thirty_six() -> None:
    """Born 1975-06-01: far from 63, so the 37th month is left out, and as the only one the ground fails."""
    facts = hard(born_on=dt.date(1975, 6, 1), used_months=tuple(months_between("2023-01", "2025-12")))
    assert grounds(facts)["within_months"] is False


def test_beyond_sixty_months_a_person_judges_without_a_rule() -> None:
    """Born 1965-12-31, so retired on 2026-03-31; 60 months used since 2021-01. One city stops there, others do not."""
    facts = hard(born_on=dt.date(1965, 12, 31), used_months=tuple(months_between("2021-01", "2025-12")))
    assert grounds(facts, FULL)["within_months"] is False
    assert grounds(facts, known(average_wage=str(WAGE)))["within_months"] is None


def test_a_womans_group_unknown_leaves_retirement_to_a_person() -> None:
    """Born 1975-08-01: as a worker she retires in 2025-12 (m = 7, 4 months), as a cadre in 2032."""
    facts = hard(born_on=dt.date(1975, 8, 1), sex="female")
    assert grounds(facts)["before_retirement"] is None
    assert grounds(msgspec.structs.replace(facts, retirement_group="female_cadre"))["before_retirement"] is True
    assert grounds(msgspec.structs.replace(facts, retirement_group="female_cadre"))["retirement_group"] is None
    assert grounds(msgspec.structs.replace(facts, retirement_group="female_worker"))["before_retirement"] is False


def test_without_the_wage_an_officer_sets_the_amount() -> None:
    outcome = rules.decide(hard(), law(PUBLISHED))
    assert (outcome.met, outcome.amount) == (None, None)
    assert outcome.once  # what it pays for is known all the same
    assert "in_time" in {ground.code for ground in outcome.grounds if ground.met is None}


@pytest.mark.parametrize(("filed_on", "in_time"), [(dt.date(2027, 2, 1), True), (dt.date(2027, 2, 2), False)])
def test_a_last_day_to_apply_that_is_off_moves(filed_on: dt.date, in_time: bool) -> None:
    """A year after January 2026 ends on a Sunday (民法典 第203条)."""
    assert grounds(hard(last="2026-01", filed_on=filed_on))["in_time"] is in_time


def test_what_was_paid_before_is_not_paid_again() -> None:
    facts = hard(paid_parts=("2026-01:pension",))
    assert grounds(facts)["not_paid_before"] is False


def test_what_the_applicant_receives_besides_bars() -> None:
    assert grounds(hard(receives=("unemployment_benefit",)))["not_unemployment_benefit"] is False
    assert grounds(hard())["not_unemployment_benefit"] is None


def test_every_id_of_a_person_takes_the_months_as_paid() -> None:
    once = rules.decide(hard(persons=("w-1", "w-0")), law()).once
    assert {key.split(":")[1] for key in once} == {"w-1", "w-0"}


def test_every_ground_has_its_text() -> None:
    codes = {
        code
        for facts in (hard(), graduate(), hard(sex="female", retirement_group="female_cadre"))
        for code in grounds(facts)
    }
    assert codes <= set(GROUNDS)
    assert set(GROUNDS) - codes == set()


MONEY = st.decimals(Decimal("0.01"), Decimal("30000.00"), places=2)
SCHEMES: tuple[Insurance, ...] = ("pension", "medical", "unemployment")


@given(MONEY, MONEY, MONEY)
def test_no_part_is_above_two_thirds_or_the_cap(amount: Decimal, base: Decimal, cap: Decimal) -> None:
    found = rules.subsidy(amount, base, Fraction(2, 3), cap)
    assert 0 <= found <= Fraction(2, 3) * Fraction(amount)
    assert Fraction(found) <= Fraction(2, 3) * Fraction(amount) * Fraction(cap) / Fraction(base) or base <= cap
    assert found == found.quantize(Decimal("0.01"))


@st.composite
def asked(draw: st.DrawFn) -> FlexibleFacts:
    first = draw(st.sampled_from(months_between("2025-01", "2026-03")))
    last = first
    for _ in range(draw(st.integers(0, 11))):
        last = month_after(last)
    months = months_between(first, last)
    contributions = [
        paid(
            month,
            str(draw(MONEY)),
            str(draw(MONEY)),
            insurance=scheme,
            payer=draw(st.sampled_from([None, None, None, "91510600MA0000001E"])),
        )
        for month in months
        for scheme in draw(st.lists(st.sampled_from(SCHEMES), unique=True))
    ]
    used = draw(st.lists(st.sampled_from(months_between("2021-01", "2025-12")), unique=True, max_size=60))
    return hard(
        *contributions,
        first=first,
        last=last,
        day=dt.date.fromisoformat(f"{month_after(last)}-01") - dt.timedelta(days=1),
        group=draw(st.sampled_from(["hard_to_employ", "graduate_within_two_years"])),
        graduated_on=draw(st.dates(dt.date(2022, 1, 1), dt.date(2026, 1, 1))),
        born_on=draw(st.dates(dt.date(1962, 1, 1), dt.date(2005, 1, 1))),
        sex=draw(st.sampled_from(["male", "female"])),
        used_months=tuple(used),
    )


@given(asked())
def test_the_whole_is_never_above_what_the_law_allows(facts: FlexibleFacts) -> None:
    outcome = rules.decide(facts, law(FULL, facts.day))
    own = sum((Decimal(one.amount) for one in facts.contributions if one.payer is None), Decimal(0))
    if outcome.amount is not None:
        assert Fraction(outcome.amount) <= Fraction(2, 3) * Fraction(own)
    assert len(set(outcome.once)) == len(outcome.once)


@given(asked())
def test_the_months_are_never_above_the_limit(facts: FlexibleFacts) -> None:
    found = rules.assess(facts, law(FULL, facts.day))
    months = {part.month for part in found.parts if part.left_out is None} | set(facts.used_months)
    new = months - set(facts.used_months)
    most = 24 if facts.group == "graduate_within_two_years" else 60
    assert not new or len(months) <= most


@given(asked())
def test_the_same_facts_and_law_give_the_same_outcome(facts: FlexibleFacts) -> None:
    again = msgspec.json.decode(msgspec.json.encode(facts), type=FlexibleFacts)
    assert rules.decide(again, law(FULL, facts.day)) == rules.decide(facts, law(FULL, facts.day))
