"""Record and say who workers are, whose an id number is (by its hash), and whose record became whose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from services.insurance.persons.documents import HOLDER_NUMBER, ID_NUMBER, NAME, Holder, Merged, Person
from shared.contracts.registry import WorkerMerged, WorkerRegistered
from shared.storage.encryption import encrypt_field, lookup_hash, lookup_hashes, open_sealed
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


async def load_holders(facts: Sequence[WorkerRegistered], tx: Transaction) -> None:
    """Read at once what `record_holder` asks for, of workers whose records nobody has merged."""
    await tx.load(Merged, [fact.worker_id for fact in facts])
    numbers = [open_sealed("insurance", fact.for_insurance)["id_number"] for fact in facts]
    await tx.load(Holder, [one for number in numbers for one in lookup_hashes(HOLDER_NUMBER, number)])
    await tx.load_all_of(Holder, "worker_id", [fact.worker_id for fact in facts])


async def record_holder(fact: WorkerRegistered, tx: Transaction) -> tuple[str, str] | None:
    """Store who bears an id number. Gives the number and the worker where it was on file for somebody else or nobody."""
    worker_id = await present_id(fact.worker_id, tx)
    id_number = open_sealed("insurance", fact.for_insurance)["id_number"]
    holder = await holder_of(id_number, tx)
    if holder.worker_id == worker_id:
        return None
    for earlier in await tx.all_of(Holder, {"worker_id": worker_id}):
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
    for holder in await tx.all_of(Holder, {"worker_id": fact.merged_worker_id}):
        holder.worker_id = worker_id
        await holder.put(tx)
    return worker_id


async def holder_of(id_number: str, tx: Transaction) -> Holder:
    """The holder of an id number; a new one, not stored yet, where nobody on file bears it.

    Whoever acts on somebody's being unknown stores the holder, so that a worker who comes at that moment is not missed.
    """
    hashes = lookup_hashes(HOLDER_NUMBER, id_number)
    await tx.load(Holder, hashes)
    known = [holder for one in hashes if (holder := await Holder.of(one, tx)) is not None]
    known.sort(key=lambda holder: holder.worker_id is None)
    if known:
        return known[0]
    holder_id = lookup_hash(HOLDER_NUMBER, id_number)
    return Holder(id=holder_id, id_number=encrypt_field(HOLDER_NUMBER, holder_id, id_number), worker_id=None)


def bears(id_number: str, hashes: frozenset[str]) -> bool:
    """Whether one of the hashes is that of the id number."""
    return not hashes.isdisjoint(lookup_hashes(HOLDER_NUMBER, id_number))


async def present_id(worker_id: str, tx: Transaction) -> str:
    """The id that a worker's record has now."""
    seen = {worker_id}
    while (merged := await Merged.of(worker_id, tx)) is not None and merged.worker_id not in seen:
        worker_id = merged.worker_id
        seen.add(worker_id)
    return worker_id


def hash_among(id_number: str, known: frozenset[str]) -> str:
    """The hash of an id number that is among the known ones, or its hash under the present key."""
    return next(
        (one for one in lookup_hashes(HOLDER_NUMBER, id_number) if one in known), lookup_hash(HOLDER_NUMBER, id_number)
    )
