"""The check of Aliyun's signature, against the worked example of Aliyun's own documentation."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from deploy.sandbox import acs3

SIGNED = [
    *("host", "x-acs-action", "x-acs-content-sha256"),
    *("x-acs-date", "x-acs-signature-nonce", "x-acs-version"),
]


def signed_headers(at: datetime, body: bytes = b"", secret: str = "secret") -> dict[str, str]:
    headers = {
        "host": "127.0.0.1:8102",
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": "n1",
        "x-acs-version": "2017-05-25",
    }
    found = acs3.signature(secret, "POST", "/", [], headers, SIGNED, headers["x-acs-content-sha256"])
    return headers | {
        "authorization": f"ACS3-HMAC-SHA256 Credential=id,SignedHeaders={';'.join(SIGNED)},Signature={found}"
    }


def test_the_documented_example_gives_the_documented_signature() -> None:
    empty = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": empty,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = [("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")]
    assert (
        acs3.signature("YourAccessKeySecret", "POST", "/", query, headers, SIGNED, empty)
        == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_signed_request_passes() -> None:
    acs3.check({"id": "secret"}, "POST", "/", [], signed_headers(datetime.now(UTC), b"a=1"), b"a=1")


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (lambda: signed_headers(datetime.now(UTC), b"a=1"), b"a=2", "SignatureDoesNotMatch"),
        (lambda: signed_headers(datetime.now(UTC), b"a=1", "other"), b"a=1", "SignatureDoesNotMatch"),
        (lambda: signed_headers(datetime.now(UTC) - timedelta(hours=1)), b"", "InvalidTimeStamp.Expired"),
        (lambda: signed_headers(datetime.now(UTC)) | {"x-acs-security-token": "t"}, b"", "IncompleteSignature"),
        (lambda: signed_headers(datetime.now(UTC)) | {"authorization": "Bearer x"}, b"", "MissingAuthorization"),
    ],
)
def test_a_request_that_is_not_signed_as_it_must_be_is_told_why(
    headers: Callable[[], dict[str, str]], body: bytes, code: str
) -> None:
    with pytest.raises(acs3.SignatureError) as refusal:
        acs3.check({"id": "secret"}, "POST", "/", [], headers(), body)
    assert refusal.value.code == code


def test_an_unknown_key_is_told() -> None:
    with pytest.raises(acs3.SignatureError) as refusal:
        acs3.check({"other": "secret"}, "POST", "/", [], signed_headers(datetime.now(UTC)), b"")
    assert refusal.value.code == "InvalidAccessKeyId.NotFound"
