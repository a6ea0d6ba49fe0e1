"""What platforms say of themselves."""

from __future__ import annotations

from services.registry.enterprises import commands
from services.registry.instants import kept_instant
from shared.contracts.base import CloudEvent
from shared.contracts.platform import ProfileDeclared, platform_of
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(ProfileDeclared, group="registry.intake")
async def on_profile_declared(event: CloudEvent[ProfileDeclared], tx: Transaction) -> None:
    await commands.declare(platform_of(event.source), event.data, kept_instant(event.time), tx)
