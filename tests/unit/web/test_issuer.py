"""Tokens go on being checked while the issuer hangs, and it is not asked again and again."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from joserfc.jwk import ECKey, KeySet

from shared.web import issuer
from shared.web.auth import Verifier
from shared.web.problems import Problem
from tests.harness import AUDIENCE, ISSUER, token

WORKER = {"worker_id": "w-1"}


class Issuer:
    """An issuer on loopback that hangs where it is told to, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.hangs = False
        self.keys = [ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})]
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
        if self.hangs:
            await reader.read()  # until whoever asks goes away
            writer.close()
            return
        body = json.dumps(KeySet([*self.keys]).as_dict(private=False)).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    def token(self, kid: str = "one", subject: str = "w-1") -> str:
        key = next((key for key in self.keys if key.kid == kid), self.keys[0])
        return token("worker", {"worker_id": subject}, key=key, kid=kid)


@asynccontextmanager
async def serving() -> AsyncIterator[Issuer]:
    made = Issuer()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
    try:
        yield made
    finally:
        server.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How far the clock of the keys has been put forward."""
    ahead = [0.0]
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + ahead[0])
    return ahead


async def status(verifier: Verifier, text: str) -> int:
    try:
        await verifier.verify(text)
        return 200
    except Problem as problem:
        return problem.status


async def test_a_hanging_issuer_holds_nobody_whose_key_is_held(clock: list[float]) -> None:
    async with serving() as made:
        verifier = Verifier(ISSUER, made.url, AUDIENCE)
        assert await status(verifier, made.token()) == 200
        made.hangs = True
        clock[0] += issuer.KEYS_SECONDS + 1
        async with asyncio.timeout(2):
            answers = [await status(verifier, made.token(subject=f"w-{number}")) for number in range(20)]
        assert set(answers) == {200}
        unknown = asyncio.create_task(status(verifier, made.token(kid="two")))
        async with asyncio.timeout(2):
            assert await status(verifier, made.token(subject="other")) == 200
        unknown.cancel()
        assert made.asked <= 2


async def test_a_new_key_is_found_and_unknown_ones_ask_once_in_a_while(clock: list[float]) -> None:
    async with serving() as made:
        verifier = Verifier(ISSUER, made.url, AUDIENCE)
        assert await status(verifier, made.token()) == 200
        made.keys.append(ECKey.generate_key("P-256", {"kid": "two", "use": "sig", "alg": "ES256"}))
        assert await status(verifier, made.token(kid="two")) == 401
        clock[0] += issuer.ASK_AGAIN_SECONDS + 1
        assert await status(verifier, made.token(kid="two")) == 200
        assert [await status(verifier, made.token(kid=f"x{number}")) for number in range(20)] == [401] * 20
        assert made.asked == 2


async def test_an_issuer_that_never_answered_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One caller asks for all, and the issuer is then left alone for a while."""
    monkeypatch.setattr(issuer, "ANSWER_SECONDS", 1.0)
    async with serving() as made:
        made.hangs = True
        verifier = Verifier(ISSUER, made.url, AUDIENCE)
        async with asyncio.timeout(8):
            answers = await asyncio.gather(*(status(verifier, made.token(subject=f"{n}")) for n in range(50)))
            answers += [await status(verifier, made.token())]
        assert set(answers) == {503}
        assert made.asked == 1


@pytest.mark.parametrize(
    "header",
    [b"[" * 20_000, b'["alg"]', b"null", b'{"alg": 1}', b'{"alg": "ES256", "kid": ["one"]}', b"\xff", b'"\\ud800"'],
)
async def test_whatever_stands_in_a_token_is_a_401(header: bytes) -> None:
    async with serving() as made:
        verifier = Verifier(ISSUER, made.url, AUDIENCE)
        part = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
        for text in (f"{part}.e30.AA", f"{part}.{part}.{part}", part, "..", "a.b.c.d.e"):
            assert await status(verifier, text) == 401
