"""Orders, premiums, bills and claims."""

from typing import Any

import pytest

from tests.unit.sample.facts import P, Q, ended, figures, incident, order, profile, started


def bills(*events: Any) -> list[tuple[str, str, int, str]]:
    insurance = figures(*events)["insurance"]
    return [(bill["platform"], bill["month"], bill["orders"], bill["premium"]) for bill in insurance["bills"]]


def premium(industry: str, finished_at: str, delivery_class: str | None = None) -> str:
    found: str = figures(
        profile(delivery_class=delivery_class), order("1", finished_at, finished_at, industry=industry)
    )["insurance"]["premium"]
    return found


@pytest.mark.parametrize(
    ("industry", "day", "delivery_class", "yuan"),
    [
        ("ride_hailing", "2026-09-02", None, "0.01"),
        ("freight", "2026-09-02", None, "0.18"),
        ("instant_delivery", "2026-09-02", None, "0.07"),
        ("instant_delivery", "2026-09-02", "a", "0.07"),
        ("instant_delivery", "2025-07-01", "b", "0.25"),
        ("instant_delivery", "2025-06-30", "b", "0.04"),
        ("ride_hailing", "2025-06-30", None, "0.04"),
        ("freight", "2022-07-01", None, "0.20"),
        ("freight", "2022-06-30", None, "0.00"),
        ("courier", "2026-09-02", None, "0.00"),
        ("other", "2026-09-02", None, "0.00"),
    ],
)
def test_charges_the_rate_of_the_day(industry: str, day: str, delivery_class: str | None, yuan: str) -> None:
    assert premium(industry, f"{day}T12:00:00+08:00", delivery_class) == yuan


def test_the_day_of_the_rate_is_shanghais() -> None:
    assert premium("freight", "2025-06-30T15:59:59Z") == "0.20"
    assert premium("freight", "2025-06-30T16:00:00Z") == "0.18"


def test_an_order_belongs_to_shanghais_month_of_its_finish() -> None:
    before, after = "2026-09-30T15:30:00Z", "2026-09-30T16:10:00Z"
    assert bills(order("1", before, before), order("2", before, after)) == [
        (P, "2026-09", 1, "0.07"),
        (P, "2026-10", 1, "0.07"),
    ]


def test_a_profile_holds_from_its_day_on() -> None:
    """The first one holds before its day as well."""
    events = [
        profile(delivery_class="b", time="2026-09-10T20:00:00+08:00"),
        profile(delivery_class="a", time="2026-09-20T20:00:00+08:00"),
        *(order(day, f"{day}T08:00:00+08:00", f"{day}T08:30:00+08:00") for day in ("2026-09-02", "2026-09-19")),
        *(order(day, f"{day}T08:00:00+08:00", f"{day}T08:30:00+08:00") for day in ("2026-09-20", "2026-09-21")),
    ]
    assert bills(*events) == bills(*reversed(events)) == [(P, "2026-09", 4, "0.64")]


def test_an_order_told_twice_is_charged_as_first_told() -> None:
    report = figures(order("1"), order("1", industry="freight"), order("1", platform=Q))
    assert report["insurance"]["orders"] == 2
    assert report["insurance"]["premium"] == "0.14"


def test_an_order_is_charged_whoever_its_worker_is() -> None:
    """Also that of a worker who is unknown or blocked or has left."""
    assert bills(
        order("1", worker="nobody"), started(trained=False), order("2"), started("w2"), ended("2026-09-01", "w2"),
        order("3", worker="w2"),
    ) == [(P, "2026-09", 3, "0.21")]  # fmt: skip


def test_whoever_the_platform_employs_that_day_is_not_charged() -> None:
    def on(day: str, **changes: Any) -> Any:
        return order(day + str(changes), f"{day}T12:00:00+08:00", f"{day}T12:10:00+08:00", **changes)

    events = [
        on("2026-09-04"), on("2026-09-05"), on("2026-09-10"), on("2026-09-11"), on("2026-09-06", platform=Q),
        started(started_on="2026-09-05", relation="employment", trained=False), ended("2026-09-10"),
    ]  # fmt: skip
    assert bills(*events) == [(P, "2026-09", 2, "0.14"), (Q, "2026-09", 1, "0.07")]
    assert figures(*events)["insurance"]["orders"] == 5


def test_an_end_told_again_lengthens_no_labour_relation() -> None:
    """It is told again with a later day."""
    later = order("1", "2026-09-15T12:00:00+08:00", "2026-09-15T12:10:00+08:00")
    employed = started(relation="employment")
    assert bills(employed, ended("2026-09-10"), ended("2026-09-20"), later) == [(P, "2026-09", 1, "0.07")]
    assert bills(employed, ended("2026-09-20"), later) == []


def test_a_platform_without_a_charged_order_gets_no_bill() -> None:
    assert bills(profile(), order("1", industry="courier")) == []


def test_premium_is_the_sum_of_the_bills() -> None:
    insurance = figures(order("1", platform=Q), order("2", industry="freight"))["insurance"]
    assert insurance["premium"] == "0.25"
    assert [bill["platform"] for bill in insurance["bills"]] == [P, Q]


def test_an_incident_told_twice_is_one_claim() -> None:
    assert figures(incident("1"), incident("1"), incident("1", platform=Q), incident("2"))["insurance"]["claims"] == 3
