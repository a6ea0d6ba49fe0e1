"""Closing a month: one bill for each platform, out of the sheets that no bill has taken.

The month is marked closed in the transaction that begins its bills. From then on, a sheet of that month that its own bill
does not take is late, and goes to the platform's next one: a bill takes the month's sheets and those of closed months
before it, in transactions that mark them and add them up at once; the last of these issues the bill. So a sheet stored
before the mark, or any time before the last transaction's snapshot, is in the month's bill; one stored later is in the
next; and none is in two. A month whose bill is still being filled, or that is open, is left to its own bill.
"""

from __future__ import annotations

from typing import cast

import msgspec
from pymongo.errors import DuplicateKeyError

from services.insurance.billing import payments
from services.insurance.billing.documents import Bill, Closing, MonthEnd
from services.insurance.billing.rules import STATES, closes_on, due_on, law_of_bill
from services.insurance.engagements.documents import Platform
from services.insurance.ledger import queries as ledger
from services.insurance.ledger.documents import Sheet, SheetRow
from shared import clock
from shared.contracts.base import money, to_fen
from shared.contracts.insurance import BillIssued
from shared.policy import calendar
from shared.policy.calendar import month_after, months_between
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact


class MonthToEnd(msgspec.Struct, frozen=True):
    """A month that is to be closed."""

    month: str


FILL = TimerKind("insurance.bill")
MONTH_END = TimerKind("insurance.month_end", MonthToEnd)
SHEETS_AT_ONCE = 500


def bill_id(platform: str, month: str) -> str:
    return f"{platform}|{month}"


async def close(month: str, by: str, tx: Transaction) -> bool:
    """Close a month for every platform that has orders; False where it was closed before, and then nothing changes."""
    if await Closing.of(month, tx) is not None:
        return False
    await Closing(id=month, by=by).put(tx)
    wanted = {"first_month": {"$lte": month}}
    for row in await tx.rows(Platform, wanted, {"_id": 1}):
        bill = Bill(id=bill_id(row["_id"], month), platform=row["_id"], month=month)
        await bill.put(tx)
        tx.schedule(FILL, bill.id, clock.now())
    return True


async def fill(bill: Bill, tx: Transaction) -> None:
    """Put the next sheets into a draft; where none is left, issue it. A draft that comes to nothing is removed."""
    taken = await _next_sheets(bill, tx)
    for part in ledger.parts(taken):
        ids = [row["_id"] for row in part]
        await tx.update_many(Sheet, {"_id": {"$in": ids}}, {"$set": {"bill": bill.id}})
    for row in taken:
        bill.late_orders += row["orders"] if row["month"] != bill.month else 0
        of_kind = bill.charged if row["charges"] else bill.corrected
        of_kind.add(row["charges"] or len(row["corrections"]), row["orders"], ledger.amount(row))
    if len(taken) == SHEETS_AT_ONCE:
        await bill.put(tx)
        tx.schedule(FILL, bill.id, clock.now())
        return
    bill.orders = bill.charged.orders + bill.corrected.orders
    bill.premium = to_fen(bill.charged.premium + bill.corrected.premium)
    if bill.orders == 0 and bill.premium == 0:
        tx.delete(Bill, bill.id)
        return
    law = law_of_bill(bill.month)
    bill.status = STATES.next(bill.status, "issue" if bill.premium > 0 else "credit")
    await payments.set_off_credits(bill, tx)
    bill.due_on = due_on(bill.month, law)
    payments.watch(bill, law, tx)
    bill.used = list(law.used)
    await bill.put(tx)
    tx.publish(
        BillIssued(
            bill_id=bill.id,
            platform=bill.platform,
            month=bill.month,
            orders=bill.orders,
            late_orders=bill.late_orders,
            premium=money(bill.premium),
            due_on=bill.due_on,
            set_off=money(bill.account.set_off),
        )
    )


async def _next_sheets(bill: Bill, tx: Transaction) -> list[SheetRow]:
    """Sheets that the draft has not taken yet, at most `SHEETS_AT_ONCE`: the month's own, then late ones."""
    sums = {"month": 1, "charges": 1, "corrections": 1, "orders": 1, "premium": 1}
    found: list[SheetRow] = []
    for month in [bill.month, *await _late_months(bill, tx)]:
        query = {"platform": bill.platform, "month": month, "bill": None}
        found += cast(list[SheetRow], await tx.rows(Sheet, query, sums, limit=SHEETS_AT_ONCE - len(found)))
        if len(found) == SHEETS_AT_ONCE:
            break
    return found


async def _late_months(bill: Bill, tx: Transaction) -> list[str]:
    first = (await Platform.row(bill.platform, tx)).get("first_month", bill.month)
    earlier = {"month": {"$lt": bill.month}}
    drafts = await tx.find(Bill, {"platform": bill.platform, "status": "draft", **earlier})
    closed = await tx.find(Closing, {"_id": {"$lt": bill.month}})
    late = {closing.id for closing in closed} - {draft.month for draft in drafts}
    return [month for month in months_between(first, bill.month) if month in late]


async def begin(_: Running) -> None:
    """At the service's first start: let this month close by itself in its time, and every one after it."""
    try:
        await transact(_begin)
    except DuplicateKeyError:
        return  # another process of the service was first


async def _begin(tx: Transaction) -> None:
    if await MonthEnd.of("month_end", tx) is None:
        month = calendar.month_of(clock.now())
        await MonthEnd(id="month_end", since=month).put(tx)
        schedule_month_end(month, tx)


def schedule_month_end(month: str, tx: Transaction) -> None:
    tx.schedule(MONTH_END, "next", calendar.start_of_day(closes_on(month)), MonthToEnd(month))


async def end_month(month: str, tx: Transaction) -> None:
    """Close a month in its time, and set the time of the next one."""
    await close(month, "timer", tx)
    schedule_month_end(month_after(month), tx)
