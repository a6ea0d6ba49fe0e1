"""Two platforms of one test's own, and what the registry does about their events."""

from __future__ import annotations

import itertools
from typing import Any

import httpx2
import msgspec

from services.registry.gateway.body import BATCH_JSON
from services.registry.workers.erasure import ERASURE
from shared import clock
from shared.contracts.base import Fact
from shared.contracts.registry import (
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    EngagementEnded,
    EngagementFact,
    EngagementStarted,
    WorkerErased,
)
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.unit.identity.numbers import make_uscc
from tests.unit.registry.pushes import array, engagement, person

NEWS: tuple[type[EngagementFact], ...] = (
    EngagementStarted,
    EngagementBlocked,
    EngagementActivated,
    EngagementCorrected,
    EngagementEnded,
)


marks = itertools.count(1)


class City:
    """Two platforms of one test's own, and what the registry does about their events."""

    def __init__(self, registry: Harness, mark: int) -> None:
        self.registry = registry
        self.one, self.other = make_uscc(f"MA{mark:05}X1"), make_uscc(f"MA{mark:05}X2")
        self.somebody, self.somebody_else = person(mark * 2 % 1000), person((mark * 2 + 1) % 1000)

    async def push(self, *events: dict[str, Any]) -> None:
        for event in events:
            platform = event["source"].removeprefix("/platforms/")
            headers = {"Content-Type": BATCH_JSON, **bearer("platform", uscc=platform)}
            answer = await self.registry.http.post("/v1/platform-events", content=array(event), headers=headers)
            assert answer.json().get("accepted") == 1, answer.text
            await self._taken(f"registry.intake|{event['source']}|{event['id']}")

    async def _taken(self, mark: str) -> None:
        inbox = storage().collection("inbox")
        await eventually(lambda: inbox.find_one({"_id": mark}))

    async def erased(self, *workers: str) -> None:
        """Let it be over how long people are kept of whom something long past was told just now."""
        timers = storage().collection("timers")
        for worker in workers:
            due = {"_id": f"{ERASURE}:{worker}"}
            await eventually(lambda due=due: timers.find_one(due))  # type: ignore[misc]
            await timers.update_one(due, {"$set": {"due_at": clock.now()}})

            async def gone(worker: str = worker) -> bool:
                return worker in [fact.worker_id for fact in await self.registry.told(WorkerErased)]

            await eventually(gone)
        await self.registry.settled()

    def start(self, **fields: Any) -> dict[str, Any]:
        return engagement(**{"platform": self.one, "id_number": self.somebody, **fields})

    async def told(self, platform: str | None = None) -> list[EngagementFact]:
        """What was told of a platform's engagements, in order."""
        wanted = {"topic": "registry.engagement"}
        rows = await storage().collection("outbox").find(wanted).sort("_id", 1).to_list(None)
        by_type: dict[str, type[Fact]] = {fact.TYPE: fact for fact in NEWS}
        facts = [_decode(by_type[row["type"]], row["data"]) for row in rows if row["type"] in by_type]
        return [fact for fact in facts if fact.platform == (platform or self.one)]

    async def news(self, platform: str | None = None) -> list[str]:
        return [type(fact).__name__.removeprefix("Engagement") for fact in await self.told(platform)]

    async def listed(self, **asked: str) -> list[dict[str, Any]]:
        answer = await self.get("/v1/engagements", params={"platform": self.one, **asked})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def get(
        self, path: str, params: dict[str, str] | None = None, officer: dict[str, str] | None = None
    ) -> httpx2.Response:
        headers = bearer("officer", **officer) if officer else self.registry.officer
        return await self.registry.http.get(path, params=params, headers=headers)

    async def worker(self, of: str | None = None) -> str:
        [item] = (await self.get("/v1/engagements", params={"platform": of or self.one})).json()["items"]
        worker_id: str = item["worker_id"]
        return worker_id

    async def join(self, union: str, worker_id: str, *share: str) -> None:
        """Put a union of the whole city on file for which `union` (a token's subject) acts, and let a worker join it and share
        sections of their dossier with it."""
        http, scope = self.registry.http, {"districts": ["510600"]}
        body = {"name": f"工会{union}", "district": "510600", "officers": [union], "scope": scope}
        founded = await http.post("/v1/unions", json=body, headers=self.registry.officer)
        assert founded.status_code == 201, founded.text
        path, member = f"/v1/unions/{founded.json()['union_id']}/members", {"worker_id": worker_id}
        asked = await http.post(path, json=member, headers=self.registry.headers("union", sub=union))
        assert asked.status_code == 201, asked.text
        path = f"/v1/memberships/{asked.json()['membership_id']}/confirmation"
        own = self.registry.headers("worker", worker_id=worker_id) | {"If-Match": asked.headers["etag"]}
        assert (await http.post(path, json={"share": share}, headers=own)).is_success


def _decode(fact: type[Fact], data: bytes) -> Any:
    return msgspec.json.decode(data, type=fact)
