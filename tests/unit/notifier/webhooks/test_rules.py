"""When a webhook is tried again, where none may go, and what it says."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.webhooks import commands, rules
from services.notifier.webhooks.rules import STATES, Event, State, checked_url, may_be_called, next_try, rest_of
from shared.errors import RuleBroken
from tests.unit.machines import goes_by

NOW = dt.datetime(2026, 9, 30, 12, tzinfo=dt.UTC)
NO_REST = dt.timedelta()


def test_a_webhook_moves_only_as_the_table_says() -> None:
    legal: dict[tuple[State, Event], State] = {
        ("pending", "challenge"): "pending",
        ("pending", "confirm"): "active",
        ("pending", "switch_off"): "disabled",
        ("pending", "gone"): "disabled",
        ("pending", "give_up"): "disabled",
        ("active", "challenge"): "pending",
        ("active", "switch_off"): "disabled",
        ("active", "gone"): "disabled",
        ("active", "give_up"): "disabled",
        ("disabled", "challenge"): "pending",
    }
    goes_by(STATES, legal, get_args(State), get_args(Event))


def test_tries_come_ever_later_and_the_last_after_three_days() -> None:
    at, tries, gaps = NOW, 0, []
    while at < NOW + rules.GIVEN_UP_AFTER:
        tries += 1
        following = next_try(tries, NOW, at, NO_REST, rules.GIVEN_UP_AFTER)
        gaps.append((following - at).total_seconds())
        at = following
    assert gaps[:7] == [5, 300, 1800, 7200, 18000, 36000, 36000]
    assert set(gaps[7:-1]) == {36000}
    assert at == NOW + rules.GIVEN_UP_AFTER


def test_a_longer_rest_that_was_asked_for_is_kept() -> None:
    assert next_try(1, NOW, NOW, dt.timedelta(minutes=7), rules.GIVEN_UP_AFTER) == NOW + dt.timedelta(minutes=7)
    assert next_try(3, NOW, NOW, dt.timedelta(minutes=7), rules.GIVEN_UP_AFTER) == NOW + dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    ("header", "status", "seconds"),
    [
        ("120", 503, 120),
        ("5", 429, 5),
        (" 30 ", 500, 30),
        ("Wed, 30 Sep 2026 12:10:00 GMT", 503, 600),
        ("Wed, 30 Sep 2026 11:00:00 GMT", 503, 0),
        ("99999999999999", 503, 24 * 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 503, 24 * 3600),
        ("-5", 500, 0),
        ("soon", 500, 0),
        ("soon", 503, 60),
        (None, 429, 60),
        (None, 503, 60),
        (None, 500, 0),
    ],
)
def test_what_an_answer_asks_for_is_understood(header: str | None, status: int, seconds: int) -> None:
    assert rest_of(header, status, NOW).total_seconds() == seconds


def test_a_silent_server_rests_whole_and_a_failing_one_does_not() -> None:
    due = NOW + dt.timedelta(hours=2)
    assert rules.rests_until("timed_out", NO_REST, due, NOW) == NOW + rules.SLOWED_FOR
    assert rules.rests_until("unreachable", NO_REST, NOW + dt.timedelta(seconds=5), NOW) == NOW + dt.timedelta(
        seconds=5
    )
    assert rules.rests_until("refused", NO_REST, due, NOW) is None
    assert rules.rests_until("refused", dt.timedelta(seconds=90), due, NOW) == NOW + dt.timedelta(seconds=90)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/xindun?token=1", "https://hooks.example.com:8443/", "http://receiver.local:80/"]
)
def test_https_or_a_named_host_may_be_registered(url: str) -> None:
    assert checked_url(url, {"receiver.local"}) == url


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://hooks.example.com/", "webhook-url-not-https"),
        ("ftp://receiver.local/", "webhook-url-not-https"),
        ("https:///nowhere", "webhook-url-invalid"),
        ("https://hooks.example.com:port/", "webhook-url-invalid"),
        ("https://[::1/", "webhook-url-invalid"),
        ("https://user:secret@hooks.example.com/", "webhook-url-invalid"),
        ("https://hooks.example.com/#part", "webhook-url-invalid"),
        ("https://hooks.example.com/a b", "webhook-url-invalid"),
        ("https://hooks.example.com/\r\nHost: other", "webhook-url-invalid"),
        ("https://hooks.example.com\\@127.0.0.1/", "webhook-url-invalid"),
        ("https://推送.example.com/", "webhook-url-invalid"),
        ("not a url", "webhook-url-invalid"),
    ],
)
def test_any_other_address_is_refused(url: str, kind: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        checked_url(url, {"receiver.local"})
    assert refused.value.kind == kind


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111"])
def test_addresses_of_the_open_internet_may_be_called(address: str) -> None:
    assert may_be_called(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
        "::127.0.0.1", "64:ff9b:1::a00:1", "fec0::1", "192.88.99.1",
    ],
)  # fmt: skip
def test_private_local_and_metadata_addresses_may_not(address: str) -> None:
    assert not may_be_called(address)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["::ffff:{}", "64:ff9b::{}", "2002:{}::"]))
def test_an_address_inside_another_is_judged_by_itself(number: int, form: str) -> None:
    inner = ipaddress.IPv4Address(number)
    text = f"{number >> 16:x}:{number & 0xFFFF:x}"
    assert may_be_called(form.format(text)) == may_be_called(str(inner))


@given(st.text(st.sampled_from("https:/@[]%.?#\\:012abAB \r\n\u3002\uff0e\u00ad"), max_size=40))
def test_whatever_is_asked_for_is_refused_or_taken(text: str) -> None:
    for url in (text, f"https://{text}", f"http://receiver.local{text}", f"https://[{text}"):
        with suppress(RuleBroken):
            assert checked_url(url, {"receiver.local"}).isascii()


@given(st.text(st.sampled_from("MonTueJan 0123456789:+-,;GMTfri\t\x00²٣"), max_size=40))
def test_whatever_is_answered_asks_for_a_day_at_most(text: str) -> None:
    assert NO_REST <= rest_of(text, 503, NOW) <= rules.LONGEST_REST


@pytest.mark.parametrize("body", [b'{"token":"\\ud800"}', b"[" * 4000, b'{"token":7}', b"\xff", b"null"])
def test_an_odd_answer_to_a_challenge_is_no_echo(body: bytes) -> None:
    assert not commands.echoes(body, "token")
    assert commands.echoes(b'{"token":"token"}', "token")


def test_the_id_of_a_webhook_is_its_events_and_its_endpoints_own() -> None:
    ids = {rules.webhook_id(endpoint, event) for endpoint in ("a", "b") for event in ("1", "2")}
    assert len(ids) == 4
    assert rules.webhook_id("a", "1") == rules.webhook_id("a", "1")


def test_an_event_is_told_as_json_with_its_id_type_and_time() -> None:
    body = rules.body_of("e-1", "cn.deyang.x.y.z.v1", NOW, {"due_on": dt.date(2026, 9, 30), "bill_id": "b"})
    assert json.loads(body) == {
        "id": "e-1",
        "type": "cn.deyang.x.y.z.v1",
        "timestamp": "2026-09-30T12:00:00Z",
        "data": {"due_on": "2026-09-30", "bill_id": "b"},
    }


def test_an_event_too_large_is_told_by_its_ids() -> None:
    body = rules.body_of("e-1", "x", NOW, {"bill_id": "b", "number": "长" * 7000})
    assert len(body.encode()) <= rules.LARGEST
    assert json.loads(body)["data"] == {"bill_id": "b", "shortened": True}
