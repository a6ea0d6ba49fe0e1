"""Accounts of erased persons whose term is over."""

from __future__ import annotations

from services.subsidies.intake import commands
from services.subsidies.intake.commands import OfAccounts
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.ACCOUNTS_END)
async def on_accounts_end(due: Due[OfAccounts], tx: Transaction) -> None:
    await commands.end_accounts(due.payload.application, tx)
