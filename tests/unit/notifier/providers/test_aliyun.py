"""How the answers of Alibaba Cloud are read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx2
import pytest

from services.notifier.gateways.connection import UNSURE_SECONDS, NotTaken, Unsure
from services.notifier.gateways.rules import Accepted, Refused
from services.notifier.providers.aliyun import LIMIT_SECONDS, PAGE, PAGES, Aliyun
from services.notifier.providers.rules import CannotSay, Sent, Sms
from shared import clock
from shared.messaging.timers import TryAgain

Answer = Callable[[httpx2.Request], httpx2.Response]
PHONE, NOW = "13800000001", dt.datetime(2026, 9, 30, 4, tzinfo=dt.UTC)
SMS = Sms("delivery-1", PHONE, "case_opened_worker", {"number": "TS1"}, NOW)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sms(answer: Answer) -> Aliyun:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return Aliyun(client, "http://sms.test:8102", "key-id", "secret", "德阳人社")


def says(code: str, **more: object) -> Answer:
    return lambda _: httpx2.Response(200, json={"Code": code, "Message": code, "RequestId": "1"} | more)


def breaks(error: type[httpx2.TransportError]) -> Answer:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error("as told", request=request)

    return answer


async def send(answer: Answer) -> Accepted | Refused:
    return await sms(answer).send(SMS)


async def test_a_taken_sms_has_the_gateways_number() -> None:
    assert await send(says("OK", BizId="1^0")) == Accepted(gateway_id="1^0")


async def test_a_phone_number_never_stands_in_an_address() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"Code": "OK"})

    await send(answer)
    [request] = seen
    assert str(request.url) == "http://sms.test:8102/"
    form = parse_qs(request.content.decode())
    assert form["PhoneNumbers"] == [PHONE]
    assert form["SignName"] == ["德阳人社"]
    assert json.loads(form["TemplateParam"][0]) == {"number": "TS1"}
    assert form["OutId"] == ["delivery-1"]


@pytest.mark.parametrize("code", ["isv.MOBILE_NUMBER_ILLEGAL", "isv.SMS_TEMPLATE_ILLEGAL"])
async def test_a_message_that_can_never_be_sent_is_refused(code: str) -> None:
    assert await send(says(code)) == Refused(code)


async def test_a_number_that_has_had_enough_gets_its_message_later() -> None:
    with pytest.raises(TryAgain) as again:
        await send(says("isv.BUSINESS_LIMIT_CONTROL"))
    assert again.value.after == LIMIT_SECONDS


@pytest.mark.parametrize("code", ["isv.AMOUNT_NOT_ENOUGH", "SignatureDoesNotMatch", "Throttling.User"])
async def test_what_an_operator_can_mend_was_surely_not_taken(code: str) -> None:
    with pytest.raises(NotTaken, match=code):
        await send(says(code))


async def test_a_fault_of_the_providers_own_leaves_open_what_was_done() -> None:
    with pytest.raises(Unsure):
        await send(says("isp.SYSTEM_ERROR"))
    with pytest.raises(Unsure):
        await send(lambda _: httpx2.Response(502))


@pytest.mark.parametrize("error", [httpx2.ReadTimeout, httpx2.ReadError, httpx2.RemoteProtocolError])
async def test_a_message_that_may_have_arrived_is_asked_for_later(
    error: type[httpx2.TransportError],
) -> None:
    with pytest.raises(Unsure) as again:
        await send(breaks(error))
    assert again.value.after == UNSURE_SECONDS


async def test_a_gateway_that_cannot_be_reached_is_tried_again_soon() -> None:
    with pytest.raises(NotTaken) as again:
        await send(breaks(httpx2.ConnectError))
    assert again.value.after == 0


@pytest.mark.parametrize("body", [b"<html>", b"[]"])
async def test_an_answer_that_cannot_be_read_is_no_answer(body: bytes) -> None:
    with pytest.raises(TryAgain):
        await send(lambda _: httpx2.Response(200, content=body))


async def test_no_fault_tells_the_number() -> None:
    for answer in (says("isv.BUSINESS_LIMIT_CONTROL"), breaks(httpx2.ReadError), says("Oops", Message=PHONE)):
        with pytest.raises(TryAgain) as again:
            await send(answer)
        assert PHONE not in str(again.value)


@pytest.mark.parametrize(
    ("status", "found"), [(1, Accepted()), (2, Accepted("lost", reason="MK:0001")), (3, Accepted("arrived"))]
)
async def test_a_message_is_found_by_its_id_among_those_to_the_number(status: int, found: Accepted) -> None:
    details = [{"OutId": "other", "SendStatus": 3}, {"OutId": "delivery-1", "SendStatus": status, "ErrCode": "MK:0001"}]
    answer = says("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": details})
    assert await sms(answer).find(SMS) == found
    assert await sms(answer).find(dataclasses.replace(SMS, delivery_id="delivery-2")) is None


async def test_a_message_is_looked_for_on_every_page_and_day() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        form = parse_qs(request.content.decode())
        asked.append((form["SendDate"][0], form["CurrentPage"][0]))
        full = asked[-1] == ("20260930", "1")
        details = [{"OutId": "other"}] * (PAGE if full else 1)
        return httpx2.Response(200, json={"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}})

    await sms(answer).find(dataclasses.replace(SMS, asked_at=NOW - dt.timedelta(days=1)))
    assert asked == [("20260930", "1"), ("20260930", "2"), ("20260929", "1")]


async def test_a_gateway_that_cannot_say_is_asked_again() -> None:
    with pytest.raises(Unsure):
        await sms(says("Throttling.User")).find(SMS)


async def test_among_too_many_messages_nobody_can_say() -> None:
    full = says("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": [{"OutId": "other"}] * PAGE})
    with pytest.raises(CannotSay):
        await sms(full).find(SMS)


def taken(delivery_id: str, at: dt.datetime = NOW) -> Sent:
    return Sent(delivery_id, None, at, at)


async def test_one_question_tells_of_all_messages_to_a_number() -> None:
    details = [
        {"OutId": "a", "SendStatus": 3},
        {"OutId": "b", "SendStatus": 2, "ErrCode": "MK:0001"},
        {"OutId": "c", "SendStatus": 1},
        {"OutId": "other", "SendStatus": 3},
    ]
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return says("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": details})(request)

    assert await sms(answer).ask(PHONE, [taken(one) for one in "abcd"]) == {
        "a": Accepted("arrived"),
        "b": Accepted("lost", reason="MK:0001"),
        "c": Accepted(),
    }
    assert len(asked) == 1


async def test_it_asks_for_the_days_on_which_messages_went() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        form = parse_qs(request.content.decode())
        asked.append((form["SendDate"][0], form["CurrentPage"][0]))
        details = [{"OutId": "other"}] * PAGE if asked[-1][0] == "20260929" else []
        return httpx2.Response(200, json={"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}})

    midnight = dt.datetime(2026, 9, 28, 16, tzinfo=dt.UTC)
    assert await sms(answer).ask(PHONE, [taken("a", midnight), taken("b", NOW)]) == {}
    days = [("20260928", "1"), *(("20260929", str(page)) for page in range(1, PAGES + 1)), ("20260930", "1")]
    assert asked == days


async def test_a_provider_that_cannot_be_asked_says_nothing() -> None:
    with pytest.raises(Unsure):
        await sms(says("Throttling.User")).ask(PHONE, [taken("a")])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"SmsSendDetailDTOs": None},
        {"SmsSendDetailDTOs": []},
        {"SmsSendDetailDTOs": {}},
        {"SmsSendDetailDTOs": {"SmsSendDetailDTO": "x"}},
        {"SmsSendDetailDTOs": {"SmsSendDetailDTO": [None]}},
    ],
)
async def test_a_list_that_cannot_be_read_says_nothing(body: dict[str, object]) -> None:
    """Else what may have gone would be sent twice, and no other gateway would be asked."""
    with pytest.raises(Unsure):
        await sms(says("OK", **body)).find(SMS)
    with pytest.raises(Unsure):
        await sms(says("OK", **body)).ask(PHONE, [taken("a")])


async def test_odd_values_in_a_list_say_nothing_of_a_message() -> None:
    details: list[dict[str, object]] = [{}, {"OutId": ["a"]}, {"OutId": None}, {"OutId": "a", "SendStatus": "?"}]
    answer = says("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": details})
    assert await sms(answer).ask(PHONE, [taken("a")]) == {"a": Accepted()}


async def test_a_number_of_aliyuns_own_is_kept_as_text() -> None:
    assert await send(says("OK", BizId=12)) == Accepted(gateway_id="12")
    assert await send(says("OK", BizId=None)) == Accepted()


@pytest.mark.parametrize(
    ("statuses", "state"), [((3, 2), "arrived"), ((2, 3), "arrived"), ((2, 1), "under_way"), ((2, 2), "lost")]
)
async def test_of_several_words_on_a_message_the_best_counts(statuses: tuple[int, ...], state: str) -> None:
    """Those of its parts, or of two times that it was given."""
    details = [{"OutId": "delivery-1", "SendStatus": status, "ErrCode": "MK:0001"} for status in statuses]
    answer = says("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": details})
    found = await sms(answer).find(SMS)
    assert found is not None
    assert found.state == state
    assert (await sms(answer).ask(PHONE, [taken("delivery-1")]))["delivery-1"].state == state


async def test_days_are_those_of_shanghai_and_only_those_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(parse_qs(request.content.decode())["SendDate"][0])
        return says("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": []})(request)

    new_year = dt.datetime(2026, 12, 31, 16, 0, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: new_year)
    await sms(answer).ask(PHONE, [taken("a", new_year)])
    assert asked == ["20261231", "20270101"]
    asked.clear()
    monkeypatch.setattr(clock, "now", lambda: new_year - dt.timedelta(minutes=1))
    await sms(answer).ask(PHONE, [taken("a", new_year - dt.timedelta(minutes=1))])
    assert asked == ["20261231"]  # no day that has not come
    asked.clear()
    await sms(answer).ask(PHONE, [Sent("a", None, new_year - dt.timedelta(days=90), new_year)])
    assert (asked[0], len(asked)) == ("20261201", 31)
