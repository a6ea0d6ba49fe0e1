"""The parties' own terms in a dispute follow the days off, once those of their year are published."""

from __future__ import annotations

import datetime as dt

import pytest

from services.complaints.app import service
from services.complaints.disputes.documents import Dispute
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.complaints.disputes.matters import opened
from tests.integration.years import all_followed, before_2027, publish_2027

BEFORE, AFTER = dt.date(2027, 1, 15), dt.date(2027, 1, 18)
"""A Friday, and the Monday behind it."""


async def test_terms_after_an_award_follow_the_calendar(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    with before_2027():
        dispute = await Dispute.of((await opened(complaints)).id)
        assert dispute is not None
        dispute.state, dispute.due_on = "awarded", BEFORE
        dispute.sue_by = {"worker": BEFORE, "enterprise": BEFORE - dt.timedelta(days=1)}
        await transact(dispute.put)
        await publish_2027(monkeypatch, BEFORE, stored=service.deadlines)

        async def moved() -> bool:
            found = await Dispute.of(dispute.id)
            return found is not None and (found.due_on, found.sue_by["worker"]) == (AFTER, AFTER)

        await eventually(moved)
        assert await eventually(lambda: all_followed(service.deadlines))
