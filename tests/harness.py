"""Runs one service inside a test, against the real embedded servers, with tokens from an issuer of its own."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import msgspec
from joserfc import jws
from joserfc.jwk import ECKey, KeySet
from prometheus_client.parser import text_string_to_metric_families

from shared import clock
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.platform import NATURAL_KEY, record_key
from shared.ids import new_id
from shared.messaging.broker import Record, publish
from shared.messaging.envelope import headers_of
from shared.running import Running
from shared.service import Process, Service
from shared.settings import KafkaSettings, Settings
from shared.storage.client import storage
from tests.watching.queries import answering, sent_by, watch

ISSUER, AUDIENCE = "http://issuer.test", "xindun"
METRICS_TOKEN = "scrape-me"
SESSION_SECONDS = 3.0
"""Short, so that a group begins soon on the embedded broker."""
RINGS = (
    *("storage", "index", "for-registry", "for-insurance", "for-notifier", "for-notifier-kin", "for-notifier-provider"),
    "for-subsidies",
)

F = TypeVar("F", bound=Fact)
T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T | None]], seconds: float = 60.0) -> T:
    """The first truthy value that `look` gives, asked again and again; fails after `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = await look()
                if found:
                    return found
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"did not come about within {seconds} s") from None


@cache
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": "ES256"})


def token(
    role: str, claims: Mapping[str, Any], *, lifetime: float = 600, key: ECKey | None = None, kid: str = "test"
) -> str:
    """A signed token: `token("officer", {"department": "hrss", "district": "510600"})`."""
    now = int(time.time())
    named = "-".join(value for value in claims.values() if isinstance(value, str) and value.isprintable())
    body = {"iss": ISSUER, "aud": AUDIENCE, "sub": f"{role}:{named}"[:100], "role": role}
    payload = json.dumps({**body, **claims, "iat": now, "exp": now + int(lifetime)})
    # as JSON it is, so that a test may claim what no honest issuer would
    return jws.serialize_compact({"alg": "ES256", "kid": kid}, payload, key or signing_key(), ["ES256"])


def bearer(role: str, **claims: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(role, claims)}"}


OFFICER: Mapping[str, str] = {"department": "hrss", "district": "510600"}


@asynccontextmanager
async def key_server() -> AsyncIterator[str]:
    """Serves the issuer's public key over HTTP on loopback; yields the address."""
    body = json.dumps(KeySet([signing_key()]).as_dict(private=False)).encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"


def write_keys(path: Path) -> Path:
    """A key file with every ring."""
    rings = {name: {"current": "k1", "keys": {"k1": base64.b64encode(os.urandom(32)).decode()}} for name in RINGS}
    path.write_text(json.dumps({"rings": rings}))
    return path


def make_settings(
    mongo_uri: str, kafka: str | KafkaSettings, jwks_url: str, keys_file: Path, database: str | None = None
) -> Settings:
    return Settings(
        mongo_uri=mongo_uri,
        mongo_database=database or f"test_{uuid.uuid4().hex[:12]}",
        kafka=KafkaSettings(kafka, session_seconds=SESSION_SECONDS) if isinstance(kafka, str) else kafka,
        keys_file=keys_file,
        issuer=ISSUER,
        jwks_url=jwks_url,
        audience=AUDIENCE,
        http_host="127.0.0.1",
        http_port=0,
        log_level="warning",
        metrics_token=METRICS_TOKEN,
    )


@dataclass
class Harness:
    """A running service and the ways to it."""

    process: Process
    running: Running
    http: httpx2.AsyncClient

    def headers(self, role: str, **claims: str) -> dict[str, str]:
        """A bearer token and a fresh idempotency key."""
        return {**bearer(role, **claims), "Idempotency-Key": new_id()}

    @property
    def officer(self) -> dict[str, str]:
        """Headers of an officer of the whole city."""
        return self.headers("officer", **OFFICER)

    async def publish(
        self, *facts: Fact, source: str = "/services/test", event_id: str | None = None, time: Any = None
    ) -> None:
        """Put events on their topics, as another service or (with a platform's source) the gateway would."""
        records = []
        for fact in facts:
            key = record_key(source.removeprefix("/platforms/"), fact) if type(fact) in NATURAL_KEY else fact.key()
            headers = headers_of(event_id or new_id(), source, fact.TYPE, time or clock.now())
            records.append(Record(fact.TOPIC.name, key.encode(), msgspec.json.encode(fact), headers))
        await publish(self.running.producer, records)

    async def settled(self, seconds: float = 120.0) -> None:
        """Return when the service has finished what it was given."""

        async def quiet() -> int | None:
            backlog = await self.process.backlog()
            busy = backlog.outbox + backlog.lag + backlog.due + sum(backlog.pending.values())
            return None if busy else backlog.handled

        async with asyncio.timeout(seconds):
            before: int | None = None
            while True:
                now = await quiet()
                if now is not None and now == before:
                    return
                before = now
                await asyncio.sleep(0.05)

    async def figure(self, name: str, **labels: str) -> float | None:
        """A figure on the page of metrics, as whoever scrapes it sees it; None where it is not shown."""
        page = await self.http.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
        assert page.status_code == 200, page.text
        found = [
            sample.value
            for family in text_string_to_metric_families(page.text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        assert len(found) <= 1, found
        return found[0] if found else None

    async def told(self, fact: type[F]) -> list[F]:
        """What the service has told of a type, in order."""
        return [event.data for event in await self.told_events(fact)]

    async def told_events(self, fact: type[F]) -> list[CloudEvent[F]]:
        rows = await storage().collection("outbox").find({"type": fact.TYPE}).sort("_id", 1).to_list(None)
        return [
            CloudEvent(
                row["_id"],
                row["source"],
                row["type"],
                row["time"],
                msgspec.json.decode(row["data"], type=fact),
                row["traceparent"],
            )
            for row in rows
        ]


@asynccontextmanager
async def running(
    service: Service,
    mongo_uri: str,
    kafka: str | KafkaSettings,
    directory: Path,
    *,
    role: Any = "all",
    database: str | None = None,
) -> AsyncIterator[Harness]:
    """The service in this process, on a database of its own."""
    async with key_server() as jwks_url:
        keys_file = directory / "keys.json"
        if not keys_file.exists():
            write_keys(keys_file)
        process = Process(service, make_settings(mongo_uri, kafka, jwks_url, keys_file, database), role)
        app = process.app()
        async with _watched(process) as started:
            app.state.running = started
            transport = httpx2.ASGITransport(app=answering(app, service.name), raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://service.test", timeout=30) as http:
                await eventually(lambda: _ready(process), 40)
                yield Harness(process, started, http)


@asynccontextmanager
async def _watched(process: Process) -> AsyncIterator[Running]:
    """The process at work, with an eye on its queries."""
    async with AsyncExitStack() as stack:
        with sent_by(process.service.name):
            started = await stack.enter_async_context(process.running())
        own = storage()  # that of another service which a test runs beside it may take its place
        yield started
        await watch.explain(process.service.name, own)


async def _ready(process: Process) -> bool:
    return not await process.not_ready()
