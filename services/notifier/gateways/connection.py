"""The gateways of this process: one HTTP client, opened at its start and closed at its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx2
from standardwebhooks import Webhook

from services.notifier import settings
from services.notifier.gateways.push import PushGateway
from services.notifier.gateways.sms import SmsGateway
from services.notifier.messages.texts import SIGNATURE
from shared.service import Running

CONNECTIONS = 16
IDLE_SECONDS = 3.0
"""How long an idle connection is kept: shorter than servers do, so that none is used that they just closed."""


@dataclass(frozen=True, slots=True)
class Gateways:
    """The outside world of the notifier. `receipts` checks the signature of what the gateways tell."""

    client: httpx2.AsyncClient
    sms: SmsGateway
    push: PushGateway
    receipts: Webhook


_gateways: Gateways | None = None


def gateways() -> Gateways:
    """The opened gateways."""
    if _gateways is None:
        raise RuntimeError("the gateways are not opened")
    return _gateways


async def open_gateways(_: Running) -> None:
    """Read the settings and make the client; raises `SettingMissing`."""
    global _gateways
    told = settings.from_environment()
    limits = httpx2.Limits(
        max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS
    )
    client = httpx2.AsyncClient(limits=limits)
    _gateways = Gateways(
        client,
        SmsGateway(client, told.sms_url, told.sms_key_id, told.sms_key_secret, SIGNATURE),
        PushGateway(client, told.push_url, told.push_secret),
        Webhook(told.receipt_secret),
    )


async def close_gateways_at_end(_: Running) -> None:
    """Wait for the end of the process, and close the client."""
    opened = gateways()
    try:
        await asyncio.Event().wait()
    finally:
        await opened.client.aclose()
