"""The last day to answer an inquiry follows the days off, once those of its year are published."""

from __future__ import annotations

import pytest

from services.complaints.investigations import commands
from tests.harness import Harness, eventually
from tests.integration.complaints.course import course
from tests.integration.years import before_2027, publish_2027


async def test_the_day_to_answer_follows_the_calendar(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    with before_2027():
        case = await course(complaints, "w-inquired")
        await case.do("acceptance", case.handler)
        asked = await case.do("inquiry", case.handler, {"question_zh": "请说明报酬支付情况。"})
        assert asked["answer_by"] == "2027-01-04"
        await publish_2027(monkeypatch, stored=[commands.STORED])

        async def moved() -> bool:
            path = f"/v1/platform-cases/{asked['inquiry_id']}"
            shown = (await complaints.http.get(path, headers=case.platform)).json()
            return bool(shown["answer_by"] == "2027-01-05")

        assert await eventually(moved)
