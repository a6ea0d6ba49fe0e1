"""A process that dies after the mail server has answered, and before that is stored."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from deploy.local import child
from services.notifier.app import service
from services.notifier.deliveries import commands
from services.notifier.deliveries.documents import Delivery
from services.notifier.notices.rules import Message
from services.notifier.recipients import contact_commands as contacts
from shared import clock
from shared.service import create_service_topics
from shared.storage import client, keys, migrations
from shared.storage.transaction import Transaction, transact
from tests.harness import eventually, key_server, make_settings, write_keys
from tests.integration.databases import Database
from tests.integration.notifier.processes import environment, notifier
from tests.processes import sandbox

EMAIL = "duty@example.com"


async def queued(tx: Transaction) -> None:
    """A message to a desk that has nothing but an e-mail address."""
    await contacts.record_desk("hrss:510600", "值班", None, EMAIL, tx)
    params = {"number": "TS1", "due_on": "2026年9月30日"}
    message = Message("term_missed_officer", "department", "hrss:510600", params=params)
    delivery = commands.new_delivery("d-mail", message, clock.now())
    delivery.send_to("email", EMAIL)
    await commands.queue(delivery, tx)


async def test_a_kill_behind_the_servers_answer_mails_once(
    kafka_bootstrap: str, module_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIET_HOURS", "off")
    log, smtp_port = module_directory / "notifier.log", child.free_port()
    account = {"SMTP_USER": "xindun", "SMTP_PASSWORD": "mail-secret"}
    server = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(smtp_port), "SMTP_TLS": "none", "SMTP_FROM": "a@example.com"}
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(module_directory / "data"))
        jwks_url = await stack.enter_async_context(key_server())
        port = {"MAILBOX_SMTP_PORT": str(smtp_port)}
        mailbox = await stack.enter_async_context(sandbox("mailbox", module_directory, account | port))
        keys_file = write_keys(module_directory / "crash-keys.json")
        settings = make_settings(database.uri, kafka_bootstrap, jwks_url, keys_file)
        await create_service_topics(service, settings)
        env = environment(settings) | account | server
        await client.connect(settings.mongo_uri, settings.mongo_database, service.documents, keys.read(keys_file))
        await migrations.waiting(service.migrations)  # of a database without rows: all are finished
        try:
            async with notifier(env | {"XINDUN_CRASH_AT": "delivery.given"}, log) as doomed, asyncio.timeout(40):
                await transact(queued)
                assert await doomed.wait() == -signal.SIGKILL
            await database.after_a_kill()
            await stack.enter_async_context(notifier(env, log))

            async def uncertain() -> bool:
                delivery = await Delivery.get("d-mail")
                return delivery is not None and delivery.state == "uncertain"

            await eventually(uncertain, 60)
        finally:
            client.disconnect()
        assert len((await mailbox.get("/sandbox/messages", params={"to": EMAIL})).json()) == 1
