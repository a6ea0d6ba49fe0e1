"""What panels decided on projects of flexible work."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from services.subsidies.grants.rules import Panel
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record

MINUTES: Final = "panel.minutes"


class PanelDecision(Record):
    """What a panel decided on an application; its id is `<application>:<district>`, so that no other district's stands in its way.

    `members`: how many sat on it; `minutes` are encrypted.
    """

    application_id: str
    district: str
    decided_on: dt.date
    members: int
    amount: Yuan
    minutes: Annotated[str, EncryptedAt(MINUTES)]
    entered_by: str
    used: list[Used] = []

    class Settings:
        name = "grant_panels"

    @staticmethod
    def key(application_id: str, district: str) -> str:
        return f"{application_id}:{district}"

    @property
    def panel(self) -> Panel:
        return Panel(amount=f"{self.amount:.2f}", members=self.members)

    @property
    def clear_minutes(self) -> str:
        return decrypt_field(MINUTES, self.id, self.minutes)


def encrypted_minutes(decision_id: str, minutes: str) -> str:
    return encrypt_field(MINUTES, decision_id, minutes)
