"""Persons who turn out to be one, and persons who are erased."""

from __future__ import annotations

from services.subsidies.applications import commands as applications
from services.subsidies.certificates import commands as certificates
from services.subsidies.counselling import commands as counselling
from services.subsidies.employment_assistance import commands as employment_assistance
from services.subsidies.intake import commands
from services.subsidies.members import commands as members
from services.subsidies.payments import commands as payments
from services.subsidies.persons import commands as persons
from services.subsidies.recognition import commands as recognition
from services.subsidies.recoveries import commands as recoveries
from services.subsidies.revisions import commands as revisions
from shared.contracts.base import CloudEvent
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.messaging.consuming import consumes
from shared.storage.transaction import Transaction

GROUP = "subsidies.intake"


@consumes(WorkerMerged, group=GROUP)
async def on_worker_merged(event: CloudEvent[WorkerMerged], tx: Transaction) -> None:
    kept = await persons.merge(event.data.worker_id, event.data.merged_worker_id, tx)
    await counselling.merge(kept, event.data.merged_worker_id, tx)
    await recognition.merge(kept, event.data.merged_worker_id, tx)
    await employment_assistance.merge(kept, event.data.merged_worker_id, tx)
    await certificates.merge(kept, event.data.merged_worker_id, tx)
    await payments.merge(kept, event.data.merged_worker_id, tx)
    await recoveries.merge(kept, event.data.merged_worker_id, tx)
    await revisions.merge(kept, event.data.merged_worker_id, tx)
    await members.merge(kept, event.data.merged_worker_id, event.time, tx)


@consumes(WorkerErased, group=GROUP)
async def on_worker_erased(event: CloudEvent[WorkerErased], tx: Transaction) -> None:
    await counselling.erase(event.data.worker_id, tx)
    await recognition.erase(event.data.worker_id, tx)
    await employment_assistance.erase(event.data.worker_id, tx)
    await applications.erase(event.data.worker_id, tx)
    await persons.erase(event.data.worker_id, event.time, tx)
    await commands.keep_accounts(event.data.worker_id, tx)
