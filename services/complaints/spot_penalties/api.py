"""The simple procedure over HTTP, for officers: what they decided on the spot, and its record."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Response
from pydantic import Field

from services.complaints.penalties.body import EvidenceId, Punisher, Short, Taking, Text
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.views import PenaltyFile, shown
from services.complaints.penalty_decisions.api import MeantBody
from services.complaints.penalty_filing.api import ChargeBody, PenaltyBody, Subject
from services.complaints.penalty_filing.commands import Filed, Found
from services.complaints.penalty_filing.origins import origin_of
from services.complaints.spot_penalties import commands
from services.complaints.spot_penalties.commands import AtOnce
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.idempotency import IdempotentRoute

creating = APIRouter(prefix="/v1", tags=["penalties 行政处罚"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class OnSpotBody(PenaltyBody, MeantBody):
    """A decision on the spot: the act, what was found by which officers, the penalty, and what happened. `statement`: what the
    party stated, with the `answer`, or `waived`; `note`: that it would not sign; `silent`: none of the files shows who reported in
    confidence."""

    facts: Text
    charges: list[ChargeBody] = Field(min_length=1, max_length=3)
    officers: list[Subject] = Field(min_length=1, max_length=10)
    evidence: list[EvidenceId] = Field(default=[], max_length=50)
    on: dt.date
    place: Short
    statement: Text | None = None
    waived: bool = False
    signed: bool = True
    note: Short | None = None
    silent: bool = False

    @property
    def filed(self) -> Filed:
        return Filed(**self.model_dump(include={*Filed.__dataclass_fields__}))

    @property
    def found(self) -> Found:
        return Found(
            facts=self.facts,
            charges=[one.charge for one in self.charges],
            officers=self.officers,
            evidence=self.evidence,
            grave=False,
        )

    @property
    def at_once(self) -> AtOnce:
        return AtOnce(**self.model_dump(include={*AtOnce.__dataclass_fields__}))


@creating.post("/penalties/on-the-spot", status_code=201)
async def decide_on_spot(body: OnSpotBody, caller: Punisher, response: Response) -> PenaltyFile:
    """Report a penalty that was decided and served on the spot (当场处罚; 行政处罚法 art. 51, 52)."""
    penalty_id, filed = new_id(), body.filed

    async def store(tx: Transaction) -> Penalty:
        origin, officer = await origin_of(body.origin, body.origin_id, filed, caller, tx)
        await write_down("penalty.decided_on_spot", penalty_id, caller, tx)
        return await commands.decide_on_spot(
            penalty_id, filed, body.found, body.meant, body.at_once, origin, officer, tx
        )

    penalty = await transact(store)
    response.headers["Location"] = f"/v1/penalties/{penalty.id}"
    return shown(penalty, response)


@router.post("/penalties/{penalty_id}/record")
async def record(step: Taking) -> PenaltyFile:
    """Take a decision on the spot on record (备案; 行政处罚法 art. 52), as another officer than who made it."""
    return await step.take("recorded", "approver", lambda one, who, tx: commands.record(one, who, tx))
