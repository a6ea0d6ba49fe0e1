"""A union of one test's own, its workers and its stations."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer

_serial = itertools.count(1)


ALL_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]


def today() -> dt.date:
    return shanghai_date(dt.datetime.now(dt.UTC))


@dataclass
class Hall:
    """A union of one test's own, somewhere on the map where no other test has a station."""

    registry: Harness
    number: int = field(default_factory=lambda: next(_serial))

    @property
    def union(self) -> dict[str, str]:
        return bearer("union", name=f"hall-{self.number}")

    @property
    def latitude(self) -> float:
        return 30.0 + self.number

    def worker(self, worker_id: str = "w") -> dict[str, str]:
        return bearer("worker", worker_id=f"{worker_id}-{self.number}")

    async def send(
        self, who: dict[str, str], method: str, path: str, body: Any, *, seen: str | None = None, status: int = 200
    ) -> dict[str, Any]:
        headers = {**who, "Idempotency-Key": new_id(), **({"If-Match": seen} if seen else {})}
        answer = await self.registry.http.request(method, f"/v1{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def founded(self, **scope: Any) -> str:
        body = {
            "name": f"试样工会{self.number}",
            "district": "510603",
            "officers": [f"union:hall-{self.number}"],
            "scope": {"districts": ["510603"]} | scope,
        }
        return str((await self.send(self.registry.officer, "POST", "/unions", body, status=201))["union_id"])

    async def station(
        self, union_id: str, *, metres_north: float = 0, status: int = 201, **changes: Any
    ) -> dict[str, Any]:
        body = {
            "union_id": union_id,
            "kind": "couriers_station",
            "name": "小哥驿站",
            "district": "510603",
            "address": "某路1号",
            "longitude": 104.4,
            "latitude": self.latitude + metres_north / 111_195,
            "hours": ALL_DAY,
            "facilities": ["drinking_water", "phone_charging"],
        }
        return await self.send(self.union, "POST", "/stations", body | changes, status=status)

    async def near(self, **asked: Any) -> list[tuple[str, int]]:
        params = {"longitude": 104.4, "latitude": self.latitude} | asked
        answer = await self.registry.http.get("/v1/stations/near", params=params, headers=self.worker())
        assert answer.status_code == 200, answer.text
        return [(item["station_id"], item["metres"]) for item in answer.json()]
