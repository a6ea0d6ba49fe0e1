"""How calls to the two providers are signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping

ACS3 = "ACS3-HMAC-SHA256"
"""Aliyun's request signature, version 3, for an RPC action called by POST with a form."""
TC3 = "TC3-HMAC-SHA256"
"""Tencent Cloud's request signature, version 3, for an action called by POST with JSON."""


def acs3_headers(
    key_id: str, secret: str, *, host: str, action: str, version: str, body: bytes, nonce: str, at: dt.datetime
) -> dict[str, str]:
    """The headers of a call to Aliyun; `nonce` must be new for every call, `at` is in UTC."""
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": digest,
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    text = f"{ACS3}\n{_digest(_canonical(headers, digest))}"
    signed = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return headers | {"authorization": f"{ACS3} Credential={key_id},SignedHeaders={_names(headers)},Signature={signed}"}


def tc3_headers(
    secret_id: str,
    secret_key: str,
    *,
    service: str,
    host: str,
    action: str,
    version: str,
    region: str,
    body: bytes,
    at: dt.datetime,
) -> dict[str, str]:
    """The headers of a call to Tencent Cloud; `at` is in UTC."""
    signed = {"content-type": "application/json; charset=utf-8", "host": host, "x-tc-action": action.lower()}
    timestamp, date = str(int(at.timestamp())), at.astimezone(dt.UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{service}/tc3_request"
    request = _canonical(signed, hashlib.sha256(body).hexdigest())
    text = f"{TC3}\n{timestamp}\n{scope}\n{_digest(request)}"
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return {
        "content-type": signed["content-type"],
        "host": host,
        "x-tc-action": action,
        "x-tc-version": version,
        "x-tc-region": region,
        "x-tc-timestamp": timestamp,
        "authorization": f"{TC3} Credential={secret_id}/{scope}, SignedHeaders={_names(signed)}, Signature={key.hex()}",
    }


def _canonical(headers: Mapping[str, str], body_digest: str) -> str:
    """A POST to `/` without a query, with these headers (lower-case names), as both have it signed."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    return "\n".join(["POST", "/", "", lines, _names(headers), body_digest])


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(headers))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
