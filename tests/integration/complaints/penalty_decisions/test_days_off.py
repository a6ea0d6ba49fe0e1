"""Days of a penalty follow the days off, once those of their year are published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.complaints.app import service
from shared.storage.client import storage
from tests.harness import Harness, eventually
from tests.integration.complaints.penalties.course import filed
from tests.integration.years import all_followed, before_2027, publish_2027
from tests.unit.identity.numbers import make_uscc


async def test_days_of_a_penalty_follow_the_calendar(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that is told: five working days to speak; of one that is served: to pay, for a review, to sue."""
    with before_2027():
        told = await filed(complaints, make_uscc("PN000000Y"))
        await told.investigated()
        await told.notified()
        penalty = await filed(complaints, make_uscc("PN0000010"))
        await penalty.served("10000.00")
        before = await penalty.letter()
        until = (await told.letter())["notice"]["speak_until"]
        pay, review = before["debt"]["parts"][0]["on"], before["decision"]["review_by"]
        assert (until, pay, review) == ("2027-01-04", "2027-01-12", "2027-02-26")
        assert await storage().collection("timers").find_one({"kind": "complaints.penalty_calendar"}) is None
        off = [dt.date.fromisoformat(day) for day in (pay, review)]
        await publish_2027(monkeypatch, *off, stored=service.deadlines)

        async def moved() -> bool:
            after: dict[str, Any] = await penalty.letter()
            days = after["debt"]["parts"][0]["on"], after["decision"]["review_by"]
            return (days, (await told.letter())["notice"]["speak_until"]) == (
                ("2027-01-13", "2027-03-01"),
                "2027-01-05",
            )

        await eventually(moved)
        assert await eventually(lambda: all_followed(service.deadlines))
