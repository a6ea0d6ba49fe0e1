"""Put persons on file, and record what is said of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.registry.workers import rules
from services.registry.workers.documents import (
    ID_NUMBER,
    NAME,
    OFFICERS_WORD,
    OWN_WORD,
    PHONE,
    Identity,
    Name,
    Phone,
    Worker,
)
from shared import clock
from shared.callers import Caller
from shared.contracts.registry import WorkerRegistered
from shared.identity import resident_id
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.storage.audit import write_down
from shared.storage.encryption import decrypt_field, encrypt_field, lookup_hashes, seal_for
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Person:
    """A person in clear: never stored, logged or published like this."""

    id_number: str
    name: str
    phone: str


def person_of(worker: Worker) -> Person:
    return Person(
        decrypt_field(ID_NUMBER, worker.id, worker.id_number),
        decrypt_field(NAME, worker.id, worker.name),
        decrypt_field(PHONE, worker.id, worker.phone),
    )


async def load(id_numbers: Iterable[str], tx: Transaction) -> None:
    """Read at once on whose record these id numbers are."""
    await tx.load(Identity, [one for id_number in id_numbers for one in lookup_hashes(ID_NUMBER, id_number)])


async def register(
    person: Person, platform: str, told_at: dt.datetime, tx: Transaction, *, stands_for: str | None
) -> Worker:
    """The worker of an id number, put on file if new.

    What the platform says of name and phone is kept with what others say, and may change neither (`rules.in_force`).
    `stands_for`: whom the platform means where the number is wrong (see `Account`). The record is stored in any case, so
    that two transactions about one person never run side by side.
    """
    worker = await _find(person.id_number, stands_for, tx)
    if worker is None:
        worker_id = new_id()
        worker = Worker(
            id=worker_id, id_number=encrypt_field(ID_NUMBER, worker_id, person.id_number), name="", phone=""
        )
        record_name(worker, platform, person.name, told_at)
        record_phone(worker, platform, person.phone, told_at)
        await _store_identities(lookup_hashes(ID_NUMBER, person.id_number), worker.id, person.id_number, tx)
        tx.publish(registered(worker.id, person))
        return await worker.put(tx)
    known = person_of(worker)
    record_name(worker, platform, person.name, told_at)
    record_phone(worker, platform, person.phone, told_at)
    after = person_of(worker)
    if after != known:
        tx.publish(registered(worker.id, after))
    worker.keeping = rules.STATES.next(worker.keeping, "engage")
    return await worker.put(tx)


async def _find(id_number: str, stands_for: str | None, tx: Transaction) -> Worker | None:
    meant = None if stands_for is None else await Worker.standing(stands_for, tx)
    return meant or await bearer_of(id_number, tx)


async def bearer_of(id_number: str, tx: Transaction) -> Worker | None:
    """The record of the person who has an id number, or the one that has taken its place; None where nobody on file has it.

    A number that is found under an older index key is found under every kept one from now on.
    """
    hashes = lookup_hashes(ID_NUMBER, id_number)
    # not by a query, for which what was put would have to be written first
    found = {one: await Identity.of(one, tx) for one in hashes}
    known = next((identity for identity in found.values() if identity is not None), None)
    if known is None:
        return None
    await _store_identities([one for one in hashes if found[one] is None], known.worker_id, id_number, tx)
    return await Worker.standing(known.worker_id, tx)


async def identify(worker: Worker, id_number: str, tx: Transaction) -> None:
    """Give a worker an id number that nobody else has, in place of the one so far. The caller stores the record."""
    hashes = lookup_hashes(ID_NUMBER, id_number)
    concerned = {"$or": [{"_id": {"$in": hashes}}, {"worker_id": worker.id}]}
    known: set[str] = set()
    for identity in await tx.find(Identity, concerned):
        if identity.id not in hashes:
            tx.delete(Identity, identity.id)
            continue
        known.add(identity.id)
        if identity.worker_id != worker.id:  # it was that of a record whose place this one has taken
            identity.worker_id = worker.id
            await identity.put(tx)
    await _store_identities([one for one in hashes if one not in known], worker.id, id_number, tx)
    worker.id_number = encrypt_field(ID_NUMBER, worker.id, id_number)


async def _store_identities(hashes: Iterable[str], worker_id: str, id_number: str, tx: Transaction) -> None:
    for one in hashes:
        await Identity(id=one, worker_id=worker_id, id_number=encrypt_field(ID_NUMBER, one, id_number)).put(tx)


async def blank(worker: Worker, tx: Transaction) -> None:
    """Take every personal field away, and give the id number free. The caller stores the record."""
    for identity in await tx.find(Identity, {"worker_id": worker.id}):
        tx.delete(Identity, identity.id)
    worker.id_number, worker.name, worker.phone, worker.names, worker.phones = "", "", "", [], []


def record_phone(worker: Worker, source: str, phone: str, told_at: dt.datetime) -> None:
    """Record a source's word on a phone, and let the one in force be the record's."""
    encrypted = {rules.Word(source, _rank(source), phone, told_at): ""}
    encrypted |= {word: one.phone for word, one in zip(phone_words(worker), worker.phones, strict=True)}
    kept = {word: encrypted[word] or encrypt_field(PHONE, worker.id, word.said) for word in rules.kept(encrypted)}
    worker.phones = [Phone(source=word.source, phone=token, told_at=word.told_at) for word, token in kept.items()]
    worker.phone = kept[rules.in_force(kept)]


def record_name(worker: Worker, source: str, name: str, told_at: dt.datetime) -> None:
    """Record a source's word on a name, and let the one in force be the record's."""
    encrypted = {rules.Word(source, _rank(source), name, told_at): ""}
    encrypted |= {word: one.name for word, one in zip(name_words(worker), worker.names, strict=True)}
    kept = {word: encrypted[word] or encrypt_field(NAME, worker.id, word.said) for word in rules.kept(encrypted)}
    worker.names = [Name(source=word.source, name=token, told_at=word.told_at) for word, token in kept.items()]
    worker.name = kept[rules.in_force(kept)]


def phone_words(worker: Worker) -> list[rules.Word]:
    """What was said of a person's phone, in clear."""
    return [
        rules.Word(one.source, _rank(one.source), decrypt_field(PHONE, worker.id, one.phone), one.told_at)
        for one in worker.phones
    ]


def name_words(worker: Worker) -> list[rules.Word]:
    """What was said of a person's name, in clear."""
    return [
        rules.Word(one.source, _rank(one.source), decrypt_field(NAME, worker.id, one.name), one.told_at)
        for one in worker.names
    ]


def _rank(source: str) -> rules.Rank:
    return "own" if source == OWN_WORD else "officer" if source == OFFICERS_WORD else "platform"


def take_over(worker: Worker, other: Worker) -> None:
    """Let what was said of another record of the same person count for this one, as if it had been said of it."""
    for word in name_words(other):
        record_name(worker, word.source, word.said, word.told_at)
    for word in phone_words(other):
        record_phone(worker, word.source, word.said, word.told_at)


async def correct_name(worker: Worker, name: str, reason: str, officer: Caller, tx: Transaction) -> Worker:
    """Record an officer's word on a person's name: it stands over those that platforms declare."""
    await write_down("worker.name_corrected", worker.id, officer, tx, reason)
    before = person_of(worker)
    record_name(worker, OFFICERS_WORD, name, clock.now())
    return await _publish_and_put(worker, before, tx)


async def correct_phone(worker: Worker, phone: str, reason: str, officer: Caller, tx: Transaction) -> Worker:
    """Record an officer's word on a person's phone: it stands over those that platforms declare, and under the worker's own."""
    await write_down("worker.phone_corrected", worker.id, officer, tx, reason)
    before = person_of(worker)
    record_phone(worker, OFFICERS_WORD, phone, clock.now())
    return await _publish_and_put(worker, before, tx)


async def name_own_phone(worker: Worker, phone: str, tx: Transaction) -> Worker:
    """Record a worker's own word on the phone that reaches them: it stands over those that platforms declare."""
    before = person_of(worker)
    record_phone(worker, OWN_WORD, phone, clock.now())
    return await _publish_and_put(worker, before, tx)


async def _publish_and_put(worker: Worker, before: Person, tx: Transaction) -> Worker:
    after = person_of(worker)
    if after != before:
        tx.publish(registered(worker.id, after))
    return await worker.put(tx)


def registered(worker_id: str, person: Person) -> WorkerRegistered:
    """The event of a person, each service's part sealed for it."""
    said = resident_id.parse(person.id_number, clock.now().astimezone(SHANGHAI).date())
    return WorkerRegistered(
        worker_id=worker_id,
        for_insurance=seal_for("insurance", {"id_number": person.id_number, "name": person.name}),
        for_notifier=seal_for("notifier", {"name": person.name, "phone": person.phone}),
        for_subsidies=seal_for(
            "subsidies", {"born_on": said.birth_date.isoformat(), "sex": said.sex, "name": person.name}
        ),
    )
