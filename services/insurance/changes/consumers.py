"""Assessments that were concluded, and medical costs that the fund has paid in a third party's place."""

from __future__ import annotations

from services.insurance.changes import commands
from shared.contracts.base import CloudEvent, yuan
from shared.contracts.insurance import BenefitPaid, ClaimAssessed
from shared.messaging.consuming import consumes
from shared.policy import calendar
from shared.storage.transaction import Transaction


@consumes(ClaimAssessed, group="insurance.exchange")
async def on_claim_assessed(event: CloudEvent[ClaimAssessed], tx: Transaction) -> None:
    await commands.follow_assessment(event.data.claim_id, calendar.shanghai_date(event.time), tx)


@consumes(BenefitPaid, group="insurance.exchange")
async def on_benefit_paid(event: CloudEvent[BenefitPaid], tx: Transaction) -> None:
    await commands.claim_back(event.data.benefit_id, yuan(event.data.amount), tx)
