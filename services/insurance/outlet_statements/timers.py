"""A month that is over: the statements of its outlets are drawn."""

from __future__ import annotations

from services.insurance.outlet_statements import commands as statements
from services.insurance.outlet_statements.commands import STATEMENT, OutletMonth
from services.insurance.outlets.documents import Outlet
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(STATEMENT)
async def on_month_over(due: Due[OutletMonth], tx: Transaction) -> None:
    outlet = await Outlet.of(due.payload.outlet, tx)
    if outlet is not None:
        await statements.end_month(outlet, due.payload.month, tx)
