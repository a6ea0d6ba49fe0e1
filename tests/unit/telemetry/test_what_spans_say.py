"""Spans of requests and of calls to the outside name what was asked, never whom it was about."""

from __future__ import annotations

import httpx2
import pytest
from fastapi import APIRouter
from opentelemetry.trace import SpanKind, StatusCode

from services.notifier.gateways.push import PushGateway
from services.notifier.providers.aliyun import Aliyun
from services.notifier.providers.rules import Sms
from shared import clock
from shared.messaging.timers import TryAgain
from shared.web.app import make_app
from shared.web.auth import Verifier
from tests.unit.telemetry.conftest import Sent

ID_NUMBER, PHONE = "51060319900101001X", "13800000001"


router = APIRouter()


@router.get("/v1/workers/{number}")
async def read(number: str) -> str:
    return number


@router.post("/v1/workers/{number}")
async def change(number: str) -> None:
    raise ValueError(f"{number} is not known")


async def nothing() -> dict[str, str]:
    return {}


async def ask(method: str, path: str) -> int:
    verifier = Verifier("http://issuer.test", "http://issuer.test/jwks.json", "xindun")
    app = make_app("test", "A test's own.", [router], verifier, nothing, nothing, nothing)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://service.test") as http:
        return (await http.request(method, path)).status_code


async def test_a_request_is_named_by_its_route_and_status(sent: Sent) -> None:
    assert await ask("GET", f"/v1/workers/{ID_NUMBER}?phone={PHONE}") == 200
    (span,) = sent()
    assert (span.name, span.kind) == ("GET /v1/workers/{number}", SpanKind.SERVER)
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/workers/{number}",
        "http.response.status_code": 200,
    }


async def test_a_request_that_breaks_says_neither_whose_nor_why(sent: Sent) -> None:
    assert await ask("POST", f"/v1/workers/{ID_NUMBER}?phone={PHONE}") == 500
    (span,) = sent()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes is not None
    assert span.attributes["error.type"] == "ValueError"
    assert ID_NUMBER not in span.to_json()
    assert PHONE not in span.to_json()


async def test_a_path_that_leads_nowhere_is_not_told(sent: Sent) -> None:
    assert await ask("GET", f"/{ID_NUMBER}") == 404
    (span,) = sent()
    assert span.name == "GET unknown"
    assert ID_NUMBER not in span.to_json()


async def test_an_sms_is_named_by_what_the_gateway_is_asked(sent: Sent) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if len(seen) == 1:
            return httpx2.Response(200, json={"Code": "OK"})
        raise httpx2.ReadTimeout(f"no answer about {PHONE}")

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    provider = Aliyun(client, "http://sms.test", "key-id", "secret", "德阳人社")
    sms = Sms("delivery-1", PHONE, "case_opened_worker", {"number": "TS1"}, clock.now())
    await provider.send(sms)
    with pytest.raises(TryAgain):
        await provider.find(sms)
    first, second = sent()
    assert (first.name, second.name) == ("sms SendSms", "sms QuerySendDetails")
    assert first.attributes == {"http.response.status_code": 200}
    assert second.attributes == {"error.type": "ReadTimeout"}
    assert first.context is not None
    assert f"{first.context.span_id:016x}" in seen[0].headers["traceparent"]
    assert PHONE not in first.to_json() + second.to_json()


async def test_a_push_names_neither_message_nor_device(sent: Sent) -> None:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(503)))
    gateway = PushGateway(client, "http://push.test", "secret")
    with pytest.raises(TryAgain):
        await gateway.send("device-1", "title", "body", "message-1")
    (span,) = sent()
    assert (span.name, span.kind, span.status.status_code) == ("push send", SpanKind.CLIENT, StatusCode.ERROR)
    assert not any(word in span.to_json() for word in ("device-1", "message-1", "title", "body"))
