"""Enterprises from the registry, and which of them are on the list of serious violations."""

from __future__ import annotations

from services.complaints.parties import commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.contracts.registry import EnterpriseRegistered
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "complaints.parties"


@consumes(EnterpriseRegistered, group=GROUP)
async def on_enterprise(event: CloudEvent[EnterpriseRegistered], tx: Transaction) -> None:
    await commands.record_enterprise(event.data, event.time, tx)


@consumes(EnterpriseListed, group=GROUP)
async def on_listed(event: CloudEvent[EnterpriseListed], tx: Transaction) -> None:
    await commands.record_listing(event.data.uscc, event.data.listing_id, event.data.until, tx)


@consumes(EnterpriseDelisted, group=GROUP)
async def on_delisted(event: CloudEvent[EnterpriseDelisted], tx: Transaction) -> None:
    await commands.record_listing(event.data.uscc, event.data.listing_id, event.data.delisted_on, tx)
