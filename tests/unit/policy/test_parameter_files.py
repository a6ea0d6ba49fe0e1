import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from importlib.resources import files

import pytest

from shared.identity.regions import CITY, DISTRICTS
from shared.policy.__main__ import table, unverified
from shared.policy.parameters import MissingParameter, parameters
from shared.policy.rows import CALENDAR

DAY = dt.date(2026, 11, 23)
LAW = parameters.on(DAY, place="510603")


@pytest.mark.parametrize(
    ("day", "industry", "tier", "premium"),
    [
        ("2022-07-01", "ride_hailing", None, "0.04"),
        ("2025-06-30", "instant_delivery", "b", "0.04"),
        ("2025-06-30", "freight", None, "0.20"),
        ("2025-07-01", "ride_hailing", None, "0.01"),
        ("2025-07-01", "instant_delivery", "a", "0.07"),
        ("2026-11-23", "instant_delivery", "b", "0.25"),
        ("2026-11-23", "freight", "a", "0.18"),
    ],
)
def test_premium_per_order(day: str, industry: str, tier: str | None, premium: str) -> None:
    law = parameters.on(dt.date.fromisoformat(day), place="510681", industry=industry, tier=tier)
    assert law.amount("oip.premium_per_order") == Decimal(premium)


@pytest.mark.parametrize(
    ("day", "industry"),
    [("2022-06-30", "freight"), (str(DAY), "courier"), (str(DAY), "other"), (str(DAY), "instant_delivery")],
)
def test_no_premium_is_known_outside_the_scope_of_its_rates(day: str, industry: str) -> None:
    """Before the cover began, in another industry, or without the platform's tier."""
    with pytest.raises(MissingParameter):
        parameters.on(dt.date.fromisoformat(day), industry=industry).amount("oip.premium_per_order")


@pytest.mark.parametrize(
    ("day", "monthly", "hourly", "verified"),
    [
        ("2022-04-01", 1970, 21, [True, True]),
        ("2024-12-31", 1970, 21, [True, True]),
        ("2025-01-01", 2200, 21, [False, False]),
        ("2026-11-23", 2200, 21, [False, False]),
    ],
)
def test_minimum_wage_is_one_for_the_city(day: str, monthly: int, hourly: int, verified: list[bool]) -> None:
    for place in (CITY, *DISTRICTS):
        law = parameters.on(dt.date.fromisoformat(day), place=place)
        assert law.amount("minimum_wage.monthly") == monthly
        assert law.amount("minimum_wage.hourly") == hourly
        assert [used.verified for used in law.used] == verified


def test_minimum_wage_was_not_known_before_it_was_published() -> None:
    """It is not known of another city either."""
    april = dt.date(2022, 4, 15)
    for law in (parameters.on(april, place=CITY, known_on=dt.date(2022, 5, 30)), parameters.on(april, place="510104")):
        with pytest.raises(MissingParameter):
            law.amount("minimum_wage.hourly")


def test_the_deadlines_of_the_first_flow() -> None:
    assert LAW.days("inspection.accept_workdays") == 5
    assert LAW.days("employment.register_days") == 30
    assert LAW.days("oip.platform_apply_days") == 30
    assert LAW.number("training_subsidy.min_age") == 16
    assert LAW.number("training_subsidy.max_per_year") == 3
    assert LAW.at(footing="employment").number("footing.paper_months") == 1
    assert "road-safety" in LAW.at(industry="freight").texts("safety.courses")
    assert LAW.flag("safety.training_required")


def test_each_footing_has_its_paper_and_cover() -> None:
    found = {}
    for footing in ("employment", "partial", "self_employed"):
        law = LAW.at(footing=footing)
        found[footing] = (law.text("footing.paper"), law.text("footing.cover"))
    assert found == {
        "employment": ("contract", "work_injury"),
        "partial": ("written_agreement", "occupational_injury"),
        "self_employed": ("none", "occupational_injury"),
    }


def test_a_training_subsidy_before_its_rule_has_no_basis() -> None:
    with pytest.raises(MissingParameter):
        parameters.on(dt.date(2025, 8, 31), place="510603").number("training_subsidy.min_age")


def test_departments_are_named_as_often_as_in_the_document() -> None:
    duty = LAW.lists("duty.departments")
    assert list(duty) == [str(article) for article in range(1, 19)] == list(LAW.table("duty.titles"))
    counted = Counter(department for departments in duty.values() for department in departments)
    assert counted == {
        "hrss": 17,
        "transport": 17,
        "union": 17,
        "post": 15,
        "commerce": 13,
        "court": 9,
        "medical_insurance": 5,
        "emergency": 3,
        "drc": 3,
        "market": 3,
        "health": 2,
    }
    assert set(counted) == set(LAW.table("departments.names"))


def test_articles_name_no_department_that_the_document_omits() -> None:
    duty = LAW.lists("duty.departments")
    assert not {"medical_insurance", "commerce"} & set(duty["9"])
    assert not {"union", "court"} & set(duty["8"])
    assert "hrss" not in duty["15"]


def test_the_leading_department_stands_first_in_its_article() -> None:
    duty = LAW.lists("duty.departments")
    assert LAW.table("duty.lead") == {article: departments[0] for article, departments in duty.items()}
    assert LAW.text("duty.lead", "7") == "emergency"


def test_each_category_of_complaint_rests_on_an_article() -> None:
    articles = LAW.table("complaint.articles")
    assert set(articles) == set(LAW.table("complaint.categories"))
    assert set(articles.values()) <= set(LAW.table("duty.titles"))
    of_article_4 = {category for category, article in articles.items() if article == "4"}
    assert set(LAW.texts("complaint.supervised")) == of_article_4 | {"below_minimum_wage", "collective_contract"}


def test_each_industry_has_its_supervisor() -> None:
    industries = ("ride_hailing", "instant_delivery", "freight", "courier", "other")
    supervisors = [LAW.at(industry=industry).text("industry.supervisor") for industry in industries]
    assert supervisors == ["transport", "commerce", "transport", "post", "hrss"]


def test_a_year_has_as_many_statutory_dates_as_the_law_gives() -> None:
    for year in range(2022, 2027):
        law = parameters.on(dt.date(year, 7, 1))
        dates = [dt.date.fromisoformat(text) for text in law.texts("holiday.statutory_dates")]
        # eleven days, and thirteen since the measure of 2024-11-10 (全国年节及纪念日放假办法 art. 2)
        assert len(set(dates)) == (11 if year < 2025 else 13)
        assert {date.year for date in dates} == {year}


def test_four_hours_of_driving_without_a_rest_is_the_laws_limit() -> None:
    """That of couriers is a default, which nobody has verified."""
    law = LAW.at(industry="freight")
    assert (law.number("rest.continuous_hours"), law.number("rest.break_minutes")) == (4, 20)
    assert all(used.verified for used in law.used if used.key.startswith("rest."))
    law = parameters.on(DAY, industry="instant_delivery")
    assert law.number("rest.continuous_hours") == 4
    assert not law.used[0].verified


def test_no_file_declares_a_key_twice() -> None:
    keys = [
        key
        for file in files("shared.policy").iterdir()
        if file.name.endswith(".yaml") and file.name != CALENDAR
        for key in re.findall(r"^([a-z][\w.]*):", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(keys) == len(set(keys)) == len(list(parameters))


def test_every_figure_can_be_read_as_its_unit_says() -> None:
    whole = {"days", "workdays", "months", "years", "hours", "minutes", "age", "day_of_month"}
    exact = {"CNY", "CNY/order", "CNY/hour", "CNY/day", "CNY/month", "percent", "ratio/day", "count", "multiple"}
    for parameter in parameters:
        for row in parameter.rows:
            cells = row.value.values() if isinstance(row.value, dict) else [row.value]
            for cell in cells:
                if cell is not None and parameter.unit in whole:
                    assert isinstance(cell, str)
                    assert int(cell) > 0
                elif cell is not None and parameter.unit in exact:
                    assert isinstance(cell, str)
                    assert Decimal(cell) >= 0


def test_the_operators_list_has_exactly_the_unverified_rows() -> None:
    lines = list(unverified())
    assert len(lines) == sum(not row.verified for parameter in parameters for row in parameter.rows)
    keys = {line[0] for line in lines}
    assert {"safety.courses", "minimum_wage.hourly", "oip.platform_tier"} <= keys
    assert "employment.register_days" not in keys


def test_the_operators_list_stands_in_columns() -> None:
    assert table([("a", "最低工资", "x"), ("bcd", "e", "yz")]) == "a    最低工资  x\nbcd  e         yz"
