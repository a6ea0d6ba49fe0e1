"""What the gateway stores: pushed batches and the platforms' signing secrets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from beanie import Document
from pymongo import ASCENDING, IndexModel

from shared.storage.encryption import EncryptedAt
from shared.storage.indexes import KEEP_SECONDS
from shared.storage.records import Record

SIGNING: Final = "signing_secret.secret"
"""The place that a signing secret is encrypted for."""


class Batch(Document):
    """The accepted part of one push. The id is the platform's receipt.

    `records` are the records as they are published, `rejections` the refused events, both packed. `held` is there until
    they are published.
    """

    id: str  # type: ignore[assignment]
    platform: str
    traceparent: str | None
    accepted: int
    rejected: int
    records: bytes
    rejections: bytes
    held: bool | None = None
    created_at: dt.datetime

    class Settings:
        name = "batches"
        indexes = [  # noqa: RUF012
            IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEEP_SECONDS),
            IndexModel([("held", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"held": True}),
        ]


class SigningSecret(Record):
    """The secret that a platform signs its pushes with, encrypted. The id is the platform's credit code."""

    secret: Annotated[str, EncryptedAt(SIGNING)]

    class Settings:
        name = "signing_secrets"
