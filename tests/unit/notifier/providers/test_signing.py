"""The signature of calls to the SMS gateway, checked by the side that receives them."""

from __future__ import annotations

import datetime as dt

import pytest

from deploy.sandbox import acs3, tc3
from services.notifier.providers.rules import acs3_headers, tc3_headers


def headers(body: bytes = b"Action=SendSms") -> dict[str, str]:
    return acs3_headers(
        "key-id",
        "secret",
        host="dysmsapi.aliyuncs.com",
        action="SendSms",
        version="2017-05-25",
        body=body,
        nonce="nonce-1",
        at=dt.datetime.now(dt.UTC),
    )


def test_a_signed_call_is_taken_by_whoever_knows_the_secret() -> None:
    acs3.check({"key-id": "secret"}, "POST", "/", [], headers(), b"Action=SendSms")


def test_a_call_whose_body_was_changed_is_not_taken() -> None:
    with pytest.raises(acs3.SignatureError):
        acs3.check({"key-id": "secret"}, "POST", "/", [], headers(), b"Action=SendSmt")


def tencent_headers(body: bytes = b"{}", at: dt.datetime | None = None) -> dict[str, str]:
    return tc3_headers(
        "secret-id",
        "secret-key",
        service="sms",
        host="sms.tencentcloudapi.com",
        action="SendSms",
        version="2021-01-11",
        region="ap-guangzhou",
        body=body,
        at=at or dt.datetime.now(dt.UTC),
    )


def test_a_signed_call_to_tencent_is_taken_unchanged_alone() -> None:
    keys = {"secret-id": "secret-key"}
    tc3.check(keys, tencent_headers(), b"{}")
    changes: list[tuple[dict[str, str], dict[str, str], bytes]] = [
        (keys, {}, b"[]"),
        (keys, {"x-tc-action": "PullSmsSendStatus"}, b"{}"),
        ({"secret-id": "another"}, {}, b"{}"),
        ({"another": "secret-key"}, {}, b"{}"),
    ]
    for known, changed, body in changes:
        with pytest.raises(tc3.SignatureError):
            tc3.check(known, tencent_headers() | changed, body)


def test_an_old_call_to_tencent_is_not_taken() -> None:
    old = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    with pytest.raises(tc3.SignatureError, match="five minutes"):
        tc3.check({"secret-id": "secret-key"}, tencent_headers(at=old), b"{}")


def test_tencents_own_library_signs_the_same() -> None:
    at = dt.datetime(2019, 2, 25, 16, 44, 25, tzinfo=dt.UTC)
    signed = tencent_headers(b'{"Limit": 1}', at)["authorization"].rpartition("Signature=")[2]
    assert signed == "0820c350b2c8446b2f5da41ed4cd6e01a77d7855a3c405e473d4602ca0362f7f"
