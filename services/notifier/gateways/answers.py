"""What a gateway makes of a message, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import httpx2

from shared.messaging.timers import TryAgain

UNSURE_SECONDS = 5.0
"""How long to leave a message alone that may have been taken, so that a question after it finds it."""
TIMEOUT = httpx2.Timeout(7.0, connect=3.0)

NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has the message. `state` is what it knows of its arrival already."""

    state: Literal["under_way", "arrived", "lost"] = "under_way"
    gateway_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never take this message; the reason is its code."""

    reason: str


async def ask(client: httpx2.AsyncClient, method: str, url: str, **request: Any) -> httpx2.Response:
    """Send a request. Raises `TryAgain` where there is no answer, later where the request may have had its effect."""
    try:
        answer = await client.request(method, url, timeout=TIMEOUT, **request)
    except NEVER_SENT as error:
        raise TryAgain(f"the gateway cannot be reached: {type(error).__name__}") from None
    except httpx2.HTTPError as error:
        raise TryAgain(f"the gateway's answer is lost: {type(error).__name__}", UNSURE_SECONDS) from None
    if answer.status_code >= 500:
        raise TryAgain(f"the gateway answers {answer.status_code}", UNSURE_SECONDS)
    return answer
