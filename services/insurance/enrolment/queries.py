"""A worker's enrolments, and the district that they give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from services.insurance.engagements.rules import Span
from services.insurance.enrolment import rules
from services.insurance.enrolment.documents import Enrolment, StoredSegment
from services.insurance.enrolment.segments import in_force
from shared.callers import Caller
from shared.identity.regions import CITY
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


async def district_of(worker_id: str, tx: Transaction) -> str:
    """Where a worker was last engaged; the city where that is not known."""
    enrolments = await enrolments_of(worker_id, tx)
    latest = max(enrolments, key=lambda enrolment: enrolment.starts_on, default=None)
    return latest.district if latest else CITY


async def enrolments_of(worker_id: str, tx: Transaction) -> list[Enrolment]:
    """A worker's enrolments."""
    return await tx.find(Enrolment, {"worker_id": worker_id})


async def district_for_caller(worker_id: str, caller: Caller, tx: Transaction) -> str | None:
    """The district of what a caller asks for a worker: an officer's own, if the worker was ever engaged there; None for an
    officer who does not reach the worker."""
    if caller.role != "officer" or caller.of_whole_city:
        return await district_of(worker_id, tx)
    here = any(caller.reaches(enrolment.district) for enrolment in await enrolments_of(worker_id, tx))
    return caller.district if here else None


async def employer_segments(workers: Collection[str], tx: Transaction) -> list[tuple[Enrolment, StoredSegment, Span]]:
    """The days on which an employer insures these workers, without those on which the cover rests; with the enrolment of each."""
    found = []
    for enrolment in await tx.find(Enrolment, {"worker_id": {"$in": sorted(workers)}}):
        for stored in enrolment.segments:
            if stored.basis == "employer" and stored.worker_id in workers:
                found += [(enrolment, stored, one.span) for one in in_force([stored.segment], enrolment.rests)]
    return found


async def registration_due(enrolment_id: str, unit: str, month: str, tx: Transaction) -> dt.date | None:
    """Until when a unit must register whom it employs in a month (YYYY-MM), by the days off that are published now; None where
    it employs nobody by that enrolment."""
    enrolment = await Enrolment.of(enrolment_id, tx)
    begun = [
        one.segment
        for one in (enrolment.segments if enrolment else [])
        if one.basis == "employer" and one.unit == unit and f"{one.starts_on:%Y-%m}" <= month
        if one.ends_on is None or f"{one.ends_on:%Y-%m}" >= month
    ]
    first = min(begun, key=lambda one: one.starts_on, default=None)
    return None if first is None else rules.register_by(first, parameters.on(first.starts_on))
