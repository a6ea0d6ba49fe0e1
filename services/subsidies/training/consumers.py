"""Certificates of this service."""

from __future__ import annotations

from services.subsidies.decisions.commands import facts_changed
from shared.contracts.base import CloudEvent
from shared.contracts.subsidies import CertificateIssued, CertificateRevoked
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.training"


@consumes(CertificateIssued, group=GROUP)
async def on_certificate(event: CloudEvent[CertificateIssued], tx: Transaction) -> None:
    if event.data.worker_id is not None:
        await facts_changed(event.data.worker_id, tx)


@consumes(CertificateRevoked, group=GROUP)
async def on_revocation(event: CloudEvent[CertificateRevoked], tx: Transaction) -> None:
    if event.data.worker_id is not None:
        await facts_changed(event.data.worker_id, tx)
