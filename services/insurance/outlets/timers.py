"""What an outlet's change does to its people, and the month's statement."""

from __future__ import annotations

from services.insurance.outlets import commands, statements
from services.insurance.outlets.documents import Outlet
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.PEOPLE)
async def on_outlet_changed(due: Due, tx: Transaction) -> None:
    await commands.look_at_people(due.key, due.data["after"], tx)


@timer(commands.STATEMENT)
async def on_month_over(due: Due, tx: Transaction) -> None:
    outlet = await Outlet.of(due.data["outlet"], tx)
    if outlet is not None:
        await statements.draw(outlet, due.data["month"], tx)
