"""What complaints says of credit listings."""

from __future__ import annotations

from services.registry.instants import kept_instant
from services.registry.restrictions import commands
from shared.contracts.base import CloudEvent
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "registry.restrictions"


@consumes(EnterpriseListed, group=GROUP)
async def on_enterprise_listed(event: CloudEvent[EnterpriseListed], tx: Transaction) -> None:
    await commands.enlist(event.data, kept_instant(event.time), tx)


@consumes(EnterpriseDelisted, group=GROUP)
async def on_enterprise_delisted(event: CloudEvent[EnterpriseDelisted], tx: Transaction) -> None:
    await commands.delist(event.data, tx)
