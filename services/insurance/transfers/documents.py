"""Transfers of social-insurance relations into and out of the city."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pymongo import ASCENDING, IndexModel

from services.insurance.transfers.rules import UNDER_WAY, State
from shared.contracts.insurance import Insurance
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record
from shared.storage.taken import Taken

REASON: Final = "transfer.reason"
"""The place that the province's reason is encrypted for."""


class Transfer(Record):
    """One insurance of a worker on its way (its id is the request's number at the province).

    `completed_on`: the legal day on which it was done. `due_on` is null where no term is known, and `watch` then says why an
    officer is to watch it. `months` of contributions that it carried; `used`: the parameters that its term rests on.
    `reason`, why it was refused, is encrypted.
    """

    worker_id: str
    district: str
    direction: Literal["in", "out"]
    insurance: Insurance
    other_place: str
    state: State = "requested"
    asked_by: str
    asked_on: dt.date
    due_on: dt.date | None
    watch: str | None
    receipt_number: str | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    months: int | None = None
    completed_on: dt.date | None = None
    used: list[Used] = []

    class Settings:
        name = "transfers"
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
        ]

    @property
    def under_way(self) -> bool:
        """Whether nobody has ended it."""
        return self.state in UNDER_WAY


class Moving(Taken):
    """That one insurance of a worker (`<worker id>|<insurance>`) is moving, with the transfer that moves it."""

    class Settings:
        name = "moving_insurances"
