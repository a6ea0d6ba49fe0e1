"""Gathering facts into dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.registry.dossier import rules
from services.registry.dossier.contents import KINDS
from services.registry.dossier.documents import DossierEntry
from shared.contracts.base import CloudEvent, Fact
from shared.storage.bulk import insert_new
from shared.storage.client import Row


async def gather(events: Sequence[CloudEvent[Any]]) -> None:
    """Put facts into the timelines of all whom they are about; a fact that comes again changes nothing."""
    rows = [row for event in events for row in rows_of(event)]
    if rows:
        await insert_new(DossierEntry, rows)


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
