"""What a gateway makes of a message, and how a call to Aliyun is signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ALGORITHM = "ACS3-HMAC-SHA256"
"""Aliyun's request signature, version 3, for an RPC action called by POST with a form."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The gateway has the message. `state` is what it knows of its arrival already."""

    state: Literal["under_way", "arrived", "lost"] = "under_way"
    gateway_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never send this message; the reason is its code."""

    reason: str


def signature(secret: str, method: str, headers: Mapping[str, str], body_digest: str) -> str:
    """The signature in hexadecimal over these headers (lower-case names) and the body's SHA-256, path `/`, no query."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join([method, "/", "", lines, ";".join(names), body_digest])
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed_headers(
    key_id: str, secret: str, *, host: str, action: str, version: str, body: bytes, nonce: str, at: dt.datetime
) -> dict[str, str]:
    """The headers of a signed call; `nonce` must be new for every call, `at` is in UTC."""
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
    signed = signature(secret, "POST", headers, digest)
    names = ";".join(sorted(headers))
    return headers | {"authorization": f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signed}"}
