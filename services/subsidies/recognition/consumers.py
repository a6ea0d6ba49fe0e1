"""Employment as the registry tells it: it is recorded, and a recognition is lost with it."""

from __future__ import annotations

from collections.abc import Sequence

from services.subsidies.recognition import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import EmploymentEnded, EmploymentFact, EmploymentRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.recognition"


async def load(events: Sequence[CloudEvent[EmploymentFact]], tx: Transaction) -> None:
    await commands.load([event.data for event in events], tx)


@consumes(EmploymentRegistered, EmploymentEnded, group=GROUP, load=load)
async def on_employment(event: CloudEvent[EmploymentFact], tx: Transaction) -> None:
    await commands.follow(event, tx)
