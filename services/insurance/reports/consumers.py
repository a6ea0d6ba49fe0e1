"""Accidents as platforms report them."""

from __future__ import annotations

from services.insurance.reports import commands
from shared.contracts.base import CloudEvent
from shared.contracts.platform import IncidentReported, platform_of
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction


@consumes(IncidentReported, group="insurance.claims")
async def on_incident(event: CloudEvent[IncidentReported], tx: Transaction) -> None:
    await commands.file(platform_of(event.source), event.data, tx)
