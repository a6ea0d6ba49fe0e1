"""Which leads working time gives, of a person over all platforms."""

from __future__ import annotations

from typing import Any

from tests.unit.sample.facts import BEN, P, Q, figures, order, started


def leads(*events: Any) -> dict[str, int]:
    found: dict[str, int] = figures(*events)["complaints"]["leads_by_kind"]
    return {kind: number for kind, number in found.items() if number}


def engaged(worker: str, platform: str = P, **more: Any) -> Any:
    return started(worker, platform, started_on="2020-01-01", time="2020-01-01T09:00:00+08:00", **more)


EVENING = order("1", "2026-09-02T21:00:00+08:00", "2026-09-03T00:00:00+08:00", "w1", P)
NIGHT = order("2", "2026-09-03T00:00:00+08:00", "2026-09-03T02:00:00+08:00", "w2", Q)


def test_a_run_over_midnight_meets_all_platforms_of_it() -> None:
    assert leads(engaged("w1"), engaged("w2", Q), EVENING, NIGHT) == {"rest_exceeded": 2}


def test_two_people_have_no_run_together() -> None:
    assert leads(engaged("w1"), engaged("w2", Q, id_number=BEN), EVENING, NIGHT) == {}


def of_days(*days: tuple[int, int], worker: str = "w1") -> list[Any]:
    """Orders of some hours on days of September."""
    return [
        order(
            f"{worker}-{day}",
            f"2026-09-{day:02}T06:00:00+08:00",
            f"2026-09-{day:02}T{6 + hours:02}:00:00+08:00",
            worker,
        )
        for day, hours in days
    ]


def test_overtime_and_weeks_without_rest_are_of_employees_alone() -> None:
    employed = engaged("w1", relation="employment")
    assert leads(employed, *of_days((1, 9))) == {"rest_exceeded": 1}
    assert leads(employed, *of_days((1, 10))) == {"rest_exceeded": 1, "overtime_exceeded": 1}
    week = of_days(*((day, 2) for day in range(7, 14)))
    assert leads(employed, *week) == {"weekly_rest_missing": 1}
    assert leads(employed, *week[1:]) == {}
    night = order("w1-night", "2026-09-12T23:00:00+08:00", "2026-09-13T00:30:00+08:00", "w1")
    assert leads(employed, *week[:-1], night) == {}
    early = order("w1-early", "2026-09-14T00:29:00+08:00", "2026-09-14T01:00:00+08:00", "w1")
    assert leads(employed, *week[:-1], night, early) == {"weekly_rest_missing": 1}
    assert leads(engaged("w1"), *week) == {}


def test_part_time_work_is_not_to_be_longer_than_it_may_be() -> None:
    by_the_hour = engaged("w1", relation="employment", part_time=True)
    assert leads(by_the_hour, *of_days((1, 4))) == {}
    assert leads(by_the_hour, *of_days((1, 5))).get("part_time_exceeded") == 1
    assert leads(by_the_hour, *of_days(*((day, 4) for day in range(7, 13)))) == {}
    assert leads(by_the_hour, *of_days(*((day, 4) for day in range(7, 14)))).get("part_time_exceeded") == 1


def test_six_days_of_nine_hours_all_month_are_overtime() -> None:
    employed = engaged("w1", relation="employment")
    monday = order("w1-31", "2026-08-31T06:00:00+08:00", "2026-08-31T15:00:00+08:00", "w1")
    month = of_days(*((day, 9) for day in range(1, 31) if day % 7 != 6))  # all but Sundays
    assert leads(employed, monday, *month)["overtime_exceeded"] == 1
    assert "overtime_exceeded" not in leads(employed, *month)  # without the first Monday two hours fewer than too many
