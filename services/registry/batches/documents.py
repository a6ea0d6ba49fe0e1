"""What the gateway stores: pushed batches and the platforms' signing secrets."""

from __future__ import annotations

import datetime as dt

from pymongo import ASCENDING, IndexModel

from shared.storage.indexes import KEEP_SECONDS
from shared.storage.records import Keyed


class Batch(Keyed):
    """The accepted part of one push. The id is the platform's receipt.

    `records` are the records as they are published, `rejections` the refused events, both packed. `held` is there until
    they are published.
    """

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
        indexes = [
            IndexModel([("created_at", ASCENDING)], expireAfterSeconds=KEEP_SECONDS),
            IndexModel([("held", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"held": True}),
        ]
