"""The line to the tax office. Where `TAX_OFFICE_URL` is not set, it takes nothing from here, and nothing is exchanged."""

from __future__ import annotations

import os

from prometheus_client import Gauge

from shared.running import Running
from shared.settings import secret
from shared.signed_line import Address, Line

CIRCUIT_OPEN = Gauge(
    "xindun_insurance_tax_circuit_open",
    "1 while this process sends nothing to the tax office because it does not answer: ask there.",
)


def address() -> Address | None:
    """Where the tax office is reached, from `TAX_OFFICE_URL` and `TAX_OFFICE_SECRET`; None where it takes nothing from here.

    Raises `SettingMissing` for an address without a secret.
    """
    url = os.environ.get("TAX_OFFICE_URL", "").rstrip("/")
    return Address(url, secret(os.environ, "TAX_OFFICE_SECRET")) if url else None


LINE = Line("tax office", address, open_gauge=CIRCUIT_OPEN)


async def check_settings(_: Running) -> None:
    """Fail at the start rather than at the first bill."""
    address()
