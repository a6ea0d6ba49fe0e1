"""What a test asks and says of a person's record."""

from __future__ import annotations

from typing import Any

import httpx2

from services.registry.workers.documents import Identity
from shared.contracts.registry import WorkerRegistered
from shared.storage.client import collection_of
from shared.storage.encryption import open_sealed
from tests.harness import bearer
from tests.integration.registry.city import City


async def record(city: City, worker_id: str) -> httpx2.Response:
    return await city.get(f"/v1/workers/{worker_id}", {"unmasked": "true"})


async def own(city: City, method: str, path: str, worker_id: str, **request: Any) -> httpx2.Response:
    headers = city.registry.headers("worker", worker_id=worker_id) | request.pop("headers", {})
    return await city.registry.http.request(method, f"/v1/workers/me{path}", headers=headers, **request)


async def identities(worker_id: str) -> set[str]:
    rows = await collection_of(Identity).find({"worker_id": worker_id}).to_list(None)
    return {row["_id"] for row in rows}


async def phones_told(city: City, worker: str) -> list[str]:
    """The phones that the notifier was told for a person, in order."""
    told = [fact for fact in await city.registry.told(WorkerRegistered) if fact.worker_id == worker]
    return [open_sealed("notifier", fact.for_notifier)["phone"] for fact in told]


async def officers_word(city: City, worker: str, what: str, said: str, **who: str) -> httpx2.Response:
    etag = (await city.get(f"/v1/workers/{worker}")).headers["etag"]
    headers = bearer("officer", **who) if who else city.registry.officer
    body = {what: said, "reason": "本人到窗口出示"}
    return await city.registry.http.put(f"/v1/workers/{worker}/{what}", json=body, headers=headers | {"If-Match": etag})
