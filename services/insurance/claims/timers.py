"""Later looks at a claim's cover, and the last days of its steps."""

from __future__ import annotations

from services.insurance.claims import commands, deadlines
from services.insurance.claims.commands import OfClaim
from services.insurance.claims.deadlines import LastDay
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(commands.CHECK)
async def on_check(due: Due[OfClaim], tx: Transaction) -> None:
    await commands.check(due.payload.claim, tx)


@timer(commands.LAST_CHECK)
async def on_last_check(due: Due[OfClaim], tx: Transaction) -> None:
    await commands.check(due.payload.claim, tx, last=True)


@timer(deadlines.NEAR)
async def on_deadline_near(due: Due[LastDay], tx: Transaction) -> None:
    await deadlines.near(due.payload.claim, deadlines.step_of(due.key), due.payload.due_on, tx)


@timer(deadlines.MISSED)
async def on_deadline_missed(due: Due[LastDay], tx: Transaction) -> None:
    await deadlines.missed(due.payload.claim, deadlines.step_of(due.key), due.payload.due_on, tx)


@timer(commands.APPLY_CALENDAR)
async def on_apply_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await commands.recalculate(due.key, due.payload, tx)


@timer(deadlines.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await deadlines.recalculate(due.key.rpartition(":")[0], deadlines.step_of(due.key), due.payload, tx)
