"""Look at the months in which employees worked: raise, change or withdraw leads on overtime, weekly rest and part-time work.

Only work of employees is looked at, and of most months it is enough to read them: a transaction is for those that show
something. Work and engagements come in any order; whichever is stored second sees both.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from services.complaints.leads.commands import raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign, lead_id
from services.complaints.overtime import rules
from services.complaints.overtime.rules import KINDS, Found
from services.complaints.parties.documents import Engagement, footings_of, whose
from services.complaints.parties.rules import Footing, footing_on, held_on
from services.complaints.work_time.commands import district_of, order_seconds, order_spans, worked_between
from services.complaints.work_time.documents import Day
from services.complaints.work_time.rules import Span, merged
from shared.contracts.complaints.leads import LeadKind
from shared.identity.regions import CITY
from shared.storage.client import Row
from shared.storage.transaction import Transaction, transact

MONTHS_AT_ONCE: Final = 50
"""Months of workers that are checked in one transaction."""
EMPLOYEES: Final = {"footings.relation": "employment"}

Month = tuple[str, str]
"""A platform's worker, and a month."""


async def look(days: Collection[Day]) -> None:
    """Look at the months of days whose work has changed, where it was an employee's."""
    employed = await Engagement.of_workers({worker for worker, _ in days}, None, **EMPLOYEES)
    months = _months(day for day in days if day[0] in employed)
    worked = await _worked(months, None)
    await _check_all([one for one in months if _shows(one, employed[one[0]], worked[one])])


async def look_again(days: Iterable[Day]) -> None:
    """Check again the months of workers whose footing may be told otherwise now."""
    await _check_all(_months(days))


async def check(months: Sequence[Month], tx: Transaction) -> None:
    """Check months by what is known now."""
    engagements = await Engagement.of_workers({worker for worker, _ in months}, tx)
    worked = await _worked(months, tx)
    ids: list[tuple[Month, LeadKind, str]] = [
        (one, kind, lead_id(kind, _about(one))) for one in months for kind in KINDS
    ]
    await tx.load(Lead, [lead for _, _, lead in ids])
    signs = {(one, sign.kind): sign for one in months for sign in _signs(one, engagements.get(one[0], []), worked[one])}
    for one, kind, lead in ids:
        if (one, kind) in signs:
            await raise_lead(signs[one, kind], tx)
        else:
            await withdraw_lead(lead, tx)


def _signs(one: Month, engagements: Sequence[Engagement], rows: Mapping[dt.date, Row]) -> list[Sign]:
    platform, _, worker_ref = one[0].partition("|")
    last = rules.days_of(one[1])[1]
    behind = whose(engagements, last)
    spans = merged(*(order_spans(row) for row in rows.values()))
    return [
        Sign(
            about=_about(one),
            platform=platform,
            worker_ref=worker_ref,
            worker_id=None if behind is None else behind.worker_id,
            district=district_of(row for day, row in rows.items() if day <= last) or CITY,
            finding=found.finding,
            events=(),
            used=found.used,
            to_judge=found.to_judge,
        )
        for found in _findings(one, engagements, rows, spans)
    ]


def _shows(one: Month, engagements: Sequence[Engagement], rows: Mapping[dt.date, Row]) -> bool:
    """Whether a month shows something, or would if no day were free after a night: it may have, before the night was told."""
    return bool(_findings(one, engagements, rows, ()))


def _findings(
    one: Month, engagements: Sequence[Engagement], rows: Mapping[dt.date, Row], spans: Sequence[Span]
) -> list[Found]:
    footings = footings_of(engagements)
    worked = _as_employee(footings, rows)
    part_time = {day for day in worked if (held := held_on(footings, day)) is not None and held.part_time}
    return rules.findings(worked, one[1], part_time, spans)


def _about(one: Month) -> str:
    worker, month = one
    return f"{worker}|{month}"


def _months(days: Iterable[Day]) -> list[Month]:
    return sorted({(worker, month) for worker, day in days for month in rules.months_of(day)})


def _as_employee(footings: Sequence[Footing], rows: Mapping[dt.date, Row]) -> dict[dt.date, int]:
    """Seconds of orders by day, of the days on which the worker was an employee."""
    spent = {day: order_seconds(row) for day, row in rows.items() if footing_on(footings, day) == "employment"}
    return {day: seconds for day, seconds in spent.items() if seconds}


async def _worked(months: Iterable[Month], tx: Transaction | None) -> dict[Month, dict[dt.date, Row]]:
    """The stored days that count for each month, and the one after it, on which a free day may end too early."""
    workers_in: defaultdict[str, set[str]] = defaultdict(set)
    for worker, month in months:
        workers_in[month].add(worker)
    found: dict[Month, dict[dt.date, Row]] = {}
    for month, workers in workers_in.items():
        first, last = rules.days_of(month)
        rows = await worked_between(workers, first, last + rules.ONE_DAY, tx)
        found |= {(worker, month): rows.get(worker, {}) for worker in workers}
    return found


async def _check_all(months: Sequence[Month]) -> None:
    for start in range(0, len(months), MONTHS_AT_ONCE):
        await transact(partial(check, months[start : start + MONTHS_AT_ONCE]))
