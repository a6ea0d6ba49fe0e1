"""Gathering facts into dossiers."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from services.registry.dossier import rules
from services.registry.dossier.contents import KINDS
from services.registry.dossier.documents import DossierEntry
from services.registry.dossier.rules import worker_subject
from services.registry.workers.documents import Worker
from shared.contracts.base import CloudEvent, Fact
from shared.storage.bulk import insert_new
from shared.storage.client import Row, collection_of


async def gather(events: Sequence[CloudEvent[Any]]) -> None:
    """Put facts into the timelines of all whom they are about; a fact that comes again changes nothing."""
    rows = [row for event in events for row in rows_of(event)]
    if rows:
        await insert_new(DossierEntry, rows)
        await _leave_erased({row["_id"].partition("|")[0] for row in rows})


async def _leave_erased(subjects: Set[str]) -> None:
    """Take out what comes late of persons who were erased meanwhile. Looked at after the entries are there: an erasure stores
    the person first and then removes their timeline, so that one of the two finds every entry."""
    named = sorted(filter(None, map(rules.worker_of, subjects)))
    query = {"_id": {"$in": named}, "keeping": "erased"}
    async for row in collection_of(Worker).find(query, {"_id": 1}):
        await collection_of(DossierEntry).delete_many(timeline_of(worker_subject(row["_id"])))


def timeline_of(subject: str) -> Row:
    """The condition on the entries of one subject, whose ids are `<subject>|<position>`."""
    return {"_id": {"$gte": f"{subject}|", "$lt": f"{subject}~"}}


def rows_of(event: CloudEvent[Fact]) -> list[Row]:
    """The entries of one fact."""
    section = KINDS[event.type].section
    position = rules.position(event.time, event.source, event.id)
    shared_fields = {
        "position": position,
        "section": section,
        "type": event.type,
        "source": event.source,
        "at": event.time,
        "data": rules.kept_fields(event.data),
    }
    return [
        {"_id": f"{subject}|{position}", **shared_fields}
        for subject in rules.subjects_of(event.data, event.source, section)
    ]
