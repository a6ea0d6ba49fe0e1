"""Record where somebody is reached, as an event tells or as they say themselves."""

from __future__ import annotations

import datetime as dt

from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import RecipientKind, reference_to_union
from services.notifier.recipients.commands import complete
from services.notifier.recipients.documents import EMAIL, NAME, PHONE, Contact, Reference, contact_id
from shared import clock
from shared.contracts.insurance import KinRecorded
from shared.contracts.registry import EnterpriseRegistered, UnionRecorded, WorkerRegistered
from shared.contracts.subsidies import ProviderSubmitted
from shared.storage.encryption import encrypt_field, lookup_hash, open_sealed
from shared.storage.transaction import Transaction


async def record_worker(worker: WorkerRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Record a worker's name and phone, encrypted again; an event older than the recorded one changes nothing."""
    sealed = open_sealed("notifier", worker.for_notifier)
    contact = await _contact("worker", worker.worker_id, tx)
    await _record_contact(contact, str(sealed["phone"]), str(sealed["name"]), told_at, tx)


async def record_kin(kin: KinRecorded, told_at: dt.datetime, tx: Transaction) -> None:
    """Record where next of kin are reached, encrypted again; an event older than the recorded one changes nothing."""
    sealed = open_sealed("notifier-kin", kin.for_notifier_kin)
    contact = await _contact("kin", kin.kin_id, tx)
    contact.of_worker = kin.worker_id or contact.of_worker
    await _record_contact(contact, str(sealed["phone"]), str(sealed["name"]), told_at, tx)


async def record_enterprise(enterprise: EnterpriseRegistered, told_at: dt.datetime, tx: Transaction) -> None:
    """Record an enterprise's name and phone; an event older than the recorded one changes nothing."""
    sealed = open_sealed("notifier", enterprise.for_notifier)
    contact = await _contact("platform", enterprise.uscc, tx)
    await _record_contact(contact, str(sealed["phone"]), enterprise.name, told_at, tx)


async def record_union(union: UnionRecorded, told_at: dt.datetime, tx: Transaction) -> None:
    """Record a union's name and who acts for it; an event older than the recorded one changes nothing. Where it is reached, it
    says itself, and until then its messages wait."""
    contact = await _contact("union", union.union_id, tx)
    if contact.told_at is not None and told_at < contact.told_at:
        return
    for subject in sorted({*union.officers} - {*contact.officers}):
        waited_for = reference_to_union(subject)
        await complete(await Reference.of(waited_for, tx) or Reference(id=waited_for), tx)
    contact.name = encrypt_field(NAME, contact.id, union.name)
    contact.district, contact.officers, contact.told_at = union.district, list(union.officers), told_at
    await contact.put(tx)


async def record_provider(provider: ProviderSubmitted, told_at: dt.datetime, tx: Transaction) -> None:
    """Record how a body that trains or evaluates is reached, as it said last."""
    sealed = open_sealed("notifier-provider", provider.for_notifier_provider)
    contact = await _contact("provider", provider.provider, tx)
    await _record_contact(contact, str(sealed["phone"]), provider.name, told_at, tx)


async def record_desk(desk: str, name: str, phone: str | None, email: str | None, tx: Transaction) -> Contact:
    """Store where a department's duty desk is reached, and queue what waited for it."""
    contact = await _contact("department", desk, tx)
    _set_email(contact, email)
    return await _record_contact(contact, phone or "", name, clock.now(), tx)


async def record_officer(
    subject: str, department: str, district: str | None, phone: str | None, email: str | None, tx: Transaction
) -> Contact:
    """Store where an officer of a department and district is reached, as they or a colleague say."""
    contact = await _contact("officer", subject, tx)
    _set_email(contact, email)
    contact.department, contact.district = department, district
    return await _record_contact(contact, phone or "", "", clock.now(), tx)


async def record_union_address(union_id: str, phone: str | None, email: str | None, tx: Transaction) -> Contact:
    """Store where a union is reached, as it says, and queue what waited for it."""
    contact = await _contact("union", union_id, tx)
    _set_phone(contact, phone or "")
    _set_email(contact, email)
    await complete(contact, tx)
    return contact


async def record_email(kind: RecipientKind, recipient: str, email: str | None, tx: Transaction) -> Contact:
    """Store the e-mail address of a recipient whose phone and name others tell."""
    contact = await _contact(kind, recipient, tx)
    _set_email(contact, email)
    return await contact.put(tx)


async def note_dead(contact: Contact, channel: Channel, tx: Transaction) -> None:
    """Use a recipient's phone or e-mail no more, until another one is told."""
    if channel == "email":
        contact.email_dead = True
    else:
        contact.dead = True
    await contact.put(tx)


async def _contact(kind: RecipientKind, recipient: str, tx: Transaction) -> Contact:
    """The contact of a recipient, a new one where there is none."""
    copy_id = contact_id(kind, recipient)
    return await Contact.of(copy_id, tx) or Contact(id=copy_id)


async def _record_contact(contact: Contact, phone: str, name: str, told_at: dt.datetime, tx: Transaction) -> Contact:
    if contact.told_at is not None and told_at < contact.told_at:
        return contact
    _set_phone(contact, phone)
    contact.name = encrypt_field(NAME, contact.id, name)
    contact.told_at = told_at
    await complete(contact, tx)
    return contact


def _set_phone(contact: Contact, phone: str) -> None:
    """Give a contact a phone, or none (empty); another one than before is not dead."""
    if contact.dead and contact.clear_phone != phone:
        contact.dead = False
    contact.phone = encrypt_field(PHONE, contact.id, phone) if phone else ""
    contact.phone_hash = lookup_hash(PHONE, phone) if phone else None


def _set_email(contact: Contact, email: str | None) -> None:
    """Give a contact an e-mail address, or none; another one than before is not dead. The caller stores the contact."""
    if (email or "") != contact.clear_email:
        contact.email_dead = False
    contact.email = encrypt_field(EMAIL, contact.id, email) if email else ""
