"""What is stored of collective contracts."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.registry.collective_contracts.rules import Agreed, Assembly, Clause, State
from services.registry.consultations.rules import Level
from shared.contracts.platform import Industry
from shared.contracts.registry import ClauseUnit, Subject
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt, decrypt_field, encrypt_field
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

OBJECTION: Final = "collective_contract.objection"

END_REASON: Final = "collective_contract.end_reason"

CLAUSE: Final = "collective_contract.clause"
"""The places that the texts of a consultation and of a contract are encrypted for."""


class KeptClause(BaseModel):
    """One thing that is agreed on a subject. `text` is encrypted."""

    subject: Subject
    industry: Industry | None
    amount: Yuan | None
    unit: ClauseUnit | None
    percent: Yuan | None
    text: Annotated[str | None, EncryptedAt(CLAUSE)]
    since: dt.date | None
    until: dt.date | None


class Terms(BaseModel):
    """What is agreed from a day on."""

    since: dt.date
    hourly_pay: Yuan | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Yuan | None
    clauses: list[KeptClause] = []

    @classmethod
    def of(cls, agreed: Agreed, contract_id: str) -> Self:
        """The terms as they are stored with a contract."""
        clauses = [
            asdict(one) | {"text": one.text and encrypt_field(CLAUSE, contract_id, one.text)} for one in agreed.clauses
        ]
        return cls(**asdict(agreed) | {"clauses": clauses})

    def agreed(self, contract_id: str) -> Agreed:
        """What they agree, in clear."""
        clauses = [
            Clause(**one.model_dump() | {"text": one.text and decrypt_field(CLAUSE, contract_id, one.text)})
            for one in self.clauses
        ]
        return Agreed(**self.model_dump() | {"clauses": tuple(clauses)})


class KeptVote(BaseModel):
    """A vote on a draft, and whether it passed."""

    body: Assembly
    entitled: int
    present: int
    in_favour: int
    against: int
    held_on: dt.date
    minutes_sha256: str
    passed: bool
    at: dt.datetime
    by: str


class Filing(BaseModel):
    """Terms before the labour department: when it got them, until when it may object, and whether they came late."""

    received_on: dt.date
    object_by: dt.date
    late: bool


class Amendment(BaseModel):
    """New terms that are filed and do not hold yet."""

    terms: Terms
    signed_on: dt.date
    filing: Filing
    vote: KeptVote | None = None


class Objection(BaseModel):
    """The labour department's objection to a contract or to an amendment. `reason` is encrypted."""

    to: str
    reason: Annotated[str, EncryptedAt(OBJECTION)]
    officer: str
    at: dt.datetime


class CollectiveContract(Record):
    """A collective contract. It binds `platforms`, or where there are none the `industry` (None: every trade) in the
    `district` (510600: the whole city). `in_force_from` is set when it comes into force; `terms` are by day and only grow
    once it has. Of the `votes` on the draft the last one is on the present text. `end_reason` is encrypted."""

    number: str
    consultation_id: str
    level: Level
    workers_side: str
    platforms: list[str]
    industry: Industry | None
    district: str
    signed_on: dt.date
    file_by: dt.date
    valid_from: dt.date
    valid_to: dt.date
    terms: list[Terms]
    state: State = "draft"
    votes: list[KeptVote] = Field(default_factory=list)
    filing: Filing | None = None
    amendment: Amendment | None = None
    objections: list[Objection] = Field(default_factory=list)
    in_force_from: dt.date | None = None
    end_reason: Annotated[str | None, EncryptedAt(END_REASON)] = None
    to_check: str | None = None
    used: list[Used] = Field(default_factory=list)

    class Settings:
        name = "collective_contracts"
        indexes = [
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platforms", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("industry", ASCENDING), ("_id", ASCENDING)]),
        ]


class ContractNumber(Taken):
    """The number of a collective contract, and the contract that has it."""

    class Settings:
        name = "contract_numbers"
