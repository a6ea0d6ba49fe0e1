"""The correction of a payment over HTTP, for officers."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.complaints.officers.documents import Officer
from services.complaints.penalties.access import check_not_standing_back, penalty_in_hand
from services.complaints.penalties.body import EvidenceId, Short, Taking, Text
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.rules import Toward
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_payments import correction_commands as commands
from services.complaints.penalty_payments.correction_commands import Right, Wrong
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class RightPlace(BaseModel):
    """The penalty to which a payment belongs, and what of it is paid."""

    penalty_id: EvidenceId
    toward: Toward = "fine"


class PaymentCorrection(BaseModel):
    """A payment by its day and receipt that does not belong here, why, and where it belongs; without `to` it counts nowhere. The
    enterprise reads the `text`. `spared`: nothing is added to what it had covered for the days on which it stood here."""

    on: dt.date
    receipt: Short
    text: Text
    to: RightPlace | None = None
    spared: bool = False

    @property
    def wrong(self) -> Wrong:
        return Wrong(on=self.on, receipt=self.receipt, reason=self.text, spared=self.spared)


@router.post("/penalties/{penalty_id}/payment-corrections")
async def correct(body: PaymentCorrection, step: Taking) -> PenaltyFile:
    """Take a payment back that was recorded on the wrong penalty, or move it, as another officer than who recorded it."""

    async def work(penalty: Penalty, officer: Officer, tx: Transaction) -> Penalty:
        right = None
        if body.to is not None:
            there, _ = await penalty_in_hand(body.to.penalty_id, step.officer, "approver", None, tx)
            check_not_standing_back(officer, there, "paid")
            await write_down("penalty.paid", there.id, step.officer, tx)
            right = Right(there, body.to.toward)
        return await commands.correct(penalty, body.wrong, right, officer, tx)

    return await step.take("payment_corrected", "approver", work, f"{body.on}:{body.receipt}")
