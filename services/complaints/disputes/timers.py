"""Disputes whose term is over, and limitations that end soon."""

from __future__ import annotations

from services.complaints.disputes import (
    calendar_commands,
    commands,
    counter_commands,
    counter_suit_commands,
    term_commands,
)
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(term_commands.LAPSE)
async def on_lapse(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


@timer(term_commands.LIMITATION)
async def on_limitation(due: Due[None], tx: Transaction) -> None:
    await term_commands.warn(due.key, tx)


@timer(counter_commands.COUNTER)
async def on_counter(due: Due[None], tx: Transaction) -> None:
    dispute_id, _, counter_id = due.key.partition("|")
    await counter_suit_commands.tell_overdue(dispute_id, counter_id, tx)


@timer(calendar_commands.PARTIES_CALENDAR)
async def on_parties_calendar(due: Due[None], tx: Transaction) -> None:
    await calendar_commands.move_days(due.key, tx)


@timer(term_commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await calendar_commands.recalculate(due.key, due.payload, tx)
