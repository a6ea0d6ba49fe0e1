"""Copies of the facts that messages need, and which of them they wait for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from services.notifier.notices.rules import Message, reference_of, subject_of
from services.notifier.recipients import rules
from services.notifier.recipients.documents import Contact, Copy, Engagement, Reference, contact_id
from shared import clock
from shared.contracts.registry import EngagementFact
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

C = TypeVar("C", bound=Copy)

FACT_KNOWN = TimerKind("notifier.release")
"""The timer that queues the messages whose missing fact has come."""


def wait_key(copy: type[Copy], copy_id: str) -> str:
    """What a message waits for."""
    return f"{copy.__name__}|{copy_id}"


async def load(messages: Iterable[Message], tx: Transaction) -> None:
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
        tx.schedule(FACT_KNOWN, wait_key(type(copy), copy.id), clock.now())
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
