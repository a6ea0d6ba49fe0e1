"""Certificates of this service, and mergers of persons whose they are."""

from __future__ import annotations

from services.subsidies.decisions.commands import facts_changed
from services.subsidies.training import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged
from shared.contracts.subsidies import CertificateIssued
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.training"


@consumes(CertificateIssued, group=GROUP)
async def on_certificate(event: CloudEvent[CertificateIssued], tx: Transaction) -> None:
    if event.data.worker_id is not None:
        await facts_changed(event.data.worker_id, tx)


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge(event.data.worker_id, event.data.merged_worker_id, tx)
