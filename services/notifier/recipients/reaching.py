"""How somebody is reached now: by which of the ways that are known, at which desk, and who bears a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.notifier.gateways.commands import gateways
from services.notifier.notices.rows import Channel
from services.notifier.notices.rules import RecipientKind
from services.notifier.recipients import rules
from services.notifier.recipients.device_commands import newest_device, preferences_of
from services.notifier.recipients.documents import PHONE, Contact, contact_id
from shared.identity.phones import is_mobile
from shared.storage.client import collection_of
from shared.storage.encryption import lookup_hashes
from shared.storage.transaction import Transaction

HASHES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: the phone, device token or e-mail address, in clear."""

    channel: Channel
    value: str = field(repr=False)


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


async def own_address(subject: str, department: str, tx: Transaction) -> bool:
    """Whether an officer can be reached by an address of their own that their department knows of."""
    contact = await Contact.of(contact_id("officer", subject), tx)
    if contact is None or not contact.known or contact.department != department:
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
