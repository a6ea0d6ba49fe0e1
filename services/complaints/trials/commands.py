"""Check a month's settlements and days of work again, by what is in force and by a draft. No lead is raised or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from services.complaints.pay.check_commands import read
from services.complaints.pay.documents import Settlement
from services.complaints.pay.rules import Checked
from services.complaints.rest import commands as rest
from services.complaints.rest.commands import Reckoned
from services.complaints.trials import rules
from services.complaints.work_time.documents import Day, WorkDay
from shared.policy.calendar import first_day, month_after, start_of_day
from shared.policy.parameters import parameters
from shared.storage.client import Row, collection_of
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact
from shared.trials.stages import Stage, Trying
from shared.trials.tally import Tally

TRIAL = TimerKind[None]("complaints.trial")

SETTLEMENTS_AT_ONCE = 50
DAYS_AT_ONCE = 200
Check = Callable[[], Checked]


async def settlements(trying: Trying, after: str, tally: Tally) -> str | None:
    """What workers are short of by the settlements whose period ends in the month. The place: when one ends, and its id."""
    first = first_day(trying.month)
    until = start_of_day(first_day(month_after(trying.month)))
    wanted: Row = {"ends_at": {"$gt": start_of_day(first), "$lte": until}}
    if after:
        at, _, last = after.partition("|")
        since = dt.datetime.fromisoformat(at)
        wanted = {"$or": [{"ends_at": {"$gt": since, "$lte": until}}, {"ends_at": since, "_id": {"$gt": last}}]}
    rows = await Settlement.find(wanted).sort("+ends_at", "+_id").limit(SETTLEMENTS_AT_ONCE).to_list()
    for district, check in await transact(partial(_checks, rows)):
        before, then = trying.both(check)
        shown = rules.compared(rules.short(before.found), rules.short(then.found))
        for kind, one, other in shown:
            tally.gets("short_of", before.district or district, kind, one, other)
        tally.facts += not shown
    if len(rows) < SETTLEMENTS_AT_ONCE:
        return None
    return f"{rows[-1].ends_at.isoformat()}|{rows[-1].id}"


async def _checks(rows: list[Settlement], tx: Transaction) -> list[tuple[str, Check]]:
    """For each settlement the check of it, with what is known of its work and of the worker's other pay now."""
    asked = {one.id for one in rows}
    return [
        ("" if one.behind is None else one.behind.district or "", one.check)
        for one in await read(rows, tx)
        if one.settlement.id in asked
    ]


async def days(trying: Trying, after: str, tally: Tally) -> str | None:
    """By how much people's days of work went beyond the limits of rest. The place: a worker's day."""
    wanted = {"_id": {"$gt": after}, "day": {"$gte": f"{trying.month}-01", "$lte": f"{trying.month}-31"}}
    rows = (
        await collection_of(WorkDay)
        .find(wanted, {"worker": 1, "day": 1})
        .sort("_id", 1)
        .limit(DAYS_AT_ONCE)
        .to_list(None)
    )
    of = [(str(row["worker"]), dt.date.fromisoformat(row["day"])) for row in rows]
    before = await rest.calculate(of, None)
    with parameters.tried(trying.draft):
        then = await rest.calculate(of, None)
    for day in of:
        shown = rules.compared(_beyond(before, day), _beyond(then, day))
        for kind, one, other in shown:
            tally.gets("minutes_beyond", _district(before, then, day), kind, one, other)
        tally.facts += not shown
    return str(rows[-1]["_id"]) if len(rows) == DAYS_AT_ONCE else None


def _beyond(reckoned: dict[Day, Reckoned], day: Day) -> dict[str, Decimal]:
    return rules.beyond(reckoned[day].found, day[0]) if day in reckoned else {}


def _district(before: dict[Day, Reckoned], then: dict[Day, Reckoned], day: Day) -> str:
    found = [
        one for reckoned in (before, then) if day in reckoned for one in reckoned[day].found if one.worker == day[0]
    ]
    return found[0].district


STAGES = (Stage("settlements", settlements), Stage("days", days))
