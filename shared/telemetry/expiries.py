"""When what must be replaced in time runs out: certificates, and the keys that values are encrypted with."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import time
from pathlib import Path

from cryptography import x509

from shared.policy.calendar import start_of_day
from shared.settings import KafkaSettings
from shared.storage.keys import KeyRings
from shared.telemetry import metrics

LOOK_SECONDS = 3600.0
"""How often the brokers are asked for their certificates."""


def show_keys(rings: KeyRings) -> None:
    """Show since when each ring's present key is in use, where that is known."""
    metrics.KEY_SINCE.clear()
    for name, ring in rings.items():
        if ring.since is not None:
            metrics.KEY_SINCE.labels(name).set(start_of_day(ring.since).timestamp())


class Certificates:
    """The certificates of the connection to Kafka, where it goes by TLS: of the authorities and of the brokers."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._look_at = 0.0

    async def measure(self) -> None:
        """Show when the first of them expires; only so often, since nothing of it changes from one minute to the next."""
        if not self._kafka.security.endswith("SSL") or time.monotonic() < self._look_at:
            return
        if self._kafka.tls_ca is not None:
            _show("authority", first_expiry(x509.load_pem_x509_certificates(self._kafka.tls_ca.read_bytes())))
        brokers = self._kafka.bootstrap.split(",")
        _show(
            "broker", first_expiry(await asyncio.gather(*(_certificate_of(one, self._kafka.tls_ca) for one in brokers)))
        )
        self._look_at = time.monotonic() + LOOK_SECONDS


def first_expiry(certificates: list[x509.Certificate]) -> dt.datetime:
    """When the first of some certificates expires."""
    return min(one.not_valid_after_utc for one in certificates)


def _show(of: str, expires: dt.datetime) -> None:
    metrics.CERTIFICATE_EXPIRES.labels(of).set(expires.timestamp())


async def _certificate_of(broker: str, authorities: Path | None) -> x509.Certificate:
    """The certificate that a broker shows; raises where it is none of these authorities' or has expired."""
    host, _, port = broker.strip().rpartition(":")
    trust = ssl.create_default_context(cafile=authorities)
    _, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=trust)
    try:
        shown: ssl.SSLObject = writer.get_extra_info("ssl_object")
        der = shown.getpeercert(binary_form=True)
        assert der is not None
        return x509.load_der_x509_certificate(der)
    finally:
        writer.close()
