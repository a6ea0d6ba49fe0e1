"""The audit log of a service: who read what is not shown to everybody, and who changed secrets, rates or whom a record is
about. Entries are only ever added."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from beanie import Document
from pydantic import Field

from shared import clock
from shared.callers import Caller
from shared.ids import new_id
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.transaction import Transaction

DETAIL: Final = "audit.detail"
"""The place that what an entry says besides is encrypted for."""


class AuditEntry(Document):
    """One read or change. `about` is the id of what it concerns; `detail` says which part was read, or why it was changed, and
    is encrypted, since it may quote what was wrong."""

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]
    at: dt.datetime = Field(default_factory=clock.now)
    by: str
    role: str
    department: str | None
    district: str | None
    action: str
    about: str
    detail: Annotated[str | None, EncryptedAt(DETAIL)] = None

    class Settings:
        name = "audit_log"

    @property
    def clear_detail(self) -> str | None:
        return None if self.detail is None else decrypt_field(DETAIL, self.id, self.detail)


async def write_down(
    action: str, about: str, actor: Caller, tx: Transaction | None = None, detail: str | None = None
) -> None:
    """Write down who does what, with a change in its transaction, before anything is shown of a read."""
    entry_id = new_id()
    entry = AuditEntry(
        id=entry_id,
        by=actor.subject,
        role=actor.role,
        department=actor.department,
        district=actor.district,
        action=action,
        about=about,
        detail=encrypt_field(DETAIL, entry_id, detail) if detail else None,
    )
    if tx is None:
        await entry.insert()
    else:
        tx.insert(entry)
