"""Platforms' own servers, which hear of events by webhooks: written after Standard Webhooks, with its published library."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest_asyncio
import uvicorn
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local import child
from services.notifier.webhooks import commands
from shared import clock
from shared.contracts import catalogue
from shared.contracts.base import Fact
from shared.ids import new_id
from shared.storage.client import Row, storage
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

GOLDEN = Path(__file__).parents[3] / "contract" / "golden"


def fact(name: str, **changed: Any) -> Fact:
    """An event as it was published once, with other values."""
    value = json.loads((GOLDEN / f"cn.deyang.{name}.json").read_text("utf-8"))["value"]
    return msgspec.convert({**value, **changed}, catalogue[f"cn.deyang.{name}"])


@dataclass
class Hook:
    """One address of a platform's server. `answers` are given one after the other; then, and to challenges, it is content.

    `secret` is what it verifies with; what it cannot verify it answers with 401.
    """

    url: str
    secret: str = ""
    echoes: bool = True
    answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    gate: asyncio.Event | None = None
    got: list[dict[str, Any]] = field(default_factory=list)
    """The events that it took or refused by `answers`, each with its `webhook-id`; challenges are not among them."""
    taken: list[str] = field(default_factory=list)
    """The ids of the events that it took."""
    challenges: int = 0
    last: tuple[bytes, dict[str, str]] = (b"", {})

    def numbers(self, name: str = "outstanding") -> list[str]:
        """A field of every event that came, in order."""
        return [event["data"][name] for event in self.got]

    @property
    def ids(self) -> list[str]:
        return [event["webhook-id"] for event in self.got]


class Receiver:
    """A server with an address for each `Hook`."""

    def __init__(self, port: int) -> None:
        self.port, self.hooks = port, dict[str, Hook]()

    def hook(self) -> Hook:
        name = new_id()
        self.hooks[name] = Hook(f"http://127.0.0.1:{self.port}/{name}")
        return self.hooks[name]

    async def take(self, request: Request) -> Response:
        hook, body, headers = self.hooks[request.path_params["name"]], await request.body(), dict(request.headers)
        try:
            event = Webhook(hook.secret).verify(body, headers)
        except (WebhookVerificationError, ValueError):
            return Response(status_code=401)
        if event["type"] == "webhook.challenge":
            hook.challenges += 1
            return Response(json.dumps({"token": event["data"]["token"] if hook.echoes else "something else"}))
        hook.got.append({**event, "webhook-id": headers["webhook-id"]})
        hook.last = body, headers
        if hook.gate is not None:
            await hook.gate.wait()
        status, said = hook.answers.popleft() if hook.answers else (204, {})
        if status < 300:
            hook.taken.append(event["id"])
        return Response(status_code=status, headers=said)


async def quiet(world: World) -> None:
    """Return when everything is done whose time has come: tries that wait for theirs are no matter."""
    before: list[int] = []

    async def look() -> bool:
        backlog = await world.notifier.process.backlog()
        before.append(backlog.handled)
        return not (backlog.outbox + backlog.lag + backlog.due) and before[-2:-1] == before[-1:]

    await eventually(look)


@dataclass
class Platform:
    """A platform with a webhook."""

    world: World
    hook: Hook
    uscc: str
    id: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return self.world.notifier.headers("platform", uscc=self.uscc)

    async def register(self, types: list[str] | None = None) -> None:
        """Register the hook, and wait until it is in use."""
        body: dict[str, Any] = {"url": self.hook.url, "types": types}
        answer = await self.world.notifier.http.post("/v1/webhooks", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        self.id, self.hook.secret = answer.json()["id"], answer.json()["secret"]
        await self.stands("active")

    async def read(self) -> dict[str, Any]:
        answer = await self.world.notifier.http.get(f"/v1/webhooks/{self.id}", headers=self.headers)
        assert answer.status_code == 200
        return {**answer.json(), "etag": answer.headers["etag"]}

    async def stands(self, state: str) -> dict[str, Any]:
        """The webhook, when it is in a state."""

        async def look() -> dict[str, Any] | None:
            found = await self.read()
            return found if found["state"] == state else None

        return await eventually(look)

    async def attempts(self) -> list[dict[str, Any]]:
        """Every try, the latest first."""
        answer = await self.world.notifier.http.get(f"/v1/webhooks/{self.id}/attempts", headers=self.headers)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def tried(self, reason: str, times: int = 1) -> list[dict[str, Any]]:
        """Every try, when so many have ended so."""

        async def look() -> list[dict[str, Any]] | None:
            found = await self.attempts()
            return found if [one["reason"] for one in found].count(reason) >= times else None

        return await eventually(look)

    async def billed(self, *outstanding: str, bill: str = "bill-1", ids: tuple[str, ...] = ()) -> None:
        """Events of one bill, one after the other, told apart by what is owed."""
        for number, amount in enumerate(outstanding):
            near = fact("insurance.bill.due_near.v1", platform=self.uscc, bill_id=bill, outstanding=amount)
            await self.world.notifier.publish(near, event_id=ids[number] if ids else None)

    async def got(self, count: int) -> None:
        """Wait until the hook got so many events."""

        async def look() -> bool:
            return len(self.hook.got) >= count

        await eventually(look)

    async def waiting(self, kind: str = commands.SEND.name) -> Row:
        """The try that waits for its time."""

        async def look() -> Row | None:
            wanted = {"kind": kind, "key": {"$regex": f"^{self.id}"}, "holder": None, "due_at": {"$gt": clock.now()}}
            found: Row | None = await storage().collection("timers").find_one(wanted)
            return found

        return await eventually(look)

    async def bring_forward(self, kind: str = commands.SEND.name, *, since: dt.timedelta | None = None) -> None:
        """Let the time of the waiting try come; `since`: as though its trouble had begun so long ago."""
        row, change = await self.waiting(kind), {"due_at": clock.now()}
        if since is not None:
            data = {**row["data"], "since": (clock.now() - since).isoformat()}
            await storage().collection("timers").update_one({"_id": row["_id"]}, {"$set": {"data": data}})
        await storage().collection("webhooks").update_one({"_id": self.id}, {"$set": {"rests_until": None}})
        await storage().collection("timers").update_one({"_id": row["_id"]}, {"$set": change})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def receiver() -> AsyncIterator[Receiver]:
    taking = Receiver(child.free_port())
    app = Starlette(routes=[Route("/{name}", taking.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=taking.port, log_level="warning"))
    task = asyncio.create_task(server.serve())
    try:
        yield taking
    finally:
        for hook in taking.hooks.values():  # a test that failed may have left one shut
            if hook.gate is not None:
                hook.gate.set()
        server.should_exit = True
        await task


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def soon() -> AsyncIterator[None]:
    """Challenges come soon: the tests have their secrets at hand at once."""
    before, commands.CHALLENGE_AFTER = commands.CHALLENGE_AFTER, dt.timedelta(seconds=0.2)
    yield
    commands.CHALLENGE_AFTER = before


@pytest_asyncio.fixture(loop_scope="session")
async def platform(world: World, receiver: Receiver) -> Platform:
    """A platform whose webhook is not registered yet."""
    return Platform(world, receiver.hook(), Person().platform)


def by_reason(attempts: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in attempts:
        found[one["reason"]] += 1
    return dict(found)
