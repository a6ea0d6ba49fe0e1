"""Take an erased person out of what is kept beside their record: their dossier, what was written of them, and what they are
registered as."""

from __future__ import annotations

from services.registry.contests.documents import FootingContest
from services.registry.dossier.commands import timeline_of
from services.registry.dossier.documents import DossierEntry
from services.registry.dossier.rules import worker_subject
from services.registry.employment import commands as employment
from services.registry.engagements.documents import Engagement
from services.registry.memberships.documents import Membership
from services.registry.workers.documents import Worker
from shared.storage.blanking import blank
from shared.storage.transaction import Transaction


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """Remove a person's timeline, and the texts of their contests and memberships; that there were some stays. What they are
    registered as, employed or not, ends."""
    worker = await Worker.of(worker_id, tx)
    ids = [worker_id, *(worker.aliases if worker else ())]
    engagements = [one.id for one in await tx.find(Engagement, {"worker_id": {"$in": ids}})]
    for contest in await tx.find(FootingContest, {"engagement_id": {"$in": engagements}}):
        blank(contest)
        await contest.put(tx)
    for one in ids:
        await employment.forget(one, tx)
        await tx.delete_many(DossierEntry, timeline_of(worker_subject(one)))
        for membership in await tx.find(Membership, {"worker_id": one}):
            blank(membership)
            await membership.put(tx)
