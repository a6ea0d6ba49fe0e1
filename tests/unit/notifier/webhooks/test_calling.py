"""A call goes to the address that was checked, under the name that was asked for, and reads no more than it must."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook

from services.notifier.webhooks import calling
from services.notifier.webhooks.calling import LONGEST_ANSWER, Answer, Caller, CheckedNetwork, make_caller
from shared import clock

SECRETS = ["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="]
NAME = "hooks.example.com"

Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers every request with the same bytes, and keeps what was asked."""

    def __init__(self, write: Write) -> None:
        self.write, self.heads, self.bodies, self.names = write, list[str](), list[bytes](), list[str | None]()
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.lower().split("\r\n") if line.startswith("content-length")
        )
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(length))
        try:
            await self.write(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()


def says(text: bytes) -> Write:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return write


@asynccontextmanager
async def serving(write: Write, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(write)
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: server.names.append(name)
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server


async def post(url: str, caller: Caller | None = None) -> Answer:
    used = caller or make_caller({"127.0.0.1"})
    try:
        return await used.post(url, SECRETS, "msg_1", '{"id":"1"}', clock.now())
    finally:
        await used.pool.aclose()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for `NAME`, and the authority to trust."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, private = folder / "authority.pem", folder / "key.pem"
    authority.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority, private)
    return context, authority


async def test_a_call_is_signed_with_every_secret_that_is_valid() -> None:
    async with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        answer = await post(f"http://127.0.0.1:{server.port}/hook")
    assert (answer.outcome, answer.status) == ("delivered", 204)
    lines = (line.partition(":") for line in server.heads[0].split("\r\n")[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in lines}
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in SECRETS:
        assert Webhook(secret).verify(server.bodies[0], headers) == {"id": "1"}


async def test_the_checked_address_is_called_under_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once: a name server that answers otherwise the second time is not heard."""
    context, authority = certificate(tmp_path)
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(calling, "resolve", resolve)
    trusting = ssl.create_default_context(cafile=str(authority))
    pool = httpcore2.AsyncConnectionPool(ssl_context=trusting, network_backend=CheckedNetwork({NAME}))
    async with serving(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), context) as server:
        caller = replace(make_caller({NAME}), pool=pool)
        answer = await post(f"https://{NAME}:{server.port}/hook", caller)
    assert answer.outcome == "delivered"
    assert asked == [NAME]
    assert server.names == [NAME]
    assert f"Host: {NAME}:{server.port}\r\n" in server.heads[0]


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"]],
)
async def test_a_name_that_leads_inside_is_not_called(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    monkeypatch.setattr(calling, "resolve", resolve)
    async with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        answer = await post(f"https://{NAME}:{server.port}/", make_caller({"127.0.0.1"}))
        assert (answer.outcome, answer.status) == ("address_forbidden", None)
        assert server.heads == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost"])
async def test_a_private_address_in_any_spelling_is_not_called(host: str) -> None:
    answer = await post(f"https://{host}:9/", make_caller(()))
    assert answer.outcome == "address_forbidden"


async def test_what_may_not_be_registered_any_more_is_not_called() -> None:
    async with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        answer = await post(f"http://127.0.0.1:{server.port}/", make_caller(()))
        assert (answer.outcome, server.heads) == ("address_forbidden", [])


async def test_a_redirect_is_a_failure_and_is_not_followed() -> None:
    async with serving(says(b"HTTP/1.1 204 No Content\r\n\r\n")) as other:
        leads = (
            f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{other.port}/\r\nContent-Length: 0\r\n\r\n"
        )
        async with serving(says(leads.encode())) as server:
            answer = await post(f"http://127.0.0.1:{server.port}/")
        assert (answer.outcome, answer.status, other.heads) == ("redirected", 307, [])


async def test_an_answer_without_end_is_read_no_further() -> None:
    written = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            written += 65536
            await writer.drain()

    async with serving(endless) as server, asyncio.timeout(5):
        answer = await post(f"http://127.0.0.1:{server.port}/")
    assert answer.outcome == "delivered"
    assert len(answer.body) == LONGEST_ANSWER
    assert written < 64 * 1024 * 1024


async def test_an_answer_that_does_not_come_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(writer: asyncio.StreamWriter) -> None:
        await writer.wait_closed()

    monkeypatch.setattr(calling, "SECONDS", 0.2)
    async with serving(never) as server:
        answer = await post(f"http://127.0.0.1:{server.port}/")
    assert (answer.outcome, answer.status) == ("timed_out", None)


async def test_a_closed_port_and_a_broken_answer_are_failures() -> None:
    async with serving(says(b"what?\r\n\r\n")) as server:
        assert (await post(f"http://127.0.0.1:{server.port}/")).outcome == "unreachable"
        gone = server.port
    assert (await post(f"http://127.0.0.1:{gone}/")).outcome == "unreachable"


async def test_retry_after_is_handed_on() -> None:
    text = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"
    async with serving(says(text)) as server:
        answer = await post(f"http://127.0.0.1:{server.port}/")
    assert (answer.outcome, answer.rest) == ("refused", dt.timedelta(seconds=90))


async def test_name_servers_that_hang_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateways' names are found by the threads of the loop."""
    answers = threading.Event()

    def hangs(*_: object, **__: object) -> list[object]:
        answers.wait(20)
        raise OSError("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    asked = [asyncio.create_task(calling.resolve(NAME, 443)) for _ in range(40)]
    try:
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(lambda: "found") == "found"
    finally:
        answers.set()
        await asyncio.wait(asked)
    assert {type(one.exception()) for one in asked} == {httpcore2.ConnectError}


async def test_an_unknown_name_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise OSError("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert (await post(f"https://{NAME}/")).outcome == "unreachable"
