"""What was paid in for persons."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pymongo import ASCENDING, IndexModel

from services.insurance.persons.documents import HOLDER_NUMBER
from shared.contracts.insurance import Insurance
from shared.storage.encryption import EncryptedAt, HashedFrom
from shared.storage.fields import Yuan
from shared.storage.records import Record


class Contribution(Record):
    """What was paid in for a person's month, by the province's number. Amounts in yuan.

    `worker_id` is null while nobody on file bears the id number (encrypted), whose hash is `id_hash`. `payer`: the employer, null in
    flexible employment. `changed_at`: of the province's latest word.
    """

    id_hash: Annotated[str, HashedFrom("id_number")]
    id_number: Annotated[str, EncryptedAt(HOLDER_NUMBER)]
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
        indexes = [
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("id_hash", ASCENDING)]),
            IndexModel([("payer", ASCENDING), ("month", ASCENDING)]),
        ]
