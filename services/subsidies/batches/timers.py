"""Steps of a batch that go on by themselves."""

from __future__ import annotations

from services.subsidies.batches import bank_files, commands
from services.subsidies.batches.documents import Batch
from shared import faults
from shared.messaging.timers import Due, timer, work
from shared.storage.transaction import Transaction


@timer(commands.COLLECT)
async def on_collect(due: Due[None], tx: Transaction) -> None:
    await commands.collect(due.key, tx)


@work(commands.SEAL, seconds=50)
async def calculate(due: Due[None]) -> tuple[str, str] | None:
    """Write the file of a batch once, for what it is known by."""
    batch = await Batch.of(due.key)
    if batch is None or batch.state != "sealing":
        return None
    found = await bank_files.hashes(batch)
    faults.reach("batch.sealing")
    return found


@calculate.store
async def calculated(due: Due[None], hashes: tuple[str, str], tx: Transaction) -> None:
    await commands.seal(due.key, *hashes, tx)


@timer(commands.CANCEL)
async def on_cancel(due: Due[None], tx: Transaction) -> None:
    await commands.drop_lines(due.key, tx)
