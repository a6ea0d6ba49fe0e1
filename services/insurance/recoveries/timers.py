"""Benefits whose payment could not be ended yet, since an order was under way."""

from __future__ import annotations

from services.insurance.recoveries import commands as recoveries
from services.insurance.recoveries.commands import PaidThrough
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(recoveries.END)
async def on_end(due: Due[PaidThrough], tx: Transaction) -> None:
    await recoveries.end_payment(due.key, due.payload.month, due.payload.told, tx)


@timer(recoveries.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await recoveries.recalculate(due.key, due.payload, tx)
