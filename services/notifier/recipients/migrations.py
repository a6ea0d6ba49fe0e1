"""What earlier versions stored of contacts, brought to what this one reads."""

from __future__ import annotations

from services.notifier.recipients.documents import PHONE, Contact
from shared.storage.client import Row
from shared.storage.encryption import decrypt_field, lookup_hash
from shared.storage.migrations import Migration


def _hashed(row: Row) -> Row:
    return {"phone_hash": lookup_hash(PHONE, decrypt_field(PHONE, row["_id"], row["phone"]))}


PHONE_HASH = Migration(
    number=1,
    title="contacts are found by a hash of their phone",
    document=Contact,
    wanted={"phone": {"$gt": ""}, "phone_hash": None},
    fields=("phone",),
    change=_hashed,
)
