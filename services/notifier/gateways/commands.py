"""Open the gateways when a process starts, and close them when it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx2
from standardwebhooks import Webhook

from services.notifier import settings
from services.notifier.gateways.connection import make_client
from services.notifier.gateways.mail import MailGateway
from services.notifier.gateways.push import PushGateway


@dataclass(frozen=True, slots=True)
class Gateways:
    """What all messages go out by. `receipts` checks the signature of the receipts that gateways send; `mail`: None where none is set
    up."""

    client: httpx2.AsyncClient
    push: PushGateway
    receipts: Webhook
    mail: MailGateway | None


_gateways: Gateways | None = None


def gateways() -> Gateways:
    """The opened gateways."""
    if _gateways is None:
        raise RuntimeError("the gateways are not opened")
    return _gateways


async def open_gateways(_: object) -> None:
    """Read the settings and make the client; raises `SettingMissing`."""
    global _gateways
    found, mail, client = settings.from_environment(), settings.mail_from_environment(), make_client()
    _gateways = Gateways(
        client,
        PushGateway(client, found.push_url, found.push_secret),
        Webhook(found.receipt_secret),
        MailGateway(mail) if mail else None,
    )


async def close_gateways_at_end(_: object) -> None:
    """Wait for the end of the process, and close the client."""
    opened = gateways()
    try:
        await asyncio.Event().wait()
    finally:
        await opened.client.aclose()
