"""Look for work that nobody has settled: month by month, when its term is over, over all who had work on a footing of labour.

What comes later is looked at later: work of a month that is over waits a day for its settlement; a settlement, or another
footing, is held at once against the lead that there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from services.complaints.leads.commands import meet, raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign, lead_id
from services.complaints.parties.account_commands import Accounts, accounts_of
from services.complaints.parties.account_rules import Circle, key_of, keys_behind
from services.complaints.parties.documents import Engagement
from services.complaints.parties.rules import footing_on
from services.complaints.pay.documents import Covered, PayLaw, Settlement
from services.complaints.unpaid import rules
from services.complaints.unpaid.rules import Paid
from services.complaints.work_time.commands import PAST_MONTH, WAIT, district_of, order_seconds, worked_between
from services.complaints.work_time.documents import Day
from services.complaints.work_time.reading import rows_with
from shared import clock
from shared.contracts.base import CloudEvent, yuan
from shared.contracts.complaints.leads import LeadKind
from shared.contracts.platform import SettlementPaid, platform_of
from shared.identity.regions import CITY
from shared.policy.calendar import end_of_day, first_day, month_after, month_of, shanghai_date, start_of_day
from shared.policy.parameters import MissingParameter
from shared.running import Running
from shared.storage.client import Row, collection_of
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

KIND: Final[LeadKind] = "pay_missing"
WORKERS_AT_ONCE: Final = 100
"""Workers looked at in one transaction."""
SOON: Final = dt.timedelta(minutes=2)
"""After what time a month is looked at once more of which a lead was raised: longer than a transaction takes."""
LABOUR: Final = ("employment", "partial")


class Sweep(msgspec.Struct, frozen=True):
    """A month to be looked at for all engagements, after one (empty: from the first)."""

    month: str
    after: str = ""


SWEEP = TimerKind("complaints.unpaid_month", Sweep)


class ForNothing(msgspec.Struct, frozen=True):
    """Settlements that come to nothing are looked for, of those behind one (None: from the first that is not too old)."""

    after: tuple[dt.datetime, str] | None = None


FOR_NOTHING = TimerKind("complaints.unpaid_for_nothing", ForNothing)
RULES: Final = "settlements of nothing pay for no day"
"""Beside what earlier versions looked at: where it is another text than was kept, months that are over are looked at once more."""

Month = tuple[str, str]
"""A platform's worker, and a month."""


async def begin(running: Running | None = None) -> None:
    """Have the first month looked at whose term is not over; and once those before it that settlements of nothing hid from an
    earlier version."""
    await transact(_look_once_more)
    month = month_of(clock.now())
    while not _is_over(before := f"{first_day(month) - rules.ONE_DAY:%Y-%m}"):
        month = before
    await transact(partial(_set, month))


async def _set(month: str, tx: Transaction) -> None:
    tx.schedule(SWEEP, month, rules.term_of(month).over_at, Sweep(month))


async def _look_once_more(tx: Transaction) -> None:
    known = await PayLaw.of(KIND, tx)
    if known is None or known.rows != [RULES]:
        await (known or PayLaw(id=KIND, rows=[])).changed({"rows": [RULES]}).put(tx)
        tx.schedule(FOR_NOTHING, "all", clock.now(), ForNothing())


async def look_for_nothing(asked: ForNothing, tx: Transaction) -> ForNothing | None:
    """Look at the months of the next settlements that come to nothing, as far as inspection still looks into them; where to go on, or
    None at the end."""
    today = shanghai_date(clock.now())
    since = start_of_day(rules.looked_into_since(today))
    behind: Row = {"ends_at": {"$gt": since}}
    if asked.after is not None:
        at, last = asked.after
        behind = {"$or": [{"ends_at": {"$gt": at}}, {"ends_at": at, "_id": {"$gt": last}}]}
    fields = {"ends_at": 1, "starts_at": 1, "worker": 1, "gross": 1, "replaced_by": 1}
    reading = collection_of(Settlement).find(behind, fields, session=tx.session)
    rows = await reading.sort([("ends_at", 1), ("_id", 1)]).limit(WORKERS_AT_ONCE).to_list(None)
    hidden = [row for row in rows if not row["gross"].to_decimal() and row.get("replaced_by") is None]
    months = {(row["worker"], month) for row in hidden for month in rules.months_of(*_days_of(row))}
    await check(sorted(months), tx)
    return ForNothing((rows[-1]["ends_at"], rows[-1]["_id"])) if len(rows) == WORKERS_AT_ONCE else None


async def sweep_some(asked: Sweep, tx: Transaction) -> Sweep | None:
    """Look at the next workers in a month whose term is over; where to go on, or None at the end."""
    if not asked.after:
        await _set(month_after(asked.month), tx)
    first, last = rules.days_of(asked.month)
    query = {
        "_id": {"$gt": asked.after},
        "footings.relation": {"$in": list(LABOUR)},
        "started_on": {"$lte": last},
        "$or": [{"ended_on": None}, {"ended_on": {"$gte": first}}],
    }
    found = await tx.find(Engagement, query, sort="_id", limit=WORKERS_AT_ONCE)
    await check(sorted({(f"{one.platform}|{one.worker_ref}", asked.month) for one in found}), tx)
    return Sweep(asked.month, found[-1].id) if len(found) == WORKERS_AT_ONCE else None


async def look_at_settlements(events: Sequence[CloudEvent[SettlementPaid]], before: Iterable[Covered]) -> None:
    """Hold settlements against the leads that say there are none, and look again at the months that those which were told again
    were for `before`: nothing may pay them now."""
    months, left = set(), set()
    for event in events:
        worker, paid = f"{platform_of(event.source)}|{event.data.worker_ref}", event.data
        of_it = {(worker, month) for month in rules.months_of(paid.period_start, paid.period_end)}
        months |= of_it
        if not yuan(paid.gross):  # it may have been told with pay before
            left |= of_it
    left |= {(one.worker, month) for one in before for month in rules.months_of(one.period_start, one.period_end)}
    await _look_again(left)
    await _check_raised(months - left)


async def look_at_days(days: Iterable[Day]) -> None:
    """Check again the months of workers whose footing may be told otherwise now, and look later where no lead is."""
    await _look_again({(worker, f"{day:%Y-%m}") for worker, day in days})


async def _look_again(months: Collection[Month]) -> None:
    over = {month for _, month in months if _is_over(month)}
    left = sorted({one for one in months if one[1] in over} - await _check_raised(months))
    for start in range(0, len(left), WORKERS_AT_ONCE):
        await transact(partial(_look_later, left[start : start + WORKERS_AT_ONCE]))


async def _look_later(months: Sequence[Month], tx: Transaction) -> None:
    for worker, month in months:
        tx.schedule(PAST_MONTH, f"{worker}|{month}", clock.now() + WAIT)


async def _check_raised(months: Collection[Month]) -> set[Month]:
    """Check the months of which there is a lead; which these are."""
    engagements = await Engagement.of_workers({worker for worker, _ in months})
    behind = {worker: [one.behind for one in several] for worker, several in engagements.items()}
    keys = [(key, one) for one in months for key in keys_behind(*one, behind.get(one[0], []))]
    ids = {lead_id(KIND, key): one for key, one in keys}
    raised = sorted({ids[row["_id"]] for row in await rows_with(Lead, "_id", ids, fields={"_id": 1})})
    for start in range(0, len(raised), WORKERS_AT_ONCE):
        await transact(partial(check, raised[start : start + WORKERS_AT_ONCE]))
    return set(raised)


async def check(months: Iterable[Month], tx: Transaction) -> None:
    """Raise, change or withdraw the leads of months whose term is over, by what is known now."""
    over = [one for one in months if _is_over(one[1])]
    accounts = await accounts_of({worker for worker, _ in over}, tx)
    keys = {one: keys_behind(*one, accounts.behind(one[0])) for one in over}
    meet((worker for worker, _ in over), tx)
    await tx.load(Lead, [lead_id(KIND, key) for several in keys.values() for key in several])
    for month in sorted({month for _, month in over}):
        workers = sorted(worker for worker, its in over if its == month)
        days = await worked_between(workers, *rules.days_of(month), tx)
        settled = await _settled(workers, month, tx)
        for worker in workers:
            signs = [
                sign
                for circle in accounts.of(worker)
                if (sign := _sign(worker, month, circle, accounts, days.get(worker, {}), settled.get(worker, [])))
            ]
            for sign in signs:
                known = await Lead.of(sign.lead_id, tx)
                if known is None or not known.holds:
                    # a settlement that is told at this moment does not know of the lead yet
                    tx.schedule(PAST_MONTH, f"{worker}|{month}", clock.now() + SOON)
                await raise_lead(sign, tx)
            for key in sorted(set(keys[worker, month]) - {sign.about for sign in signs}):
                await withdraw_lead(lead_id(KIND, key), tx)


def _sign(
    worker: str, month: str, circle: Circle, accounts: Accounts, days: Mapping[dt.date, Row], settled: Sequence[Paid]
) -> Sign | None:
    """What a month of a reference shows of the person whose it was; None where that is nothing."""
    term, account = rules.term_of(month), circle.account(worker)
    own = {day: row for day, row in days.items() if account.names_on(day)}
    spent = {day: order_seconds(row) for day, row in own.items() if footing_on(account.footings, day) in LABOUR}
    finding = rules.missing(month, {day: seconds for day, seconds in spent.items() if seconds}, settled, term)
    if finding is None:
        return None
    platform, _, worker_ref = worker.partition("|")
    return Sign(
        about=key_of(circle, worker, month, rules.days_of(month)[1], accounts.behind(worker)),
        platform=platform,
        worker_ref=worker_ref,
        worker_id=circle.person,
        district=district_of(own.values()) or CITY,
        finding=finding,
        events=(),
        used=term.used,
        to_judge=("paid_untold", "payday_agreed"),
    )


async def _settled(workers: Iterable[str], month: str, tx: Transaction) -> dict[str, list[Paid]]:
    """The settlements that reach into a month, by worker, without those that others have taken the place of."""
    first, last = rules.days_of(month)
    reach = {"ends_at": {"$gt": start_of_day(first)}, "starts_at": {"$lt": end_of_day(last)}}
    fields = {"worker": 1, "starts_at": 1, "ends_at": 1, "gross": 1}
    found: dict[str, list[Paid]] = {}
    for row in await rows_with(Settlement, "worker", workers, tx, fields=fields, replaced_by=None, **reach):
        first, last = _days_of(row)
        found.setdefault(row["worker"], []).append(Paid(first, last, nothing=not row["gross"].to_decimal()))
    return found


def _days_of(settlement: Row) -> rules.Period:
    return shanghai_date(settlement["starts_at"]), shanghai_date(settlement["ends_at"]) - rules.ONE_DAY


def _is_over(month: str) -> bool:
    try:
        return rules.term_of(month).over_at <= clock.now()
    except MissingParameter:
        return False  # in a year before the law
