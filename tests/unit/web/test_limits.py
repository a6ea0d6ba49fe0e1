"""A body that may be read comes whole to its route, and one that does not come is not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from shared.callers import Caller
from shared.web import limits
from shared.web.app import make_app
from shared.web.auth import AnyCaller, Verifier

router = APIRouter()


class Note(BaseModel):
    """A note."""

    text: str


@router.post("/notes")
async def take_note(note: Note, caller: AnyCaller) -> Note:
    return note


@router.post("/raw", max_body_size=3 * limits.MEGABYTE)
async def take_raw(request: Request) -> int:
    return len(await request.body())


@router.post("/files")
async def take_files(files: Annotated[list[UploadFile], File()]) -> list[int]:
    return [len(await file.read()) for file in files]


@router.get("/stream")
async def stream() -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            await asyncio.sleep(0)
            yield b"piece"

    return StreamingResponse(pieces())


@pytest.fixture
async def http(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    async def anybody(verifier: Verifier, token: str) -> Caller:
        return Caller("worker:1", "worker", worker_id="1")

    async def ready() -> dict[str, str]:
        return {}

    monkeypatch.setattr(Verifier, "verify", anybody)
    app = make_app("t", "t", [router], Verifier("i", "http://i.test", "a"), ready, ready, ready)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer x"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://t.test", headers=headers) as client:
        yield client


async def test_what_is_sent_within_the_limits_comes_whole(http: httpx2.AsyncClient) -> None:
    text = "字" * 300_000
    assert (await http.post("/notes", json={"text": text})).json() == {"text": text}
    assert (await http.post("/raw", content=b"x" * 3 * limits.MEGABYTE)).json() == 3 * limits.MEGABYTE
    assert (await http.post("/files", files={"files": b"x" * 900_000})).json() == [900_000]
    assert (await http.get("/stream")).content == b"piece" * 3


async def test_what_is_sent_beyond_them_is_a_413(http: httpx2.AsyncClient) -> None:
    over = b"x" * (limits.MEGABYTE + 1)
    answers = [
        await http.post("/notes", json={"text": over.decode()}),
        await http.post("/raw", content=over * 3),
        await http.post("/files", files={"files": over}),
    ]
    assert [(one.status_code, one.json()["type"]) for one in answers] == [(413, "/problems/too-large")] * 3


async def test_a_body_that_does_not_come_is_not_waited_for(
    http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "READ_SECONDS", 0.1)

    async def slow() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        await asyncio.sleep(60)

    for path in ("/notes", "/raw", "/files"):
        kind = "application/json" if path == "/notes" else "multipart/form-data; boundary=x"
        answer = await http.post(path, content=slow(), headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["type"]) == (408, "/problems/too-slow"), path


async def test_an_unknown_route_is_a_404_and_a_wrong_method_a_405(http: httpx2.AsyncClient) -> None:
    assert (await http.post("/nowhere", content=b"x")).status_code == 404
    assert (await http.put("/notes", content=b"x")).status_code == 405
