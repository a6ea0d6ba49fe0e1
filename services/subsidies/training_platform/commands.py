"""Tell the training platform of courses and who takes part, and take in who was at its sessions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import msgspec
import structlog
from pymongo.errors import DuplicateKeyError

from services.subsidies.attendance import commands as attendance
from services.subsidies.attendance.commands import Attended
from services.subsidies.enrolments.documents import Enrolment
from services.subsidies.programmes.documents import Programme
from services.subsidies.trainees import commands as trainees
from services.subsidies.training_platform import client, connection
from services.subsidies.training_platform.client import Learner
from services.subsidies.training_platform.documents import FETCHED, Fetched
from shared import clock
from shared.contracts.base import Id
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

log = structlog.get_logger(__name__)

TELL = TimerKind("subsidies.training_platform_course")
"""By the id of a programme: the platform is to be told of it as it stands."""
HOURLY, FETCH = TimerKind("subsidies.training_platform_hourly"), TimerKind("subsidies.training_platform_fetch")
GATHER = dt.timedelta(seconds=5)
"""How long changes of one course are gathered before the platform is told."""
EVERY = dt.timedelta(hours=1)
OVERLAP = dt.timedelta(hours=1)
"""How far back each fetch begins before the latest record it has seen: the platform's machines may not agree on the time."""


class Recorded(msgspec.Struct, frozen=True):
    """What the platform says of a person at a session."""

    programme_id: Id
    enrolment_id: Id
    session: Id
    recorded_at: dt.datetime


async def begin(_: Running) -> None:
    """At the service's first start with a training platform: set the first fetch."""
    if connection.address() is None:
        return
    try:
        await transact(_begin)
    except DuplicateKeyError:
        return  # another process of the service was first


async def changed(programme_id: str, tx: Transaction) -> None:
    """Have the platform told of a course, where it is held there at least in part; changes that follow at once go together."""
    if connection.address() is None:
        return
    programme = await Programme.of(programme_id, tx)
    if programme is not None and programme.mode != "on_site":
        tx.schedule(TELL, programme_id, clock.now() + GATHER)


async def tell(programme_id: str) -> None:
    """Tell the platform of a course as it stands; raises `Unanswered`."""
    as_of, programme = clock.now(), await Programme.of(programme_id)
    if connection.address() is None or programme is None or programme.state not in ("published", "cancelled"):
        return
    enrolled = await find(Enrolment, {"programme_id": programme_id, "state": {"$in": ["enrolled", "completed"]}})
    names = await trainees.names_of([one.worker_id for one in enrolled])
    learners = [Learner(one.id, one.number, names.get(one.worker_id)) for one in enrolled]
    await client.tell_course(programme, learners if programme.state == "published" else [], as_of)


async def fetch() -> None:
    """Fetch who was at which session since the last time. Each page is kept at once, so that a try that breaks off is not lost."""
    known = await Fetched.of(FETCHED)
    if connection.address() is None or known is None:
        return
    async for page in client.list_attendance(known.since - OVERLAP):
        records = [one for one in map(_read, page) if one is not None]

        async def take(tx: Transaction, records: Sequence[Recorded] = records) -> None:
            await _take(records, tx)

        await transact(take)


def go_on(tx: Transaction) -> None:
    """Fetch now, and again in an hour."""
    tx.schedule(FETCH, FETCHED, clock.now())
    tx.schedule(HOURLY, "next", clock.now() + EVERY)


async def _begin(tx: Transaction) -> None:
    if await Fetched.of(FETCHED, tx) is None:
        await Fetched(id=FETCHED, since=dt.datetime(1970, 1, 2, tzinfo=dt.UTC)).put(tx)
        go_on(tx)


async def _take(records: Sequence[Recorded], tx: Transaction) -> None:
    by_programme: dict[str, list[Attended]] = defaultdict(list)
    for one in records:
        by_programme[one.programme_id].append(Attended(one.enrolment_id, one.session))
    for programme_id, rows in by_programme.items():
        programme = await Programme.of(programme_id, tx)
        if programme is None or programme.mode == "on_site":
            log.warning("training_platform.strange_course", rows=len(rows))
            continue
        await attendance.report(programme, "online_platform", rows, tx)
    known = await Fetched.of(FETCHED, tx)
    if known is not None and records:
        known.since = max(known.since, min(max(one.recorded_at for one in records), clock.now()))
        await known.put(tx)


def _read(item: dict[str, object]) -> Recorded | None:
    try:
        recorded = msgspec.convert(item, Recorded)
    except msgspec.ValidationError:
        recorded = None
    if recorded is None or recorded.recorded_at.tzinfo is None:
        log.warning("training_platform.unreadable")
        return None
    return recorded
