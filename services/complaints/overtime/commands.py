"""Look at the months in which employees worked: raise, change or withdraw leads on overtime, weekly rest and part-time work.

Only work of employees is looked at, and of most months it is enough to read them: a transaction is for those that show
something. Work and engagements come in any order; whichever is stored second sees both. What a person did through several references
that are one account of theirs counts together, and what somebody else did through one before or after does not.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from services.complaints.leads.commands import meet, raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign, lead_id
from services.complaints.overtime import rules
from services.complaints.overtime.rules import KINDS, Found
from services.complaints.parties.account_commands import Accounts, accounts_of
from services.complaints.parties.account_rules import Account, Circle, key_of, keys_behind, keys_of
from services.complaints.parties.documents import Engagement
from services.complaints.parties.rules import footing_on, held_on
from services.complaints.work_time.commands import district_of, order_spans, worked_between
from services.complaints.work_time.documents import Day
from services.complaints.work_time.rules import Span, merged, seconds_of
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
    accounts = await accounts_of({worker for worker, _ in months})
    rows = await _worked(months, accounts, None)
    await _check_all([one for one in months if any(work.shows for work in _works(one, accounts, rows))])


async def look_again(days: Iterable[Day]) -> None:
    """Check again the months of workers whose footing may be told otherwise now."""
    await _check_all(_months(days))


async def check(months: Sequence[Month], tx: Transaction) -> None:
    """Check months by what is known now."""
    accounts = await accounts_of({worker for worker, _ in months}, tx)
    rows = await _worked(months, accounts, tx)
    meet((worker for worker, _ in rows), tx)
    about: dict[tuple[LeadKind, str], None] = {}
    signs: dict[tuple[LeadKind, str], Sign] = {}
    for one in months:
        works = _works(one, accounts, rows)
        keys = {*(key for work in works for key in work.keys(accounts)), *keys_behind(*one, accounts.behind(one[0]))}
        about |= dict.fromkeys((kind, key) for key in sorted(keys) for kind in KINDS)
        signs |= {(sign.kind, sign.about): sign for work in works for sign in work.signs(accounts)}
    await tx.load(Lead, [lead_id(kind, key) for kind, key in about])
    for kind, key in about:
        if (kind, key) in signs:
            await raise_lead(signs[kind, key], tx)
        else:
            await withdraw_lead(lead_id(kind, key), tx)


@dataclass(frozen=True, slots=True)
class Work:
    """What a person did in a month through the references that are one account of theirs: the stored days, by reference."""

    month: str
    circle: Circle
    rows: Mapping[str, Mapping[dt.date, Row]]

    @property
    def last(self) -> dt.date:
        return rules.days_of(self.month)[1]

    @property
    def shows(self) -> bool:
        """Whether it shows something, or would if no day were free after a night: it may have, before the night was told."""
        return bool(self._findings(()))

    def keys(self, accounts: Accounts) -> list[str]:
        """What signs of it may be about."""
        return [
            key
            for worker in self.circle.accounts
            for key in keys_of(self.circle, worker, self.month, self.last, accounts.behind(worker))
        ]

    def signs(self, accounts: Accounts) -> list[Sign]:
        """What it shows, with the first reference under which the person worked as an employee."""
        spans = merged(*(order_spans(row) for rows in self.rows.values() for row in rows.values()))
        found = self._findings(spans)
        if not found:
            return []
        used = [one.worker for one in self.circle.held if any(day <= self.last for day, _ in self._employed(one))]
        platform, _, worker_ref = used[0].partition("|")
        about = key_of(self.circle, used[0], self.month, self.last, accounts.behind(used[0]))
        in_month = (row for rows in self.rows.values() for day, row in rows.items() if day <= self.last)
        together = ("accounts_together",) if len(used) > 1 else ()
        left_out = ("accounts_left_out",) if self.circle.left_out else ()
        district = district_of(in_month) or CITY
        return [
            Sign(
                about=about,
                platform=platform,
                worker_ref=worker_ref,
                worker_id=self.circle.person,
                district=district,
                finding=one.finding,
                events=(),
                used=one.used,
                to_judge=(*one.to_judge, *together, *left_out),
            )
            for one in found
        ]

    def _findings(self, spans: Sequence[Span]) -> list[Found]:
        footings = self.circle.footings
        worked = self._as_employee()
        part_time = {day for day in worked if (held := held_on(footings, day)) is not None and held.part_time}
        return rules.findings(worked, self.month, part_time, spans)

    def _as_employee(self) -> dict[dt.date, int]:
        """Seconds of orders by day, of the days on which the person was an employee through the reference; what overlaps counts
        once."""
        spans: defaultdict[dt.date, list[list[Span]]] = defaultdict(list)
        for account in self.circle.held:
            for day, some in self._employed(account):
                spans[day].append(some)
        return {day: seconds_of(merged(*spans[day])) for day in sorted(spans)}

    def _employed(self, account: Account) -> Iterator[tuple[dt.date, list[Span]]]:
        """When there were orders through a reference, of the days on which it was an employee's."""
        for day, row in self.rows[account.worker].items():
            if footing_on(account.footings, day) == "employment" and (spans := order_spans(row)):
                yield day, spans


def _months(days: Iterable[Day]) -> list[Month]:
    return sorted({(worker, month) for worker, day in days for month in rules.months_of(day)})


def _works(one: Month, accounts: Accounts, worked: Mapping[Month, Mapping[dt.date, Row]]) -> list[Work]:
    """What the people did in a month whose a reference was in it, or was ever."""
    worker, month = one
    return [
        Work(
            month,
            circle,
            {
                each.worker: {day: row for day, row in worked[each.worker, month].items() if each.names_on(day)}
                for each in circle.held
            },
        )
        for circle in accounts.of(worker)
    ]


async def _worked(
    months: Iterable[Month], accounts: Accounts, tx: Transaction | None
) -> dict[Month, dict[dt.date, Row]]:
    """The stored days that count for each month, and the one after it, on which a free day may end too early: of all references that
    are one account with that of a month."""
    workers_in: defaultdict[str, set[str]] = defaultdict(set)
    for worker, month in months:
        workers_in[month].update(each for circle in accounts.of(worker) for each in circle.accounts)
    found: dict[Month, dict[dt.date, Row]] = {}
    for month, workers in workers_in.items():
        first, last = rules.days_of(month)
        rows = await worked_between(workers, first, last + rules.ONE_DAY, tx)
        found |= {(worker, month): rows.get(worker, {}) for worker in workers}
    return found


async def _check_all(months: Sequence[Month]) -> None:
    for start in range(0, len(months), MONTHS_AT_ONCE):
        await transact(partial(check, months[start : start + MONTHS_AT_ONCE]))
