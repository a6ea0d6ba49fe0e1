"""Collective contracts from the registry."""

from __future__ import annotations

from services.complaints.collective_contracts import commands
from services.complaints.parties.consumers import GROUP
from shared.contracts.base import CloudEvent
from shared.contracts.registry import CollectiveContractEnded, CollectiveContractFact, CollectiveContractRecorded
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(CollectiveContractRecorded, CollectiveContractEnded, group=GROUP)
async def on_collective_contract(event: CloudEvent[CollectiveContractFact], tx: Transaction) -> None:
    await commands.record_contract(event.data, event.time, tx)
