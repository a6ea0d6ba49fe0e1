"""The keys of a token issuer: held, and asked for again beside the requests that need them."""

from __future__ import annotations

import asyncio
import ssl
import time
from functools import cache
from typing import Final

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.web.problems import Problem

log = structlog.get_logger(__name__)

KEYS_SECONDS: Final = 300.0
"""How old the keys may become before they are asked for again. They are served for as long as the issuer is away."""
ASK_AGAIN_SECONDS: Final = 10.0
"""How long nobody asks again after an answer, whatever key ids come."""
ANSWER_SECONDS: Final = 5.0
"""How long the issuer has to answer, and so the longest that a request waits for it."""
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
"""Seconds before an issuer that did not answer is asked again."""


class IssuerKeys:
    """The keys at one address. One request to the issuer is under way at a time, and no caller's end ends it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: KeySet | None = None
        self._asking: asyncio.Task[None] | None = None
        self._old_at = self._ask_from = 0.0
        self._delay = FIRST_DELAY

    async def held(self) -> KeySet:
        """The keys as they came last; raises a 503 problem where none ever came and the issuer does not answer."""
        if self._keys is None:
            await self._asked()
        elif time.monotonic() >= self._old_at:
            self._ask()
        if self._keys is None:
            raise _away()
        return self._keys

    async def newest(self) -> KeySet:
        """The keys for a token whose key is not among those held, asked for again where that may be done now."""
        await self._asked()
        return await self.held()

    async def _asked(self) -> None:
        asking = self._ask()
        if asking is not None:
            await asyncio.shield(asking)

    def _ask(self) -> asyncio.Task[None] | None:
        if self._asking is None and time.monotonic() >= self._ask_from:
            self._asking = asyncio.create_task(self._fetch())
        return self._asking

    async def _fetch(self) -> None:
        try:
            authorities = await asyncio.to_thread(_authorities)
            async with asyncio.timeout(ANSWER_SECONDS), httpx2.AsyncClient(timeout=None, verify=authorities) as client:
                answer = await client.get(self._url)
            answer.raise_for_status()
            self._keys = KeySet.import_key_set(answer.json())
        except (httpx2.HTTPError, TimeoutError, JoseError, ValueError, KeyError, TypeError) as error:
            log.warning("auth.issuer_away", reason=type(error).__name__, seconds=self._delay)
            self._ask_from = time.monotonic() + self._delay
            self._delay = min(self._delay * 2, LONGEST_DELAY)
        else:
            now = time.monotonic()
            self._old_at, self._ask_from, self._delay = now + KEYS_SECONDS, now + ASK_AGAIN_SECONDS, FIRST_DELAY
        finally:
            self._asking = None


@cache
def _authorities() -> ssl.SSLContext:
    # read once and beside the loop: reading them takes as long as many requests
    return httpx2.create_ssl_context()


def _away() -> Problem:
    return Problem(
        503, "unavailable", "身份认证服务暂时不可用", "the token issuer does not answer", headers={"Retry-After": "5"}
    )
