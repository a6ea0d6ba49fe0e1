"""How far the exchange with the training platform is."""

from __future__ import annotations

import datetime as dt

from shared.storage.records import Record

FETCHED = "attendance"


class Fetched(Record):
    """Up to when attendance was fetched: the time of the latest record that was seen. One row."""

    since: dt.datetime

    class Settings:
        name = "training_platform_fetched"
