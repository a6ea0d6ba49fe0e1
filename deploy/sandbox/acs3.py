"""Aliyun's request signature, version 3 (ACS3-HMAC-SHA256), as the side that checks it."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
WINDOW = timedelta(minutes=15)
AUTHORIZATION = re.compile(rf"{ALGORITHM} Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{{64}})")
REQUIRED = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}


class SignatureError(ValueError):
    """The request is not signed as it must be; `code` is Aliyun's code for it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def canonical_query(parameters: Sequence[tuple[str, str]]) -> str:
    """Parameters in order of their names, percent-encoded by RFC 3986."""
    return "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(parameters))


def signature(
    secret: str,
    method: str,
    path: str,
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    signed: Sequence[str],
    body_digest: str,
) -> str:
    """The signature in hexadecimal; `headers` by lower-case name, `signed` the names that are signed, in order."""
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed)
    request = "\n".join([method, path, canonical_query(query), lines, ";".join(signed), body_digest])
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def check(
    keys: Mapping[str, str],
    method: str,
    path: str,
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Check a request against the secrets by access key id; `headers` by lower-case name.

    Raises:
        SignatureError: missing, incomplete, of an unknown key, older or newer than 15 minutes, or wrong.
    """
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise SignatureError("MissingAuthorization", "no ACS3-HMAC-SHA256 authorization")
    key, names, given = found.groups()
    signed = names.split(";")
    must = {name for name in headers if name.startswith("x-acs-") or name in ("host", "content-type")} | REQUIRED
    if signed != sorted(signed) or not must <= set(signed) or not set(signed) <= set(headers):
        raise SignatureError("IncompleteSignature", "SignedHeaders must name host, content-type and every x-acs header")
    if key not in keys:
        raise SignatureError("InvalidAccessKeyId.NotFound", "the access key is not known")
    try:
        at = datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise SignatureError("InvalidTimeStamp.Format", "x-acs-date is no UTC instant") from None
    if abs(datetime.now(UTC) - at) > WINDOW:
        raise SignatureError("InvalidTimeStamp.Expired", "x-acs-date is more than 15 minutes off")
    digest = hashlib.sha256(body).hexdigest()
    expected = signature(keys[key], method, path, query, headers, signed, digest)
    if headers["x-acs-content-sha256"] != digest or not hmac.compare_digest(expected, given):
        raise SignatureError("SignatureDoesNotMatch", "the signature does not fit the request")
