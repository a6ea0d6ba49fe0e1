"""What is stored of collective contracts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from services.registry.collective_contracts.rules import State
from services.registry.consultations.rules import Level
from shared.contracts.platform import Industry
from shared.policy.parameters import Used
from shared.storage.encryption import EncryptedAt
from shared.storage.fields import Yuan
from shared.storage.records import Record
from shared.storage.taken import Taken

OBJECTION: Final = "collective_contract.objection"

END_REASON: Final = "collective_contract.end_reason"
"""The places that the texts of a consultation and of a contract are encrypted for."""


class Terms(BaseModel):
    """What is agreed from a day on."""

    since: dt.date
    hourly_pay: Yuan | None
    longest_continuous_minutes: int | None
    longest_daily_minutes: int | None
    waiting_percent: Yuan | None


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


class Objection(BaseModel):
    """The labour department's objection to a contract or to an amendment. `reason` is encrypted."""

    to: str
    reason: Annotated[str, EncryptedAt(OBJECTION)]
    officer: str
    at: dt.datetime


class CollectiveContract(Record):
    """A collective contract. It binds `platforms`, or where there are none the `industry` (None: every trade) in the
    `district` (510600: the whole city). `in_force_from` is set when it comes into force; `terms` are by day and only grow
    once it has. `end_reason` is encrypted."""

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
    filing: Filing | None = None
    amendment: Amendment | None = None
    objections: list[Objection] = Field(default_factory=list)
    in_force_from: dt.date | None = None
    end_reason: Annotated[str | None, EncryptedAt(END_REASON)] = None
    to_check: str | None = None
    used: list[Used] = Field(default_factory=list)

    class Settings:
        name = "collective_contracts"
        indexes = [  # noqa: RUF012 - Beanie reads it so
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("platforms", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("state", ASCENDING), ("_id", ASCENDING)]),
            IndexModel([("industry", ASCENDING), ("_id", ASCENDING)]),
        ]


class ContractNumber(Taken):
    """The number of a collective contract, and the contract that has it."""

    class Settings:
        name = "contract_numbers"
