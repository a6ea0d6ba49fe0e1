"""Who bears which id number, by its hash, and which worker's id has become another's."""

from __future__ import annotations

from services.insurance.persons.documents import HOLDER_NUMBER, Holder, Merged
from shared.storage.encryption import encrypt_field, lookup_hash, lookup_hashes
from shared.storage.transaction import Transaction


async def holder_of(id_number: str, tx: Transaction) -> Holder:
    """The holder of an id number; a new one, not stored yet, where nobody on file bears it.

    Whoever acts on somebody's being unknown stores the holder, so that a worker who comes at that moment is not missed.
    """
    known = await tx.find(Holder, {"_id": {"$in": lookup_hashes(HOLDER_NUMBER, id_number)}})
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
