"""The provincial online social-insurance platform over HTTP, signed as Standard Webhooks.

Every request has a number and may be sent again: the province answers the same.
"""

from __future__ import annotations

import datetime as dt
import os
import ssl
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

import httpx2
import msgspec
from standardwebhooks import Webhook

from shared import clock
from shared.ids import new_id
from shared.service import Running
from shared.settings import SettingMissing

SECONDS = 10.0


class Unanswered(RuntimeError):
    """The province is away, or answered with something that is no answer: to be asked again."""


class Answer(msgspec.Struct, frozen=True):
    """What became of a request."""

    request_number: str
    receipt_number: str
    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    secret: str


def address() -> Address:
    """Where the province is reached, from `PROVINCIAL_URL` and `PROVINCIAL_SECRET`; raises `SettingMissing`."""
    values = [os.environ.get(name, "") for name in ("PROVINCIAL_URL", "PROVINCIAL_SECRET")]
    for name, value in zip(("PROVINCIAL_URL", "PROVINCIAL_SECRET"), values, strict=True):
        if not value:
            raise SettingMissing(f"{name} is not set")
    return Address(values[0].rstrip("/"), values[1])


async def check_settings(_: Running) -> None:
    """Fail at the start rather than at the first enrolment."""
    address()


async def enrol(
    *,
    number: str,
    scheme: str,
    id_number: str,
    name: str,
    uscc: str,
    district: str,
    starts_on: dt.date,
) -> Answer:
    """Ask for an enrolment; raises `Unanswered`."""
    body = {
        "request_number": number,
        "scheme": scheme,
        "id_number": id_number,
        "name": name,
        "uscc": uscc,
        "district": district,
        "starts_on": starts_on,
    }
    return await _post("/v1/enrolments", number, body)


async def end(number: str, ends_on: dt.date) -> Answer:
    """Tell the last day of an enrolment; raises `Unanswered`."""
    return await _post(f"/v1/enrolments/{quote(number, safe='')}/end", number, {"ends_on": ends_on})


async def _post(path: str, number: str, body: dict[str, object]) -> Answer:
    at = address()
    content = msgspec.json.encode(body)
    message_id, now = new_id(), clock.now()
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(at.secret).sign(message_id, now, content.decode()),
    }
    try:
        async with httpx2.AsyncClient(timeout=SECONDS, verify=_trust()) as client:
            response = await client.post(at.url + path, content=content, headers=headers)
            if response.status_code == httpx2.codes.CONFLICT:
                # the number was used before with other words (a corrected name): what was answered then holds
                response = await client.get(f"{at.url}/v1/enrolments/{quote(number, safe='')}")
    except httpx2.HTTPError as error:
        raise Unanswered(type(error).__name__) from None
    if response.status_code != httpx2.codes.OK:
        raise Unanswered(f"status {response.status_code}")
    return _read(response.content, number)


def _read(content: bytes, number: str) -> Answer:
    try:
        answer = msgspec.json.decode(content, type=Answer)
    except msgspec.MsgspecError:
        raise Unanswered("not an answer") from None
    if answer.request_number != number or answer.status not in ("accepted", "rejected"):
        raise Unanswered("not an answer to this request")
    return answer


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
