"""How the answers of the push service are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from services.notifier.gateways.connection import Unsure
from services.notifier.gateways.push import PushGateway
from services.notifier.gateways.rules import Accepted, Refused
from shared.messaging.timers import TryAgain

Answer = Callable[[httpx2.Request], httpx2.Response]


def push(answer: Answer) -> PushGateway:
    return PushGateway(httpx2.AsyncClient(transport=httpx2.MockTransport(answer)), "http://push.test/", "secret")


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (202, {"status": "accepted"}, Accepted()),
        (200, {"status": "delivered"}, Accepted("arrived")),
        (200, {"status": "failed"}, Accepted("lost", reason="PUSH_FAILED")),
        (200, {"status": "failed", "err_code": "UNREGISTERED"}, Accepted("lost", reason="UNREGISTERED")),
        (422, {"error": []}, Refused("HTTP 422")),
    ],
)
async def test_the_push_service_accepts_or_refuses(status: int, body: object, answer: Accepted | Refused) -> None:
    gateway = push(lambda _: httpx2.Response(status, json=body))
    assert await gateway.send("device", "title", "body", "delivery-1") == answer


async def test_a_push_that_the_service_does_not_have_is_not_found() -> None:
    assert await push(lambda _: httpx2.Response(404)).find("delivery-1") is None


@pytest.mark.parametrize("status", [401, 429, 503])
async def test_a_push_service_that_is_not_itself_is_tried_again(status: int) -> None:
    gateway = push(lambda _: httpx2.Response(status))
    with pytest.raises(TryAgain):
        await gateway.send("device", "title", "body", "delivery-1")
    with pytest.raises(TryAgain):
        await gateway.find("delivery-1")


@pytest.mark.parametrize(
    "said",
    [
        {"html": "<html>sign in</html>"},
        {"json": []},
        {"json": {}},
        {"json": {"status": 1}},
        {"json": {"status": "delivered", "message_id": "delivery-2"}},
    ],
)
async def test_what_is_no_word_on_the_push_leaves_it_open(said: dict[str, Any]) -> None:
    """A page of somebody else's with status 200 does not mean that the service has it."""
    gateway = push(lambda _: httpx2.Response(200, **said))
    with pytest.raises(Unsure):
        await gateway.send("device", "title", "body", "delivery-1")
    with pytest.raises(Unsure):
        await gateway.find("delivery-1")
