"""Receipts: early, twice, forged and unreadable."""

from __future__ import annotations

import pytest

from services.notifier.gateways import connection
from shared import clock
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

SLOWLY = 2_500
"""Milliseconds after which a gateway tells a receipt, where a test needs to come before it."""


async def test_a_receipt_before_the_answer_ends_the_tries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    monkeypatch.setattr(connection, "UNSURE_SECONDS", 30.0)
    await world.behave(world.sms, lose_answer_next=1, receipt_delay_ms=0)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")
    await world.notifier.settled(10)
    assert await world.told(delivery) == ["sent", "delivered"]
    assert len(await world.texts(person.phone)) == 1


async def test_a_receipt_that_comes_twice_is_told_once(world: World) -> None:
    person = Person()
    await world.behave(world.sms, answer_twice=1)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "delivered")

    async def repeated() -> bool:
        return bool((await world.sms.get("/sandbox/counts")).json().get("answer_twice", 0) > 0)

    await eventually(repeated)
    receipt = {"out_id": delivery["id"], "success": True, "err_code": "DELIVERED"}
    assert (await world.give_receipt(receipt, receipt)).json() == {"code": 0, "msg": "接收成功"}
    assert await world.told(delivery) == ["sent", "delivered"]


async def test_receipts_not_signed_by_the_gateway_change_nothing(world: World) -> None:
    person = Person()
    await world.behave(world.sms, receipt_delay_ms=SLOWLY)
    await world.notifier.publish(person.registered(), person.complained())
    [delivery] = await world.ended(person.worker_id, "sent")
    forged = {"out_id": delivery["id"], "success": True, "err_code": "DELIVERED"}
    other = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
    assert (await world.give_receipt(forged, secret=other)).status_code == 401
    bare = await world.notifier.http.post("/v1/sms-receipts", json=[forged])
    odd = {"webhook-id": "1", "webhook-timestamp": str(clock.now().timestamp()), "webhook-signature": "v1"}
    garbled = await world.notifier.http.post("/v1/sms-receipts", content=b"\xff", headers=odd)
    assert (bare.status_code, garbled.status_code) == (401, 401)
    assert [item["state"] for item in await world.deliveries(person.worker_id)] == ["sent"]
    await world.give_receipt(forged)
    await world.ended(person.worker_id, "delivered")


async def test_unreadable_receipts_are_refused_and_others_ignored(world: World) -> None:
    unreadable = await world.give_receipt({"out_id": "x"})
    stranger = await world.give_receipt({"out_id": "x", "success": True}, {"success": True, "err_code": "DELIVERED"})
    large = await world.give_receipt({"out_id": "x" * 1_100_000, "success": True})
    assert (unreadable.status_code, stranger.status_code, large.status_code) == (422, 200, 413)
    assert unreadable.headers["content-type"] == "application/problem+json"
