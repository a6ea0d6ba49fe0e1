"""Files of erased persons whose terms are over."""

from __future__ import annotations

from services.insurance.erasure import commands
from services.insurance.erasure.commands import OfFile
from shared.messaging.timers import Due, timer
from shared.storage.transaction import Transaction


@timer(commands.FILE_ENDS)
async def on_file_ends(due: Due[OfFile], tx: Transaction) -> None:
    await commands.end_file(due.payload.claim, tx)
