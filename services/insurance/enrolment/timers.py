"""The employer's deadline."""

from __future__ import annotations

from services.insurance.enrolment import commands, province_requests
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(province_requests.DUTY)
async def on_duty_due(due: Due[None], tx: Transaction) -> None:
    await commands.miss_duty(due.key, tx)


@timer(province_requests.DUTY_NEAR)
async def on_duty_near(due: Due[None], tx: Transaction) -> None:
    await commands.remind(due.key, tx)


@timer(province_requests.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.recalculate(due.key, due.payload, tx)
