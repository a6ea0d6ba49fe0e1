"""The whole system as those see it who use it: over HTTP, with tokens, and nothing else."""

from __future__ import annotations

import datetime as dt
import itertools
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec
from aiokafka import AIOKafkaProducer

from shared import clock
from shared.contracts.base import Fact
from shared.ids import new_id
from shared.messaging.broker import Record, publish
from shared.messaging.envelope import headers_of
from tests.end_to_end.logs import personal
from tests.harness import eventually
from tests.unit.identity.numbers import make, make_uscc

_serial = itertools.count(100)


def new_id_number() -> str:
    """A synthetic id number that no other test uses."""
    serial = next(_serial)
    return make("510603", dt.date(1990, 1, 1) + dt.timedelta(days=serial), serial % 1000)


def new_platform() -> str:
    """A credit code that no other test uses."""
    return make_uscc(f"MA{next(_serial):07d}")


MOST_READINGS = 10
"""A step is not tried more often on what others change."""


class ChangedMeanwhileError(AssertionError):
    """What was read is no longer as it stands."""


@dataclass
class City:
    """A running stack. Callers are `officer` (labour department, whole city), `officer@<district>`,
    `officer@<district>/<department>`, `worker:<id>`, `platform:<credit code>`, `union:<name>`, `operator:<name>` and
    `provincial`.
    `kafka` is the broker's address, for what no service says over HTTP yet. `personal`: what was sent of people.
    """

    http: httpx2.AsyncClient
    urls: Mapping[str, str]
    secret: str
    kafka: str = ""
    personal: set[str] = field(default_factory=set)
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    async def call(
        self, caller: str, service: str, method: str, path: str, *, expect: int | None = None, **request: Any
    ) -> Any:
        """The JSON of an answer (its content where it is none). `expect`: its status; any 2xx where none is given."""
        headers = {"authorization": f"Bearer {await self._token(caller)}", "idempotency-key": str(uuid.uuid4())}
        headers |= request.pop("headers", {})
        self.personal.update(personal(request.get("json")))
        answer = await self.http.request(method, self.urls[service] + path, headers=headers, **request)
        if answer.status_code == 412 and expect != 412:
            raise ChangedMeanwhileError(f"{method} {path}")
        right = answer.is_success if expect is None else answer.status_code == expect
        assert right, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    async def get(self, caller: str, service: str, path: str, **request: Any) -> Any:
        return await self.call(caller, service, "GET", path, **request)

    async def etag(self, caller: str, service: str, path: str) -> str:
        """The `ETag` of what a caller reads."""
        headers = {"authorization": f"Bearer {await self._token(caller)}"}
        answer = await self.http.get(self.urls[service] + path, headers=headers)
        assert answer.is_success, f"GET {path}: {answer.status_code} {answer.text[:500]}"
        return str(answer.headers["etag"])

    async def post(self, caller: str, service: str, path: str, json: Any = None, **request: Any) -> Any:
        return await self.call(caller, service, "POST", path, json=json, **request)

    async def step(
        self,
        caller: str,
        service: str,
        path: str,
        name: str,
        json: Any = None,
        *,
        method: str = "POST",
        reader: str = "",
        read_at: str = "",
        **request: Any,
    ) -> Any:
        """A step with what stands at `path`, as `reader` sees it (the caller, where none is named; at `read_at`, where
        that is another place). As people do, it is read again where it changed meanwhile."""
        for _ in range(MOST_READINGS):
            seen = {"if-match": await self.etag(reader or caller, service, read_at or path)}
            try:
                return await self.call(caller, service, method, f"{path}/{name}", json=json, headers=seen, **request)
            except ChangedMeanwhileError:
                continue
        raise AssertionError(f"{path} changed each time it was read")

    async def push(self, platform: str, *events: dict[str, Any]) -> None:
        """Push a platform's events; fails where one is rejected."""
        answer = await self.call(
            f"platform:{platform}",
            "registry",
            "POST",
            "/v1/platform-events",
            json=list(events),
            headers={"content-type": "application/cloudevents-batch+json"},
        )
        assert answer["rejected"] == []

    async def engagement_of(self, platform: str, worker_ref: str) -> dict[str, Any]:
        """The engagement of a platform's worker, once the registry has it."""

        async def look() -> dict[str, Any] | None:
            path = f"/v1/engagements?platform={platform}&worker_ref={worker_ref}"
            items = (await self.get("officer", "registry", path))["items"]
            return items[-1] if items else None

        return await eventually(look, 40)

    async def union_of(self, name: str, officer: str) -> str:
        """The id of a union of the whole city and every trade, for which `officer` acts; put on file at its first use."""
        known = (await self.get("officer", "registry", "/v1/unions?limit=500"))["items"]
        found = next((one["union_id"] for one in known if one["name"] == name), None)
        if found is None:
            body = {"name": name, "district": "510600", "officers": [officer], "scope": {"districts": ["510600"]}}
            found = (await self.post("officer@510600/union", "registry", "/v1/unions", body))["union_id"]
        return str(found)

    async def lead(self, kind: str, platform: str, officer: str = "officer@510603", **wanted: Any) -> dict[str, Any]:
        """The lead of a kind on an enterprise in full, once an officer finds it and its finding says all that is `wanted`."""

        async def look() -> dict[str, Any] | None:
            items = (await self.get(officer, "complaints", f"/v1/leads?kind={kind}&platform={platform}&limit=500"))[
                "items"
            ]
            fits = [one for one in items if wanted.items() <= one["finding"].items()]
            return fits[0] if fits else None

        found = await eventually(look, 60)
        detail: dict[str, Any] = await self.get(officer, "complaints", f"/v1/leads/{found['lead_id']}")
        return detail

    async def tell(self, service: str, fact: Fact) -> None:
        """What a service says by itself only at a time to come."""
        headers = headers_of(new_id(), f"/services/{service}", fact.TYPE, clock.now())
        async with AIOKafkaProducer(bootstrap_servers=self.kafka) as producer:
            await publish(producer, [Record(fact.TOPIC.name, fact.key().encode(), msgspec.json.encode(fact), headers)])

    async def settled(self, *services: str) -> None:
        """Return when these services have told and heard everything, two looks running."""

        async def busy() -> tuple[int, int]:
            found = [await self.get("operator:test", service, "/v1/backlog") for service in services]
            return sum(one["outbox"] + one["lag"] for one in found), sum(one["handled"] for one in found)

        before: tuple[int, int] | None = None

        async def quiet() -> bool:
            nonlocal before
            now, last = await busy(), before
            before = now
            return now[0] == 0 and now == last

        await eventually(quiet, 60)

    async def _token(self, caller: str) -> str:
        token, until = self._tokens.get(caller, ("", 0.0))
        if time.monotonic() < until:
            return token
        who, _, place = caller.partition("@")
        form = {"grant_type": "client_credentials", "client_id": who, "client_secret": self.secret}
        if who == "officer":
            district, _, department = place.partition("/")
            form |= {"client_id": f"officer:test-{place or 'city'}".replace("/", "-")}
            form |= {"district": district or "510600", "department": department or "hrss"}
        answer = await self.http.post(f"{self.urls['issuer']}/oauth2/token", data=form)
        assert answer.is_success, answer.text
        given = answer.json()
        self._tokens[caller] = (given["access_token"], time.monotonic() + given["expires_in"] - 60)
        return str(given["access_token"])
