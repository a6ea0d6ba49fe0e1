"""The employer's deadline."""

from __future__ import annotations

from services.insurance.enrolment import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.DUTY)
async def on_duty_due(due: Due, tx: Transaction) -> None:
    await commands.miss_duty(due.key, tx)


@timer(commands.DUTY_NEAR)
async def on_duty_near(due: Due, tx: Transaction) -> None:
    await commands.remind(due.key, tx)
