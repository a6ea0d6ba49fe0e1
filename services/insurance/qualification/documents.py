"""Who draws benefits by the month, and how far their entitlement is confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.qualification.rules import Event, State, Way, hear_of_end
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, HashedFrom, encrypt_field, lookup_hash, lookup_hashes
from shared.storage.records import Record, find, find_one
from shared.storage.taken import Taken
from shared.storage.transaction import Transaction

STATEMENT: Final = "qualification.statement"
"""The place that what was said of an entitlement is encrypted for."""

PAYEE: Final = "qualification.payee"
"""The place that the id number of next of kin who draw a benefit is encrypted for."""


class Drawn(BaseModel):
    """A benefit that is drawn. `benefit_id` is null where an officer registered one that is not in this system. `to_kin`, `kin`: as
    in `BenefitFact`. `paid_through`: the last month that is due of one that has ended; null where none is."""

    kind: str
    benefit_id: str | None
    to_kin: bool = False
    kin: list[str] = []
    paid_through: str | None = None


class Step(BaseModel):
    """One entry of a check's history; `statement` is encrypted. `by`: the caller's subject, or `timer`."""

    at: dt.datetime
    event: Event
    by: str
    way: Way | None = None
    on: dt.date | None = None
    statement: Annotated[str | None, EncryptedAt(STATEMENT)] = None


class Check(Record):
    """One person's yearly check, for all that they draw. `due_on` is its present last day.

    `ended`: what the person drew until an officer found that the entitlement had ended; what is granted later is `drawn`.
    `of_benefit`: the check is that of the next of kin who draw this benefit after the death of `worker_id`, not the worker's;
    `payee` is the hash, by which they are found, of their id number `payee_number` (encrypted), where it is known.
    """

    worker_id: str
    district: str
    of_benefit: str | None = None
    payee_number: Annotated[str | None, EncryptedAt(PAYEE)] = None
    payee: Annotated[str | None, HashedFrom("payee_number")] = None
    state: State
    due_on: dt.date
    confirmed_on: dt.date
    drawn: list[Drawn]
    ended: list[Drawn] = []
    history: list[Step]
    used: list[Used]

    class Settings:
        name = "qualification_checks"
        indexes = [
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("payee", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
        ]

    def has_ended(self, benefit_id: str, month: str | None) -> bool:
        """Whether the entitlement to a benefit was found to have ended before this month (YYYY-MM; None: at all)."""
        return any(
            one.benefit_id == benefit_id and (not month or not one.paid_through or month > one.paid_through)
            for one in self.ended
        )

    def has_told(self, to_kin: bool, kin: list[str]) -> bool:
        """Whether who draws a benefit was told that it has ended when the check found so."""
        of_kin = self.for_kin or all(one.to_kin for one in self.ended)
        return hear_of_end(to_kin, kin, of_kin, [one for drawn in self.ended for one in drawn.kin])

    def rests(self, benefit_id: str) -> bool:
        """Whether payments of a benefit rest until a check that was missed is made up for."""
        return self.state == "missed" and any(one.benefit_id == benefit_id for one in self.drawn)

    @property
    def for_kin(self) -> bool:
        """Whether the check is of next of kin, so that nothing in it is the worker's to say."""
        of_dead = [one.kind in OF_THE_DEAD and one.benefit_id is not None for one in self.drawn]
        return self.of_benefit is not None or (bool(of_dead) and all(of_dead))

    def name_payee(self, id_number: str) -> None:
        """Keep who draws the benefit."""
        self.payee_number = encrypt_field(PAYEE, self.id, id_number)
        self.payee = lookup_hash(PAYEE, id_number)

    @classmethod
    async def of_worker(cls, worker_id: str, tx: Transaction | None = None) -> Check | None:
        """A worker's own check."""
        return await find_one(cls, {"worker_id": worker_id, "of_benefit": None}, tx)

    @classmethod
    async def of_payee(cls, id_number: str, tx: Transaction | None = None) -> list[Check]:
        """The checks of what a person draws as next of kin."""
        return await find(cls, {"payee": {"$in": lookup_hashes(PAYEE, id_number)}}, tx, sort="_id")

    @classmethod
    async def of_drawn(cls, benefit_id: str, worker_id: str, tx: Transaction | None = None) -> Check | None:
        """The check that a benefit of a worker's claim stands under, whoever draws it; None where it stands under none."""
        checks = await find(cls, {"worker_id": worker_id}, tx)
        return next(
            (check for check in checks if any(one.benefit_id == benefit_id for one in [*check.drawn, *check.ended])),
            None,
        )


class Checked(Taken):
    """That a worker, whose id it has, is checked, with the check; or that next of kin are, for the benefit `kin:<its id>`."""

    class Settings:
        name = "checked_workers"
