"""Money for what waits for it, and word of what waits when its year is over."""

from __future__ import annotations

from services.subsidies.budgets import commands, year_end
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.SERVE)
async def on_money(due: Due[None], tx: Transaction) -> None:
    await commands.serve(due.key, tx)


@timer(commands.CARRY)
async def on_carry(due: Due[None], tx: Transaction) -> None:
    await commands.carry_some(due.key, tx)


@timer(year_end.TELL)
async def on_year_ended(_: Due[None], tx: Transaction) -> None:
    await year_end.tell(tx)
