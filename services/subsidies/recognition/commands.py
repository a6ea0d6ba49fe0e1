"""Recognise persons as hard to employ, check that each year, and end it."""

from __future__ import annotations

from collections.abc import Iterable

from services.subsidies.recognition.documents import Recognition
from shared.storage.transaction import Transaction


async def of_person(worker_ids: Iterable[str], tx: Transaction) -> list[Recognition]:
    """Every recognition of a person, by all their ids, the first first."""
    return await tx.find(Recognition, {"worker_id": {"$in": list(worker_ids)}}, sort="_id")
