"""Statements to the tax office, again until it has answered; and the daily comparison."""

from __future__ import annotations

from services.insurance.tax import client, commands
from services.insurance.tax.client import Answer
from services.insurance.tax.documents import TaxStatement
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction


@work(commands.DECLARE, seconds=25)
async def declare(due: Due[None]) -> Answer | None:
    """Tell a statement as it stands. The key is its id."""
    statement = await TaxStatement.of(due.key)
    if statement is None or statement.state != "waiting":
        return None
    return await client.declare(statement.number, statement.told)


@declare.store
async def answered(due: Due[None], answer: Answer, tx: Transaction) -> None:
    await commands.record_answer(due.key, answer, tx)


@timer(commands.SETTLE)
async def on_settle_day_passed(due: Due[None], tx: Transaction) -> None:
    await commands.miss(due.key, tx)


@timer(commands.CALENDAR)
async def on_calendar(due: Due[None], tx: Transaction) -> None:
    await commands.recalculate(due.key, tx)


@timer(commands.DAILY)
async def on_daily_hour(_: Due[None], tx: Transaction) -> None:
    commands.compare_daily(tx)


@work(commands.COMPARE, seconds=50)
async def compare(_: Due[None]) -> None:
    """Compare with the tax office. Each part is stored at once, so that a try that breaks off loses none."""
    await commands.compare()
