"""Push a file of events, one CloudEvent a line. Needs Python 3.11 and nothing else.

    URL=http://127.0.0.1:8001 TOKEN_URL=http://127.0.0.1:8100/oauth2/token \
    CLIENT_ID=platform:91510600MA00000172 CLIENT_SECRET=... python3 push.py events.jsonl

SIGNING_SECRET (whsec_...) signs the pushes; BATCH is how many events go in one. Prints each rejected event. Ends with 0 where
every event was accepted, 1 where some were rejected, 2 where a batch could not be delivered.
"""

import base64
import gzip
import hashlib
import hmac
import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any

MOST_EVENTS, MOST_BYTES, TRIES, LONGEST_WAIT, TIMEOUT = 5000, 8 * 1024 * 1024, 10, 30.0, 60.0


class Undelivered(Exception):
    """A push that the gateway does not take, or that nobody answered for too long."""


class Tokens:
    """Access tokens by OAuth 2 client credentials; one is kept until a minute before it ends."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self._url, self._token, self._until = url, "", 0.0
        self._form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}

    def __call__(self, renew: bool) -> str:
        if renew or time.monotonic() > self._until:
            status, _, given = send(self._url, urllib.parse.urlencode(self._form).encode(), {})
            if status != 200:
                raise (
                    Busy(None, f"token: {status}")
                    if may_pass(status)
                    else Undelivered(f"no token: {status} {given.get('error')}")
                )
            self._token, self._until = given["access_token"], time.monotonic() + given["expires_in"] - 60
        return self._token


class Busy(Exception):
    """Not now. `after`: the seconds to wait, where the answer said so."""

    def __init__(self, after: str | None, what: str) -> None:
        super().__init__(what)
        self.after = float(after) if after and after.isdecimal() else None


def may_pass(status: int) -> bool:
    return status in (408, 429) or status >= 500


def send(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any, dict[str, Any]]:
    """POST; gives status, headers and JSON, whatever the status. No JSON: something in front of the gateway answers."""
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - the platform's own setting
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        said = json.loads(answer.read()) if "json" in answer.headers.get("Content-Type", "") else {}
    return answer.status, answer.headers, said


def signature(secret: str, body: bytes) -> dict[str, str]:
    """Standard Webhooks: over the body as it is before gzip. Good for five minutes, so each try is signed anew."""
    message_id, timestamp = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    signed = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signed}


def push(url: str, events: Sequence[bytes], token: Callable[[bool], str], secret: str | None = None) -> dict[str, Any]:
    """Deliver one batch and give its receipt; raises Undelivered. It is sent again, with the same events, until its fate is
    known: what was taken already is passed over."""
    body, renewed = b"\n".join(events), False
    for attempt in range(TRIES):
        try:
            headers = {"Authorization": f"Bearer {token(False)}", "Content-Type": "application/x-ndjson"}
            headers |= {"Content-Encoding": "gzip"} | (signature(secret, body) if secret else {})
            status, answered, said = send(f"{url}/v1/platform-events", gzip.compress(body), headers)
            kind = str(said.get("type", "")).rpartition("/")[2]
            if status == 202:
                return said
            if status == 401 and kind == "unauthenticated" and not renewed:  # the token ended early
                renewed = bool(token(True))
                continue
            if not may_pass(status):
                raise Undelivered(f"{status} {kind} {said.get('title', '')} {said.get('title_en', '')}")
            raise Busy(answered.get("Retry-After"), f"{status} {kind} {said.get('receipt', '')}")
        except (Busy, OSError, HTTPException) as error:  # OSError: no connection, or it broke
            asked = error.after if isinstance(error, Busy) else None
            wait = min(LONGEST_WAIT, 0.5 * 2**attempt) * random.uniform(0.5, 1) if asked is None else asked
            print(
                f"try {attempt + 1} of {TRIES}: {str(error) or type(error).__name__}; again in {wait:.1f} s",
                file=sys.stderr,
            )
            time.sleep(wait)
    raise Undelivered(f"not delivered in {TRIES} tries")


def batches(lines: Sequence[bytes], most: int = MOST_EVENTS) -> Iterator[list[bytes]]:
    """Events in batches that the gateway takes."""
    batch, size = list[bytes](), 0
    for line in lines:
        if batch and (len(batch) == most or size + len(line) + 1 > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch


def main(path: str) -> int:
    given = os.environ
    token = Tokens(given["TOKEN_URL"], given["CLIENT_ID"], given["CLIENT_SECRET"])
    lines = [line for line in Path(path).read_bytes().splitlines() if line.strip()]
    done = accepted = 0
    for batch in batches(lines, int(given.get("BATCH", MOST_EVENTS))):
        try:
            receipt = push(given["URL"], batch, token, given.get("SIGNING_SECRET"))
        except Undelivered as error:
            print(f"events from {done + 1} on are not delivered: {error}; push the same file again", file=sys.stderr)
            return 2
        accepted += receipt["accepted"]
        for one in receipt["rejected"]:
            print(f"rejected event {done + one['index'] + 1} {one['id']} {one['type']}: {one['detail']}")
        done += len(batch)
    print(f"accepted {accepted}, rejected {done - accepted}")
    return 0 if accepted == done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
