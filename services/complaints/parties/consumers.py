"""Enterprises from the registry."""

from __future__ import annotations

from services.complaints.parties import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import EnterpriseRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "complaints.parties"


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.record_enterprise(event.data, event.time, tx)
