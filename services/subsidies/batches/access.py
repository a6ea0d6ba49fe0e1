"""Which batches an officer reaches, and with what duty they act on one."""

from __future__ import annotations

from services.subsidies.batches.documents import Batch
from services.subsidies.budgets.access import kept_by
from services.subsidies.officers.commands import on_duty
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.officers.rules import Duty
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction
from shared.web.scope import fits


async def batch_of(batch_id: str, caller: Caller, tx: Transaction | None = None) -> Batch:
    """A batch that an officer reaches; any other is not found."""
    batch = await Batch.of(batch_id, tx)
    if batch is None or not fits(batch, kept_by(caller)):
        raise NotFound("该批次", "the batch")
    return batch


async def batch_in_hand(
    batch_id: str, caller: Caller, duties: tuple[Duty, ...], seen: int | None, tx: Transaction
) -> tuple[Batch, MoneyOfficer]:
    """A batch that an officer acts on, as they read it where `seen` says that it matters, and the officer."""
    batch = await batch_of(batch_id, caller, tx)
    officer = await on_duty(caller, batch.district, *duties, tx=tx)
    if seen is not None:
        require_revision(seen, batch.revision)
    return batch, officer
