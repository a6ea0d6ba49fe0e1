"""Dates of birth from the registry and certificates of this service, which decisions wait for; mergers."""

from __future__ import annotations

import datetime as dt

from services.subsidies.persons.consumers import read_applicants
from services.subsidies.training import commands
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.contracts.subsidies import CertificateIssued
from shared.messaging.consuming import consumes
from shared.storage.encryption import open_sealed
from shared.storage.transaction import Transaction

GROUP = "subsidies.training"


@consumes(WorkerRegistered, group=GROUP, load=read_applicants)
async def on_worker(event: CloudEvent[WorkerRegistered], tx: Transaction) -> None:
    said = open_sealed("subsidies", event.data.for_subsidies)
    born_on = dt.date.fromisoformat(said["born_on"])
    await commands.record_person(event.data.worker_id, born_on, said.get("sex"), event.time, tx)


@consumes(CertificateIssued, group=GROUP)
async def on_certificate(event: CloudEvent[CertificateIssued], tx: Transaction) -> None:
    if event.data.worker_id is not None:
        await commands.certificate_issued(event.data.worker_id, tx)


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    await commands.merge(event.data.worker_id, event.data.merged_worker_id, tx)
