"""The days on which who is registered as unemployed is warned, and their registration ends, since nothing was heard of them."""

from __future__ import annotations

from services.registry.employment import unemployment_commands as unemployment
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(unemployment.CONTACT_NEAR)
async def on_contact_near(due: Due[unemployment.Unheard], tx: Transaction) -> None:
    await unemployment.warn(due.key, due.payload, tx)


@timer(unemployment.CONTACT_OVER)
async def on_contact_over(due: Due[unemployment.Unheard], tx: Transaction) -> None:
    await unemployment.fall_silent(due.key, due.payload, tx)
