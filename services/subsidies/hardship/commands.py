"""Gather what help in hardship rests on; keep what the union found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.decisions.commands import paid_keys, require_application, taken_by_others
from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.hardship import rules
from services.subsidies.hardship.documents import HardshipVisit, encrypted_found, encrypted_note
from services.subsidies.hardship.rules import Circumstance, Hardship, HardshipFacts
from services.subsidies.persons import commands as persons
from shared import clock
from shared.errors import RuleBroken
from shared.identity.regions import CITY
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

LOOKERS = 2
"""How many look at a hardship together."""


class Happened(BaseModel):
    """A circumstance and the day on which it came about."""

    circumstance: Circumstance
    since: dt.date


class Stated(BaseModel):
    """What happened, and in the person's own words how they live; the words are kept encrypted and are no fact of a decision."""

    happened: Annotated[list[Happened], Field(min_length=1, max_length=7)]
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What two people of the union found on a day."""

    visited_on: dt.date
    by: list[str]
    found: dict[Circumstance, bool]
    note: str


async def facts(stated: Stated, applicant: Applying, tx: Transaction) -> HardshipFacts:
    """What the person says has happened, what the union found of it, and what was helped before."""
    person = await persons.person(applicant.id, tx)
    engaged = await persons.engagements(person, tx)
    visits = await visits_of(applicant.application_id, (applicant.place, CITY), tx)
    found: dict[Circumstance, bool] = {}
    for visit in visits:
        found |= visit.clear_found
    hardships = [
        Hardship(circumstance=one.circumstance, since=one.since, found=found.get(one.circumstance))
        for one in sorted(stated.happened, key=lambda one: (one.circumstance, one.since))
    ]
    keys = [rules.key(worker_id, one) for worker_id in person.ids for one in hardships]
    taken = set(await taken_by_others(keys, applicant.application_id, tx))
    return HardshipFacts(
        day=applicant.filed_on,
        place=applicant.place,
        events={"works": tuple(one.event_id for one in engaged)} if engaged else {},
        persons=person.ids,
        works=bool(engaged),
        visited=bool(visits),
        hardships=tuple(
            Hardship(
                circumstance=one.circumstance,
                since=one.since,
                found=one.found,
                helped=any(rules.key(worker_id, one) in taken for worker_id in person.ids),
            )
            for one in hardships
        ),
        helped_on=await _helped_on(person.ids, hardships, applicant.application_id, tx),
    )


async def _helped_on(
    ids: Sequence[str], hardships: Sequence[Hardship], application_id: str, tx: Transaction
) -> tuple[tuple[Circumstance, dt.date], ...]:
    """For which of these circumstances other applications were helped, and of which day, other than those asked for."""
    asked = {(one.circumstance, one.since) for one in hardships}
    found: set[tuple[Circumstance, dt.date]] = set()
    for circumstance in {one.circumstance for one in hardships}:
        for worker_id in ids:
            days = await paid_keys(rules.prefix(worker_id, circumstance), tx, but=application_id)
            found |= {(circumstance, dt.date.fromisoformat(day)) for day in days}
    return tuple(sorted(found - asked))


async def record_visit(application_id: str, seen: Seen, district: str, tx: Transaction) -> HardshipVisit:
    """Keep what two people of the union found; of several visits the last word on a circumstance holds.

    Raises NotFound where there is no such application for help in hardship.
    """
    await require_application(application_id, rules.KIND, tx)
    if len(set(seen.by)) != LOOKERS:
        raise RuleBroken("two-to-look", "走访核实应当由两人共同进行", "two people look at it together")
    if seen.visited_on > shanghai_date(clock.now()):
        raise RuleBroken("visit-day", "走访日期不能晚于今天", "the day is in the future")
    visit_id = new_id()
    return await HardshipVisit(
        id=visit_id,
        application_id=application_id,
        district=district,
        visited_on=seen.visited_on,
        by=sorted(set(seen.by)),
        found=encrypted_found(visit_id, seen.found),
        note=encrypted_note(visit_id, seen.note),
    ).put(tx)


async def visits_of(application_id: str, districts: tuple[str, ...], tx: Transaction) -> list[HardshipVisit]:
    """What was found for an application by the union of these districts, the first first."""
    query = {"application_id": application_id, "district": {"$in": list(dict.fromkeys(districts))}}
    return await tx.find(HardshipVisit, query, sort="_id")
