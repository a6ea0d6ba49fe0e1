"""Record what other services tell of people and enterprises, in any order and any number of times, and say what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from services.subsidies.decisions.commands import facts_changed
from services.subsidies.persons.documents import (
    Applicant,
    Contribution,
    Engagement,
    Registration,
    Restriction,
    Unemployment,
    encrypted_birthday,
    encrypted_sex,
)
from services.subsidies.persons.rules import Person, Sex
from shared.contracts.base import CloudEvent, yuan
from shared.contracts.insurance import ContributionRecorded
from shared.contracts.registry import (
    EmploymentEnded,
    EmploymentFact,
    EngagementFact,
    RestrictionFact,
    UnemploymentEnded,
    UnemploymentFact,
    WorkerRegistered,
)
from shared.storage.transaction import IDS_AT_ONCE, Transaction

OF_A_PERSON: Final = (Contribution, Registration, Engagement, Unemployment)
"""Copies that go when a person's data is erased."""


async def load(worker_ids: Sequence[str], tx: Transaction) -> None:
    """Read at once the records of many persons."""
    await tx.load(Applicant, worker_ids)
    await tx.load_all_of(Applicant, "merged_into", worker_ids)


async def person(worker_id: str, tx: Transaction) -> Person:
    """What is known of a person, over all records that turned out to be theirs."""
    known = await _all_records(worker_id, tx)
    told = next((one for one in known if one.born_on is not None), None)
    return Person(
        ids=tuple(one.id for one in known),
        born_on=told and told.birthday,
        sex=next((one.clear_sex for one in known if one.sex is not None), None),
        event_id=told and told.event_id,
    )


async def ids_of(worker_id: str, tx: Transaction) -> tuple[str, ...]:
    """Every worker id that a person has or had, the present one first."""
    return tuple(one.id for one in await _all_records(worker_id, tx))


async def current(worker_id: str, tx: Transaction) -> str:
    """The worker id that a person has today."""
    return (await _root(worker_id, tx)).id


async def is_erased(worker_ids: Iterable[str], tx: Transaction) -> bool:
    """Whether what was told of any of these persons was forgotten."""
    known = [await Applicant.of(one, tx) for one in worker_ids]
    return any(one is not None and one.erased_at is not None for one in known)


async def contributions(person: Person, first: str, last: str, tx: Transaction) -> list[Contribution]:
    """What was paid for the months from first to last (YYYY-MM, both included) and stands, by month and number."""
    query = {"worker_id": {"$in": list(person.ids)}, "month": {"$gte": first, "$lte": last}}
    found = [one for one in await tx.find(Contribution, query) if not one.reversed]
    return sorted(found, key=lambda one: (one.month, one.insurance, one.id))


async def registrations(person: Person, tx: Transaction) -> list[Registration]:
    """How a person was and is registered as employed."""
    found = await tx.find(Registration, {"worker_id": {"$in": list(person.ids)}}, sort="_id")
    return [one for one in found if not one.withdrawn]


async def unemployment_on(person: Person, day: dt.date, tx: Transaction) -> Unemployment | None:
    """The registration as unemployed that holds on a day; the earliest, where several do."""
    found = await tx.find(Unemployment, {"worker_id": {"$in": list(person.ids)}}, sort="_id")
    return min((one for one in found if one.holds_on(day)), key=lambda one: one.registered_on, default=None)


async def engagements(person: Person, tx: Transaction) -> list[Engagement]:
    """The engagements through which a person was let to work."""
    found = await tx.find(Engagement, {"worker_id": {"$in": list(person.ids)}}, sort="_id")
    return [one for one in found if one.worked]


async def engagements_of(worker_ids: Iterable[str], tx: Transaction) -> list[Engagement]:
    """The engagements through which any of these worker ids was let to work."""
    found: list[Engagement] = []
    ids = iter(sorted(worker_ids))
    while some := list(islice(ids, IDS_AT_ONCE)):
        found += await tx.find(Engagement, {"worker_id": {"$in": some}}, sort="_id")
    return [one for one in found if one.worked]


async def holders(certificate_numbers: list[str], tx: Transaction) -> dict[str, str]:
    """Whose employment and entrepreneurship certificates (就业创业证) these are, by number, as far as they are known."""
    found = await tx.find(Registration, {"certificate_number": {"$in": certificate_numbers}}, sort="_id")
    return {one.certificate_number: one.worker_id for one in found}


async def restrictions(uscc: str, tx: Transaction) -> list[Restriction]:
    """What an enterprise is or was restricted from."""
    return await tx.find(Restriction, {"uscc": uscc}, sort="_id")


async def closed_to_funds(usccs: Iterable[str], day: dt.date, tx: Transaction) -> dict[str, str]:
    """Those of enterprises that get no public funds on a day, as they are on a list of the dishonest: by credit code the restriction
    that says so, the first of several."""
    ids = sorted(set(usccs))
    found = await tx.find(Restriction, {"uscc": {"$in": ids}}, sort="_id") if ids else []
    holding = [one for one in found if "government_funds" in one.fields and one.holds_on(day)]
    return {one.uscc: one.id for one in reversed(holding)}


async def record_person(
    event: CloudEvent[WorkerRegistered], born_on: dt.date, sex: Sex | None, tx: Transaction
) -> None:
    """Record a person's date of birth and sex, unless a later event was recorded."""
    worker_id, told_at = event.data.worker_id, _to_millisecond(event.time)
    applicant = await Applicant.named(worker_id, tx)
    if applicant.forgets(told_at) or (applicant.told_at is not None and applicant.told_at >= told_at):
        return
    applicant.born_on, applicant.told_at, applicant.event_id = encrypted_birthday(worker_id, born_on), told_at, event.id
    applicant.sex = encrypted_sex(worker_id, sex) if sex is not None else applicant.sex
    await applicant.put(tx)
    await _tell(worker_id, tx)


async def record_contribution(event: CloudEvent[ContributionRecorded], tx: Transaction) -> None:
    """Record what was paid, or that it was booked by mistake; the latest word on a number holds."""
    fact, told_at = event.data, _to_millisecond(event.time)
    known = await Contribution.of(fact.contribution_id, tx)
    if await _is_over(known, fact.worker_id, told_at, event.id, tx):
        return
    values = {
        "event_id": event.id,
        "told_at": told_at,
        "worker_id": fact.worker_id,
        "insurance": fact.insurance,
        "month": fact.month,
        "base": yuan(fact.base),
        "employer_amount": yuan(fact.employer_amount),
        "worker_amount": yuan(fact.worker_amount),
        "payer": fact.payer,
        "paid_on": fact.paid_on,
        "reversed": fact.reversed,
    }
    former = known and known.worker_id
    await (known.changed(values) if known else Contribution(id=fact.contribution_id, **values)).put(tx)
    await _tell_both(fact.worker_id, former, tx)


async def _is_over(
    known: Contribution | Registration | Unemployment | None,
    worker_id: str,
    told_at: dt.datetime,
    event_id: str,
    tx: Transaction,
) -> bool:
    """Whether a word comes too late: a later one is known, or the person was erased since."""
    if known is not None and known.is_newer_than(told_at, event_id):
        return True
    return (await Applicant.named(worker_id, tx)).forgets(told_at)


async def record_registration(event: CloudEvent[EmploymentFact], tx: Transaction) -> None:
    """Record how a person is registered as employed; the latest word on a registration holds."""
    fact, told_at = event.data, _to_millisecond(event.time)
    known = await Registration.of(fact.registration_id, tx)
    if await _is_over(known, fact.worker_id, told_at, event.id, tx):
        return
    values = {
        "event_id": event.id,
        "told_at": told_at,
        "worker_id": fact.worker_id,
        "certificate_number": fact.certificate_number,
        "district": fact.district,
        "forms": list(fact.forms or ((fact.starts_on, fact.form),)),
        "ends_on": fact.ends_on,
        "withdrawn": isinstance(fact, EmploymentEnded) and fact.withdrawn,
    }
    former = known and known.worker_id
    await (known.changed(values) if known else Registration(id=fact.registration_id, **values)).put(tx)
    await _tell_both(fact.worker_id, former, tx)


async def record_unemployment(event: CloudEvent[UnemploymentFact], tx: Transaction) -> None:
    """Record how a person is registered as unemployed; the latest word on a registration holds."""
    fact, told_at = event.data, _to_millisecond(event.time)
    known = await Unemployment.of(fact.registration_id, tx)
    if await _is_over(known, fact.worker_id, told_at, event.id, tx):
        return
    values = {
        "event_id": event.id,
        "told_at": told_at,
        "worker_id": fact.worker_id,
        "registered_on": fact.registered_on,
        "ended_on": fact.ended_on if isinstance(fact, UnemploymentEnded) else None,
    }
    former = known and known.worker_id
    await (known.changed(values) if known else Unemployment(id=fact.registration_id, **values)).put(tx)
    await _tell_both(fact.worker_id, former, tx)


async def record_engagement(event: CloudEvent[EngagementFact], *, active: bool, tx: Transaction) -> None:
    """Record how an engagement stands; its latest version holds. `active`: the event says that the person may work."""
    fact = event.data
    known = await Engagement.of(fact.engagement_id, tx)
    if known is not None and known.version >= fact.version:
        return
    if (await Applicant.named(fact.worker_id, tx)).forgets(_to_millisecond(event.time)):
        return
    values = {
        "version": fact.version,
        "event_id": event.id,
        "worker_id": fact.worker_id,
        "platform": fact.platform,
        "worker_ref": fact.worker_ref,
        "partner": fact.partner_uscc,
        "started_on": fact.started_on,
        "ended_on": fact.ended_on,
        "worked": fact.worked if fact.worked is not None else active or (known is not None and known.worked),
        "district": fact.district,
    }
    former = known and known.worker_id
    await (known.changed(values) if known else Engagement(id=fact.engagement_id, **values)).put(tx)
    await _tell_both(fact.worker_id, former, tx)


async def record_restriction(event: CloudEvent[RestrictionFact], tx: Transaction) -> None:
    """Record what an enterprise is restricted from, or that a restriction has ended; the latest word holds."""
    fact, told_at = event.data, _to_millisecond(event.time)
    known = await Restriction.of(fact.restriction_id, tx)
    if known is not None and known.is_newer_than(told_at, event.id):
        return
    values = {
        "event_id": event.id,
        "told_at": told_at,
        "uscc": fact.uscc,
        "listing_id": fact.listing_id,
        "fields": list(fact.fields),
        "since": fact.since,
        "until": fact.until,
    }
    await (known.changed(values) if known else Restriction(id=fact.restriction_id, **values)).put(tx)
    await facts_changed(fact.uscc, tx)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> str:
    """Let one record's facts count for the person whose record has taken its place, also those that come later.

    The id of the record that stands for the person today: it may have been merged into another one itself.
    """
    if worker_id != merged_worker_id:
        merged = await Applicant.named(merged_worker_id, tx)
        merged.merged_into = worker_id
        await merged.put(tx)
    return (await _root(worker_id, tx)).id


async def erase(worker_id: str, told_at: dt.datetime, tx: Transaction) -> None:
    """Forget what was told of a person. What decisions rested on stays with them: use of public money is accounted for."""
    for one in await ids_of(worker_id, tx):
        applicant = await Applicant.named(one, tx)
        applicant.born_on = applicant.sex = None
        applicant.erased_at = max(_to_millisecond(told_at), applicant.erased_at or _to_millisecond(told_at))
        await applicant.put(tx)
        for document in OF_A_PERSON:
            await tx.delete_many(document, {"worker_id": one})


async def _all_records(worker_id: str, tx: Transaction) -> list[Applicant]:
    """Every record of a person, the one that stands today first."""
    await tx.ahead([(Applicant, worker_id)], [(Applicant, {"merged_into": worker_id})])
    known = level = [await _root(worker_id, tx)]
    while level:
        further = [one for into in level for one in await tx.all_of(Applicant, {"merged_into": into.id})]
        level = sorted((one for one in further if one not in known), key=lambda one: str(one.id))
        known = [*known, *level]
    return known


async def _root(worker_id: str, tx: Transaction) -> Applicant:
    """The record that stands for a person today."""
    return (await _records(worker_id, tx))[-1]


async def _records(worker_id: str, tx: Transaction) -> list[Applicant]:
    """A record and those that have taken its place, the one that stands today last."""
    found = [await Applicant.named(worker_id, tx)]
    while (then := found[-1].merged_into) is not None and then not in {one.id for one in found}:
        found.append(await Applicant.named(then, tx))
    return found


async def _tell(worker_id: str, tx: Transaction) -> None:
    """Have what was decided about a person considered again."""
    for one in await _records(worker_id, tx):
        await facts_changed(one.id, tx)


async def _tell_both(worker_id: str, former: str | None, tx: Transaction) -> None:
    """The same, where a fact was told of somebody else before: what they were paid for it is a case too."""
    await _tell(worker_id, tx)
    if former is not None and former != worker_id:
        await _tell(former, tx)


def _to_millisecond(instant: dt.datetime) -> dt.datetime:
    """As finely as the database keeps it, so that the same instant is known again."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
