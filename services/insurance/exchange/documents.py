"""Contributions that were paid in, who bears which id number, and how our records compare with the province's."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Final, Literal

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.insurance.exchange.rules import DifferenceState, Kind
from shared.contracts.insurance import Insurance
from shared.storage.encryption import EncryptedAt, HashedFrom
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.transaction import Transaction

ID_NUMBER: Final = "holder.id_number"
NOTE: Final = "difference.note"
REASON: Final = "difference.reason"
"""The places that id numbers and reasons of the province and officers' notes are encrypted for; numbers are hashed for theirs."""


class Holder(Record):
    """Who bears an id number (encrypted), whose hash is the id; `worker_id` is null while no worker with it is on file."""

    id: Annotated[str, HashedFrom("id_number")]
    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]
    worker_id: str | None

    class Settings:
        name = "id_number_holders"
        indexes = [IndexModel([("worker_id", ASCENDING)])]  # noqa: RUF012 - Beanie reads it so


class Merged(Record):
    """A worker's id that has become another's (the registry found that two records were one person's)."""

    worker_id: str

    class Settings:
        name = "merged_workers"


class Contribution(Record):
    """What was paid in for a person's month, by the province's number. Amounts in yuan.

    `worker_id` is null while nobody on file bears the id number (encrypted), whose hash is `id_hash`. `payer`: the employer, null in
    flexible employment. `changed_at`: of the province's latest word.
    """

    id_hash: Annotated[str, HashedFrom("id_number")]
    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]
    worker_id: str | None
    insurance: Insurance
    month: str
    base: Yuan
    employer_amount: Yuan
    worker_amount: Yuan
    payer: str | None
    paid_on: dt.date
    reversed: bool
    changed_at: dt.datetime

    class Settings:
        name = "contributions"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("id_hash", ASCENDING)]),
        ]


class Pull(Record):
    """How far the province's list of what was paid in has been read: up to changes of `since`."""

    since: dt.datetime


class Difference(Record):
    """Where our records and the province's say different things, or where what it says fits nothing here.

    `number`: of the request, the contribution or the payment; `enrolment`: that of a request of ours. `ours` and `theirs`:
    what either side says, without personal data. `run`: the latest comparison that found it. `notice`: what came, where it
    is to be taken later. `note` and `reason` are encrypted.
    """

    number: str
    kind: Kind
    state: DifferenceState
    enrolment: str | None
    district: str | None
    ours: dict[str, str | None] | None
    theirs: dict[str, str | None] | None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    run: str | None = None
    notice: dict[str, str] | None = None
    resolved_by: str | None = None
    note: Annotated[str | None, EncryptedAt(NOTE)] = None

    class Settings:
        name = "differences"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("state", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)]),
        ]

    @staticmethod
    def id_of(number: str, kind: Kind) -> str:
        """The id of a difference: what is said differently of a number in one way is there once."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}|{number}"))

    @classmethod
    async def about(cls, number: str, kind: Kind, tx: Transaction) -> Difference | None:
        return await cls.of(cls.id_of(number, kind), tx)


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
