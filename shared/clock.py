"""The clock, in one place, so that rules take a time and only commands ask for it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The present instant, aware, in UTC, to the millisecond that the database keeps."""
    instant = dt.datetime.now(dt.UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
