"""Instants as they are kept, so that one that comes compares with one that was kept."""

from __future__ import annotations

import datetime as dt


def kept_instant(time: dt.datetime) -> dt.datetime:
    """An instant in UTC, to the millisecond that the database keeps."""
    utc = time.astimezone(dt.UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
