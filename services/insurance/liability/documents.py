"""What a person decided on who bears the costs of an injury."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record

GROUND: Final = "liability.ground"


class Liability(Record):
    """A person's decision on a claim (its id). `insured`: where the records do not settle it; `made_up_on`: when the employer had
    registered and paid what it owed, with the late fee. `ground` is encrypted."""

    insured: bool | None
    made_up_on: dt.date | None
    ground: Annotated[str, EncryptedAt(GROUND)]
    by: str
    at: dt.datetime

    class Settings:
        name = "liabilities"
