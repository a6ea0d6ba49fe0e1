"""A case on its way through the office, as tests bring it on."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from shared import clock
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register

HERE = "510682"
TEXT = "平台拖欠我半个月的配送费，多次催要没有结果。"


def today() -> str:
    return f"{shanghai_date(clock.now())}"


def complaint(**changes: Any) -> dict[str, Any]:
    body = {"platform": PLATFORM, "category": "late_pay", "text": TEXT, "district": HERE, "occurred_on": today()}
    return body | changes


def by_code(number: str, code: str) -> dict[str, str]:
    """The header by which who has no token shows the number of a case and its code."""
    return {"Authorization": "Basic " + base64.b64encode(f"{number}:{code}".encode()).decode()}


@dataclass
class Course:
    """A case, and those who have a part in it: the worker who filed it, the officer in charge, another, the enterprise."""

    complaints: Harness
    case_id: str
    worker: dict[str, str]
    handler: dict[str, str]
    approver: dict[str, str]
    platform: dict[str, str]

    async def read(self, who: dict[str, str]) -> dict[str, Any]:
        answer = await self.complaints.http.get(f"/v1/cases/{self.case_id}", headers=who)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def do(
        self, step: str, who: dict[str, str], body: Any = None, *, expect: int = 200, method: str = "POST"
    ) -> dict[str, Any]:
        """Take a step of the case from its present revision."""
        path = f"/v1/cases/{self.case_id}"
        etag = (await self.complaints.http.get(path, headers=who)).headers.get("etag", '"0"')
        headers = {**who, "If-Match": etag, "Idempotency-Key": new_id()}
        answer = await self.complaints.http.request(method, f"{path}/{step}", json=body, headers=headers)
        assert answer.status_code == expect, f"{step}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    async def investigated(self) -> str:
        """Accept the case, take a step, ask the enterprise, which answers, and conclude; the inquiry's id."""
        await self.do("acceptance", self.handler)
        return await self.looked_into()

    async def looked_into(self) -> str:
        """Take a step of a case that is accepted, ask the enterprise, which answers, and conclude; the inquiry's id."""
        step = {"kind": "visit", "taken_on": today(), "officers": ["h-1", "a-1"], "record": "现场检查，账册已复制。"}
        await self.do("steps", self.handler, step, expect=201)
        asked = await self.do("inquiry", self.handler, {"question_zh": "请说明近三个月的报酬支付情况。"})
        inquiry_id = str(asked["inquiry_id"])
        answered = await self.complaints.http.post(
            f"/v1/platform-cases/{inquiry_id}/answers",
            json={"text": "我单位已按期支付。"},
            headers={**self.platform, "Idempotency-Key": new_id()},
        )
        assert answered.status_code == 201, answered.text
        await self.do("conclusion", self.handler)
        return inquiry_id

    async def decided(self) -> str:
        """Bring the case to a decision that both sides have; the inquiry's id."""
        inquiry_id = await self.investigated()
        await self.served()
        return inquiry_id

    async def served(self) -> None:
        """Decide on a case that is concluded, and bring the decision to both sides."""
        proposal = {"outcome": "order", "grounds_zh": "拖欠属实。", "letter_zh": "责令十日内支付所欠报酬。"}
        await self.do("decisions", self.handler, proposal, expect=201)
        await self.do("decisions/approval", self.approver)
        for side in ("reporter", "enterprise"):
            await self.do("decision/service", self.handler, {"side": side, "served_on": today()})


async def course(complaints: Harness, worker_id: str = "w-course", **changes: Any) -> Course:
    """A case that a worker files, with its office of two on the register."""
    handler = await on_register("hrss", HERE, subject="h-1", duties=["handler", "inspector"])
    approver = await on_register("hrss", HERE, subject="a-1", duties=["approver", "chief", "inspector"])
    worker = bearer("worker", worker_id=worker_id)
    headers = {**worker, "Idempotency-Key": new_id()}
    answer = await complaints.http.post("/v1/cases", json=complaint(**changes), headers=headers)
    assert answer.status_code == 201, answer.text
    return Course(complaints, answer.json()["case_id"], worker, handler, approver, bearer("platform", uscc=PLATFORM))
