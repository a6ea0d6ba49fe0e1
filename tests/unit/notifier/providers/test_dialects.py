"""Both providers as the stand-in for them speaks: what is sent is taken, shown, and found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import yaml

from deploy.sandbox.sms import from_environment
from services.notifier.gateways.connection import NotTaken, Unsure
from services.notifier.gateways.rules import Accepted, Refused
from services.notifier.notices.table import PLACES, TEMPLATES, text_of
from services.notifier.providers.aliyun import Aliyun
from services.notifier.providers.rules import Sent, Sms, SmsProvider
from services.notifier.providers.tencent import Tencent
from services.notifier.settings import TencentSettings
from shared import clock

PHONE = "13800000001"
Make = Callable[..., SmsProvider]


@pytest.fixture
def http(tmp_path: Path) -> httpx2.AsyncClient:
    numbers = tmp_path / "tencent.yaml"
    numbers.write_text(yaml.safe_dump({code: number for number, code in enumerate(TEMPLATES, 1_000_000)}))
    env = {
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET": "secret",
        "RECEIPT_SECRET": "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "TENCENT_SMS_SECRET_ID": "id",
        "TENCENT_SMS_SECRET_KEY": "secret",
        "TENCENT_SMS_APP_ID": "1400006666",
        "TENCENT_SMS_TEMPLATES": str(numbers),
        "TENCENT_RECEIPT_URL": "http://receipts.test",
        "TENCENT_SMS_RECEIPT_TOKEN": "token",
    }
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=from_environment(env)), base_url="http://sms.test")


def aliyun(http: httpx2.AsyncClient, secret: str = "secret") -> Aliyun:
    return Aliyun(http, "http://sms.test/", "id", secret, "德阳人社")


def tencent(http: httpx2.AsyncClient, secret: str = "secret") -> Tencent:
    account = TencentSettings(
        url="http://sms.test/tencent",
        secret_id="id",
        secret_key=secret,
        app_id="1400006666",
        region="ap-guangzhou",
        receipt_token="token",
        templates={code: number for number, code in enumerate(TEMPLATES, 1_000_000)},
    )
    return Tencent(http, account, "德阳人社", PLACES)


def message(template: str, delivery_id: str = "delivery-1") -> Sms:
    return Sms(delivery_id, PHONE, template, {name: f"<{name}>" for name in PLACES[template]}, clock.now())


@pytest.mark.parametrize("make", [aliyun, tencent])
async def test_every_text_arrives_as_its_row_says(http: httpx2.AsyncClient, make: Make) -> None:
    for template, row in TEMPLATES.items():
        sms = message(template, f"delivery-{template}")
        assert isinstance(await make(http).send(sms), Accepted)
        shown = (await http.get("/sandbox/messages", params={"phone": PHONE})).json()[-1]
        assert shown["text"] == f"【德阳人社】{text_of(row, sms.params)}"
        assert (shown["out_id"], shown["template"]) == (sms.delivery_id, template)
    assert f"<td>{[*TEMPLATES][-1]}</td>" in (await http.get("/")).text  # the page shows the latest


@pytest.mark.parametrize("make", [aliyun, tencent])
async def test_what_a_provider_has_it_finds_again(http: httpx2.AsyncClient, make: Make) -> None:
    sms = message("case_opened_worker")
    await behave(http, receipt_delay_ms=0)
    await make(http).send(sms)
    found = await make(http).find(sms)
    assert found is not None
    assert found.state == "arrived"


@pytest.mark.parametrize("make", [aliyun, tencent])
async def test_a_provider_says_what_became_of_several_at_once(http: httpx2.AsyncClient, make: Make) -> None:
    async def sent(delivery_id: str, **behaviour: int) -> Sent:
        await behave(http, **behaviour)
        sms = message("case_opened_worker", delivery_id)
        taken = await make(http).send(sms)
        assert isinstance(taken, Accepted)
        return Sent(delivery_id, taken.gateway_id, sms.asked_at, clock.now())

    asked = [
        await sent("arrived", receipt_delay_ms=0),
        await sent("lost", receipt_delay_ms=0, refuse_next=1),
        await sent("forgotten", receipt_delay_ms=0, forget_next=1),
        await sent("under-way", receipt_delay_ms=60_000),
    ]
    found = await make(http).ask(PHONE, asked)
    assert {name: said.state for name, said in found.items() if said.state != "under_way"} == {
        "arrived": "arrived",
        "lost": "lost",
    }
    await behave(http, fail_next=1, status=503)
    with pytest.raises(Unsure):
        await make(http).ask(PHONE, asked)


async def behave(http: httpx2.AsyncClient, **behaviour: int) -> None:
    for path in ("/sandbox/behaviour", "/tencent/sandbox/behaviour"):
        (await http.post(path, json=behaviour)).raise_for_status()


async def test_one_says_what_it_never_had_and_the_other_cannot(http: httpx2.AsyncClient) -> None:
    sms = message("case_opened_worker")
    assert await aliyun(http).find(sms) is None
    with pytest.raises(Unsure):
        await tencent(http).find(sms)
    await http.post("/tencent/sandbox/behaviour", json={"receipt_delay_ms": 60_000})
    await tencent(http).send(sms)
    with pytest.raises(Unsure):  # its report has not come
        await tencent(http).find(sms)


@pytest.mark.parametrize("make", [aliyun, tencent])
async def test_a_wrong_signature_takes_no_message(http: httpx2.AsyncClient, make: Make) -> None:
    with pytest.raises(NotTaken):
        await make(http, "guess").send(message("case_opened_worker"))
    assert (await http.get("/sandbox/messages")).json() == []


@pytest.mark.parametrize("make", [aliyun, tencent])
async def test_a_number_that_cannot_be_is_refused(http: httpx2.AsyncClient, make: Make) -> None:
    refused = await make(http).send(replace(message("case_opened_worker"), phone="2345678"))
    assert isinstance(refused, Refused)


async def test_each_provider_misbehaves_by_itself(http: httpx2.AsyncClient) -> None:
    await http.post("/tencent/sandbox/behaviour", json={"fail_next": 1})
    assert isinstance(await aliyun(http).send(message("case_opened_worker")), Accepted)
    with pytest.raises(Unsure):
        await tencent(http).send(message("case_opened_worker"))
    assert isinstance(await tencent(http).send(message("case_opened_worker")), Accepted)
