"""Benefits as they are granted."""

from __future__ import annotations

from services.insurance.qualification import commands
from shared.contracts.base import CloudEvent
from shared.contracts.insurance import BenefitGranted
from shared.messaging.consuming import consumes
from shared.policy import calendar
from shared.storage.transaction import Transaction


@consumes(BenefitGranted, group="insurance.exchange")
async def on_benefit_granted(event: CloudEvent[BenefitGranted], tx: Transaction) -> None:
    await commands.record_benefit(event.data, calendar.shanghai_date(event.time), tx)
