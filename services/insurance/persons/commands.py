"""Record who workers are, whose an id number is, and whose record became whose."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from services.insurance.persons.documents import ID_NUMBER, NAME, Holder, Merged, Person
from services.insurance.persons.queries import holder_of, present_id
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.storage.encryption import encrypt_field, open_sealed
from shared.storage.transaction import Transaction

Change = Literal["new", "renumbered"]


async def record_person(fact: WorkerRegistered, told_at: dt.datetime, tx: Transaction) -> Change | None:
    """Store a worker's id number and name, encrypted anew for this database; says what of it the province must know."""
    known = await Person.of(fact.worker_id, tx)
    if known is not None and known.told_at > told_at:
        return None
    fields = open_sealed("insurance", fact.for_insurance)
    values: dict[str, Any] = {
        "id_number": encrypt_field(ID_NUMBER, fact.worker_id, fields["id_number"]),
        "name": encrypt_field(NAME, fact.worker_id, fields["name"]),
        "told_at": told_at,
    }
    earlier_number = known.opened()[0] if known else None
    await (known.changed(values) if known else Person(id=fact.worker_id, **values)).put(tx)
    if earlier_number is None:
        return "new"
    return "renumbered" if earlier_number != fields["id_number"] else None


async def record_holder(fact: WorkerRegistered, tx: Transaction) -> tuple[str, str] | None:
    """Store who bears an id number. Gives the number and the worker where it was on file for somebody else or nobody."""
    worker_id = await present_id(fact.worker_id, tx)
    id_number = open_sealed("insurance", fact.for_insurance)["id_number"]
    holder = await holder_of(id_number, tx)
    if holder.worker_id == worker_id:
        return None
    for earlier in await tx.find(Holder, {"worker_id": worker_id}):
        earlier.worker_id = None  # the number was wrong, and is nobody's whom we know
        await earlier.put(tx)
    was_known = holder.revision > 0
    holder.worker_id = worker_id
    await holder.put(tx)
    return (id_number, worker_id) if was_known else None


async def merge(fact: WorkerMerged, tx: Transaction) -> str | None:
    """Make one record's id number the other's, and give the id that it has now; None where that was done before."""
    if await Merged.of(fact.merged_worker_id, tx) is not None:
        return None
    await Merged(id=fact.merged_worker_id, worker_id=fact.worker_id).put(tx)
    worker_id = await present_id(fact.worker_id, tx)
    for holder in await tx.find(Holder, {"worker_id": fact.merged_worker_id}):
        holder.worker_id = worker_id
        await holder.put(tx)
    return worker_id
