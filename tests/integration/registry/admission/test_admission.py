"""Who may push: not too much in a second, and signed where a secret was given out."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator

import pytest
from standardwebhooks.webhooks import Webhook

from services.registry.admission import commands as signatures
from services.registry.admission import limiter, settings
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.integration.registry.pushing import push
from tests.unit.registry.pushes import RIVAL, UBIQ, array, order


@pytest.fixture
def slow_lane() -> Iterator[None]:
    limiter.event_limit.cache_clear()
    settings.settings.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GATEWAY_EVENTS_PER_SECOND", "10")
        settings.settings()
    yield
    limiter.event_limit.cache_clear()
    settings.settings.cache_clear()


async def test_a_platform_that_pushes_too_much_is_told_to_wait(registry: Harness, slow_lane: None) -> None:
    answers = [await push(registry, array(*[order() for _ in range(6)])) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 429]
    assert answers[1].headers["retry-after"] == "1"
    other = await push(registry, array(order(platform=RIVAL)), platform=RIVAL)
    assert other.status_code == 202

    async def taken() -> bool:
        return (await push(registry, array(*[order() for _ in range(20)]))).status_code == 202

    await eventually(taken, 5)


@pytest.mark.parametrize("body", [b"[]", b"[{"], ids=["empty", "unreadable"])
async def test_pushes_without_events_count_too(registry: Harness, slow_lane: None, body: bytes) -> None:
    async def sent_away() -> bool:
        await limiter.event_limit().allows(UBIQ, 10)
        return (await push(registry, body)).status_code == 429

    await eventually(sent_away)


def signed(secret: str, body: bytes, at: dt.datetime | None = None) -> dict[str, str]:
    at = at or dt.datetime.now(dt.UTC)
    signature = Webhook(secret).sign("msg-1", at, body.decode())
    return {"webhook-id": "msg-1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


async def test_whoever_has_a_secret_must_sign(registry: Harness) -> None:
    enrolled = await registry.http.put(f"/v1/platforms/{RIVAL}/signing-secret", headers=registry.officer)
    secret = enrolled.json()["secret"]
    body = array(order(platform=RIVAL))
    good = await push(registry, body, platform=RIVAL, **signed(secret, body))
    packed = await push(
        registry, gzip.compress(body), platform=RIVAL, **{"Content-Encoding": "gzip", **signed(secret, body)}
    )
    assert (good.status_code, packed.status_code) == (202, 202)
    old = signed(secret, body, dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6))
    garbled = {**signed(secret, body), "webhook-signature": "v1"}
    for headers in ({}, signed(secret, body + b" "), old, garbled):
        assert (await push(registry, body, platform=RIVAL, **headers)).status_code == 401
    stored = await storage().collection("signing_secrets").find_one({"_id": RIVAL})
    assert stored is not None
    assert secret not in stored["secret"]
    again = await registry.http.put(f"/v1/platforms/{RIVAL}/signing-secret", headers=registry.officer)
    assert again.json()["secret"] != secret
    assert (await push(registry, body, platform=RIVAL, **signed(secret, body))).status_code == 401
    await storage().collection("signing_secrets").delete_one({"_id": RIVAL})
    signatures._known.clear()


async def test_only_an_officer_gives_out_signing_secrets(registry: Harness) -> None:
    answer = await registry.http.put(f"/v1/platforms/{RIVAL}/signing-secret", headers=bearer("platform", uscc=RIVAL))
    assert answer.status_code == 403
    unknown = await registry.http.put(f"/v1/platforms/{RIVAL[:-1]}-/signing-secret", headers=registry.officer)
    assert unknown.status_code == 404
