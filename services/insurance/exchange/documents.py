"""Contributions that were paid in, who bears which id number, and how our records compare with the province's."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from shared.storage.records import Record


class Pull(Record):
    """How far the province's list of what was paid in has been read: up to changes of `since`."""

    since: dt.datetime


class Reconciliation(Record):
    """A day's comparison (its id is the day); one asked for again on the same day takes the earlier one's place."""

    asked_by: str
    status: Literal["waiting", "finished"] = "waiting"
    run: str | None = None
    compared: int = 0
    differences: int = 0
    mended: int = 0
    to_officer: int = 0
    finished_at: dt.datetime | None = None

    class Settings:
        name = "reconciliations"
