"""The app's push service. It knows a message again by its id, so that the same one twice is shown once."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx2

from services.notifier.gateways.connection import Unsure, request
from services.notifier.gateways.rules import Accepted, Refused
from shared.messaging.timers import TryAgain

REFUSALS = frozenset({400, 404, 410, 413, 422})


class PushGateway:
    """The push service at `url`, called with a secret as bearer token."""

    def __init__(self, client: httpx2.AsyncClient, url: str, secret: str) -> None:
        self._client, self._url = client, f"{url.rstrip('/')}/v1/messages"
        self._headers = {"authorization": f"Bearer {secret}"}

    async def send(self, device_token: str, title: str, body: str, message_id: str) -> Accepted | Refused:
        """Give the service one message for one device; raises `TryAgain`."""
        message = {"message_id": message_id, "device_token": device_token, "title": title, "body": body}
        answer = await request(self._client, "push send", "POST", self._url, self._headers, json=message)
        if answer.is_success:
            return _accepted(answer, message_id)
        if answer.status_code in REFUSALS:
            return Refused(f"HTTP {answer.status_code}")
        raise TryAgain(f"the push service answers {answer.status_code}")

    async def find(self, message_id: str) -> Accepted | None:
        """The message of that id, if the service has it; raises `TryAgain`."""
        url = f"{self._url}/{quote(message_id, safe='')}"
        answer = await request(self._client, "push find", "GET", url, self._headers)
        if answer.status_code == 404:
            return None
        if not answer.is_success:
            raise TryAgain(f"the push service answers {answer.status_code}")
        return _accepted(answer, message_id)


def _accepted(answer: httpx2.Response, message_id: str) -> Accepted:
    """What the service says of a message. What stands between us and it (a proxy, a sign-in page) may answer 200 too: raises `Unsure`
    for what is no word of it, or one on another message."""
    try:
        body: Any = answer.json()
    except ValueError:
        body = None
    status = body.get("status") if isinstance(body, dict) else None
    if not isinstance(status, str) or body.get("message_id", message_id) != message_id:
        raise Unsure(f"the push service's answer of status {answer.status_code} cannot be read")
    if status == "delivered":
        return Accepted("arrived")
    if status == "failed":
        return Accepted("lost", reason=str(body.get("err_code") or "PUSH_FAILED")[:64])
    return Accepted()
