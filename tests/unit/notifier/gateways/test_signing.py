"""The signature of calls to the SMS gateway, checked by the side that receives them."""

from __future__ import annotations

import datetime as dt

import pytest

from deploy.sandbox import acs3
from services.notifier.gateways.rules import signed_headers


def headers(body: bytes = b"Action=SendSms") -> dict[str, str]:
    return signed_headers(
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
