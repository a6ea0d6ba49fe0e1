"""Check days of work again where what they are held against is another than it was known to be: a collective contract that becomes
known late or is ended, a parameter that is published late or put right (人社厅发〔2023〕50号 art. 5; 劳动法 art. 36-41).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

import msgspec

from services.complaints.overtime import commands as overtime
from services.complaints.overtime.rules import months_of
from services.complaints.pay.documents import PayLaw
from services.complaints.pay.rules import first_difference, rows
from services.complaints.rest import commands as rest
from services.complaints.work_time.documents import WorkDay
from shared import clock
from shared.ids import new_id
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

DAYS_READ: Final = 200
"""Days of work that are read, and those of them that the law touches checked, in one transaction."""
LAW: Final = "hours"
"""The id of the rows that hours were last held against."""
EDITION: Final = "2022-04-29|rules|accounts of one person together, whose a reference is on a day"
"""A row beside the parameters': where the checks themselves are others than before, another text has days checked again."""
PARAMETERS: Final = (
    "overtime.day_hours",
    "overtime.day_hours_special",
    "overtime.month_hours",
    "part_time.day_hours",
    "part_time.week_hours",
    "rest.break_minutes",
    "rest.continuous_hours",
    "rest.daily_max_hours",
    "rest.daily_warn_hours",
    "working_time.average_weekly_hours",
    "working_time.daily_hours",
    "working_time.online_counts",
    "working_time.rest_day_hours",
    "working_time.weekly_rest_days",
)


class Days(msgspec.Struct, frozen=True):
    """Days of work to be checked again: from `since` to `until` (None: whenever), of one platform (empty: all), after one. `law`: the
    hours of employees too, which no contract lengthens."""

    since: dt.date
    until: dt.date | None
    platform: str
    law: bool = False
    after: str = ""


RECHECK: Final = TimerKind("complaints.recheck_days", Days)


def recheck(
    since: dt.date, until: dt.date | None, platforms: Collection[str], tx: Transaction, *, law: bool = False
) -> None:
    """Have the work of these days checked again, once this transaction is stored."""
    for platform in platforms or ("",):
        tx.schedule(RECHECK, new_id(), clock.now(), Days(since, until, platform, law))


async def recheck_some(asked: Days, tx: Transaction) -> Days | None:
    """Check the next days again; where to go on, or None at the end."""
    behind: dict[str, Any] = {"$gt": asked.after or (f"{asked.platform}|" if asked.platform else "")}
    if asked.platform:
        behind["$lt"] = f"{asked.platform}}}"  # what follows all that begin with the platform and a bar
    read = await tx.rows(WorkDay, {"_id": behind}, {"worker": 1, "day": 1}, sort="_id", limit=DAYS_READ)
    days = {(row["worker"], dt.date.fromisoformat(row["day"])) for row in read}
    touched = {
        (worker, day) for worker, day in days if asked.since <= day and (asked.until is None or day <= asked.until)
    }
    if touched:
        await rest.check(touched, tx)
    if touched and asked.law:
        await overtime.check(sorted({(worker, month) for worker, day in touched for month in months_of(day)}), tx)
    if len(read) < DAYS_READ:
        return None
    return msgspec.structs.replace(asked, after=read[-1]["_id"])


async def follow_law(running: Running | None = None) -> None:
    """Have days checked again where a parameter is another than when they were looked at. What the first process of this version
    meets was looked at by the rows that it knows itself."""
    await transact(_follow_law)


async def _follow_law(tx: Transaction) -> None:
    known, today = await PayLaw.of(LAW, tx), [*rows(PARAMETERS), EDITION]
    since = None if known is None else first_difference(known.rows, today)
    if known is not None and since is None:
        return
    await (known or PayLaw(id=LAW, rows=[])).changed({"rows": today}).put(tx)
    if since is not None:
        recheck(since, None, (), tx, law=True)
