"""How the messages are shared out between two providers, for all processes alike; and what the last restore lost."""

from __future__ import annotations

import datetime as dt
from typing import Final

from services.notifier.providers.rules import Lost, Shares
from shared.storage.records import Record

SMS: Final = "sms"
"""The id of the one document."""


class Balance(Record):
    """How many of a hundred messages go by the first provider, when that moved last, and when both were last looked at."""

    first: int
    moved_at: dt.datetime | None = None
    looked_at: dt.datetime

    class Settings:
        name = "sms_balance"

    @property
    def shares(self) -> Shares:
        return Shares(self.first, self.moved_at)


class Restore(Record):
    """That the database was brought back as it was at `since`; `until`: what was told by then may have been given to a provider of
    which the database knows nothing."""

    since: dt.datetime
    until: dt.datetime

    class Settings:
        name = "sms_restore"

    @property
    def lost(self) -> Lost:
        return Lost(self.since, self.until)
