"""Terms of applications: supplements that do not come, days to decide, public notices; and what became of their money."""

from __future__ import annotations

from services.subsidies.applications import (
    acceptance_commands,
    commands,
    earlier,
    payment_commands,
    review_commands,
    term_commands,
)
from services.subsidies.budgets.commands import BUDGET_RESERVED, Reserved
from services.subsidies.payments.commands import PAYABLE_SETTLED, Settled
from shared import clock
from shared.messaging.timers import Due, timer
from shared.storage.provisional import Provisional
from shared.storage.transaction import Transaction


@timer(term_commands.LAPSE)
async def on_lapse(due: Due[None], tx: Transaction) -> None:
    await commands.lapse(due.key, tx)


@timer(term_commands.SUPPLEMENT_NEAR)
async def on_supplement_near(due: Due[None], tx: Transaction) -> None:
    await acceptance_commands.remind_of_supplement(due.key, tx)


@timer(term_commands.SILENT)
async def on_silent(due: Due[None], tx: Transaction) -> None:
    await acceptance_commands.take_up_unseen(due.key, tx)


@timer(term_commands.NEAR)
async def on_near(due: Due[None], tx: Transaction) -> None:
    await term_commands.warn(due.key, tx)


@timer(term_commands.OVERDUE)
async def on_overdue(due: Due[None], tx: Transaction) -> None:
    await term_commands.miss(due.key, tx)


@timer(term_commands.NOTICE_ENDS)
async def on_notice_ends(due: Due[None], tx: Transaction) -> None:
    await review_commands.close_notice(due.key, tx)


@timer(BUDGET_RESERVED)
async def on_budget_reserved(due: Due[Reserved], tx: Transaction) -> None:
    await payment_commands.serve(due.payload.application_id, tx)


@timer(PAYABLE_SETTLED)
async def on_payable_settled(due: Due[Settled], tx: Transaction) -> None:
    await payment_commands.settle(due.payload, tx)


@timer(earlier.COPY)
async def on_copy(due: Due[earlier.Behind], tx: Transaction) -> None:
    further = await earlier.copy_some(due.payload, tx)
    if further is not None:
        tx.schedule(earlier.COPY, due.key, clock.now(), further)


@timer(term_commands.CALENDAR)
async def on_calendar(due: Due[Provisional], tx: Transaction) -> None:
    await acceptance_commands.recalculate(due.key, due.payload, tx)
