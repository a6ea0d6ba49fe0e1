"""Whatever anybody sends to any route of any service, it is never answered with 500."""

from __future__ import annotations

import base64
import os
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx2
import pytest
import structlog

from tests.contract.test_openapi import SERVICES
from tests.harness import Harness, bearer, running
from tests.integration.requests import USCC, Writer

APPS = {name: import_module(f"services.{name}.app") for name in SERVICES}
"""All at once: Beanie sets the fields of the classes that it is given, also those that classes made later inherit from."""

ROUNDS = int(os.environ.get("STRANGE_ROUNDS", "2"))
"""Requests to each operation by each caller; a longer search is made by hand."""


def callers() -> list[dict[str, str]]:
    """Tokens that have just been given: a run of all tests is longer than one lasts."""
    return [
        bearer("officer", department="hrss", district="510600"),
        bearer("officer", department="postal", district="510600"),
        bearer("worker", worker_id="w-1"),
        bearer("platform", uscc=USCC),
        bearer("union"),
        bearer("operator"),
        bearer("provincial"),
    ]


CURSORS = [
    b'"\\ud800"',
    b'["0001-01-01T00:00:00+14:00", "x"]',
    b'["9999-12-31T23:59:59-12:00", "x"]',
    b'["a", "b", "c", 7]',
    b'"x"',
]


@pytest.fixture(scope="module", autouse=True)
def surroundings() -> Iterator[None]:
    """What services need to be told before they start; nothing outside answers."""
    secret = f"whsec_{base64.b64encode(b's' * 32).decode()}"
    told = {
        "PROVINCIAL_URL": "http://127.0.0.1:9",
        "PROVINCIAL_SECRET": secret,
        "SMS_URL": "http://127.0.0.1:9",
        "SMS_ACCESS_KEY_ID": "id",
        "SMS_ACCESS_KEY_SECRET": "secret",
        "PUSH_URL": "http://127.0.0.1:9",
        "PUSH_SECRET": "secret",
        "RECEIPT_SECRET": secret,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        structlog.configure(processors=[note_fault])
        yield
    structlog.reset_defaults()


def note_fault(_: object, __: str, event: structlog.typing.EventDict) -> str:
    """Keep the traceback of the last fault, to be told with the request, and log nothing."""
    if event.get("exc_info"):
        tracebacks[:] = [traceback.format_exc()[-1500:]]
    raise structlog.DropEvent


tracebacks: list[str] = []


@pytest.mark.parametrize("name", SERVICES)
async def test_no_request_is_answered_with_500(
    name: str, mongo_uri: str, kafka_bootstrap: str, module_directory: Path
) -> None:
    service = APPS[name].service
    async with running(service, mongo_uri, kafka_bootstrap, module_directory, role="api") as started:
        document = (await started.http.get("/openapi.json")).json()
        faults: dict[str, str] = {}
        for seed in range(ROUNDS):
            for number, caller in enumerate(callers()):
                for request in Writer(document, seed * 100 + number).requests():
                    request["headers"] |= caller
                    try:
                        answer = await started.http.request(**request)
                    except httpx2.InvalidURL:  # longer than a client sends
                        continue
                    if answer.status_code == 500:
                        faults.setdefault(
                            f"{request['method']} {answer.request.url.path}", f"{str(request)[:800]}\n{tracebacks}"
                        )
        await _try_cursors(started, document, faults)
        assert not faults, "\n".join(f"{where}: {request}" for where, request in faults.items())


async def _try_cursors(
    started: Harness, document: dict[str, dict[str, dict[str, object]]], faults: dict[str, str]
) -> None:
    for path, operations in document["paths"].items():
        if "cursor" not in str(operations.get("get", {})):
            continue
        url = path.replace("{", "").replace("}", "")
        for cursor in CURSORS:
            for caller in callers():
                params = {"cursor": base64.urlsafe_b64encode(cursor).decode()}
                answer = await started.http.get(url, params=params, headers=caller)
                if answer.status_code == 500:
                    faults.setdefault(f"GET {path} cursor", f"{cursor!r}\n{tracebacks}")
