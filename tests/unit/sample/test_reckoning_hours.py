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
