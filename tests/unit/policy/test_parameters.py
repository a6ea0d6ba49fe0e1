import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from shared.policy.parameters import MissingParameter, Parameters, UnknownParameter
from shared.policy.rows import parse

DAY = dt.date(2026, 9, 1)


def row(value: str, **fields: str) -> str:
    more = {"from": "2020-01-01", "source": "{document: 某法, article: 第1条}", "verified": "true"} | fields
    return "{" + ", ".join(f"{name}: {text}" for name, text in {"value": value, **more}.items()) + "}"


def declare(*rows: str, unit: str = "CNY", key: str = "some.sum") -> Parameters:
    lines = "".join(f"    - {line}\n" for line in rows)
    return Parameters(parse(f"{key}:\n  title: 某数\n  description: A sum.\n  unit: {unit}\n  rows:\n{lines}"))


def test_a_value_holds_from_its_first_day_to_its_last() -> None:
    sums = declare(row("1", to="2020-12-31"), row("2", **{"from": "2021-01-01"}))
    assert sums.on(dt.date(2020, 1, 1)).amount("some.sum") == 1
    assert sums.on(dt.date(2020, 12, 31)).amount("some.sum") == 1
    assert sums.on(dt.date(2021, 1, 1)).amount("some.sum") == 2
    with pytest.raises(MissingParameter):
        sums.on(dt.date(2019, 12, 31)).amount("some.sum")


def test_the_nearest_place_holds() -> None:
    sums = declare(
        row("1"),
        row("2", scope="{place: '510000'}"),
        row("3", scope="{place: '510600'}"),
        row("4", scope="{place: '510603'}"),
    )
    found = {place: sums.on(DAY, place=place).amount("some.sum") for place in ("510603", "510604", "510104", "110101")}
    assert found == {"510603": 4, "510604": 3, "510104": 2, "110101": 1}
    assert sums.on(DAY).amount("some.sum") == 1


def test_the_place_counts_before_every_other_scope() -> None:
    """Then come industry, platform, footing and tier."""
    sums = declare(
        row("1", scope="{place: '510600'}"),
        row("2", scope="{industry: freight, platform: p, footing: partial, tier: a}"),
        row("3", scope="{industry: courier}"),
        row("4", scope="{platform: p, footing: partial, tier: a}"),
    )
    law = sums.on(DAY, platform="p", footing="partial", tier="a")
    assert law.at(place="510603", industry="freight").amount("some.sum") == 1
    assert law.at(industry="freight").amount("some.sum") == 2
    assert law.at(industry="courier").amount("some.sum") == 3
    assert law.at(industry="other").amount("some.sum") == 4


def test_a_row_of_another_scope_never_holds() -> None:
    sums = declare(row("1", scope="{industry: freight}"))
    for law in (sums.on(DAY), sums.on(DAY, industry="courier")):
        with pytest.raises(MissingParameter) as missing:
            law.amount("some.sum")
        assert (missing.value.key, missing.value.day) == ("some.sum", DAY)


def test_a_scope_can_be_narrowed_and_one_record_is_kept() -> None:
    sums = declare(row("1", scope="{industry: freight}"), row("2", scope="{industry: courier}"))
    law = sums.on(DAY)
    assert law.at(industry="freight").amount("some.sum") == 1
    assert law.at(industry="courier").amount("some.sum") == 2
    assert [used.value for used in law.used] == ["1", "2"]


def test_a_value_that_nobody_has_is_missing_with_its_reason() -> None:
    sums = declare(row("null", verified="false", note="not found"))
    with pytest.raises(MissingParameter, match="not found"):
        sums.on(DAY).amount("some.sum")
    assert sums.on(DAY).used == ()


def test_a_value_that_nobody_has_is_not_replaced_by_a_wider_one() -> None:
    sums = declare(row("1"), row("null", scope="{place: '510600'}", verified="false", note="not found"))
    with pytest.raises(MissingParameter):
        sums.on(DAY, place="510603").amount("some.sum")


def test_a_key_that_no_file_has_is_a_slip_in_the_program() -> None:
    with pytest.raises(UnknownParameter):
        declare(row("1")).on(DAY).amount("some.sun")


def test_before_a_value_was_published_the_old_one_was_known() -> None:
    sums = declare(
        row("1", to="2022-03-31"),
        row("2", **{"from": "2022-04-01"}, published="2022-05-31"),
    )
    april = dt.date(2022, 4, 15)
    assert sums.on(april).amount("some.sum") == 2
    assert sums.on(april, known_on=dt.date(2022, 5, 31)).amount("some.sum") == 2
    assert sums.on(april, known_on=dt.date(2022, 5, 30)).amount("some.sum") == 1


def test_what_ended_without_a_successor_had_ended_at_any_time() -> None:
    sums = declare(row("1", to="2022-03-31"), row("2", **{"from": "2023-01-01"}))
    with pytest.raises(MissingParameter):
        sums.on(dt.date(2022, 4, 1), known_on=dt.date(2022, 4, 1)).amount("some.sum")


def test_what_was_used_is_recorded_once_in_the_order_of_asking() -> None:
    law = declare(row("'0.25'", verified="false")).on(DAY)
    law.amount("some.sum")
    law.text("some.sum")
    (used,) = law.used
    assert used.model_dump(mode="json") == {
        "key": "some.sum",
        "value": "0.25",
        "unit": "CNY",
        "valid_from": "2020-01-01",
        "source": "某法 第1条",
        "verified": False,
    }


def test_of_a_table_only_the_entry_that_was_used_is_recorded() -> None:
    law = declare(row("{1: 27, 2: 25}"), unit="months").on(DAY)
    assert law.number("some.sum", "2") == 25
    assert [(used.key, used.value) for used in law.used] == [("some.sum[2]", "25")]
    with pytest.raises(MissingParameter, match="no entry 3"):
        law.number("some.sum", "3")
    assert law.table("some.sum") == {"1": "27", "2": "25"}


def test_amounts_are_exact() -> None:
    amount = declare(row("'0.07'")).on(DAY).amount("some.sum")
    assert isinstance(amount, Decimal)
    assert amount * 3 == Decimal("0.21")
    assert declare(row("2/3"), unit="ratio").on(DAY).fraction("some.sum") == Fraction(2, 3)


def test_a_parameter_is_not_read_as_another_kind() -> None:
    law = declare(row("[a, b]"), unit="codes").on(DAY)
    assert law.texts("some.sum") == ("a", "b")
    with pytest.raises(TypeError):
        law.amount("some.sum")
    with pytest.raises(TypeError):
        law.table("some.sum")
    with pytest.raises(TypeError):
        declare(row("3"), unit="months").on(DAY).days("some.sum")


def test_an_instant_is_not_a_legal_day() -> None:
    with pytest.raises(TypeError):
        declare(row("1")).on(dt.datetime(2026, 9, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    "rows",
    [
        [row("1"), row("2", **{"from": "2021-01-01"})],
        [row("1", to="2021-01-01"), row("2", **{"from": "2021-01-01"})],
        [row("2", **{"from": "2021-01-01"}), row("1", to="2021-01-01")],
        [row("1", scope="{industry: freight}"), row("2", scope="{industry: freight}")],
    ],
)
def test_two_rows_of_one_scope_on_one_day_are_an_error(rows: list[str]) -> None:
    with pytest.raises(ValidationError, match="two rows"):
        declare(*rows)


def test_a_figure_that_yaml_would_read_as_a_float_is_an_error() -> None:
    with pytest.raises(ValidationError, match="quotes"):
        declare(row("0.1"))


@pytest.mark.parametrize(
    "wrong",
    [
        row("yes"),
        row("1", to="2019-12-31"),
        row("null", verified="true", note="not found"),
        row("null", verified="false"),
        row("1", scope="{place: '5106'}"),
        row("1", scope="{industry: aviation}"),
        row("1", valid="2020-01-01"),
    ],
)
def test_a_row_that_makes_no_sense_is_an_error(wrong: str) -> None:
    with pytest.raises(ValidationError):
        declare(wrong)
