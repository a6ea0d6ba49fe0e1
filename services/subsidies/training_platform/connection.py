"""The line to the training platform. Where `TRAINING_PLATFORM_URL` is not set, there is no such platform, and nothing is exchanged."""

from __future__ import annotations

import os

from shared.running import Running
from shared.settings import secret
from shared.signed_line import Address, Line


def address() -> Address | None:
    """Where the platform is reached, from `TRAINING_PLATFORM_URL` and `TRAINING_PLATFORM_SECRET`; None where there is none.

    Raises `SettingMissing` for an address without a secret.
    """
    url = os.environ.get("TRAINING_PLATFORM_URL", "").rstrip("/")
    return Address(url, secret(os.environ, "TRAINING_PLATFORM_SECRET")) if url else None


LINE = Line("training platform", address)


async def check_settings(_: Running) -> None:
    """Fail at the start rather than at the first course."""
    address()
