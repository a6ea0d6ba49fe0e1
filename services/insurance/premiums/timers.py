"""Bills that are being filled or are due, months that end, and orders to be priced again."""

from __future__ import annotations

from services.insurance.premiums import billing, ledger, payments, repricing
from services.insurance.premiums.book import book
from services.insurance.premiums.documents import Bill, Sheet
from shared.messaging.timers import Due, Outcome, timer, work
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction

SHEETS_AT_ONCE, ORDERS_AT_ONCE = 200, 3000


@timer(billing.FILL)
async def on_bill(due: Due, tx: Transaction) -> None:
    bill = await Bill.of(due.key, tx)
    if bill is not None and bill.status == "draft":
        await billing.fill(bill, tx)


@timer(billing.MONTH_END)
async def on_month_end(due: Due, tx: Transaction) -> None:
    await billing.end_month(due.data["month"], tx)


@timer(payments.DUE_NEAR)
async def on_due_near(due: Due, tx: Transaction) -> None:
    bill = await Bill.of(due.key, tx)
    if bill is not None:
        await payments.remind(bill, tx)


@timer(payments.OVERDUE)
async def on_overdue(due: Due, tx: Transaction) -> None:
    bill = await Bill.of(due.key, tx)
    if bill is not None:
        await payments.lapse(bill, tx)


@work(repricing.WORKER, seconds=45)
async def reprice_worker(due: Due) -> Outcome:
    """Price a worker's orders again."""
    platform, worker_ref = due.data["platform"], due.data["worker_ref"]
    known = (await book().read([platform]))[platform]
    charges: list[str] = []
    if known.first_month is not None and known.last_month is not None:
        charges = await ledger.of_worker(platform, worker_ref, known.first_month, known.last_month)
    made = await repricing.corrections(platform, charges) if charges else []

    async def store(tx: Transaction) -> None:
        await repricing.store(made, tx)
        if made:  # more may be left, or the terms have changed back meanwhile
            repricing.reprice_worker(platform, worker_ref, tx)

    return store


@work(repricing.PLATFORM, seconds=45)
async def reprice_platform(due: Due) -> Outcome:
    """Price the orders of a platform's next sheets again; `month` and `after` say how far earlier tries have come."""
    platform, month, after = due.data["platform"], due.data["month"], due.data["after"]
    query = {"platform": platform, "month": month, "_id": {"$gt": after}, "charges": {"$gt": 0}}
    sheets = await collection_of(Sheet).find(query).sort("_id", 1).limit(SHEETS_AT_ONCE).to_list(None)
    charges: list[str] = []
    last = after
    for sheet in sheets:
        if len(charges) >= ORDERS_AT_ONCE:
            break
        charges += ledger.orders_of(sheet)
        last = sheet["_id"]
    made = await repricing.corrections(platform, charges)
    if made:  # more may be left, or the terms have changed back meanwhile
        following: tuple[str, str] | None = (month, after)
    elif charges:
        following = (month, last)
    else:
        next_month = await ledger.month_with_sheets(platform, month)
        following = (next_month, "") if next_month else None

    async def store(tx: Transaction) -> None:
        await repricing.store(made, tx)
        if following is not None:
            repricing.reprice_platform(platform, following[0], tx, after=following[1], key=due.key)

    return store
