"""Whether an injury was insured, and which costs the employer bears (社会保险法 art. 41; 工伤保险条例 art. 17 (4), 62)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.engagements.rules import Span
from services.insurance.liability import rules
from services.insurance.liability.rules import Found, Owed, Registration, Standing
from shared.errors import Conflict, RuleBroken
from shared.policy.parameters import parameters

INJURED = dt.date(2026, 9, 20)
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
NEW = ("medical", "nursing")
KINDS = st.sampled_from(["medical", "nursing", "disability_lump", "death_lump"])


def registered(**changes: Any) -> Registration:
    values: dict[str, Any] = {
        "span": Span(dt.date(2026, 7, 1), None),
        "status": "accepted",
        "confirmed_on": dt.date(2026, 7, 3),
        "due_on": dt.date(2026, 7, 31),
    }
    return Registration(**(values | changes))


PAID = {"2026-07": dt.date(2026, 7, 28), "2026-08": dt.date(2026, 8, 28)}


@pytest.mark.parametrize(
    ("registrations", "paid", "found"),
    [
        ([registered()], PAID, Found("insured", "registered_and_paid")),
        ([registered(span=Span(dt.date(2026, 9, 1), None))], {}, Found("insured", "nothing_was_due")),
        ([registered(confirmed_on=None)], PAID, Found("insured", "registered_and_paid")),
        (
            [registered(span=Span(dt.date(2026, 7, 1), dt.date(2026, 9, 19)))],
            PAID,
            Found("not_insured", "not_registered"),
        ),
        ([registered(confirmed_on=dt.date(2026, 9, 21))], PAID, Found("not_insured", "registered_late")),
        ([registered()], {"2026-07": dt.date(2026, 7, 28)}, Found("not_insured", "contributions_unpaid")),
        (
            [registered(confirmed_on=dt.date(2026, 9, 21), due_on=dt.date(2026, 9, 30))],
            PAID,
            Found("unclear", "registered_after"),
        ),
        ([], PAID, Found("unclear", "no_registration_known")),
        ([registered(status="waiting", confirmed_on=None)], PAID, Found("unclear", "registration_under_way")),
        ([registered(status="rejected", confirmed_on=None)], PAID, Found("unclear", "registration_refused")),
        ([registered()], PAID | {"2026-08": dt.date(2026, 9, 21)}, Found("not_insured", "paid_after")),
        ([registered()], {}, Found("unclear", "no_contributions_known")),
    ],
)
def test_how_a_work_injury_was_insured(
    registrations: list[Registration], paid: Mapping[str, dt.date], found: Found
) -> None:
    assert rules.by_registration(INJURED, registrations, paid, "2026-08") == found


@pytest.mark.parametrize(
    ("injured_on", "month"),
    [(dt.date(2026, 9, 10), "2026-07"), (dt.date(2026, 9, 15), "2026-07"), (dt.date(2026, 9, 16), "2026-08")],
)
def test_no_month_counts_before_its_last_day_to_pay(injured_on: dt.date, month: str) -> None:
    """Each is due on the 15th of the next: until then nothing is unpaid (社会保险法 art. 41, 60)."""
    due = {"2026-08": dt.date(2026, 9, 15), "2026-07": dt.date(2026, 8, 15)}
    assert rules.last_due(injured_on, due.__getitem__) == month


@pytest.mark.parametrize(
    ("bill", "state"),
    [
        (Owed(INJURED - DAY, Decimal(10), [(INJURED - DAY, Decimal(10))]), "insured"),
        (Owed(INJURED - DAY, Decimal(10), [(INJURED, Decimal(4)), (INJURED, Decimal(6))]), "insured"),
        (Owed(INJURED - DAY, Decimal(10), [(INJURED + DAY, Decimal(10))]), "not_insured"),
        (Owed(INJURED - DAY, Decimal(10), [(INJURED - DAY, Decimal("9.99"))]), "not_insured"),
        (Owed(INJURED, Decimal(10), []), "insured"),
    ],
)
def test_premiums_that_had_fallen_due_were_paid_or_not(bill: Owed, state: str) -> None:
    """On the day on which they are due they are not late yet."""
    assert rules.by_premiums(INJURED, [bill]).state == state
    assert rules.by_premiums(INJURED, []).state == "insured"


APPLY_BY = dt.date(2026, 10, 20)


@pytest.mark.parametrize(
    ("scheme", "apply_by", "applied", "days"),
    [
        ("work_injury", APPLY_BY, APPLY_BY, None),
        ("work_injury", APPLY_BY, APPLY_BY + DAY, Span(INJURED, dt.date(2026, 11, 2))),
        ("work_injury", APPLY_BY + 30 * DAY, APPLY_BY + DAY, None),
        ("work_injury", APPLY_BY, None, None),
        ("work_injury", None, APPLY_BY + DAY, None),
        ("occupational_injury", APPLY_BY, APPLY_BY + DAY, None),
    ],
    ids=["in time", "late", "late but for the extension", "not applied", "no term known", "another scheme"],
)
def test_what_a_late_employer_bears(scheme: Any, apply_by: Any, applied: Any, days: Span | None) -> None:
    """From the injury to the acceptance of the application."""
    assert rules.late_days(scheme, INJURED, apply_by, applied, dt.date(2026, 11, 2)) == days


@given(KINDS, DAYS)
def test_an_insured_injury_is_the_funds(kind: str, day: dt.date) -> None:
    assert rules.employers(kind, day, Standing("insured"), NEW) is None
    assert rules.employers(kind, None, Standing("insured"), NEW) is None


@given(KINDS, DAYS, DAYS)
def test_costs_until_a_late_application_are_the_employers(kind: str, day: dt.date, accepted: dt.date) -> None:
    late = Standing("insured", late=Span(INJURED, accepted))
    borne = rules.employers(kind, day, late, NEW)
    assert borne == ("late_application" if INJURED <= day <= accepted else None)


@given(KINDS, DAYS, DAYS)
def test_new_costs_are_the_funds_once_all_is_paid(kind: str, day: dt.date, made_up: dt.date) -> None:
    """工伤保险条例 art. 62 (3): neither what fell before, nor what is paid once for the injury."""
    borne = rules.employers(kind, day, Standing("not_insured", made_up_on=made_up), NEW)
    assert borne == (None if kind in NEW and day > made_up else "not_insured")
    assert rules.employers(kind, day, Standing("not_insured"), NEW) == "not_insured"


def test_what_the_records_leave_open_is_decided_first() -> None:
    with pytest.raises(RuleBroken) as open_:
        rules.employers("medical", INJURED, Standing("unclear"), NEW)
    assert open_.value.kind == "insured-unclear"


@pytest.mark.parametrize(
    "standing", [Standing("insured", late=Span(INJURED, None)), Standing("not_insured", made_up_on=INJURED)]
)
def test_where_the_day_matters_it_is_to_be_said(standing: Standing) -> None:
    with pytest.raises(RuleBroken) as missing:
        rules.employers("medical", None, standing, NEW)
    assert missing.value.kind == "day-missing"


def test_months_of_two_payers_are_granted_apart() -> None:
    made_up = Standing("not_insured", made_up_on=dt.date(2026, 11, 15))
    first, last = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
    assert rules.of_months("nursing", first, last, made_up, NEW) == "not_insured"
    assert rules.of_months("nursing", dt.date(2026, 12, 1), None, made_up, NEW) is None
    with pytest.raises(RuleBroken) as apart:
        rules.of_months("nursing", first, None, made_up, NEW)
    assert apart.value.kind == "months-of-two"


@pytest.mark.parametrize("state", ["insured", "not_insured"])
def test_a_person_decides_only_what_is_unclear(state: Any) -> None:
    rules.check_decision(Found("unclear", "registered_after"), True)
    rules.check_decision(Found(state, "not_registered"), None)
    for found, insured in ((Found(state, "not_registered"), True), (Found("unclear", "registered_after"), None)):
        with pytest.raises(Conflict):
            rules.check_decision(found, insured)


def test_an_employer_has_made_up_once_the_month_is_paid() -> None:
    rules.check_made_up(INJURED + 5 * DAY, INJURED, INJURED + 5 * DAY, INJURED + 9 * DAY)
    for day, paid in ((INJURED + 5 * DAY, None), (INJURED + 5 * DAY, INJURED + 6 * DAY), (INJURED - DAY, INJURED)):
        with pytest.raises(RuleBroken):
            rules.check_made_up(day, INJURED, paid, INJURED + 9 * DAY)


def test_what_is_new_is_what_the_ministry_names() -> None:
    kinds = parameters.on(INJURED, place="510603").texts("work_injury.new_cost_kinds")
    treatment = {"medical", "rehabilitation", "hospital_meals", "travel", "assistive_device"}
    assert set(kinds) == treatment | {"nursing", "disability_allowance", "leaving_medical", "dependant_pension"}
