"""A dispute as its parties and the bodies handle it over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import time_machine

from shared import clock
from shared.contracts.complaints import DisputeStepped
from shared.contracts.registry import EngagementActivated
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.unit.identity.numbers import make_uscc

HERE = "510681"
OTHER = make_uscc("MA0000002")


def today() -> dt.date:
    return shanghai_date(clock.now())


def office(name: str) -> dict[str, str]:
    """The officer of a body, with a token of now."""
    return bearer("officer", department=name, district=HERE, sub=f"{name}-1")


def days_on(days: int) -> time_machine.travel:
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=True)


class Matter:
    """A dispute, and what is done with it over HTTP."""

    def __init__(self, complaints: Harness, worker_id: str, shown: dict[str, Any]) -> None:
        self.complaints, self.http, self.worker_id, self.shown = complaints, complaints.http, worker_id, shown

    @property
    def worker(self) -> dict[str, str]:
        return bearer("worker", worker_id=self.worker_id)

    @property
    def platform(self) -> dict[str, str]:
        return bearer("platform", uscc=PLATFORM)

    @property
    def id(self) -> str:
        return str(self.shown["dispute_id"])

    @property
    def state(self) -> str:
        return str(self.shown["state"])

    async def read(self, by: dict[str, str] | None = None) -> httpx2.Response:
        return await self.http.get(f"/v1/disputes/{self.id}", headers=by or self.worker)

    async def send(self, by: dict[str, str], what: str, body: Any, method: str = "POST") -> httpx2.Response:
        headers = by | {"If-Match": (await self.read()).headers["etag"]}
        answer = await self.http.request(method, f"/v1/disputes/{self.id}/{what}", json=body, headers=headers)
        if answer.status_code == 200:
            self.shown = answer.json()
        return answer

    async def step(self, by: dict[str, str], step: str, **more: Any) -> int:
        answer = await self.send(by, "steps", {"step": step} | more)
        return answer.status_code

    async def steps(self) -> list[tuple[str, str]]:
        """What was told of it: each step and the state that it led to."""
        told = await self.complaints.told(DisputeStepped)
        return [(one.step, one.state) for one in told if one.dispute_id == self.id]

    async def later(self, days: int) -> None:
        """Let days pass, and what happens in them by itself."""
        with days_on(days):
            await self.complaints.settled()
        self.shown = (await self.read()).json()


async def opened(complaints: Harness, worker_id: str | None = None, **changes: Any) -> Matter:
    worker_id = worker_id or f"w-{new_id()}"
    body = {
        "enterprises": [PLATFORM],
        "relation": "employment",
        "category": "late_pay",
        "district": HERE,
        "text": "平台拖欠骑手三个月的配送报酬。",
        "claims": [{"kind": "pay", "known_on": "2026-08-03", "amount": "5400.00"}],
    }
    answer = await complaints.http.post(
        "/v1/disputes", json=body | changes, headers=complaints.headers("worker", worker_id=worker_id)
    )
    assert answer.status_code == 201, answer.text
    return Matter(complaints, worker_id, answer.json())


async def engaged(complaints: Harness, *workers: str, **changes: Any) -> None:
    """Let workers work through the platform."""
    for one in workers:
        await complaints.publish(engagement(EngagementActivated, one, f"ref-of-{one}", was_blocked=False, **changes))
    await complaints.settled()


async def ask_to_join(matter: Matter, worker_id: str, **claim: Any) -> httpx2.Response:
    """Ask to join a dispute by its number, with a claim."""
    body = {"number": matter.shown["number"], "claims": [{"kind": "pay", "known_on": "2026-08-03"} | claim]}
    headers = matter.complaints.headers("worker", worker_id=worker_id)
    return await matter.http.post("/v1/disputes/joining", json=body, headers=headers)


async def joined(matter: Matter, *workers: str) -> None:
    """Take workers of the platform into a dispute, as the first applicant agrees."""
    await engaged(matter.complaints, *workers)
    for one in workers:
        assert (await ask_to_join(matter, one)).status_code == 204
        answer = await matter.send(matter.worker, "joining", {"worker_id": one, "agrees": True})
        assert answer.status_code == 200, answer.text


async def in_arbitration(complaints: Harness, office: dict[str, str], **changes: Any) -> Matter:
    matter = await opened(complaints, **changes)
    assert await matter.step(matter.platform, "answer", text="不同意") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(office, "accept") == 200
    return matter
