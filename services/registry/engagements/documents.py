"""What is stored of engagements."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from services.registry.engagements.rules import State
from shared.contracts.platform import Industry, Relation
from shared.policy.parameters import Used
from shared.storage.records import Record


class Paper(BaseModel):
    """The contract or written agreement that a footing rests on."""

    kind: Literal["contract", "written_agreement"]
    number: str
    signed_on: dt.date


class DeclaredTraining(BaseModel):
    course: str
    completed_on: dt.date


class EndTold(BaseModel):
    """A platform's word that an account's work ended; `ended_on` is the last day."""

    ended_on: dt.date
    reason: str
    told_at: dt.datetime


class Account(Record):
    """A person as one platform knows them, with every end told of.

    The id is `<credit code>:<the platform's own id>`. Whatever concerns an account stores it, so that events of different
    topics about one account never run side by side.
    """

    ends: list[EndTold] = []  # noqa: RUF012

    class Settings:
        name = "accounts"


class Engagement(Record):
    """One person's work through one platform from a first day on, by the latest declaration of it.

    `version` counts the events told of it; `gate_rests_on` are the parameters that the safety gate used.
    """

    platform: str
    worker_ref: str
    started_on: dt.date
    worker_id: str
    industry: Industry
    relation: Relation
    district: str
    agreement: Paper | None
    safety_training: DeclaredTraining | None
    partner_uscc: str | None
    dispatched: bool
    declared_at: dt.datetime
    state: State = "blocked"
    ended_on: dt.date | None = None
    end_reason: str | None = None
    version: int = 0
    gate_rests_on: list[Used] = []  # noqa: RUF012

    @property
    def account(self) -> tuple[str, str]:
        return self.platform, self.worker_ref

    def declared(self) -> dict[str, Any]:
        """What the platform declares and may correct."""
        return {name: getattr(self, name) for name in (*DECLARED, "worker_id")}

    class Settings:
        name = "engagements"
        indexes = [  # noqa: RUF012
            IndexModel([(key, ASCENDING) for key in ("platform", "worker_ref", "started_on")], unique=True),
            IndexModel([("worker_id", ASCENDING)]),
            IndexModel([("state", ASCENDING)]),
            IndexModel([("district", ASCENDING), ("_id", ASCENDING)]),
        ]


DECLARED = ("industry", "relation", "district", "agreement", "safety_training", "partner_uscc", "dispatched")
