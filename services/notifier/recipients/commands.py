"""Copies of the facts that messages need, which of them they wait for, and how somebody is reached by them: by which of the ways
that are known, at which desk, and who bears a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from services.notifier.gateways.commands import gateways
from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import RecipientKind, reference_of, subject_of
from services.notifier.recipients import rules
from services.notifier.recipients.device_commands import newest_device, preferences_of
from services.notifier.recipients.documents import PHONE, Contact, Copy, Engagement, Reference, contact_id
from shared.contracts.registry import EngagementFact
from shared.identity.phones import is_mobile
from shared.identity.regions import CITY
from shared.storage.client import collection_of
from shared.storage.encryption import lookup_hashes
from shared.storage.kinds import TimerKind, Together
from shared.storage.transaction import Transaction

C = TypeVar("C", bound=Copy)

HASHES_AT_ONCE = 100

FACTS_KNOWN = TimerKind("notifier.release_together", Together)
"""The timer that queues the messages whose missing facts have come."""
FACT_KNOWN = TimerKind("notifier.release")
"""The same for one fact, which its key names, as the version before sets it: a process of that could do nothing with several."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: the phone, device token or e-mail address, in clear."""

    channel: Channel
    value: str = field(repr=False)


def wait_key(copy: type[Copy], copy_id: str) -> str:
    """What a message waits for."""
    return f"{copy.__name__}|{copy_id}"


class Addressed(Protocol):
    """What of a message, or of its delivery, says whom it is for and what it tells of."""

    @property
    def kind(self) -> RecipientKind: ...
    @property
    def recipient(self) -> str | None: ...
    @property
    def reference(self) -> str | None: ...
    @property
    def desk(self) -> str | None: ...
    @property
    def platform(self) -> str | None: ...
    @property
    def engagement(self) -> str | None: ...


async def load(messages: Iterable[Addressed], tx: Transaction) -> None:
    """Read at once the copies that these messages need."""
    made = list(messages)
    contacts = [contact_id(one.kind, one.recipient) for one in made if one.recipient is not None]
    desks = [one.recipient for one in made if one.kind == "department" and one.recipient is not None]
    desks += [one.desk for one in made if one.desk is not None]
    contacts += [contact_id("department", rules.city_desk(desk)) for desk in desks]
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


async def union_of(reference: str, tx: Transaction) -> str | None:
    """The union that somebody acts for, of several the one on file first; None while there is none: it is waited for."""
    acting_for = await tx.find(Contact, {"officers": subject_of(reference)}, sort="_id", limit=1)
    if acting_for:
        return acting_for[0].recipient
    waiting = await Reference.of(reference, tx) or Reference(id=reference)
    waiting.waited_for = True
    await waiting.put(tx)
    return None


async def complete(copy: Copy, tx: Transaction) -> None:
    """Store a copy whose fact has come, and queue the messages that wait for it."""
    copy.known = True
    if copy.waited_for:
        copy.waited_for = False
        tx.schedule_together(FACTS_KNOWN, wait_key(type(copy), copy.id))
    await copy.put(tx)


async def record_engagement(fact: EngagementFact, tx: Transaction) -> None:
    """Record who works for a platform under which reference."""
    engagement = await Engagement.of(fact.engagement_id, tx) or Engagement(id=fact.engagement_id)
    if fact.version > engagement.version:
        engagement.worker_ref, engagement.version = fact.worker_ref, fact.version
        await complete(engagement, tx)
    reference_id = reference_of(fact.platform, fact.worker_ref)
    reference = await Reference.of(reference_id, tx) or Reference(id=reference_id)
    recorded = rules.rank(reference.started_on, reference.engagement_id, reference.version)
    started_on = fact.started_on.isoformat()
    if rules.rank(started_on, fact.engagement_id, fact.version) > recorded:
        reference.worker_id, reference.engagement_id = fact.worker_id, fact.engagement_id
        reference.started_on, reference.version = started_on, fact.version
        await complete(reference, tx)


async def platform_name(platform: str, tx: Transaction) -> str:
    """What a platform is called; its credit code while its name has not come."""
    contact = await Contact.of(contact_id("platform", platform), tx)
    return contact.clear_name if contact is not None and contact.known else platform


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


async def own_address(subject: str, desk: str, tx: Transaction) -> bool:
    """Whether an officer can be reached, in what a desk (`<department>:<district>`) would hear, by an address of their own that was
    told by the same department, and for that district or the whole city: who is of another district says nothing of theirs."""
    contact = await Contact.of(contact_id("officer", subject), tx)
    if contact is None or not contact.known or contact.department != rules.department_of(desk):
        return False
    if contact.district not in (CITY, rules.district_of(desk)):
        return False
    return bool(await _addresses("officer", subject, contact, (), tx))


async def _addresses(
    kind: RecipientKind, recipient: str, contact: Contact, asked: Sequence[Channel], tx: Transaction
) -> list[Address]:
    """Where a known recipient is reached now, the best way first."""
    device = await newest_device(recipient, tx) if contact.has_app else None
    preferred = (await preferences_of(recipient, tx)).order if device else rules.USUAL
    phone, email = _mobile_of(contact), contact.clear_email
    known: dict[Channel, Address | None] = {
        "push": Address("push", device.clear_token) if device else None,
        "sms": Address("sms", phone) if phone else None,
        "email": Address("email", email) if email and not contact.email_dead and gateways().mail else None,
    }
    return [address for channel in rules.order(kind, preferred, asked) if (address := known[channel])]


def _mobile_of(contact: Contact) -> str | None:
    """The phone of a known recipient, where it can be sent an SMS."""
    phone = contact.clear_phone
    return phone if is_mobile(phone) and not contact.dead else None


async def desk_on_duty(desk: str, tx: Transaction) -> str:
    """The desk of a department and a district (`<department>:<district>`), or the department's for the city where it has none."""
    contact = await Contact.of(contact_id("department", desk), tx)
    return desk if contact is not None and contact.known else rules.city_desk(desk)


async def has_desk(desk: str, tx: Transaction) -> bool:
    """Whether a department's desk for a district, or for the city, is recorded."""
    contact = await Contact.of(contact_id("department", await desk_on_duty(desk, tx)), tx)
    return contact is not None and contact.known


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
