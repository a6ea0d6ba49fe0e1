"""How the answers of Tencent Cloud are read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from services.notifier.gateways.connection import NotTaken, Unsure
from services.notifier.gateways.rules import Accepted, Refused
from services.notifier.notices.rows import places_of
from services.notifier.notices.table import PLACES, TEMPLATES
from services.notifier.providers.rules import CannotSay, Sent, Sms
from services.notifier.providers.tencent import LIMIT_SECONDS, OVERDUE, PULLED, REACHES_BACK, Tencent
from services.notifier.settings import TencentSettings
from shared import clock
from shared.messaging.timers import TryAgain

Answer = Callable[[httpx2.Request], httpx2.Response]
PHONE, NOW = "13800000001", dt.datetime(2026, 9, 30, 4, tzinfo=dt.UTC)
SMS = Sms("delivery-1", PHONE, "wage", {"month": "2026-09", "amount": "12.00", "more": "unused"}, NOW)
ACCOUNT = TencentSettings(
    url="http://sms.test/",
    secret_id="id",
    secret_key="key",
    app_id="1400006666",
    region="ap-guangzhou",
    receipt_token="token",
    templates={"wage": 1_234_567},
)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sms(answer: Answer) -> Tencent:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return Tencent(client, ACCOUNT, "德阳人社", {"wage": ("amount", "month")})


def says(**response: Any) -> Answer:
    return lambda _: httpx2.Response(200, json={"Response": response | {"RequestId": "1"}})


def status(code: str, **more: object) -> Answer:
    return says(SendStatusSet=[{"Code": code, "Message": code, "PhoneNumber": f"+86{PHONE}"} | more])


def error(code: str) -> Answer:
    return says(Error={"Code": code, "Message": PHONE})


async def test_a_taken_sms_has_tencents_number() -> None:
    assert await sms(status("Ok", SerialNo="1:2")).send(SMS) == Accepted(gateway_id="1:2")


async def test_parameters_go_in_the_order_of_their_places() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return status("Ok")(request)

    await sms(answer).send(SMS)
    [request] = seen
    assert str(request.url) == "http://sms.test/"
    assert (request.headers["x-tc-action"], request.headers["x-tc-version"]) == ("SendSms", "2021-01-11")
    assert json.loads(request.content) == {
        "PhoneNumberSet": [f"+86{PHONE}"],
        "SmsSdkAppId": "1400006666",
        "SignName": "德阳人社",
        "TemplateId": "1234567",
        "TemplateParamSet": ["12.00", "2026-09"],
        "SessionContext": "delivery-1",
    }


def test_every_text_has_its_places_in_their_order() -> None:
    for code, row in TEMPLATES.items():
        first_at = [row.text.index(f"${{{name}}}") for name in PLACES[code]]
        assert first_at == sorted(first_at)
        assert set(PLACES[code]) == places_of(row.text)


@pytest.mark.parametrize("said", [status, error])
@pytest.mark.parametrize(
    "code", ["InvalidParameterValue.IncorrectPhoneNumber", "FailedOperation.TemplateUnapprovedOrNotExist"]
)
async def test_a_message_that_can_never_be_sent_is_refused(said: Callable[[str], Answer], code: str) -> None:
    assert await sms(said(code)).send(SMS) == Refused(code)


async def test_a_number_that_has_had_enough_gets_its_message_later() -> None:
    with pytest.raises(TryAgain) as again:
        await sms(status("LimitExceeded.PhoneNumberOneHourLimit")).send(SMS)
    assert again.value.after == LIMIT_SECONDS
    assert not isinstance(again.value, NotTaken)


@pytest.mark.parametrize(
    "code", ["FailedOperation.InsufficientBalanceInSmsPackage", "AuthFailure.SecretIdNotFound", "RequestLimitExceeded"]
)
async def test_what_an_operator_can_mend_was_surely_not_taken(code: str) -> None:
    with pytest.raises(NotTaken, match=code):
        await sms(error(code)).send(SMS)


@pytest.mark.parametrize(
    "answer",
    [
        error("InternalError.Timeout"),
        status("InternalError.RequestTimeException"),
        says(),
        says(SendStatusSet=[]),
        lambda _: httpx2.Response(200, content=b"<html>"),
        lambda _: httpx2.Response(200, json=[]),
        lambda _: httpx2.Response(502),
    ],
)
async def test_what_says_nothing_of_the_message_leaves_it_open(answer: Answer) -> None:
    with pytest.raises(Unsure) as again:
        await sms(answer).send(SMS)
    assert PHONE not in str(again.value)


def report(delivery_id: str, said: str = "SUCCESS") -> dict[str, str]:
    return {"SessionContext": delivery_id, "ReportStatus": said, "SerialNo": "1:2", "Description": "空号"}


async def test_a_message_is_found_by_our_id_among_the_reports() -> None:
    found = says(PullSmsSendStatusSet=[report("other"), report("delivery-1")])
    assert await sms(found).find(SMS) == Accepted("arrived", "1:2")
    lost = says(PullSmsSendStatusSet=[report("delivery-1", "FAIL")])
    assert await sms(lost).find(SMS) == Accepted("lost", "1:2", "空号")


async def test_without_a_report_it_is_asked_again_until_overdue() -> None:
    none = sms(says(PullSmsSendStatusSet=[report("other"), report("")]))
    with pytest.raises(Unsure) as again:
        await none.find(dataclasses.replace(SMS, asked_at=NOW - OVERDUE))
    assert again.value.answered
    with pytest.raises(CannotSay):
        await none.find(dataclasses.replace(SMS, asked_at=NOW - OVERDUE - dt.timedelta(seconds=1)))


async def test_reports_are_asked_for_no_further_back_than_there_are() -> None:
    asked: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(json.loads(request.content))
        return says(PullSmsSendStatusSet=[report("delivery-1")])(request)

    await sms(answer).find(dataclasses.replace(SMS, asked_at=NOW - dt.timedelta(days=9)))
    assert asked[0]["BeginTime"] == int((NOW - REACHES_BACK).timestamp())
    assert asked[0]["PhoneNumber"] == f"+86{PHONE}"


async def test_a_provider_that_does_not_say_is_asked_again() -> None:
    with pytest.raises(Unsure):
        await sms(error("UnsupportedOperation")).find(SMS)


async def test_messages_are_known_by_tencents_number_or_by_our_id() -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        reports = [
            {"SerialNo": "1:1", "ReportStatus": "SUCCESS", "SessionContext": ""},
            {"SerialNo": "1:9", "ReportStatus": "FAIL", "Description": "空号", "SessionContext": "b"},
            {"SerialNo": "1:8", "ReportStatus": "SUCCESS", "SessionContext": ""},
        ]
        return says(PullSmsSendStatusSet=reports)(request)

    old = NOW - dt.timedelta(days=9)
    sent = [Sent("a", "1:1", NOW, NOW), Sent("b", None, NOW, NOW), Sent("c", "1:3", old, old)]
    assert await sms(answer).ask(PHONE, sent) == {
        "a": Accepted("arrived", "1:1"),
        "b": Accepted("lost", "1:9", "空号"),
    }
    assert [one["BeginTime"] for one in seen] == [int((NOW - REACHES_BACK).timestamp())]
    with pytest.raises(Unsure):
        await sms(error("RequestLimitExceeded")).ask(PHONE, sent)


@pytest.mark.parametrize(
    "answer",
    [
        says(PullSmsSendStatusSet="x"),
        says(PullSmsSendStatusSet=[None]),
        says(Error="x"),
        says(SendStatusSet="", Error=None, PullSmsSendStatusSet={"a": 1}),
    ],
)
async def test_reports_that_cannot_be_read_say_nothing(answer: Answer) -> None:
    with pytest.raises(Unsure):
        await sms(answer).find(SMS)
    with pytest.raises(Unsure):
        await sms(answer).ask(PHONE, [Sent("a", "1:1", NOW, NOW)])


@pytest.mark.parametrize("answer", [says(SendStatusSet=None), says(SendStatusSet=["x"]), says(Error="x")])
async def test_an_odd_answer_to_a_message_leaves_it_open(answer: Answer) -> None:
    with pytest.raises(Unsure):
        await sms(answer).send(SMS)


async def test_a_report_that_says_nothing_is_no_loss() -> None:
    odd = says(PullSmsSendStatusSet=[report("delivery-1", "?")])
    found = await sms(odd).find(SMS)
    assert found is not None
    assert found.state == "under_way"


@pytest.mark.parametrize(
    ("words", "state"), [(("SUCCESS", "FAIL"), "arrived"), (("FAIL", "SUCCESS"), "arrived"), (("FAIL", "FAIL"), "lost")]
)
async def test_of_several_reports_on_a_message_the_best_counts(words: tuple[str, ...], state: str) -> None:
    several = says(PullSmsSendStatusSet=[report("delivery-1", said) for said in words])
    found = await sms(several).find(SMS)
    assert found is not None
    assert found.state == state
    for number in ("1:2", None):
        assert (await sms(several).ask(PHONE, [Sent("delivery-1", number, NOW, NOW)]))["delivery-1"].state == state


async def test_an_earlier_report_of_a_message_is_no_word_on_it() -> None:
    earlier = says(PullSmsSendStatusSet=[report("delivery-1", "FAIL")])
    assert await sms(earlier).ask(PHONE, [Sent("delivery-1", "1:3", NOW, NOW)]) == {}


LATER = NOW - OVERDUE


async def test_what_went_before_a_restore_is_found_by_our_id() -> None:
    found = sms(says(PullSmsSendStatusSet=[report("other"), report("delivery-1")]))
    assert await found.find_lost(SMS, LATER) == Accepted("arrived", "1:2")
    assert await sms(says(PullSmsSendStatusSet=[report("other")])).find_lost(SMS, LATER) is None
    assert await sms(says(PullSmsSendStatusSet=[])).find_lost(SMS, LATER) is None


async def test_where_reports_name_no_message_nobody_can_say() -> None:
    """`SessionContext` is only told where Tencent switched it on."""
    with pytest.raises(CannotSay):
        await sms(says(PullSmsSendStatusSet=[report("other"), report("")])).find_lost(SMS, LATER)
    with pytest.raises(CannotSay):
        await sms(says(PullSmsSendStatusSet=[report("other")] * PULLED)).find_lost(SMS, LATER)
    old = dataclasses.replace(SMS, asked_at=NOW - REACHES_BACK - dt.timedelta(seconds=1))
    with pytest.raises(CannotSay):
        await sms(says(PullSmsSendStatusSet=[])).find_lost(old, LATER)


async def test_soon_after_a_restore_a_report_may_still_come() -> None:
    with pytest.raises(Unsure) as again:
        await sms(says(PullSmsSendStatusSet=[])).find_lost(SMS, NOW - OVERDUE / 2)
    assert (again.value.answered, again.value.after) == (True, OVERDUE.total_seconds() / 2)
