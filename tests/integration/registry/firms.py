"""Enterprises, licences and cooperations of one test."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import httpx2

from shared import clock
from shared.contracts.registry import (
    CooperationEnded,
    CooperationFact,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
)
from shared.policy.calendar import shanghai_date
from tests.harness import Harness, bearer, eventually
from tests.unit.identity.numbers import make_uscc

_serial = itertools.count(1)

NEWS: dict[type[CooperationFact], str] = {
    CooperationRecorded: "recorded",
    CooperationUnlicensed: "unlicensed",
    CooperationRelicensed: "relicensed",
    CooperationEnded: "ended",
}


class Firms:
    """A platform, a partner firm and a dispatch agency, on file and without licences."""

    def __init__(self, registry: Harness) -> None:
        self.registry, self.http = registry, registry.http
        self.platform, self.partner, self.agency = (make_uscc(f"C{next(_serial):08}") for _ in range(3))
        self.today = shanghai_date(clock.now())

    def day(self, count: int) -> str:
        return str(self.today + dt.timedelta(days=count))

    async def on_file(self) -> None:
        for uscc, kind in (
            (self.platform, "platform"),
            (self.partner, "partner"),
            (self.agency, "dispatch_agency"),
        ):
            filing = {"name": "试样", "kinds": [kind], "industries": ["courier"], "contact_phone": "13700000002"}
            answer = await self.http.put(f"/v1/enterprises/{uscc}", json=filing, headers=self.registry.officer)
            assert answer.status_code == 200, answer.text

    async def licence(self, kind: str, valid_from: str, valid_to: str | None, **changes: Any) -> httpx2.Response:
        uscc = changes.pop("uscc", self.partner)
        caller = changes.pop("caller", self.registry.officer)
        body = {"kind": kind, "number": f"许{kind}1号", "valid_from": valid_from, "valid_to": valid_to, **changes}
        answer: httpx2.Response = await self.http.post(f"/v1/enterprises/{uscc}/licences", json=body, headers=caller)
        return answer

    async def licensed(self, courier_until: int | None = 300) -> dict[str, Any]:
        """The partner with what a courier's needs; answers the courier licence."""
        assert (await self.licence("business", "2020-01-01", None)).status_code == 201
        until = None if courier_until is None else self.day(courier_until)
        answer = await self.licence("courier", "2020-01-01", until, industries=["courier"])
        assert answer.status_code == 201, answer.text
        return {**answer.json(), "etag": answer.headers["etag"]}

    async def cooperate(self, caller: dict[str, str] | None = None, **changes: Any) -> httpx2.Response:
        body = {
            "platform": self.platform,
            "partner": self.partner,
            "form": "outsourcing",
            "industry": "courier",
            "starts_on": self.day(-30),
        }
        own = self.registry.headers("platform", uscc=self.platform)
        answer: httpx2.Response = await self.http.post("/v1/cooperations", json=body | changes, headers=caller or own)
        return answer

    async def change(self, path: str, body: dict[str, Any], etag: str) -> httpx2.Response:
        answer: httpx2.Response = await self.http.post(
            path, json=body, headers={**self.registry.officer, "If-Match": etag}
        )
        return answer

    async def read(self, cooperation_id: str) -> dict[str, Any]:
        own = bearer("platform", uscc=self.platform)
        found: dict[str, Any] = (await self.http.get(f"/v1/cooperations/{cooperation_id}", headers=own)).json()
        return found

    async def becomes(self, cooperation_id: str, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            found = await self.read(cooperation_id)
            return found if found["state"] == state else None

        return await eventually(look)

    async def news(self) -> list[str]:
        told = [event for fact in NEWS for event in await self.registry.told_events(fact)]
        own = [event for event in told if event.data.platform == self.platform]
        return [NEWS[type(event.data)] for event in sorted(own, key=lambda event: event.id)]
