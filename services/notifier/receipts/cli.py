"""Asking for receipts at an operator's word, as after a database was brought back from a backup."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from services.notifier.receipts import commands
from shared import clock
from shared.commands import Command, no_arguments
from shared.storage.transaction import transact


async def ask_receipts() -> int:
    """Have gateways asked at once about every message that waits for its receipt; says how many. Done again it does no harm."""
    count, since = 0, clock.now() - commands.patience().end
    while some := await transact(partial(commands.ask_at_once, since)):
        count += some
    return count


async def _run(_: Namespace) -> int:
    print(f"gateways are asked about {await ask_receipts()} messages")
    return 0


COMMANDS = (
    Command(
        "ask-receipts",
        "have gateways asked at once what became of the messages whose receipts have not come",
        no_arguments,
        _run,
    ),
)
