"""Certificates, and the keys by which two trainings are one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Self

from pymongo import ASCENDING, IndexModel

from services.subsidies.certificates.rules import Grade, State
from shared.contracts.subsidies import SkillLevel
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record
from shared.storage.taken import Taken
from shared.storage.transaction import Transaction

REASON: Final = "certificate.revocation"
"""The place that the reason of a revocation is encrypted for."""


class Certificate(Record):
    """A completed course. `worker_id` is null while nobody knows who the platform's worker is, and `district`, where that
    worker was engaged, too.

    `platform` and `worker_ref` are null where no platform told of it; `provider`, `evaluator` (credit codes), `programme_id` and
    `enrolment_id` where no body on file did. `occupation` (职业编码), its name and `level` are known from such a body alone.
    `other_numbers`: the same training's number in another's books. `keys`: the keys that it holds, for the person `keyed_for`.
    `kept`: of two certificates for one training of one person, the one that stands. `reason`, encrypted: why it was revoked.
    `event_id`: the event of the platform that told of it.
    """

    number: str
    worker_id: str | None
    platform: str | None
    worker_ref: str | None
    course: str
    hours: float
    completed_on: dt.date
    district: str | None = None
    department: str = "hrss"
    state: State = "issued"
    provider: str | None = None
    provider_name: str | None = None
    evaluator: str | None = None
    programme_id: str | None = None
    enrolment_id: str | None = None
    occupation: str | None = None
    occupation_name: str | None = None
    level: SkillLevel | None = None
    grade: Grade | None = None
    other_numbers: list[str] = []
    keys: list[str] = []
    keyed_for: str | None = None
    kept: str | None = None
    revoked_by: str | None = None
    revoked_at: dt.datetime | None = None
    reason: Annotated[str | None, EncryptedAt(REASON)] = None
    used: list[Used] = []
    event_id: str | None = None

    class Settings:
        name = "certificates"
        indexes = [
            IndexModel([("platform", ASCENDING), ("worker_ref", ASCENDING)]),
            IndexModel([("worker_id", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("evaluator", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("department", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("number", ASCENDING)]),
            IndexModel([("other_numbers", ASCENDING)]),
        ]

    @classmethod
    async def same(
        cls, platform: str, worker_ref: str, course: str, completed_on: dt.date, tx: Transaction
    ) -> Self | None:
        """The certificate of that worker, course and day; one from before certificates had keys is found by this alone."""
        wanted = {"platform": platform, "worker_ref": worker_ref, "course": course, "completed_on": completed_on}
        return await tx.find_one(cls, wanted)

    @classmethod
    async def nameless(cls, platform: str, worker_ref: str, tx: Transaction) -> list[Self]:
        """The certificates of a platform's worker whom nobody knew so far."""
        found = await tx.find(cls, {"platform": platform, "worker_ref": worker_ref})
        return [certificate for certificate in found if certificate.worker_id is None and certificate.state == "issued"]

    @property
    def clear_reason(self) -> str | None:
        return None if self.reason is None else decrypt_field(REASON, self.id, self.reason)


class CertificateKey(Taken):
    """What makes two trainings one certificate: see `rules.keys`."""

    class Settings:
        name = "certificate_keys"


def encrypted_reason(certificate_id: str, reason: str) -> str:
    return encrypt_field(REASON, certificate_id, reason)
