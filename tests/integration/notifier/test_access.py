"""Every route of the notifier as every kind of caller."""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from services.notifier.broadcasts.documents import Broadcast
from services.notifier.broadcasts.rules import State
from services.notifier.deliveries.documents import Delivery
from services.notifier.recipients import contact_commands as contacts
from services.notifier.webhooks.documents import Endpoint
from shared import clock
from shared.contracts.registry import UnionRecorded
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.access import HERE, OPERATIONS, OWN, UNION, WORKER, Line, misjudged, routes
from tests.integration.notifier.conftest import World

DESK = {"department": "hrss", "district": HERE}
BROADCASTS: dict[str, State] = {
    "b-draft": "draft",
    "b-sheet": "draft",
    "b-proposed": "proposed",
    "b-returned": "proposed",
    "b-approved": "proposed",
    "b-paused": "paused",
    "b-stopped": "paused",
    "b-sending": "sending",
}
BODY = {"kind": "publicity", "title": "预警", "text": "正文", "template": "SMS_1"}
SEEN = {"If-Match": '"1"'}
DEVICE = {"device_token": "device-of-w-own"}
HOOK = {"webhook_id": "hook-own"}
HOOK_SAID = {"url": "https://hooks.example.com/"}
TIME = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}


async def _documents(tx: Transaction) -> None:
    for delivery_id, district in (("m-own", HERE), ("m-nowhere", None)):
        for kind, recipient in (("worker", WORKER), ("platform", OWN)):
            await _delivery(f"{delivery_id}-{kind}", "failed", kind, recipient, district).put(tx)
    await _delivery("m-uncertain", "uncertain", "worker", "w-uncertain", HERE).put(tx)
    # disabled, so that nothing is sent to it
    hook = Endpoint(id=HOOK["webhook_id"], platform=OWN, url=HOOK_SAID["url"], types=None, state="disabled")
    hook.give_secret("whsec_c2VjcmV0", clock.now())
    await hook.put(tx)
    union = UnionRecorded(union_id="u-own", name="本地工会", district=HERE, officers=(UNION,))
    await contacts.record_union(union, clock.now(), tx)
    await contacts.record_officer("officer:colleague", "hrss", HERE, None, "colleague@city.example", tx)
    for broadcast_id, state in BROADCASTS.items():
        broadcast = Broadcast(
            id=broadcast_id,
            department="hrss",
            district=HERE,
            authors=["officer:author"],
            kind="weather",
            urgent=False,
            template="SMS_1",
            districts=[HERE],
            industries=[],
            platforms=[],
            state=state,
        )
        broadcast.word("预警", "正文")
        await broadcast.put(tx)


def _delivery(delivery_id: str, state: str, kind: str, recipient: str, district: str | None) -> Delivery:
    delivery: Delivery = Delivery.model_validate(
        {
            "id": delivery_id,
            "template": "case_opened_worker",
            "kind": kind,
            "recipient": recipient,
            "reference": None,
            "platform": None,
            "engagement": None,
            "district": district,
            "params": {"number": "1", "accept_by": "2026年9月1日"},
            "state": state,
        }
    )
    return delivery


def _broadcast(broadcast_id: str, **options: Any) -> Line:
    """Those whose department and district a broadcast is of; whoever comes later may find it in another state."""
    return Line(who="hrss", at={"broadcast_id": broadcast_id}, **options)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def table(everything: World) -> dict[str, Line]:
    """Who may call which route. The gateways' receipts are signed, and take no token."""
    await transact(_documents)
    return OPERATIONS | {
        # for those who name nobody it is the own inbox: `deliveries/test_inboxes.py`
        "GET /v1/deliveries": Line(who="worker hrss", query={"recipient": WORKER}, shows="m-own-worker"),
        "PUT /v1/deliveries/{delivery_id}/read-mark": Line(who="worker", at={"delivery_id": "m-own-worker"}),
        "POST /v1/message-releases": Line(who="hrss!"),
        "GET /v1/statistics/hand-overs": Line(who="art16!"),
        "GET /v1/statistics/channels": Line(who="art16!"),
        "GET /v1/statistics/receipts": Line(who="art16!"),
        "GET /v1/statistics": Line(who="art16!"),
        "POST /v1/sms-receipts": Line(who="", json=[]),
        "POST /v1/sms-receipts/tencent/{token}": Line(who="", at={"token": "a-guess"}, json=[]),
        "POST /v1/push-receipts": Line(who="", json=[]),
        "GET /v1/uncertain-deliveries": Line(who="hrss!", shows="m-uncertain"),
        "POST /v1/deliveries/{delivery_id}/resolution": Line(
            who="hrss!", at={"delivery_id": "m-uncertain"}, json={"decision": "leave"}
        ),
        "PUT /v1/devices/{device_token}": Line(who="workers", at=DEVICE, json={"platform": "ios"}),
        "DELETE /v1/devices/{device_token}": Line(who="worker", at={"device_token": "device-to-remove"}),
        "PUT /v1/duty-desks/{department}/{district}": Line(
            who="hrss", at=DESK, json={"name": "值班", "phone": "13800000000"}
        ),
        "GET /v1/duty-desks/{department}/{district}": Line(who="hrss", at=DESK),
        "PUT /v1/officers/{subject}/contact": Line(
            who="hrss", at={"subject": "officer:colleague"}, json={"email": "colleague@city.example"}
        ),
        "GET /v1/officers/{subject}/contact": Line(who="hrss", at={"subject": "officer:colleague"}),
        "PUT /v1/unions/{union_id}/contact": Line(
            who="union union_office", at={"union_id": "u-own"}, json={"email": "own@unions.example"}
        ),
        "GET /v1/unions/{union_id}/contact": Line(who="union union_office", at={"union_id": "u-own"}),
        "PUT /v1/platforms/{uscc}/contact": Line(who="platform", at={"uscc": OWN}, json={"email": "a@firm.example"}),
        "GET /v1/platforms/{uscc}/contact": Line(who="platform", at={"uscc": OWN}),
        "POST /v1/broadcasts": Line(who="art16*", json=BODY),
        "GET /v1/broadcasts": Line(who="hrss", shows="b-draft"),
        "GET /v1/broadcasts/{broadcast_id}": _broadcast("b-draft"),
        "PUT /v1/broadcasts/{broadcast_id}": _broadcast("b-draft", json=BODY, headers=SEEN),
        "GET /v1/broadcasts/{broadcast_id}/preview": _broadcast("b-draft"),
        "GET /v1/broadcasts/{broadcast_id}/rows": _broadcast("b-draft", query={"state": "listed"}),
        "POST /v1/broadcasts/{broadcast_id}/sheet": _broadcast(
            "b-sheet", headers=SEEN, content="手机号\n13800000000\n"
        ),
        "GET /v1/broadcasts/{broadcast_id}/sheet-template": _broadcast("b-draft"),
        "GET /v1/broadcasts/{broadcast_id}/sheet-faults": _broadcast("b-draft"),
        "GET /v1/broadcasts/{broadcast_id}/sheet-faults/table": _broadcast("b-draft"),
        "POST /v1/broadcasts/{broadcast_id}/proposal": _broadcast("b-proposed", headers=SEEN),
        "POST /v1/broadcasts/{broadcast_id}/return": _broadcast("b-returned", headers=SEEN),
        "POST /v1/broadcasts/{broadcast_id}/approval": _broadcast("b-approved", headers=SEEN),
        "POST /v1/broadcasts/{broadcast_id}/pause": _broadcast("b-sending"),
        "POST /v1/broadcasts/{broadcast_id}/resumption": _broadcast("b-paused"),
        "POST /v1/broadcasts/{broadcast_id}/stop": _broadcast("b-stopped"),
        "GET /v1/audit": Line(who="hrss!"),
        "GET /v1/preferences": Line(who="workers"),
        "PUT /v1/preferences": Line(who="workers", json={"channel": "sms"}),
        "POST /v1/webhooks": Line(who="platforms", json={"url": "http://hooks.example.com/"}),
        "GET /v1/webhooks": Line(who="platform", shows="hook-own"),
        "GET /v1/webhooks/{webhook_id}": Line(who="platform", at=HOOK, shows="hook-own"),
        "PUT /v1/webhooks/{webhook_id}": Line(who="platform", at=HOOK, json=HOOK_SAID),
        "DELETE /v1/webhooks/{webhook_id}": Line(who="platform", at=HOOK),
        "POST /v1/webhooks/{webhook_id}/suspension": Line(who="platform", at=HOOK),
        "POST /v1/webhooks/{webhook_id}/challenge": Line(who="platform", at=HOOK),
        "POST /v1/webhooks/{webhook_id}/secret": Line(who="platform", at=HOOK),
        "POST /v1/webhooks/{webhook_id}/replay": Line(who="platform", at=HOOK, json=TIME),
        "GET /v1/webhooks/{webhook_id}/attempts": Line(who="platform", at=HOOK),
    }


async def test_every_route_has_its_line_and_every_line_its_route(table: dict[str, Line], everything: World) -> None:
    assert set(table) == routes(everything.notifier)


async def test_nobody_gets_through_but_whom_the_table_names(table: dict[str, Line], everything: World) -> None:
    notifier = everything.notifier
    worker = notifier.headers("worker", worker_id=WORKER)
    registered = await notifier.http.put("/v1/devices/device-to-remove", json={"platform": "ios"}, headers=worker)
    assert registered.is_success
    assert await misjudged(notifier, table) == []


async def test_messages_of_no_district_are_the_platforms_and_the_citys(
    table: dict[str, Line], everything: World
) -> None:
    async def seen(notifier: Harness, headers: dict[str, str], **query: str) -> set[str]:
        answer = await notifier.http.get("/v1/deliveries", headers=headers, params=query)
        return {item["id"] for item in answer.json()["items"]}

    notifier, both = everything.notifier, {"m-own-platform", "m-nowhere-platform"}
    here = bearer("officer", department="hrss", district=HERE)
    assert await seen(notifier, bearer("platform", uscc=OWN)) == both
    assert await seen(notifier, notifier.officer, recipient=OWN, kind="platform") == both
    assert await seen(notifier, here, recipient=OWN, kind="platform") == {"m-own-platform"}
