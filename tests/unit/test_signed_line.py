"""A signed line: what is signed, whose word an answer is, and when nothing is sent any more."""

from __future__ import annotations

from typing import Any

import httpx2
import msgspec
import pytest
from standardwebhooks import Webhook

from shared import circuit
from shared.signed_line import Address, Line, Resting, Unanswered, read

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Said(msgspec.Struct):
    """An answer."""

    word: str


class Outside:
    """An outside system that answers with `status`, and keeps what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, status: int = 200) -> None:
        self.status, self.asked = status, list[httpx2.Request]()
        self.line = Line("outside system", lambda: Address("http://outside.test/base", SECRET))
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer))
        monkeypatch.setattr(self.line, "_client", lambda: client)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        return httpx2.Response(self.status, json={"word": "yes"})

    def verify(self, signed: str) -> None:
        Webhook(SECRET).verify(signed, dict(self.asked[-1].headers), json_parse=False)


async def test_a_post_is_signed_over_its_body_a_get_over_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside(monkeypatch)
    assert read(await outside.line.post("/v1/things", {"a": 1}), Said).word == "yes"
    outside.verify('{"a":1}')
    await outside.line.get("/v1/things", {"cursor": "0"})
    outside.verify("/base/v1/things?cursor=0")


async def test_a_refusal_is_the_systems_own_word_and_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside(monkeypatch, 409)
    for _ in range(circuit.FAILURES + 1):
        assert (await outside.line.post("/v1/things", {})).status_code == 409
    with pytest.raises(Unanswered):
        read(await outside.line.post("/v1/things", {}), Said)
    assert outside.line.circuit.state == "closed"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_system_that_is_away_is_left_alone(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    outside, told = Outside(monkeypatch, status), list[Any]()

    async def remember(found: circuit.Circuit) -> None:
        told.append(found.state)

    monkeypatch.setattr(outside.line, "_remember", remember)
    for _ in range(circuit.FAILURES):
        with pytest.raises(Unanswered):
            await outside.line.post("/v1/things", {})
    asked = len(outside.asked)
    with pytest.raises(Resting):
        await outside.line.post("/v1/things", {})
    assert (len(outside.asked), told) == (asked, ["open"])
    outside.line.reset()
    outside.status = 200
    assert (await outside.line.post("/v1/things", {})).is_success


async def test_two_lines_rest_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    away, well = Outside(monkeypatch, 503), Outside(monkeypatch)
    for _ in range(circuit.FAILURES):
        with pytest.raises(Unanswered):
            await away.line.get("/v1/things")
    assert (await well.line.get("/v1/things")).is_success


async def test_where_there_is_no_such_system_nothing_is_sent() -> None:
    with pytest.raises(Unanswered):
        await Line("outside system", lambda: None).post("/v1/things", {})
