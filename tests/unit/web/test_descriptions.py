"""What anybody may ask for and takes long to write holds nobody up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from shared.web import asyncapi
from shared.web.routes import include


def noting(wrote: list[int], write: Callable[..., Any]) -> Callable[..., Any]:
    def instead(*given: Any) -> Any:
        wrote.append(threading.get_ident())
        return write(*given)

    return instead


@pytest.mark.parametrize(
    ("path", "module", "name"),
    [
        ("/v1/asyncapi.json", asyncapi, "asyncapi"),
        ("/v1/events", asyncapi, "json_schema"),
    ],
)
def test_it_is_written_once_and_beside_the_event_loop(
    path: str, module: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote: list[int] = []
    monkeypatch.setattr(module, name, noting(wrote, getattr(module, name)))
    asyncapi._document.cache_clear()
    asyncapi._page.cache_clear()
    app, versioned = FastAPI(), APIRouter(prefix="/v1")

    @versioned.get("/loop")
    async def loop() -> int:
        return threading.get_ident()

    include(app, [versioned], 1_000)
    app.include_router(asyncapi.event_page("sample"), prefix="/v1")
    with TestClient(app) as client:
        first = client.get(path)
        before = len(wrote)
        assert first.status_code == 200
        assert client.get(path).content == first.content
        assert client.get("/v1/loop").json() not in wrote
    assert len(wrote) == before > 0
