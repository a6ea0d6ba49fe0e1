"""Tencent Cloud's request signature, version 3 (TC3-HMAC-SHA256), as the side that checks it."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE = "sms"
WINDOW = timedelta(minutes=5)
AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=([^/]+)/(\d{{4}}-\d\d-\d\d)/(\w+)/tc3_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{{64}})"
)
REQUIRED = {"content-type", "host"}


class SignatureError(ValueError):
    """The request is not signed as it must be; `code` is Tencent's code for it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def signature(
    secret_key: str, timestamp: int, headers: Mapping[str, str], signed: Sequence[str], body_digest: str
) -> str:
    """The signature in hexadecimal of a POST to `/`; `headers` by lower-case name, `signed` those that are signed, in order."""
    values = {**headers, "x-tc-action": headers.get("x-tc-action", "").lower()}
    lines = "".join(f"{name}:{values[name].strip()}\n" for name in signed)
    request = "\n".join(["POST", "/", "", lines, ";".join(signed), body_digest])
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{date}/{SERVICE}/tc3_request"
    text = f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    of_date = hmac.new(f"TC3{secret_key}".encode(), date.encode(), hashlib.sha256).digest()
    of_service = hmac.new(of_date, SERVICE.encode(), hashlib.sha256).digest()
    key = hmac.new(of_service, b"tc3_request", hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def check(keys: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> None:
    """Check a request against the secret keys by secret id; `headers` by lower-case name.

    Raises:
        SignatureError: missing, incomplete, of an unknown id, older or newer than 5 minutes, or wrong.
    """
    found = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise SignatureError("AuthFailure.SignatureFailure", "no TC3-HMAC-SHA256 authorization")
    secret_id, date, service, names, given = found.groups()
    signed = names.split(";")
    if signed != sorted(signed) or not set(signed) >= REQUIRED or not set(signed) <= set(headers):
        raise SignatureError("AuthFailure.SignatureFailure", "SignedHeaders must name content-type and host, in order")
    if secret_id not in keys:
        raise SignatureError("AuthFailure.SecretIdNotFound", "the secret id is not known")
    try:
        timestamp = int(headers.get("x-tc-timestamp", ""))
        at = datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):
        raise SignatureError("InvalidParameter", "X-TC-Timestamp is no instant") from None
    if abs(datetime.now(UTC) - at) > WINDOW:
        raise SignatureError("AuthFailure.SignatureExpire", "X-TC-Timestamp is more than five minutes off")
    expected = signature(keys[secret_id], timestamp, headers, signed, hashlib.sha256(body).hexdigest())
    if (date, service) != (at.strftime("%Y-%m-%d"), SERVICE) or not hmac.compare_digest(expected, given):
        raise SignatureError("AuthFailure.SignatureFailure", "the signature does not fit the request")
