"""The last day to publish a result follows the days off, once those of its year are published."""

from __future__ import annotations

import pytest

from services.complaints.inspections import commands
from services.complaints.inspections.documents import Inspection
from tests.harness import Harness, eventually
from tests.integration.complaints.inspections.fleet import inspector
from tests.integration.complaints.inspections.test_visits import HERE, findings, post, sent
from tests.integration.years import before_2027, publish_2027


async def test_the_day_to_publish_follows_the_calendar(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    with before_2027():
        task = await sent(complaints, 830)
        own = inspector(task["inspectors"][0], HERE)
        found = await post(complaints, task, "findings", own, findings(task) | {"visited_on": "2026-12-28"})
        assert found.status_code == 200, found.text
        before = found.json()["publish_by"]
        await publish_2027(monkeypatch, stored=[commands.STORED])

        async def moved() -> bool:
            stored = await Inspection.get(task["inspection_id"])
            return stored is not None and str(stored.publish_by) > before

        assert await eventually(moved)
