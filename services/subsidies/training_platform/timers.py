"""Courses to the training platform, again until it has answered; and its attendance, each hour."""

from __future__ import annotations

from services.subsidies.training_platform import commands
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction


@work(commands.TELL, seconds=25)
async def tell(due: Due[None]) -> None:
    """Tell of a course. The key is its id."""
    await commands.tell(due.key)


@timer(commands.HOURLY)
async def on_hour(_: Due[None], tx: Transaction) -> None:
    commands.go_on(tx)


@work(commands.FETCH, seconds=50)
async def fetch(_: Due[None]) -> None:
    """Fetch attendance."""
    await commands.fetch()
