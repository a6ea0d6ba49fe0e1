from __future__ import annotations

from typing import Any

from deploy.local.calculation import calculate
from tests.unit.sample.facts import NOW, Event, P, Q, profile, started

ACTION: dict[str, Any] = {"kind": "enforcement", "platform": P, "worker_ref": "w1", "district": "510603"}


def reckoned(*events: Event) -> dict[str, Any]:
    return calculate(events, [ACTION], NOW)


def test_the_platform_and_who_is_owed_are_told() -> None:
    report = reckoned(profile(), started())
    assert report["orders"] == {"met": 1, "overdue": 1, "messages": 8}
    assert report["listed"] == [P]


def test_nobody_is_told_who_is_not_known() -> None:
    assert reckoned(started())["orders"]["messages"] == 1
    assert reckoned(profile(), started("w2"))["orders"]["messages"] == 7


def test_who_has_people_in_the_district_stands_in_the_draw() -> None:
    both = reckoned(profile(), profile(Q), started(), started(platform=Q))
    assert both["draw"]["enterprises"] == 2
    assert reckoned(profile(), profile(Q), started())["draw"]["enterprises"] == 1
    assert reckoned(profile(), started(trained=False))["draw"]["enterprises"] == 0
