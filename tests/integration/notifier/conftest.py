"""The notifier between the real broker and database and the sandbox gateways, which tell their receipts back to it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import math
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import uvicorn
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local import child
from services.notifier.app import service
from services.notifier.gateways import connection
from services.notifier.notices.table import TEMPLATES
from services.notifier.providers import commands as providers
from services.notifier.providers.rules import Shares
from shared.storage.client import storage
from tests.harness import Harness, eventually, running
from tests.processes import NONE_KEPT, sandbox

RECEIPT_SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
RECEIPT_TOKEN = "a-token-of-tencents"
PROJECT = Path(__file__).parents[3]


class Door:
    """The notifier's address on loopback, where the sandboxes bring their receipts."""

    def __init__(self) -> None:
        self.port = child.free_port()
        self.inside: httpx2.AsyncClient | None = None

    async def pass_on(self, request: Request) -> Response:
        if self.inside is None:
            return Response(status_code=503)
        body, headers = await request.body(), dict(request.headers)
        answer = await self.inside.post(request.url.path, content=body, headers=headers)
        return Response(answer.content, answer.status_code)


@asynccontextmanager
async def open_door(door: Door) -> AsyncIterator[None]:
    app = Starlette(routes=[Route("/{path:path}", door.pass_on, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=door.port, log_level="warning"))
    task = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await task


@dataclass
class World:
    """The running notifier and the gateways around it: two SMS providers, the push service and a mail server."""

    notifier: Harness
    sms: httpx2.AsyncClient
    tencent: httpx2.AsyncClient
    push: httpx2.AsyncClient
    mail: httpx2.AsyncClient

    def go_by(self, share: int) -> None:
        """Have so many of a hundred messages go by Alibaba Cloud from now on, until the next test."""
        state = providers.opened()
        state.shares, state.read_at, state.looked_at = Shares(share), math.inf, math.inf

    async def behave(self, gateway: httpx2.AsyncClient, **behaviour: int | str) -> None:
        (await gateway.post("/sandbox/behaviour", json=behaviour)).raise_for_status()

    async def texts(self, phone: str) -> list[str]:
        """What a phone has been sent, in order."""
        answer = await self.sms.get("/sandbox/messages", params={"phone": phone})
        return [message["text"] for message in answer.json()]

    async def asked(self, phone: str) -> list[str]:
        """By whom a phone has been sent messages, in order."""
        answer = await self.sms.get("/sandbox/messages", params={"phone": phone})
        return [message["provider"] for message in answer.json()]

    async def calls(self, gateway: httpx2.AsyncClient) -> int:
        """How often a gateway was called so far."""
        return int((await gateway.get("/sandbox/counts")).json().get("calls", 0))

    async def pushes(self, device_token: str) -> list[dict[str, Any]]:
        """What a device has been sent, in order."""
        answer = await self.push.get("/sandbox/messages", params={"device_token": device_token})
        pushed: list[dict[str, Any]] = answer.json()
        return pushed

    async def mails(self, address: str) -> list[dict[str, Any]]:
        """What an address has been sent, in order."""
        answer = await self.mail.get("/sandbox/messages", params={"to": address})
        sent: list[dict[str, Any]] = answer.json()
        return sent

    async def deliveries(self, worker_id: str, **query: str) -> list[dict[str, Any]]:
        """A worker's deliveries, as the worker sees them, the latest first."""
        headers = self.notifier.headers("worker", worker_id=worker_id)
        answer = await self.notifier.http.get("/v1/deliveries", headers=headers, params=query)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def told(self, delivery: dict[str, Any]) -> list[str]:
        """What the notifier published of a delivery, in order."""
        rows = await storage().collection("outbox").find({"key": delivery["id"]}).sort("_id", 1).to_list(None)
        return [row["type"].split(".")[-2] for row in rows]

    async def give_receipt(
        self, *receipts: dict[str, object], path: str = "/v1/sms-receipts", secret: str = RECEIPT_SECRET
    ) -> httpx2.Response:
        body, now, number = json.dumps(receipts), dt.datetime.now(dt.UTC), str(uuid.uuid4())
        headers = {
            "webhook-id": number,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(number, now, body),
        }
        return await self.notifier.http.post(path, content=body.encode(), headers=headers)

    async def ended(self, worker_id: str, state: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until so many of a worker's deliveries have come to a state; gives all of them."""

        async def look() -> list[dict[str, Any]]:
            found = await self.deliveries(worker_id)
            return found if [item["state"] for item in found].count(state) == count else []

        return await eventually(look)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def everything(mongo_uri: str, kafka_bootstrap: str, module_directory: Path) -> AsyncIterator[World]:
    door = Door()
    receipts = {"RECEIPT_SECRET": RECEIPT_SECRET}
    keys = {"SMS_ACCESS_KEY_ID": "key-id", "SMS_ACCESS_KEY_SECRET": "key-secret"}
    numbers = module_directory / "tencent.yaml"
    numbers.write_text("".join(f"{code}: {number}\n" for number, code in enumerate(TEMPLATES, 1_000_000)))
    tencent_account = {
        "TENCENT_SMS_SECRET_ID": "tencent-id",
        "TENCENT_SMS_SECRET_KEY": "tencent-key",
        "TENCENT_SMS_APP_ID": "1400006666",
        "TENCENT_SMS_TEMPLATES": str(numbers),
        "TENCENT_SMS_RECEIPT_TOKEN": RECEIPT_TOKEN,
    }
    reports = f"http://127.0.0.1:{door.port}/v1/sms-receipts/tencent"
    texts = {"SMS_TEMPLATES": str(PROJECT / "services" / "notifier" / "notices")}
    sms_settings = receipts | keys | texts | {"RECEIPT_URL": f"http://127.0.0.1:{door.port}/v1/sms-receipts"}
    sms_settings |= tencent_account | {"TENCENT_RECEIPT_URL": reports}
    push_settings = receipts | {
        "PUSH_SECRET": "push-secret",
        "RECEIPT_URL": f"http://127.0.0.1:{door.port}/v1/push-receipts",
    }
    smtp_port = child.free_port()
    account = {"SMTP_USER": "xindun", "SMTP_PASSWORD": "mail-secret"}
    mail_settings = account | {"MAILBOX_SMTP_PORT": str(smtp_port)}
    with pytest.MonkeyPatch.context() as patch:
        async with (
            open_door(door),
            sandbox("sms", module_directory, sms_settings) as sms,
            sandbox("push", module_directory, push_settings) as push,
            sandbox("mailbox", module_directory, mail_settings) as mail,
            httpx2.AsyncClient(base_url=f"{sms.base_url}/tencent", timeout=5, limits=NONE_KEPT) as tencent,
        ):
            told = {"SMS_URL": str(sms.base_url), "PUSH_URL": str(push.base_url), "PUSH_SECRET": "push-secret"}
            # what is not about two providers goes by one
            told |= {"TENCENT_SMS_URL": str(tencent.base_url), "SMS_RESTING_SHARE": "100"}
            told |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(smtp_port), "SMTP_TLS": "none"}
            told |= account | {"SMTP_FROM": "xindun@example.com"}
            for name, value in (receipts | keys | tencent_account | told).items():
                patch.setenv(name, value)
            patch.setattr(connection, "UNSURE_SECONDS", 0.6)
            patch.setenv("SETTLING_SECONDS", "0")
            patch.setenv("QUIET_HOURS", "off")
            patch.setenv("WEBHOOK_ALLOW_HOSTS", "127.0.0.1")
            async with running(service, mongo_uri, kafka_bootstrap, module_directory) as notifier:
                door.inside = notifier.http
                yield World(notifier, sms, tencent, push, mail)
                door.inside = None


@pytest_asyncio.fixture(loop_scope="session")
async def world(everything: World) -> World:
    """The world, with gateways that behave and lines that are sound."""
    providers.forget()
    await everything.behave(everything.sms)
    await everything.behave(everything.tencent)
    await everything.behave(everything.push)
    await everything.behave(everything.mail)
    return everything
