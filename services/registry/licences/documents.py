"""What is stored of licences."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.licences.rules import Held, State
from shared.contracts.platform import Industry
from shared.contracts.registry import LicenceKind
from shared.storage.encryption import EncryptedAt
from shared.storage.records import Record, find
from shared.storage.transaction import Transaction

REVOCATION: Final = "licence.revocation"
"""The place that the reason of a revocation is encrypted for."""


class Further(BaseModel):
    """Another penalty that takes a licence away from a day on, which is gone by one already."""

    penalty_id: str
    number: str
    on: dt.date


class Suspension(BaseModel):
    """A penalty that suspends a licence (暂扣) on both days and between. `over`: that it is valid again was told."""

    penalty_id: str
    number: str
    first: dt.date
    last: dt.date
    over: bool = False


class LicencePenalty(Record):
    """What a penalty on an enterprise says of its licences of a kind, also of those that come on file later: its id is the penalty's.
    `licence` and `authority` as the decision names it (None: every one of its kind); taken away from `first` on, or suspended until
    `last`. `set_aside`: by a review, a court or its own department. `kind` None: only its end is heard yet, on the day `first`, or
    `last` as it was shortened; the decision comes after."""

    uscc: str
    kind: LicenceKind | None
    number: str
    licence: str | None = None
    authority: str | None = None
    first: dt.date
    last: dt.date | None
    set_aside: bool = False

    def strikes(self, licence: Licence, *, on_file: bool = False) -> bool:
        """Whether it is about a licence of its kind: the one that it names, or where it names none each that is `on_file` or begins no
        later than the penalty; one that begins later was granted anew."""
        if self.set_aside or self.kind != licence.kind:
            return False
        if self.licence is not None:
            return self.licence == licence.number
        return on_file or licence.valid_from <= self.first

    @classmethod
    async def on(cls, uscc: str, tx: Transaction | None = None) -> list[LicencePenalty]:
        """Those on an enterprise, the earliest first."""
        return sorted(await find(cls, {"uscc": uscc}, tx), key=lambda one: (one.first, one.id))

    class Settings:
        name = "licence_penalties"
        indexes = [IndexModel([("uscc", ASCENDING), ("_id", ASCENDING)])]


class Licence(Record):
    """A licence of an enterprise, valid on both its days; `valid_to` of a revoked one is its last valid day.

    It lies before `valid_from` where the licence was revoked from its first day on. `recorded_by` is an officer;
    `revocation`, why it was revoked, is encrypted. `penalty_id`: the penalty that took it away, and `last_day` its last valid day
    before that; `further`: those that keep it away where that one is set aside; `suspensions`: those that suspend it for days.
    """

    uscc: str
    kind: LicenceKind
    number: str
    industries: list[Industry]
    valid_from: dt.date
    valid_to: dt.date | None
    state: State
    recorded_by: str
    revocation: Annotated[str | None, EncryptedAt(REVOCATION)] = None
    penalty_id: str | None = None
    last_day: dt.date | None = None
    further: list[Further] = []
    suspensions: list[Suspension] = []

    @property
    def held(self) -> Held:
        suspended = tuple((one.first, one.last) for one in self.suspensions)
        return Held(self.kind, tuple(self.industries), self.valid_from, self.valid_to, suspended)

    def revoked_by_penalty(self, kind: LicenceKind, granted_on: dt.date) -> bool:
        """Whether a penalty took a licence of this kind away on the day from which another is valid, or later."""
        taken = self.kind == kind and self.penalty_id is not None and self.valid_to is not None
        return taken and self.valid_to is not None and granted_on <= self.valid_to + dt.timedelta(days=1)

    @classmethod
    async def of_enterprise(cls, uscc: str, tx: Transaction | None = None) -> list[Licence]:
        """Every licence of an enterprise, the first recorded first."""
        return await find(cls, {"uscc": uscc}, tx, sort="_id")

    class Settings:
        name = "licences"
        indexes = [IndexModel([("uscc", ASCENDING), ("_id", ASCENDING)])]
