"""Programmes that were cancelled."""

from __future__ import annotations

from services.subsidies.enrolments import commands
from shared.contracts.base import CloudEvent
from shared.contracts.subsidies import ProgrammeCancelled
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(ProgrammeCancelled, group="subsidies.certificates")
async def on_programme_cancelled(event: CloudEvent[ProgrammeCancelled], tx: Transaction) -> None:
    await commands.begin_cancelling(event.data.programme_id, tx)
