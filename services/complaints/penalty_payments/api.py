"""Payment over HTTP: what comes in, deferral, which the enterprise asks for, the reminder, and the court."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.complaints.penalties.body import PenaltyText, Short, Taking, TakingOwn, Text
from services.complaints.penalties.rules import Toward, Why
from services.complaints.penalties.told_views import ToldView
from services.complaints.penalties.views import PenaltyFile
from services.complaints.penalty_payments import commands, execution_commands, refund_commands
from services.complaints.penalty_payments.commands import Taken
from services.complaints.penalty_payments.refund_commands import PaidBack
from services.complaints.penalty_payments.rules import Place
from shared.errors import RuleBroken

router = APIRouter(prefix="/v1", tags=["penalties 行政处罚"])


class PaymentBody(BaseModel):
    """What the bank took in, for what, and its receipt; what the bank says nothing of counts towards the fine, which grows while it is
    not paid."""

    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    on: dt.date
    receipt: Short
    toward: Toward = "fine"


class CollectionBody(BaseModel):
    """A fine that officers collect: why they may, when they did, whether the party asked them to, and the number of the finance
    department's receipt (财政专用票据)."""

    why: Why
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    on: dt.date
    receipt: Short
    asked: bool = False

    @property
    def taken(self) -> Taken:
        return Taken(**self.model_dump())


class HandingIn(BaseModel):
    """Where a collected fine came to, and when."""

    to: Place
    on: dt.date


class RefundBody(BaseModel):
    """What was paid back, with which interest, when, its receipt, and of which sum. Without `toward` it is of the one for which too
    much was paid, or of both together."""

    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
    interest: Decimal = Field(default=Decimal("0.00"), ge=0, max_digits=12, decimal_places=2)
    on: dt.date
    receipt: Short
    toward: Toward | None = None

    @property
    def paid_back(self) -> PaidBack:
        return PaidBack(**self.model_dump())


class DeferralBody(BaseModel):
    """Whether a fine may be paid later or in monthly parts, how many, and when the first is due."""

    yes: bool
    text: Text
    parts: int | None = Field(default=None, ge=1, le=100)
    first: dt.date | None = None


class ReminderBody(BaseModel):
    """How the enterprise is reminded."""

    by: Short


@router.post("/penalties/{penalty_id}/payments")
async def pay(body: PaymentBody, step: Taking) -> PenaltyFile:
    """Take in what the bank received (行政处罚法 art. 67); what is beyond what is owed is to be paid back."""
    return await step.take(
        "paid",
        "handler",
        lambda one, who, tx: commands.pay(one, body.amount, body.on, body.receipt, who.id, tx, toward=body.toward),
    )


@router.post("/penalties/{penalty_id}/collection")
async def collect(body: CollectionBody, step: Taking) -> PenaltyFile:
    """Record that officers collected a fine themselves (当场收缴; 行政处罚法 art. 68-70)."""
    return await step.take("collected", "handler", lambda one, who, tx: commands.collect(one, body.taken, who, tx))


@router.post("/penalties/{penalty_id}/collection-handed-in")
async def hand_in(body: HandingIn, step: Taking) -> PenaltyFile:
    """Record that a collected fine reached the office, or the bank (行政处罚法 art. 71)."""
    return await step.take("handed_in", "handler", lambda one, _, tx: commands.hand_in(one, body.to, body.on, tx))


@router.post("/penalties/{penalty_id}/refunds")
async def refund(body: RefundBody, step: Taking) -> PenaltyFile:
    """Record what was paid back of what was paid beyond what is owed, or on a decision that was changed or annulled (行政处罚法
    art. 74)."""
    return await step.take(
        "refunded", "handler", lambda one, who, tx: refund_commands.refund(one, body.paid_back, who, tx)
    )


@router.post("/penalties/{penalty_id}/deferral-request")
async def ask_deferral(body: PenaltyText, step: TakingOwn) -> ToldView:
    """Ask to pay later or in parts (行政处罚法 art. 66)."""
    return await step.take(lambda one, tx: commands.ask_deferral(one, body.text, tx))


@router.post("/penalties/{penalty_id}/deferral")
async def decide_deferral(body: DeferralBody, step: Taking) -> PenaltyFile:
    """Let a fine be paid later or in parts, or refuse that (行政处罚法 art. 66)."""
    plan = None if body.parts is None or body.first is None else (body.parts, body.first)
    if body.yes is (plan is None):
        raise RuleBroken("instalments", "同意的须写明期数和首期日期", "what is granted says how many parts, from when")
    return await step.take(
        "deferral_decided", "approver", lambda one, _, tx: commands.decide_deferral(one, body.text, plan, tx)
    )


@router.post("/penalties/{penalty_id}/reminder")
async def remind(body: ReminderBody, step: Taking) -> PenaltyFile:
    """Remind the enterprise to pay, of each sum by itself (催告; 行政强制法 art. 35, 54)."""
    return await step.take("reminded", "handler", lambda one, _, tx: execution_commands.remind(one, body.by, tx))


@router.post("/penalties/{penalty_id}/court-application")
async def go_to_court(step: Taking) -> PenaltyFile:
    """Record that a court was applied to, for each sum by itself (行政强制法 art. 53)."""
    return await step.take("taken_to_court", "handler", lambda one, _, tx: execution_commands.go_to_court(one, tx))


@router.post("/penalties/{penalty_id}/execution-end")
async def end(body: PenaltyText, step: Taking) -> PenaltyFile:
    """Record that the execution ended without full payment."""
    return await step.take("ended", "approver", lambda one, _, tx: execution_commands.end(one, body.text, tx))
