"""Filing a penalty over HTTP, its investigation, and a longer term to decide."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.directives.rules import Violation
from services.complaints.penalties.body import EvidenceId, PenaltyText, Punisher, Taking, Text
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.rules import OriginKind
from services.complaints.penalties.views import PenaltyFile, shown
from services.complaints.penalty_filing import commands
from services.complaints.penalty_filing.commands import Filed, Found
from services.complaints.penalty_filing.origins import origin_of
from services.complaints.penalty_grounds.gain_rules import ZERO, Gain
from services.complaints.penalty_grounds.rules import Charge, Ground
from shared.contracts.platform import Relation
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.fields import District, Uscc
from shared.web.idempotency import IdempotentRoute

creating = APIRouter(prefix="/v1", tags=["penalties 行政处罚"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])

Subject = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PenaltyBody(BaseModel):
    """A filing. `relation`: the footing of those who are harmed; `ended_on`: None while the act goes on; `harmed`: it harmed life
    or health; `another_act`: why it is another act than one that looks alike."""

    origin: OriginKind
    origin_id: str | None = Field(default=None, max_length=64)
    enterprise: Uscc
    district: District
    violation: Violation
    grounds: list[Ground] = Field(min_length=1, max_length=3)
    relation: Relation
    began_on: dt.date
    ended_on: dt.date | None = None
    harmed: bool = False
    another_act: Text | None = None

    @property
    def filed(self) -> Filed:
        return Filed(**self.model_dump(exclude={"origin", "origin_id"}))


class ChargeBody(BaseModel):
    """A ground, with how many persons were harmed, or the sum that its fine is a multiple of (yuan)."""

    ground: Ground
    persons: int | None = Field(default=None, ge=1, le=100_000)
    sum: Decimal | None = Field(default=None, gt=0, max_digits=12, decimal_places=2)

    @property
    def charge(self) -> Charge:
        return Charge(**self.model_dump())


class GainBody(BaseModel):
    """Unlawful gains: what the act brought in, what of it goes back to those harmed, what they have already (yuan), and how it
    was reckoned, by which text where one says another way."""

    received: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    owed_back: Decimal = Field(default=ZERO, ge=0, max_digits=12, decimal_places=2)
    repaid: Decimal = Field(default=ZERO, ge=0, max_digits=12, decimal_places=2)
    calculation: Text


class PenaltyConclusion(BaseModel):
    """What was found, by which officers, on which evidence, what the act brought in, and whether the matter is grave or
    complicated."""

    facts: Text
    charges: list[ChargeBody] = Field(min_length=1, max_length=3)
    officers: list[Subject] = Field(min_length=1, max_length=10)
    evidence: list[EvidenceId] = Field(default=[], max_length=50)
    gain: GainBody | None = None
    grave: bool = False

    @property
    def found(self) -> Found:
        gain = self.gain
        return Found(
            **self.model_dump(include={"facts", "officers", "evidence", "grave"}),
            charges=[one.charge for one in self.charges],
            gain=None if gain is None else Gain(gain.received, gain.owed_back, gain.repaid),
            calculation=None if gain is None else gain.calculation,
        )


class RepaymentBody(BaseModel):
    """What those who were harmed got back, yuan."""

    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)


class LongerBody(BaseModel):
    """By how many days, and why."""

    days: int = Field(ge=1, le=365)
    text: Text


@creating.post("/penalties", status_code=201)
async def file(body: PenaltyBody, caller: Punisher, response: Response) -> PenaltyFile:
    """Open the procedure (立案; 行政处罚法 art. 54)."""
    penalty_id, filed = new_id(), body.filed

    async def store(tx: Transaction) -> Penalty:
        origin, officer = await origin_of(body.origin, body.origin_id, filed, caller, tx)
        await write_down("penalty.filed", penalty_id, caller, tx)
        return await commands.file(penalty_id, filed, origin, officer, tx)

    penalty = await transact(store)
    response.headers["Location"] = f"/v1/penalties/{penalty.id}"
    return shown(penalty, response)


@router.post("/penalties/{penalty_id}/conclusion")
async def conclude(body: PenaltyConclusion, step: Taking) -> PenaltyFile:
    """Conclude the investigation (行政处罚法 art. 54, 57)."""
    return await step.take("concluded", "handler", lambda one, who, tx: commands.conclude(one, body.found, who, tx))


@router.post("/penalties/{penalty_id}/repayments")
async def record_repaid(body: RepaymentBody, step: Taking) -> PenaltyFile:
    """Record that those who were harmed got something back (退赔; 行政处罚法 art. 28)."""
    return await step.take("repaid", "handler", lambda one, _, tx: commands.record_repaid(one, body.amount, tx))


@router.post("/penalties/{penalty_id}/extension-request")
async def ask_extension(body: LongerBody, step: Taking) -> PenaltyFile:
    """Propose a longer term to decide."""
    return await step.take(
        "extension_asked", "handler", lambda one, who, tx: commands.ask_extension(one, body.days, body.text, who, tx)
    )


@router.post("/penalties/{penalty_id}/extension")
async def extend(body: PenaltyText, step: Taking) -> PenaltyFile:
    """Approve the longer term, as the head and another than who proposed it (若干规定 art. 37)."""
    return await step.take("extended", "chief", lambda one, who, tx: commands.extend(one, body.text, who, tx))
