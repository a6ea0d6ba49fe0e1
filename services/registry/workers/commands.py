"""Putting persons on file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from beanie.operators import In

from services.registry.workers.documents import ID_NUMBER, NAME, PHONE, AuditEntry, Worker
from shared import clock
from shared.contracts.registry import WorkerRegistered
from shared.identity import resident_id
from shared.policy.calendar import SHANGHAI
from shared.storage.encryption import decrypt_field, encrypt_field, lookup_hash, lookup_hashes, seal_for
from shared.storage.transaction import Transaction
from shared.web.auth import Caller


@dataclass(frozen=True, slots=True)
class Person:
    """A person in clear: never stored, logged or told like this."""

    id_number: str
    name: str
    phone: str


def person_of(worker: Worker) -> Person:
    return Person(
        decrypt_field(ID_NUMBER, worker.id_number),
        decrypt_field(NAME, worker.name),
        decrypt_field(PHONE, worker.phone),
    )


async def register(person: Person, told_at: dt.datetime, tx: Transaction) -> Worker:
    """The worker of an id number, put on file if new; name and phone of the latest declaration hold.

    The record is stored in any case, so that two transactions about one person never run side by side.
    """
    hashes = lookup_hashes(ID_NUMBER, person.id_number)
    worker = await Worker.find_one(In(Worker.id_hash, hashes), session=tx.session)
    if worker is None:
        worker = Worker(
            id_hash=lookup_hash(ID_NUMBER, person.id_number),
            id_number=encrypt_field(ID_NUMBER, person.id_number),
            name=encrypt_field(NAME, person.name),
            phone=encrypt_field(PHONE, person.phone),
            told_at=told_at,
        )
        tx.tell(_told(worker.id, person))
        return await worker.put(tx)
    known = person_of(worker)
    # several platforms may declare one person at the same instant: then the text decides, whichever comes first
    if (told_at, person.name, person.phone) > (worker.told_at, known.name, known.phone):
        worker.told_at = told_at
        if (person.name, person.phone) != (known.name, known.phone):
            worker.name, worker.phone = encrypt_field(NAME, person.name), encrypt_field(PHONE, person.phone)
            tx.tell(_told(worker.id, person))
    worker.id_hash = lookup_hash(ID_NUMBER, person.id_number)
    return await worker.put(tx)


def _told(worker_id: str, person: Person) -> WorkerRegistered:
    born_on = resident_id.parse(person.id_number, clock.now().astimezone(SHANGHAI).date()).birth_date
    return WorkerRegistered(
        worker_id=worker_id,
        for_insurance=seal_for("insurance", {"id_number": person.id_number, "name": person.name}),
        for_notifier=seal_for("notifier", {"name": person.name, "phone": person.phone}),
        for_subsidies=seal_for("subsidies", {"born_on": born_on.isoformat()}),
    )


async def record_unmasked_read(worker_id: str, officer: Caller, tx: Transaction) -> None:
    """Write down who is about to read a worker's record unmasked."""
    entry = AuditEntry(
        officer=officer.subject,
        department=officer.department,
        district=officer.district,
        action="worker.read_unmasked",
        worker_id=worker_id,
    )
    await entry.insert(session=tx.session)
