"""Whom a dead or missing worker supported."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel

from services.insurance.benefits.missing_documents import Entered
from services.insurance.dependants.rules import Relation, Share
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field
from shared.storage.records import Record

ID_NUMBER: Final = "dependant.id_number"
NAME: Final = "dependant.name"


class Earlier(BaseModel):
    """What somebody drew before it changed: `percent` (decimal text) from a month to a last one."""

    percent: str
    first_month: str
    last_month: str


class Dependant(BaseModel):
    """One of them; `id_number` and `name` are encrypted for the register. `percent` is decimal text, and holds from `percent_since`
    on. `last_month`: with which the pension ends, known beforehand where youth does; `ended_for`: the code of what ended it,
    `ended_on` the day of it.
    """

    number: int
    relation: Relation
    lone: bool
    incapacitated: bool
    id_number: Annotated[str, EncryptedAt(ID_NUMBER)]
    name: Annotated[str, EncryptedAt(NAME)]
    percent: str
    percent_since: str
    earlier: list[Earlier] = []
    first_month: str
    last_month: str | None
    comes_of_age_in: str | None
    ended_for: str | None = None
    ended_on: dt.date | None = None
    benefit_id: str

    @property
    def shares(self) -> list[Share]:
        """What they draw, in the order of time, none after the last month."""
        past = [
            Share(Decimal(one.percent), one.first_month, min(one.last_month, self.last_month or one.last_month))
            for one in self.earlier
        ]
        return [*past, Share(Decimal(self.percent), self.percent_since, self.last_month)]

    def opened(self, claim_id: str) -> tuple[str, str]:
        """Id number and name in clear."""
        return decrypt_field(ID_NUMBER, claim_id, self.id_number), decrypt_field(NAME, claim_id, self.name)


class Register(Record):
    """The dependants of one dead or missing worker; its id is the claim's.

    `wage` is what they share, in yuan, exact, as decimal text; null where nobody knows it (`missing`: the parameter), and each one's
    sum is entered. `cap`: per cent of it that they draw together at most. `used`: the parameters that it rests on, `entered`
    those that a person entered.
    """

    worker_id: str
    district: str
    wage: str | None
    missing: str | None
    cap: str
    members: list[Dependant]
    used: list[Used]
    entered: list[Entered] = []

    class Settings:
        name = "dependants"
