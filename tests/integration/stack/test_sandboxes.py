"""The sandbox servers, as processes of their own, over real HTTP."""

import asyncio
import hashlib
import json
import os
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
import uvicorn
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local import child
from deploy.local.keys import new_secret
from deploy.sandbox import acs3

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PHONE = "13800000001"


class Listener:
    """Takes receipts as the notifier does; refuses the first `refuse` batches."""

    def __init__(self) -> None:
        self.receipts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.webhook_ids: list[str] = []
        self.refuse = 0
        self.port = child.free_port()

    async def take(self, request: Request) -> Response:
        batch = Webhook(SECRET).verify(await request.body(), dict(request.headers))
        self.webhook_ids.append(request.headers["webhook-id"])
        if self.refuse:
            self.refuse -= 1
            return Response(status_code=503)
        for receipt in batch:
            self.receipts.put_nowait(receipt)
        return Response(status_code=204)

    async def next(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(10):
            return [await self.receipts.get() for _ in range(count)]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listening = Listener()
    app = Starlette(routes=[Route("/receipts", listening.take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=listening.port, log_level="warning"))
    task = asyncio.create_task(server.serve())
    try:
        yield listening
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def sandbox(name: str, directory: Path, settings: Mapping[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    port = child.free_port()
    log = directory / f"{name}.log"
    process = await child.start(
        [sys.executable, "-m", f"deploy.sandbox.{name}"], log, env={**os.environ, "HTTP_PORT": str(port), **settings}
    )

    async def answers() -> bool:
        try:
            return (await client.get("/readyz")).is_success
        except httpx2.HTTPError:
            return False

    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        try:
            await child.ready(process, answers, log, 20)
            yield client
        finally:
            await child.stop(process)


@pytest.fixture
async def provincial(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with sandbox("provincial", tmp_path, {"PROVINCIAL_SECRET": SECRET}) as client:
        yield client


@pytest.fixture
async def sms(tmp_path: Path, listener: Listener) -> AsyncIterator[httpx2.AsyncClient]:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "some.yaml").write_text("SMS_1:\n  text: 您的投诉${number}已受理。\n", encoding="utf-8")
    settings = {
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET": "secret",
        "RECEIPT_SECRET": SECRET,
        "RECEIPT_URL": f"http://127.0.0.1:{listener.port}/receipts",
        "SMS_TEMPLATES": str(templates),
    }
    async with sandbox("sms", tmp_path, settings) as client:
        yield client


@pytest.fixture
async def push(tmp_path: Path, listener: Listener) -> AsyncIterator[httpx2.AsyncClient]:
    settings = {
        "PUSH_SECRET": "bearer-secret",
        "RECEIPT_SECRET": SECRET,
        "RECEIPT_URL": f"http://127.0.0.1:{listener.port}/receipts",
    }
    async with sandbox("push", tmp_path, settings) as client:
        yield client


async def post_signed(client: httpx2.AsyncClient, path: str, content: Mapping[str, object]) -> httpx2.Response:
    body, number, now = json.dumps(content), str(uuid.uuid4()), datetime.now(UTC)
    headers = {
        "webhook-id": number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(number, now, body),
    }
    return await client.post(path, content=body.encode(), headers=headers)


async def get_signed(client: httpx2.AsyncClient, target: str) -> httpx2.Response:
    number, now = str(uuid.uuid4()), datetime.now(UTC)
    headers = {
        "webhook-id": number,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(number, now, target),
    }
    return await client.get(target, headers=headers)


def payment(number: str) -> dict[str, object]:
    return {
        "request_number": number,
        "payee_id_number": "510603199001010013",
        "payee_name": "测试",
        "account": "6222000000000000",
        "amount": "100.00",
        "purpose": "职业伤害待遇",
    }


def contribution(number: str) -> dict[str, object]:
    return {
        "kind": "contribution",
        "number": number,
        "id_number": "510603199001010013",
        "insurance": "pension",
        "month": "2026-09",
        "base": "5000.00",
        "employer_amount": "0.00",
        "worker_amount": "1000.00",
        "paid_on": "2026-10-10",
    }


def enrolment(number: str) -> dict[str, object]:
    return {
        "request_number": number,
        "scheme": "occupational_injury",
        "id_number": "510603199001010013",
        "name": "测试",
        "uscc": "91510600MA00000000",
        "district": "510603",
        "starts_on": "2026-09-01",
    }


async def call_sms(client: httpx2.AsyncClient, action: str, **given: str) -> httpx2.Response:
    body = urlencode({"Action": action, **given}).encode()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": client.base_url.netloc.decode(),
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": "2017-05-25",
    }
    names = sorted(headers)
    signature = acs3.signature("secret", "POST", "/", [], headers, names, headers["x-acs-content-sha256"])
    authorization = f"ACS3-HMAC-SHA256 Credential=id,SignedHeaders={';'.join(names)},Signature={signature}"
    return await client.post("/", content=body, headers=headers | {"authorization": authorization})


async def send_sms(client: httpx2.AsyncClient, out_id: str) -> httpx2.Response:
    return await call_sms(
        client,
        "SendSms",
        PhoneNumbers=PHONE,
        SignName="德阳人社",
        TemplateCode="SMS_1",
        TemplateParam='{"number": "TS1"}',
        OutId=out_id,
    )


async def test_the_same_enrolment_sent_again_gets_the_same_receipt(provincial: httpx2.AsyncClient) -> None:
    first = await post_signed(provincial, "/v1/enrolments", enrolment("r1"))
    again = await post_signed(provincial, "/v1/enrolments", enrolment("r1"))
    other = await post_signed(provincial, "/v1/enrolments", enrolment("r1") | {"district": "510683"})
    assert first.json()["status"] == "accepted"
    assert again.json() == first.json()
    assert other.status_code == 409
    assert (await provincial.get("/sandbox/counts")).json() == {"calls": 3, "accepted": 1, "repeated": 2}


async def test_an_enrolment_ends_once_and_an_unknown_one_not_at_all(provincial: httpx2.AsyncClient) -> None:
    await post_signed(provincial, "/v1/enrolments", enrolment("r1"))
    ended = await post_signed(provincial, "/v1/enrolments/r1/end", {"ends_on": "2026-10-31"})
    unknown = await post_signed(provincial, "/v1/enrolments/r2/end", {"ends_on": "2026-10-31"})
    assert ended.json()["status"] == "accepted"
    assert unknown.status_code == 404
    assert (await provincial.get("/v1/enrolments/r1")).json()["ended"] is True


async def test_the_training_platform_has_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = {"PROVINCIAL_SECRET": new_secret(), "TRAINING_PLATFORM_SECRET": SECRET}
    course = {
        "as_of": "2026-09-10T09:00:00+08:00",
        "number": "德培班-1",
        "title": "网约配送员初级班",
        "occupation": "4-02-07-10",
        "level": "junior",
        "hours": 4,
        "mode": "online",
        "starts_on": "2026-09-10",
        "ends_on": "2026-09-10",
        "cancelled": False,
        "sessions": [],
        "learners": [{"enrolment_id": "e1", "number": "德培报-1", "name": None}],
    }
    async with sandbox("provincial", tmp_path, secrets) as platform:
        path = "/training/v1/courses/p1"
        assert (await post_signed(platform, path, course)).is_success
        earlier = course | {"as_of": "2026-09-10T08:00:00+08:00", "title": "旧"}
        assert (await post_signed(platform, path, earlier)).is_success
        assert (await platform.get("/sandbox/courses/p1")).json()["title"] == "网约配送员初级班"
        assert (await post_signed(platform, "/v1/enrolments", enrolment("r1"))).status_code == 401
        assert (await platform.get("/training/v1/attendance?since=2026-09-10T00:00:00%2B00:00")).status_code == 401


async def test_an_unsigned_enrolment_is_refused(provincial: httpx2.AsyncClient) -> None:
    assert (await provincial.post("/v1/enrolments", json=enrolment("r1"))).status_code == 401


async def test_a_lost_answer_was_carried_out_and_a_failed_call_was_not(provincial: httpx2.AsyncClient) -> None:
    await provincial.post("/sandbox/behaviour", json={"lose_answer_next": 1})
    with pytest.raises(httpx2.RequestError):
        await post_signed(provincial, "/v1/enrolments", enrolment("lost"))
    assert (await provincial.get("/v1/enrolments/lost")).is_success
    await provincial.post("/sandbox/behaviour", json={"fail_next": 1, "status": 503})
    assert (await post_signed(provincial, "/v1/enrolments", enrolment("failed"))).status_code == 503
    assert (await provincial.get("/v1/enrolments/failed")).status_code == 404


async def test_a_later_end_takes_the_place_of_an_earlier_one(provincial: httpx2.AsyncClient) -> None:
    await post_signed(provincial, "/v1/enrolments", enrolment("r1"))
    first = await post_signed(provincial, "/v1/enrolments/r1/end", {"ends_on": "2026-10-31"})
    again = await post_signed(provincial, "/v1/enrolments/r1/end", {"ends_on": "2026-10-31"})
    later = await post_signed(provincial, "/v1/enrolments/r1/end", {"ends_on": "2026-11-30"})
    assert again.json() == first.json()
    assert later.json()["status"] == "accepted"
    [listed] = (await get_signed(provincial, "/v1/enrolments?limit=10")).json()["items"]
    assert (listed["ends_on"], listed["end_receipt"]) == ("2026-11-30", later.json()["receipt_number"])


async def test_the_list_of_enrolments_comes_in_pages_to_whoever_signs(provincial: httpx2.AsyncClient) -> None:
    for number in ("r1", "r2", "r3"):
        await post_signed(provincial, "/v1/enrolments", enrolment(number))
    await provincial.delete("/sandbox/enrolments/r2")
    await provincial.post("/sandbox/enrolments", json=enrolment("foreign"))
    first = (await get_signed(provincial, "/v1/enrolments?limit=2")).json()
    rest = (await get_signed(provincial, f"/v1/enrolments?limit=2&cursor={first['next']}")).json()
    assert [item["request_number"] for item in [*first["items"], *rest["items"]]] == ["r1", "r3", "foreign"]
    assert rest["next"] is None
    assert (await provincial.get("/v1/enrolments")).status_code == 401


async def test_a_payment_is_ordered_once_and_paid_or_not_as_told(provincial: httpx2.AsyncClient) -> None:
    first = await post_signed(provincial, "/v1/payments", payment("p1"))
    again = await post_signed(provincial, "/v1/payments", payment("p1"))
    other = await post_signed(provincial, "/v1/payments", payment("p1") | {"account": "6222000000000001"})
    assert again.json() == first.json()
    assert other.status_code == 409
    assert (await get_signed(provincial, "/v1/payments/p1/result")).json()["status"] == "paid"
    await provincial.post("/sandbox/behaviour", json={"fail_results_next": 1, "result_failure": "账户已销户"})
    await post_signed(provincial, "/v1/payments", payment("p2"))
    failed = (await get_signed(provincial, "/v1/payments/p2/result")).json()
    assert (failed["status"], failed["reason"]) == ("failed", "账户已销户")
    await provincial.post("/sandbox/behaviour", json={"result_delay_ms": 60_000})
    await post_signed(provincial, "/v1/payments", payment("p3"))
    assert (await get_signed(provincial, "/v1/payments/p3/result")).json()["status"] == "pending"
    await provincial.post("/sandbox/results/p3", json={"status": "paid", "paid_on": "2026-11-02"})
    assert (await get_signed(provincial, "/v1/payments/p3/result")).json()["paid_on"] == "2026-11-02"


async def test_what_was_paid_in_is_listed_since_a_time(provincial: httpx2.AsyncClient) -> None:
    """The sandbox lists it twice, or fails, where it is told to."""
    [one] = (await provincial.post("/sandbox/records", json={"items": [contribution("c1")]})).json()["items"]
    [two] = (await provincial.post("/sandbox/records", json={"items": [contribution("c2")]})).json()["items"]
    since = urlencode({"since": two["changed_at"]})
    assert [item["number"] for item in (await get_signed(provincial, "/v1/contributions")).json()["items"]] == [
        one["number"],
        two["number"],
    ]
    assert [
        item["number"] for item in (await get_signed(provincial, f"/v1/contributions?{since}")).json()["items"]
    ] == ["c2"]
    await provincial.post("/sandbox/behaviour", json={"answer_twice": 1})
    assert len((await get_signed(provincial, "/v1/contributions")).json()["items"]) == 4
    await provincial.post("/sandbox/behaviour", json={"fail_reads_next": 1, "status": 503})
    assert (await get_signed(provincial, "/v1/contributions")).status_code == 503


async def test_a_message_is_shown_found_again_and_receipted(sms: httpx2.AsyncClient, listener: Listener) -> None:
    sent = (await send_sms(sms, "m1")).json()
    assert sent["Code"] == "OK"
    [receipt] = await listener.next(1)
    assert (receipt["biz_id"], receipt["out_id"], receipt["success"]) == (sent["BizId"], "m1", True)
    [shown] = (await sms.get("/sandbox/messages", params={"phone": PHONE})).json()
    assert shown["text"] == "【德阳人社】您的投诉TS1已受理。"
    assert shown["text"] in (await sms.get("/")).text
    for asked in ({"BizId": sent["BizId"]}, {"OutId": "m1", "PhoneNumber": PHONE}):
        details = (await call_sms(sms, "QuerySendDetails", **asked)).json()
        assert [d["OutId"] for d in details["SmsSendDetailDTOs"]["SmsSendDetailDTO"]] == ["m1"]
    earlier = (await call_sms(sms, "QuerySendDetails", PhoneNumber=PHONE, SendDate="20200101")).json()
    assert earlier["TotalCount"] == "0"


async def test_a_receipt_is_sent_again_until_it_is_taken(sms: httpx2.AsyncClient, listener: Listener) -> None:
    listener.refuse = 2
    await send_sms(sms, "m1")
    assert [r["out_id"] for r in await listener.next(1)] == ["m1"]
    assert len(listener.webhook_ids) == 3
    assert len(set(listener.webhook_ids)) == 1


async def test_a_failed_delivery_is_receipted_as_failed(sms: httpx2.AsyncClient, listener: Listener) -> None:
    await sms.post("/sandbox/behaviour", json={"refuse_next": 1, "answer_twice": 1})
    await send_sms(sms, "m1")
    assert [(r["out_id"], r["success"]) for r in await listener.next(2)] == [("m1", False)] * 2


async def test_a_wrong_number_template_or_signature_is_told(sms: httpx2.AsyncClient) -> None:
    number = await call_sms(sms, "SendSms", PhoneNumbers="12345", SignName="德阳人社", TemplateCode="SMS_1")
    template = await call_sms(sms, "SendSms", PhoneNumbers=PHONE, SignName="德阳人社", TemplateCode="SMS_2")
    parameters = await call_sms(sms, "SendSms", PhoneNumbers=PHONE, SignName="德阳人社", TemplateCode="SMS_1")
    assert number.json()["Code"] == "isv.MOBILE_NUMBER_ILLEGAL"
    assert template.json()["Code"] == "isv.SMS_TEMPLATE_ILLEGAL"
    assert parameters.json()["Code"] == "isv.TEMPLATE_MISSING_PARAMETERS"
    assert (await sms.post("/", data={"Action": "SendSms"})).status_code == 400


async def test_a_push_is_delivered_once_however_often_it_is_sent(push: httpx2.AsyncClient, listener: Listener) -> None:
    message = {"message_id": "p1", "device_token": "d1", "title": "提醒", "body": "请休息"}
    headers = {"authorization": "Bearer bearer-secret"}
    assert (await push.post("/v1/messages", json=message)).status_code == 401
    first = await push.post("/v1/messages", json=message, headers=headers)
    await push.post("/v1/messages", json=message, headers=headers)
    assert first.status_code == 202
    assert [(r["message_id"], r["success"]) for r in await listener.next(1)] == [("p1", True)]
    assert len((await push.get("/sandbox/messages", params={"device_token": "d1"})).json()) == 1
    assert (await push.get("/v1/messages/p1", headers=headers)).json()["status"] == "delivered"
    assert "请休息" in (await push.get("/")).text
