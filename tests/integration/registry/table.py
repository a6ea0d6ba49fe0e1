"""A bargaining table of one test's own."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer, eventually
from tests.unit.identity.numbers import make_uscc

_serial = itertools.count(1)


def today() -> dt.date:
    return shanghai_date(dt.datetime.now(dt.UTC))


@dataclass
class Table:
    """A bargaining table of one test's own."""

    registry: Harness
    platform: str = field(default_factory=lambda: make_uscc(f"MA{next(_serial):07}"))

    @property
    def union(self) -> dict[str, str]:
        return bearer("union", name="city")

    @property
    def enterprise(self) -> dict[str, str]:
        return bearer("platform", uscc=self.platform)

    async def send(
        self, who: dict[str, str], method: str, path: str, body: Any, *, seen: str | None = None, status: int = 200
    ) -> dict[str, Any]:
        headers = {**who, "Idempotency-Key": new_id(), **({"If-Match": seen} if seen else {})}
        answer = await self.registry.http.request(method, f"/v1{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def read(self, path: str, who: dict[str, str] | None = None) -> dict[str, Any]:
        answer = await self.registry.http.get(f"/v1{path}", headers=who or self.registry.officer)
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def demand(self, **changes: Any) -> dict[str, Any]:
        body = {
            "level": "enterprise",
            "side": "union",
            "workers_side": "试样外卖行业工会",
            "platforms": [self.platform],
            "district": "510603",
            "subjects": ["pay", "algorithms"],
            "demand": "就计件单价与平台算法开展集体协商",
        }
        return await self.send(self.union, "POST", "/consultations", body | changes, status=201)

    async def talking(self) -> dict[str, Any]:
        asked = await self.demand()
        path = f"/consultations/{asked['consultation_id']}/answers"
        body = {"takes_part": True, "text": "同意协商"}
        return await self.send(self.enterprise, "POST", path, body, seen=asked["etag"])

    def text(self, **changes: Any) -> dict[str, Any]:
        text = {
            "number": new_id(),
            "signed_on": (today() - dt.timedelta(40)).isoformat(),
            "valid_from": (today() - dt.timedelta(60)).isoformat(),
            "valid_to": (today() + dt.timedelta(300)).isoformat(),
            "terms": {"hourly_pay": "26.00", "waiting_percent": "10"},
        }
        return text | changes

    async def signed(self, *, status: int = 201, vote: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A contract on file; `vote`: with the vote on its draft."""
        consultation = await self.talking()
        body = self.text(**changes) | {"consultation_id": consultation["consultation_id"], "vote": vote}
        return await self.send(self.union, "POST", "/collective-contracts", body, status=status)

    def vote(self, **changes: Any) -> dict[str, Any]:
        """A vote of a congress of thirty, of which twenty-eight are there and most are in favour."""
        held = {
            "body": "congress",
            "entitled": 30,
            "present": 28,
            "in_favour": 25,
            "against": 2,
            "held_on": (today() - dt.timedelta(80)).isoformat(),
            "minutes_sha256": "ab" * 32,
        }
        return held | changes

    async def filed(self, days_ago: int, **changes: Any) -> dict[str, Any]:
        contract = await self.signed(vote=self.vote(), **changes)
        body = {"received_on": (today() - dt.timedelta(days_ago)).isoformat()}
        path = f"/collective-contracts/{contract['contract_id']}/filing"
        return await self.send(self.registry.officer, "POST", path, body, seen=contract["etag"])

    async def in_state(self, contract_id: str, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found = await self.read(f"/collective-contracts/{contract_id}")
            return found if found["state"] == state else None

        return await eventually(look)


async def found_unions(registry: Harness) -> None:
    """Two unions: one of the whole city, whose scope holds every trade, and one of another district."""
    for name, district in (("city", "510600"), ("guanghan", "510681")):
        scope = {"districts": [district]}
        body = {"name": f"{name}总工会", "district": district, "officers": [f"union:{name}"], "scope": scope}
        assert (await registry.http.post("/v1/unions", json=body, headers=registry.officer)).status_code == 201
