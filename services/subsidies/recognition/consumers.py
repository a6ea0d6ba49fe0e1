"""Employment as the registry tells it, with which a recognition is lost."""

from __future__ import annotations

from services.subsidies.recognition import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import EmploymentEnded, EmploymentFact, EmploymentRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.recognition"


@consumes(EmploymentRegistered, EmploymentEnded, group=GROUP)
async def on_employment(event: CloudEvent[EmploymentFact], tx: Transaction) -> None:
    await commands.follow(event, tx)
