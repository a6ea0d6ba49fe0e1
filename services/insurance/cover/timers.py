"""Gaps between policies: before they begin, and when they have begun."""

from __future__ import annotations

from services.insurance.cover import commands
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.WARNING)
async def on_warning(due: Due[None], tx: Transaction) -> None:
    await commands.warn(due.key, tx)


@timer(commands.GAP)
async def on_gap(due: Due[None], tx: Transaction) -> None:
    await commands.find_gap(due.key, tx)
