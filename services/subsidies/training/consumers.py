"""Dates of birth from the registry, and certificates of this service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.subsidies.decisions.commands import facts_changed
from services.subsidies.training import commands
from services.subsidies.training.documents import Applicant
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerRegistered
from shared.contracts.subsidies import CertificateIssued
from shared.messaging.consuming import consumes
from shared.storage.encryption import open_sealed
from shared.storage.transaction import Transaction

GROUP = "subsidies.training"


async def read_applicants(events: Sequence[CloudEvent[WorkerRegistered]], tx: Transaction) -> None:
    await tx.load(Applicant, (event.data.worker_id for event in events))


@consumes(WorkerRegistered, group=GROUP, load=read_applicants)
async def on_worker(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    born_on = dt.date.fromisoformat(open_sealed("subsidies", event.data.for_subsidies)["born_on"])
    await commands.record_birthday(event.data.worker_id, born_on, event.time, event.id, tx)


@consumes(CertificateIssued, group=GROUP)
async def on_certificate(event: CloudEvent[CertificateIssued], tx: Transaction) -> None:
    if event.data.worker_id is not None:
        await facts_changed(event.data.worker_id, tx)
