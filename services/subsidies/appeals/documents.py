"""Contested decisions, as they are stored."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pymongo import ASCENDING, IndexModel

from services.subsidies.appeals.rules import Forum, State
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.records import Record

TEXT: Final = "appeal.text"


class Appeal(Record):
    """A decision that is contested; its id is `<application>:<forum>:<day and number of the decision>`, so that each is once.

    `decided`: the officers who decided then, who take no part in what follows. Texts are encrypted; `document`: the number of
    what the authority or the court decided.
    """

    application_id: str
    forum: Forum
    filed_on: dt.date
    text: Annotated[str, EncryptedAt(TEXT)]
    decided: list[str]
    due_on: dt.date | None
    state: State = "filed"
    document: str | None = None
    answer: Annotated[str | None, EncryptedAt(TEXT)] = None
    recorded_by: str | None = None
    ended_on: dt.date | None = None
    used: list[Used] = []

    class Settings:
        name = "subsidy_appeals"
        indexes = [IndexModel([("application_id", ASCENDING), ("_id", ASCENDING)])]

    @property
    def clear_text(self) -> str:
        return decrypt_field(TEXT, self.id, self.text)

    @property
    def clear_answer(self) -> str | None:
        return None if self.answer is None else decrypt_field(TEXT, self.id, self.answer)


def encrypted_text(appeal_id: str, text: str) -> str:
    return encrypt_field(TEXT, appeal_id, text)
