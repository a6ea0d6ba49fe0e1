"""The clock, in one place, so that rules take a time and only commands ask for it."""

from __future__ import annotations

import datetime as dt
import os
from typing import Final

DAYS_AHEAD: Final = int(os.environ.get("DEMO_DAYS_AHEAD") or 0)
"""How many days this process's clock is ahead: for the demo alone, which cannot wait for a term of days to end. A service refuses to
start with it anywhere but beside an issuer of its own machine; see `shared.settings`."""


def now() -> dt.datetime:
    """The present instant, aware, in UTC, to the millisecond that the database keeps."""
    instant = dt.datetime.now(dt.UTC) + dt.timedelta(days=DAYS_AHEAD)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
