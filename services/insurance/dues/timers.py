"""Months that are over, last days that are near, and those that have passed."""

from __future__ import annotations

from services.insurance.dues import arrears_commands, commands, declarations
from services.insurance.dues.commands import MonthOver
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.MONTH)
async def on_month_over(due: Due[MonthOver], tx: Transaction) -> None:
    await commands.end_month(due.payload, tx)


@timer(commands.NEAR)
async def on_due_near(due: Due[None], tx: Transaction) -> None:
    await arrears_commands.remind(due.key, tx)


@timer(commands.LAPSE)
async def on_day_passed(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.move_day(due.key, tx)


@timer(commands.MONTH_CALENDAR)
async def on_month_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.move_month(due.key, tx)


@timer(commands.MONTH_LAPSE)
async def on_month_passed(due: Due[None], tx: Transaction) -> None:
    await arrears_commands.lapse(due.key, tx)


@timer(commands.CALCULATE)
async def on_month_changed(due: Due[None], tx: Transaction) -> None:
    await declarations.recalculate(due.key, tx)


@timer(declarations.LAW)
async def on_law_changed(due: Due[MonthOver], tx: Transaction) -> None:
    await declarations.recalculate_since(due.payload, tx)
