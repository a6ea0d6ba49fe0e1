"""Record copies of the registry's facts, devices and preferences, and find out how somebody is reached."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from services.notifier.gateways.commands import gateways
from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import Message, RecipientKind, reference_of
from services.notifier.recipients import rules
from services.notifier.recipients.documents import (
    DEVICE_TOKEN,
    EMAIL,
    NAME,
    PHONE,
    Contact,
    Copy,
    Device,
    Engagement,
    Preferences,
    Reference,
)
from shared import clock
from shared.contracts.insurance import KinRecorded
from shared.contracts.registry import EngagementFact, EnterpriseRegistered, UnionRecorded, WorkerRegistered
from shared.contracts.subsidies import ProviderSubmitted
from shared.identity.phones import is_mobile
from shared.identity.regions import CITY
from shared.storage.client import collection_of
from shared.storage.encryption import decrypt_field, encrypt_field, lookup_hash, lookup_hashes, open_sealed
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

C = TypeVar("C", bound=Copy)

FACT_KNOWN = TimerKind("notifier.release")
"""The timer that queues the messages whose missing fact has come."""


HASHES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: the phone, device token or e-mail address, in clear."""

    channel: Channel
    value: str = field(repr=False)


def contact_id(kind: RecipientKind, recipient: str) -> str:
    return f"{kind}:{recipient}"


def wait_key(copy: type[Copy], copy_id: str) -> str:
    """What a message waits for."""
    return f"{copy.__name__}|{copy_id}"


async def load(messages: Iterable[Message], tx: Transaction) -> None:
    """Read at once the copies that these messages need."""
    made = list(messages)
    contacts = [contact_id(one.kind, one.recipient) for one in made if one.recipient is not None]
    desks = [one.recipient for one in made if one.kind == "department" and one.recipient is not None]
    desks += [one.desk for one in made if one.desk is not None]
    contacts += [contact_id("department", city_desk(desk)) for desk in desks]
    await tx.load(Contact, [*contacts, *(contact_id("platform", one.platform) for one in made if one.platform)])
    await tx.load(Engagement, (one.engagement for one in made if one.engagement is not None))
    await tx.load(Reference, (one.reference for one in made if one.reference is not None))


async def find(copy: type[C], copy_id: str, tx: Transaction) -> C | None:
    """The copy, or None while its fact has not come: from now on it is waited for."""
    found = await copy.of(copy_id, tx)
    if found is not None and found.known:
        return found
    waiting = found or copy(id=copy_id)
    waiting.waited_for = True
    await waiting.put(tx)
    return None


async def _complete(copy: Copy, tx: Transaction) -> None:
    """Store a copy whose fact has come, and queue the messages that wait for it."""
    copy.known = True
    if copy.waited_for:
        copy.waited_for = False
        tx.schedule(FACT_KNOWN, wait_key(type(copy), copy.id), clock.now())
    await copy.put(tx)


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
    contact.name = encrypt_field(NAME, contact.id, union.name)
    contact.district, contact.officers, contact.told_at = union.district, list(union.officers), told_at
    await contact.put(tx)


async def record_provider(provider: ProviderSubmitted, told_at: dt.datetime, tx: Transaction) -> None:
    """Record how a body that trains or evaluates is reached, as it said last."""
    sealed = open_sealed("notifier", provider.for_notifier)
    contact = await _contact("provider", provider.provider, tx)
    await _record_contact(contact, str(sealed["phone"]), provider.name, told_at, tx)


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
    await _complete(contact, tx)
    return contact


def _set_phone(contact: Contact, phone: str) -> None:
    """Give a contact a phone, or none (empty); another one than before is not dead."""
    if contact.dead and phone_of(contact) != phone:
        contact.dead = False
    contact.phone = encrypt_field(PHONE, contact.id, phone) if phone else ""
    contact.phone_hash = lookup_hash(PHONE, phone) if phone else None


async def record_engagement(fact: EngagementFact, tx: Transaction) -> None:
    """Record who works for a platform under which reference."""
    engagement = await Engagement.of(fact.engagement_id, tx) or Engagement(id=fact.engagement_id)
    if fact.version > engagement.version:
        engagement.worker_ref, engagement.version = fact.worker_ref, fact.version
        await _complete(engagement, tx)
    reference_id = reference_of(fact.platform, fact.worker_ref)
    reference = await Reference.of(reference_id, tx) or Reference(id=reference_id)
    recorded = rules.rank(reference.started_on, reference.engagement_id, reference.version)
    started_on = fact.started_on.isoformat()
    if rules.rank(started_on, fact.engagement_id, fact.version) > recorded:
        reference.worker_id, reference.engagement_id = fact.worker_id, fact.engagement_id
        reference.started_on, reference.version = started_on, fact.version
        await _complete(reference, tx)


async def address_of(
    kind: RecipientKind, recipient: str, contact: Contact, tx: Transaction, asked: Sequence[Channel] = ()
) -> Address:
    """How a known recipient is reached now, by the first of the channels asked for, or of the usual ones, that there is. By SMS to no
    number where nothing is known that works."""
    found = await _addresses(kind, recipient, contact, asked, tx)
    return found[0] if found else Address("sms", "")


async def other_address(
    kind: RecipientKind,
    recipient: str,
    contact: Contact,
    tx: Transaction,
    *,
    asked: Sequence[Channel],
    tried: Sequence[Channel],
) -> Address | None:
    """How a known recipient is reached by a channel that was not tried; None where there is no other. What does not arrive by the
    channels that were asked for goes by any that there is."""
    found = await _addresses(kind, recipient, contact, asked, tx)
    found += await _addresses(kind, recipient, contact, (), tx) if asked else []
    return next((address for address in found if address.channel not in tried), None)


async def _addresses(
    kind: RecipientKind, recipient: str, contact: Contact, asked: Sequence[Channel], tx: Transaction
) -> list[Address]:
    """Where a known recipient is reached now, the best way first."""
    device = await _newest_device(recipient, tx) if contact.has_app else None
    preferred = (await preferences_of(recipient, tx)).order if device else rules.USUAL
    phone, email = mobile_of(contact), email_of(contact)
    known: dict[Channel, Address | None] = {
        "push": _of_device(device) if device else None,
        "sms": Address("sms", phone) if phone else None,
        "email": Address("email", email) if email and not contact.email_dead and gateways().mail else None,
    }
    return [address for channel in rules.order(kind, preferred, asked) if (address := known[channel])]


def _of_device(device: Device) -> Address:
    return Address("push", decrypt_field(DEVICE_TOKEN, device.id, device.token))


async def note_dead(contact: Contact, channel: Channel, tx: Transaction) -> None:
    """Use a recipient's phone or e-mail no more, until another one is told."""
    if channel == "email":
        contact.email_dead = True
    else:
        contact.dead = True
    await contact.put(tx)


async def workers_with(phones: Sequence[str]) -> dict[str, str]:
    """Who bears which of these phones: of several on file the one that was there first, and of one merged the one it became."""
    phone_of_hash = {one: phone for phone in phones for one in lookup_hashes(PHONE, phone)}
    hashes = list(phone_of_hash)
    wanted = {"phone_hash": 1, "merged_into": 1}
    found: dict[str, str] = {}
    for start in range(0, len(hashes), HASHES_AT_ONCE):
        some = {"phone_hash": {"$in": hashes[start : start + HASHES_AT_ONCE]}}
        async for row in collection_of(Contact).find(some, wanted).sort("_id", 1):
            kind, _, worker_id = row["_id"].partition(":")
            if kind == "worker":
                found.setdefault(phone_of_hash[row["phone_hash"]], row.get("merged_into") or worker_id)
    return found


def name_of(contact: Contact) -> str:
    """The name of a known recipient, in clear."""
    return decrypt_field(NAME, contact.id, contact.name)


def phone_of(contact: Contact) -> str:
    """The phone of a known recipient, in clear; empty where none is known."""
    return decrypt_field(PHONE, contact.id, contact.phone) if contact.phone else ""


def email_of(contact: Contact) -> str:
    """The e-mail address of a recipient, in clear; empty where none is known."""
    return decrypt_field(EMAIL, contact.id, contact.email) if contact.email else ""


def mobile_of(contact: Contact) -> str | None:
    """The phone of a known recipient, where it can be sent an SMS."""
    phone = phone_of(contact)
    return phone if is_mobile(phone) and not contact.dead else None


async def desk_on_duty(desk: str, tx: Transaction) -> str:
    """The desk of a department and a district (`<department>:<district>`), or the department's for the city where it has none."""
    contact = await Contact.of(contact_id("department", desk), tx)
    return desk if contact is not None and contact.known else city_desk(desk)


async def has_desk(desk: str, tx: Transaction) -> bool:
    """Whether a department's desk for a district, or for the city, is recorded."""
    contact = await Contact.of(contact_id("department", await desk_on_duty(desk, tx)), tx)
    return contact is not None and contact.known


def department_of(desk: str) -> str:
    return desk.partition(":")[0]


def city_desk(desk: str) -> str:
    return f"{department_of(desk)}:{CITY}"


async def record_desk(desk: str, name: str, phone: str | None, email: str | None, tx: Transaction) -> Contact:
    """Store where a department's duty desk is reached, and queue what waited for it."""
    contact = await _contact("department", desk, tx)
    set_email(contact, email)
    return await _record_contact(contact, phone or "", name, clock.now(), tx)


async def record_officer(
    subject: str, department: str, district: str | None, phone: str | None, email: str | None, tx: Transaction
) -> Contact:
    """Store where an officer of a department and district is reached, as they or a colleague say."""
    contact = await _contact("officer", subject, tx)
    set_email(contact, email)
    contact.department, contact.district = department, district
    return await _record_contact(contact, phone or "", "", clock.now(), tx)


async def record_union_address(union_id: str, phone: str | None, email: str | None, tx: Transaction) -> Contact:
    """Store where a union is reached, as it says, and queue what waited for it."""
    contact = await _contact("union", union_id, tx)
    _set_phone(contact, phone or "")
    set_email(contact, email)
    await _complete(contact, tx)
    return contact


async def record_email(kind: RecipientKind, recipient: str, email: str | None, tx: Transaction) -> Contact:
    """Store the e-mail address of a recipient whose phone and name others tell."""
    contact = await _contact(kind, recipient, tx)
    set_email(contact, email)
    return await contact.put(tx)


def set_email(contact: Contact, email: str | None) -> None:
    """Give a contact an e-mail address, or none; another one than before is not dead. The caller stores the contact."""
    if (email or "") != email_of(contact):
        contact.email_dead = False
    contact.email = encrypt_field(EMAIL, contact.id, email) if email else ""


async def own_address(subject: str, department: str, tx: Transaction) -> bool:
    """Whether an officer can be reached by an address of their own that their department knows of."""
    contact = await Contact.of(contact_id("officer", subject), tx)
    if contact is None or not contact.known or contact.department != department:
        return False
    return bool(await _addresses("officer", subject, contact, (), tx))


async def _newest_device(worker_id: str, tx: Transaction) -> Device | None:
    devices = await tx.find(Device, {"worker_id": worker_id}, sort="-registered_at", limit=1)
    return devices[0] if devices else None


async def platform_name(platform: str, tx: Transaction) -> str:
    """What a platform is called; its credit code while its name has not come."""
    contact = await Contact.of(contact_id("platform", platform), tx)
    return name_of(contact) if contact is not None and contact.known else platform


def device_id(device_token: str) -> str:
    """The digest that a device is found by; its token is too long and random to be guessed from it."""
    return hashlib.sha256(device_token.encode()).hexdigest()


async def register_device(
    worker_id: str, device_token: str, platform: Literal["ios", "android", "harmony"], tx: Transaction
) -> Device:
    """Put a device in a worker's hands, and out of those of whoever had it before."""
    now, token = clock.now(), encrypt_field(DEVICE_TOKEN, device_id(device_token), device_token)
    device = await Device.of(device_id(device_token), tx)
    if device is None:
        device = Device(
            id=device_id(device_token), worker_id=worker_id, platform=platform, token=token, registered_at=now
        )
    device.worker_id, device.platform, device.token, device.registered_at = worker_id, platform, token, now
    await _note_app(worker_id, tx)
    return await device.put(tx)


async def _note_app(worker_id: str, tx: Transaction) -> None:
    contact_key = contact_id("worker", worker_id)
    contact = await Contact.of(contact_key, tx) or Contact(id=contact_key)
    contact.has_app = True
    await contact.put(tx)


async def remove_device(worker_id: str, device_token: str, tx: Transaction) -> bool:
    """Take a worker's device out of use; False where it is not theirs."""
    device = await Device.of(device_id(device_token), tx)
    if device is None or device.worker_id != worker_id:
        return False
    tx.delete(Device, device.id)
    return True


async def preferences_of(worker_id: str, tx: Transaction | None = None) -> Preferences:
    """How a worker wants messages; where they never said so, as the service chooses."""
    return await Preferences.of(worker_id, tx) or Preferences(id=worker_id, channel="auto")


async def set_preferences(
    worker_id: str,
    channel: rules.Preference,
    channels: Sequence[rules.WorkerChannel],
    no_publicity: bool,
    rest_in_app: bool,
    tx: Transaction,
) -> Preferences:
    """Store how a worker wants messages; a list of channels says which one counts."""
    preferences = await preferences_of(worker_id, tx)
    preferences.channel, preferences.channels = channels[0] if channels else channel, list(channels)
    preferences.no_publicity, preferences.rest_in_app = no_publicity, rest_in_app
    return await preferences.put(tx)


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's devices and preferences to the record that has taken the other's place, and note which that is."""
    kept, merged = contact_id("worker", worker_id), contact_id("worker", merged_worker_id)
    earlier_contact = await Contact.of(merged, tx) or Contact(id=merged)
    contact = await Contact.of(kept, tx) or Contact(id=kept)
    contact.merged = sorted({*contact.merged, *earlier_contact.merged, merged_worker_id})
    earlier_contact.merged_into = worker_id
    await contact.put(tx)
    await earlier_contact.put(tx)
    kin = {"$set": {"of_worker": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Contact, {"of_worker": merged_worker_id}, kin)
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    if await tx.update_many(Device, {"worker_id": merged_worker_id}, moved):
        await _note_app(worker_id, tx)
    earlier = await Preferences.of(merged_worker_id, tx)
    if earlier is None:
        return
    if await Preferences.of(worker_id, tx) is None:
        chosen = earlier.model_dump(include={"channel", "channels", "no_publicity", "rest_in_app"})
        await Preferences(id=worker_id, **chosen).put(tx)
    tx.delete(Preferences, earlier.id)


async def erase_worker(worker_id: str, tx: Transaction) -> tuple[list[str], list[str]]:
    """Forget how a person is reached, and how their next of kin are: names, phones, devices and preferences, also those of the
    records whose place theirs took. Gives the ids of all these records, and those of the kin."""
    contact = await Contact.of(contact_id("worker", worker_id), tx)
    own = [worker_id, *(contact.merged if contact else ())]
    kin: list[str] = []
    for one in own:
        for of_one in await tx.find(Contact, {"of_worker": one}):
            kin.append(of_one.id.partition(":")[2])
            tx.delete(Contact, of_one.id)
        await tx.delete_many(Device, {"worker_id": one})
        tx.delete(Contact, contact_id("worker", one))
        tx.delete(Preferences, one)
    return own, kin
