"""十八 完善争议多元调处机制: from an unanswered grievance through mediation and arbitration to the court, each told to both sides."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest_asyncio

from shared import clock
from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually

HERE = "510603"
HRSS, COURT = f"officer@{HERE}/hrss", f"officer@{HERE}/court"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def offices(city: City) -> None:
    """The officers of the arbitration commission's office and the court, on the register of complaints."""
    for department in ("hrss", "court"):
        entry = {
            "name": "经办测试",
            "department": department,
            "district": HERE,
            "duties": ["chief", "handler", "approver"],
        }
        path = f"/v1/officers/officer:test-{HERE}-{department}"
        await city.call("operator:test", "complaints", "PUT", path, json=entry)


class Matter:
    """A dispute, as both sides and the bodies that have it in hand go on with it."""

    def __init__(self, city: City, worker: str, path: str) -> None:
        self.city, self.worker, self.path = city, worker, path

    async def state(self) -> str:
        return str((await self.city.get(self.worker, "complaints", self.path))["state"])

    async def step(self, caller: str, step: str, *, expect: int | None = None, **more: Any) -> dict[str, Any]:
        body = {"step": step} | more
        answer: dict[str, Any] = await self.city.step(
            caller, "complaints", self.path, "steps", body, reader=self.worker, expect=expect
        )
        return answer

    async def reaches(self, state: str) -> None:
        async def there() -> bool:
            return await self.state() == state

        await eventually(there, 60)

    async def told(self, caller: str, title: str) -> str:
        """The text of the message of that title, once it is there."""

        async def there() -> str | None:
            messages = (await self.city.get(caller, "notifier", "/v1/deliveries?limit=500"))["items"]
            return next((one["text"] for one in messages if one["title"] == title), None)

        return str(await eventually(there, 60))


async def grievance(city: City, worker_ref: str, raised: int) -> tuple[Matter, str, str]:
    """A rider's grievance that the platform got some days ago; the dispute, the rider and the platform as callers."""
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, worker_ref, new_id_number()))
    worker = f"worker:{(await city.engagement_of(platform, worker_ref))['worker_id']}"
    today = shanghai_date(clock.now())
    body = {
        "enterprises": [platform],
        "relation": "employment",
        "category": "late_pay",
        "district": HERE,
        "raised_on": str(today - dt.timedelta(days=raised)),
        "text": "平台拖欠三个月的配送报酬",
        "claims": [{"kind": "pay", "known_on": str(today - dt.timedelta(days=90)), "amount": "5400.00"}],
    }
    opened = await city.post(worker, "complaints", "/v1/disputes", body)
    return Matter(city, worker, f"/v1/disputes/{opened['dispute_id']}"), worker, f"platform:{platform}"


async def test_a_grievance_that_nobody_answers_comes_to_court(city: City) -> None:
    matter, worker, platform = await grievance(city, "rider-18a", raised=80)
    await matter.told(platform, "收到劳动者申诉")
    await matter.told(worker, "企业逾期未答复")
    await matter.reaches("open")

    asked_on = str(shanghai_date(clock.now()) - dt.timedelta(days=30))
    await matter.step(worker, "mediate", forum="arbitration", on=asked_on)
    assert "15日" in await matter.told(worker, "调解期满")
    await matter.reaches("open")
    await matter.step(worker, "sue", expect=422)  # arbitration comes first

    await matter.step(worker, "apply")
    await matter.step(worker, "sue", expect=409)  # its term is not over
    await matter.step(HRSS, "accept")
    assert "不收费" in await matter.told(worker, "仲裁申请已受理")
    await matter.step(HRSS, "serve")
    await matter.told(platform, "仲裁申请书副本已送达")
    await matter.step(platform, "defend", text="已按约定结算")
    award = await matter.step(HRSS, "award", awards={"1": "5400.00"})
    assert award["state"] == "awarded_finally"
    assert award["sue_by"]["worker"] in {
        str(shanghai_date(clock.now()) + dt.timedelta(days=days)) for days in range(15, 26)
    }
    assert "终局" in await matter.told(worker, "终局裁决")
    assert "撤销" in await matter.told(platform, "终局裁决")

    await matter.step(platform, "sue", expect=409)  # a final award binds the employer
    await matter.step(worker, "sue")
    await matter.step(HRSS, "judge", expect=403)
    await matter.step(COURT, "accept")
    await matter.step(COURT, "judge", text="支付报酬5400元")
    for caller in (worker, platform):
        assert "上诉" in await matter.told(caller, "法院已作出裁判")


async def test_an_award_that_is_not_final_is_open_to_both(city: City) -> None:
    matter, worker, platform = await grievance(city, "rider-18b", raised=3)
    await matter.step(platform, "answer", text="不同意")
    await matter.told(worker, "企业已答复申诉")
    await matter.step(worker, "apply")
    await matter.step(HRSS, "accept")
    award = await matter.step(HRSS, "award", awards={"1": "90000.00"})
    assert award["state"] == "awarded"
    for caller in (worker, platform):
        assert "起诉" in await matter.told(caller, "仲裁裁决")
    await matter.step(platform, "sue")
    assert await matter.state() == "court_filed"


async def test_who_goes_to_arbitration_ends_the_inspection(city: City) -> None:
    """劳动保障监察条例 art. 21: the worker chooses; of one claim one body decides, and both sides are told."""
    matter, worker, platform = await grievance(city, "rider-18c", raised=3)
    complaint = {
        "platform": platform.removeprefix("platform:"),
        "category": "late_pay",
        "text": "平台拖欠三个月的配送报酬",
        "district": HERE,
        "occurred_on": str(shanghai_date(clock.now())),
    }
    filed = await city.post(worker, "complaints", "/v1/cases", complaint)
    path = f"/v1/cases/{filed['case_id']}"

    async def bring_on(step: str, body: dict[str, Any] | None, expect: int | None = None) -> None:
        await city.step(HRSS, "complaints", path, step, body, expect=expect)

    await bring_on("acceptance", None)
    await bring_on("inquiry", {"question_zh": "请说明近三个月的报酬支付情况。"})
    await matter.told(platform, "劳动保障监察调查询问")
    await matter.step(platform, "answer", text="不同意")
    applied = await matter.step(worker, "apply")
    assert (applied["state"], applied["inspections"]) == ("filed", [])
    ended = await city.get(worker, "complaints", path)
    assert (ended["state"], ended["ending"]) == ("closed", "to_dispute")
    assert filed["number"] in await matter.told(worker, "投诉举报转由仲裁或诉讼处理")
    assert "仲裁" in await matter.told(platform, "劳动保障监察调查终结")

    again = await city.post(worker, "complaints", "/v1/cases", complaint)
    path = f"/v1/cases/{again['case_id']}"
    await bring_on("acceptance", None, expect=409)
    await bring_on("refusal", {"ground": "to_dispute", "reason_zh": "该事项已申请仲裁。"})
    assert "仲裁" in (await city.get(worker, "complaints", path))["remedy_zh"]
