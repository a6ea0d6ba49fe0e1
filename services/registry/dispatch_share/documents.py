"""What is stored of dispatch shares."""

from __future__ import annotations

import datetime as dt

from shared.storage.records import Record


class DispatchWatch(Record):
    """An employer (by its credit code) whose dispatch share is looked at every day, since somebody was dispatched to it or an
    agency was to send people; `exceeded_since`: the first day that was published."""

    watched: bool = False
    exceeded_since: dt.date | None = None

    class Settings:
        name = "dispatch_watches"
