"""What is stored of dispatch shares."""

from __future__ import annotations

import datetime as dt

from shared.storage.records import Record


class DispatchWatch(Record):
    """An employer (by its credit code) whose dispatch share is watched; `exceeded_since`: the first day that was published."""

    exceeded_since: dt.date | None = None

    class Settings:
        name = "dispatch_watches"
