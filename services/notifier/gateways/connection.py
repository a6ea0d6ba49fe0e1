"""The HTTP client that all gateways are called with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
from opentelemetry.trace import SpanKind

from shared.messaging.timers import TryAgain
from shared.telemetry import traces

CONNECTIONS = 32
"""More than all lanes have tries under way, so that a notice of the law waits for no connection of a broadcast's."""
IDLE_SECONDS = 3.0
"""How long an idle connection is kept: shorter than servers do, so that none is used that they just closed."""
TIMEOUT = httpx2.Timeout(7.0, connect=3.0)
UNSURE_SECONDS = 5.0
"""How long to wait before asking about a message that may have arrived at the gateway, so that it is found there."""

NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


def make_client() -> httpx2.AsyncClient:
    limits = httpx2.Limits(
        max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS
    )
    return httpx2.AsyncClient(limits=limits)


class NotTaken(TryAgain):
    """The gateway surely does not have the message: it may be given to another, or again."""


class Unsure(TryAgain):
    """The gateway may have the message, and must be asked before it is given to anybody again. `answered`: it works."""

    def __init__(self, reason: str, after: float | None = None, *, answered: bool = False) -> None:
        super().__init__(reason, UNSURE_SECONDS if after is None else after)
        self.answered = answered


async def request(
    client: httpx2.AsyncClient, operation: str, method: str, url: str, headers: Mapping[str, str], **options: Any
) -> httpx2.Response:
    """Send a request. Where there is no answer, raises `NotTaken`, or `Unsure` where the request may have had its effect.

    `operation` says in traces what is asked, without whom it is about.
    """
    try:
        with traces.span(operation, SpanKind.CLIENT) as active:
            carried = {**headers, **traces.headers()}
            answer = await client.request(method, url, headers=carried, timeout=TIMEOUT, **options)
            traces.answered(active, answer.status_code)
    except NEVER_SENT as error:
        raise NotTaken(f"the gateway cannot be reached: {type(error).__name__}") from None
    except httpx2.HTTPError as error:
        raise Unsure(f"the gateway's answer is lost: {type(error).__name__}") from None
    if answer.status_code >= 500:
        raise Unsure(f"the gateway answers {answer.status_code}")
    return answer
