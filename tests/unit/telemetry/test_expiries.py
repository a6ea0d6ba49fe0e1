"""When certificates expire and since when keys are in use is shown before it is too late."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from shared.settings import KafkaSettings
from shared.storage import keys
from shared.telemetry import expiries, metrics
from tests.authority import make_authority

DAY = 24 * 3600


@asynccontextmanager
async def tls_server(certificate: Path) -> AsyncIterator[str]:
    """A server that shakes hands, and hangs up."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


def days_left(of: str) -> float | None:
    expires = REGISTRY.get_sample_value("xindun_certificate_expires_seconds", {"of": of})
    return None if expires is None else round((expires - time.time()) / DAY)


@pytest.fixture(autouse=True)
def _nothing_shown() -> None:
    metrics.CERTIFICATE_EXPIRES.clear()


async def test_the_first_certificate_to_expire_is_shown(tmp_path: Path) -> None:
    authority, server = make_authority(tmp_path, days=400, server_days=20)
    (tmp_path / "other").mkdir()
    older, _ = make_authority(tmp_path / "other", days=300)
    both = tmp_path / "both.pem"
    both.write_bytes(authority.read_bytes() + older.read_bytes())
    async with tls_server(server) as broker:
        await expiries.Certificates(KafkaSettings(broker, security="SASL_SSL", tls_ca=both)).measure()
    assert (days_left("authority"), days_left("broker")) == (300, 20)


async def test_a_broker_of_another_authority_cannot_be_measured(tmp_path: Path) -> None:
    """The authorities in the file are shown all the same."""
    _, server = make_authority(tmp_path)
    (tmp_path / "other").mkdir()
    other, _ = make_authority(tmp_path / "other", days=90)
    async with tls_server(server) as broker:
        with pytest.raises(ssl.SSLError):
            await expiries.Certificates(KafkaSettings(broker, security="SSL", tls_ca=other)).measure()
    assert (days_left("authority"), days_left("broker")) == (90, None)


async def test_nothing_is_asked_of_a_broker_without_tls() -> None:
    await expiries.Certificates(KafkaSettings("127.0.0.1:1")).measure()
    assert (days_left("authority"), days_left("broker")) == (None, None)


def test_a_ring_shows_since_when_its_key_is_in_use(tmp_path: Path) -> None:
    key = {"current": "k2", "keys": {"k2": base64.b64encode(bytes(32)).decode()}}
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"rings": {"storage": {**key, "since": "2026-01-31"}, "index": key}}))
    expiries.show_keys(keys.read(file))
    since = REGISTRY.get_sample_value("xindun_key_since_seconds", {"ring": "storage"})
    assert since == 1769788800.0  # midnight in Shanghai
    assert REGISTRY.get_sample_value("xindun_key_since_seconds", {"ring": "index"}) is None
