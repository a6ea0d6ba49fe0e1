"""Applications."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.subsidies.training.rules import Reason, State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.transaction import Transaction

BANK_ACCOUNT = "application.bank_account"


class Application(Record):
    """An application for the training subsidy.

    What was asked for stands in `asked_*`; `course` and `completed_on` are those of the certificate that was found.
    `district` is that of the engagement behind the certificate, null while none is known. `bank_account` is encrypted.
    `amount` is yuan.
    """

    number: str
    worker_id: str
    asked_certificate_id: str | None
    asked_certificate_number: str | None
    asked_course: str | None
    asked_completed_on: dt.date | None
    bank_account: Annotated[str | None, EncryptedAt(BANK_ACCOUNT)]
    state: State = "submitted"
    reasons: list[Reason] = []  # noqa: RUF012 - pydantic copies it
    certificate_id: str | None = None
    course: str | None = None
    completed_on: dt.date | None = None
    district: str | None = None
    amount: Yuan | None = None
    amount_pending: bool = False
    amount_note: str | None = None
    amount_set_by: str | None = None
    decided_at: dt.datetime | None = None
    used: list[Used] = []  # noqa: RUF012 - pydantic copies it

    class Settings:
        name = "training_applications"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("worker_id", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", DESCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", DESCENDING)]),
        ]

    @classmethod
    async def of_worker(cls, worker_id: str, state: State, tx: Transaction) -> list[Self]:
        """A person's applications in a state, the first filed first."""
        return await tx.find(cls, {"worker_id": worker_id, "state": state}, sort="_id")

    @property
    def clear_bank_account(self) -> str | None:
        return None if self.bank_account is None else decrypt_field(BANK_ACCOUNT, self.id, self.bank_account)


def encrypted_account(application_id: str, number: str) -> str:
    return encrypt_field(BANK_ACCOUNT, application_id, number)
