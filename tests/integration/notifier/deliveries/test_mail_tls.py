"""E-mail over STARTTLS: nothing goes to a server whose certificate is not trusted, and a refused login is nobody's address's fault."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from deploy.local import child
from deploy.sandbox.certificate import make_certificate
from services.notifier.deliveries import timers
from services.notifier.gateways import commands as gateways
from services.notifier.gateways.mail import MailGateway
from services.notifier.notices.rules import Message
from services.notifier.recipients import contact_commands as contacts
from services.notifier.recipients.documents import Contact
from services.notifier.settings import MailSettings
from shared.ids import new_id
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.deliveries.test_mail import Desk, ended, tell
from tests.processes import sandbox

ACCOUNT = {"SMTP_USER": "xindun", "SMTP_PASSWORD": "mail-secret"}


@dataclass
class Server:
    """A mail server that speaks only TLS, and what the notifier is set to."""

    world: World
    http: httpx2.AsyncClient
    port: int
    certificate: Path
    patch: pytest.MonkeyPatch

    def use(self, certificate: Path | None = None, password: str = "mail-secret", port: int | None = None) -> None:
        """Have e-mails go out by this server, or by another one at `port`."""
        settings = MailSettings(
            host="127.0.0.1",
            port=port or self.port,
            tls="starttls",
            user="xindun",
            password=password,
            sender="xindun@example.com",
            ca_file=certificate or self.certificate,
        )
        own = dataclasses.replace(gateways.gateways(), mail=MailGateway(settings))
        self.patch.setattr(gateways, "_gateways", own)

    async def mails(self, address: str) -> int:
        return len((await self.http.get("/sandbox/messages", params={"to": address})).json())

    async def faults(self, fault: str) -> float:
        return await self.world.notifier.figure("xindun_notifier_mail_faults_total", fault=fault) or 0.0

    async def held_up(self, delivery_id: str) -> None:
        """Wait until a delivery was tried, and waits for its next try."""

        async def put_off() -> bool:
            left = {"key": delivery_id, "holder": None, "attempts": {"$gte": 1}}
            return await storage().collection("timers").find_one(left) is not None

        await eventually(put_off)


@pytest_asyncio.fixture
async def server(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    port, certificate = child.free_port(), tmp_path / "mailbox.pem"
    settings = ACCOUNT | {"MAILBOX_SMTP_PORT": str(port), "MAILBOX_CERTIFICATE": str(certificate)}
    async with sandbox("mailbox", tmp_path, settings) as http:
        yield Server(world, http, port, certificate, monkeypatch)


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """The certificate of another server."""
    make_certificate(tmp_path / "strange.pem")
    return tmp_path / "strange.pem"


async def test_a_message_goes_out_over_starttls(server: Server) -> None:
    desk = Desk()
    await desk.open()
    server.use()
    await ended(await tell(desk.message()), "sent")
    assert await server.mails(desk.shared) == 1


async def test_no_mail_goes_to_a_server_that_is_not_trusted(server: Server, strange: Path) -> None:
    """It is told, tried again, and goes out once when the right certificate is set."""
    desk, before = Desk(), await server.faults("certificate")
    await desk.open()
    server.use(strange)
    delivery_id = await tell(desk.message())
    await server.held_up(delivery_id)
    assert await server.mails(desk.shared) == 0
    assert await server.faults("certificate") > before
    server.use()
    await ended(delivery_id, "sent")
    assert await server.mails(desk.shared) == 1


async def test_a_login_that_is_refused_is_no_fault_of_the_address(server: Server) -> None:
    desk, before = Desk(), await server.faults("login")
    await desk.open()
    server.use(password="not this one")
    delivery_id = await tell(desk.message())
    await server.held_up(delivery_id)
    assert await server.faults("login") > before
    contact = await Contact.of(f"department:{desk.desk}")
    assert contact is not None
    assert not contact.email_dead
    server.use()
    await ended(delivery_id, "sent")
    assert await server.mails(desk.shared) == 1


async def test_a_server_without_tls_gets_nothing_in_clear(server: Server, world: World) -> None:
    """Where the settings ask for STARTTLS and the server has none, nothing is said that somebody could overhear."""
    desk = Desk()
    await desk.open()
    plain = child.free_port()
    async with sandbox("mailbox", server.certificate.parent, ACCOUNT | {"MAILBOX_SMTP_PORT": str(plain)}) as mailbox:
        server.use(port=plain)
        delivery_id = await tell(desk.message())
        await server.held_up(delivery_id)
        assert (await mailbox.get("/sandbox/counts")).json().get("calls", 0) == 0
    server.use()
    await ended(delivery_id, "sent")


async def test_what_no_server_takes_goes_by_sms_in_the_end(
    server: Server, strange: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the tries of a day, here two."""
    union_id, phone = new_id(), "13700000072"
    await transact(lambda tx: contacts.record_union_address(union_id, phone, f"{union_id}@unions.example", tx))
    monkeypatch.setattr(timers, "TRIES", 2)
    server.use(strange)
    delivery = await ended(await tell(Message("membership_applied_union", "union", union_id)), "delivered")
    assert (delivery.channel, delivery.tried) == ("sms", ["email"])
    assert len(await world.texts(phone)) == 1
    assert await server.mails(f"{union_id}@unions.example") == 0
