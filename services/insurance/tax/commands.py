"""Tell the tax office what payers owe, take its answers, and compare what it has every day with what is kept here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from pymongo.errors import DuplicateKeyError

from services.insurance.billing import rules as bills
from services.insurance.billing.documents import Bill
from services.insurance.contributions.documents import Contribution
from services.insurance.differences import commands as differences
from services.insurance.differences.documents import Difference
from services.insurance.dues import rules as dues
from services.insurance.outlet_bills import rules as outlet_bills
from services.insurance.outlet_bills.commands import law_of_bill
from services.insurance.outlet_bills.documents import OutletBill
from services.insurance.tax import client, connection, rules
from services.insurance.tax.client import Answer, Listed
from services.insurance.tax.documents import REASON, TaxComparison, TaxStatement
from services.insurance.tax.rules import OF_TAX, STATES, Ours, Theirs
from shared import clock
from shared.contracts.base import money, yuan
from shared.contracts.insurance import (
    BillIssued,
    DuesDeclared,
    DuesMonthOverdue,
    TaxStatementOverdue,
    TaxStatementRefused,
)
from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.running import Running
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Stored, from_day
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact

DECLARE = TimerKind("insurance.tax_declare")
SETTLE = TimerKind("insurance.tax_settle")
"""By the id of a refused statement: the end of the bureau's term to put it right with the payer."""
DAILY, COMPARE = TimerKind("insurance.tax_daily"), TimerKind("insurance.tax_compare")
CALENDAR = TimerKind("insurance.tax_calendar")
STORED = Stored(CALENDAR, TaxStatement, from_day("due_on"))
LAST = "last"
AT_ONCE = 100


async def begin(_: Running) -> None:
    """At the service's first start with a tax office: set the first daily comparison."""
    if connection.address() is None:
        return
    try:
        await transact(_begin)
    except DuplicateKeyError:
        return  # another process of the service was first


async def _begin(tx: Transaction) -> None:
    if await TaxComparison.of(LAST, tx) is None:
        await TaxComparison(id=LAST).put(tx)
        _schedule_daily(tx)


def _schedule_daily(tx: Transaction) -> None:
    """The next daily comparison, an hour after that with the province has pulled what was paid in (exchange.daily_hour)."""
    today = calendar.shanghai_date(clock.now())
    at = calendar.start_of_day(today) + dt.timedelta(hours=1 + parameters.on(today).number("exchange.daily_hour"))
    tx.schedule(DAILY, "next", at if at > clock.now() else at + dt.timedelta(days=1))


def ask_comparison(tx: Transaction) -> None:
    """Have everything compared now; raises Conflict where there is no tax office to compare with."""
    if connection.address() is None:
        raise Conflict("no-tax-office", "未接入税务机关", "no tax office is connected")
    tx.schedule(COMPARE, LAST, clock.now())


def compare_daily(tx: Transaction) -> None:
    """Compare now, and again a day later."""
    tx.schedule(COMPARE, LAST, clock.now())
    _schedule_daily(tx)


async def follow_bill(fact: BillIssued, tx: Transaction) -> None:
    """Tell the tax office of a premium: to be collected is what no credit pays; below nothing, nothing is."""
    if fact.outlet is not None:
        await follow_outlet_bill(fact.bill_id, tx)
        return
    premium = yuan(fact.premium)
    to_collect = max(premium - yuan(fact.set_off), Decimal(0))
    if premium > 0:
        amounts = {str(fact.scheme): to_collect}
        await _tell(f"premium|{fact.bill_id}", "premium", fact.platform, fact.month, fact.due_on, amounts, tx)


async def follow_outlet_bill(bill_id: str, tx: Transaction) -> None:
    """Tell the tax office of an outlet's bill as it stands now: it may come to less than was told, nothing too, by a statement drawn
    again or by what was paid too much on another, and be another insurer's."""
    bill = await OutletBill.of(bill_id, tx)
    key = f"premium|{bill_id}"
    if bill is not None and (bill.amount > 0 or await TaxStatement.of(key, tx) is not None):
        amounts = {"work_injury": bill.to_collect}
        await _tell(key, "premium", bill.insurer, bill.month, bill.due_on, amounts, tx)


async def follow_declaration(fact: DuesDeclared, tx: Transaction) -> None:
    """Tell the tax office of a month that an employer has declared, once all that it comes to is known."""
    if not fact.unknown:
        amounts = {str(insurance): yuan(amount) for insurance, amount in fact.amounts.items()}
        key = f"contributions|{fact.platform}|{fact.month}"
        await _tell(key, "contributions", fact.platform, fact.month, fact.due_on, amounts, tx)


async def follow_deemed(fact: DuesMonthOverdue, tx: Transaction) -> None:
    """Tell the tax office of what a month is taken to come to that an employer has not declared in time (社会保险法 art. 62). What it
    declares later takes the place of it."""
    if fact.ground == "deemed" and not fact.unknown:
        amounts = {str(insurance): yuan(amount) for insurance, amount in fact.amounts.items()}
        key = f"contributions|{fact.platform}|{fact.month}"
        await _tell(key, "contributions", fact.platform, fact.month, fact.due_on, amounts, tx)


async def recalculate(key: str, tx: Transaction) -> None:
    """Tell the tax office of the last day of what it still collects, as it is by the days off that are published now."""
    one = await TaxStatement.of(key, tx)
    if one is not None and one.state != "collected":
        await _tell(key, one.kind, one.payer, one.month, await _due_on(one, tx), dict(one.amounts), tx)


async def _due_on(one: TaxStatement, tx: Transaction) -> dt.date:
    if one.kind == "contributions":
        return dues.pay_by(one.month, parameters.on(dues.law_day(one.month)))
    outlet = await OutletBill.of(one.id.removeprefix("premium|"), tx)
    if outlet is not None:
        return outlet_bills.due_on(one.month, law_of_bill(one.month, outlet.district))
    return bills.due_on(one.month, bills.law_of_bill(one.month))


async def _tell(
    key: str, kind: str, payer: str, month: str, due_on: dt.date, amounts: dict[str, Decimal], tx: Transaction
) -> None:
    if connection.address() is None:
        return
    told = {"kind": kind, "payer": payer, "month": month, "due_on": due_on, "amounts": amounts}
    told["amount"] = sum(amounts.values(), Decimal(0))
    known = await TaxStatement.of(key, tx)
    if known is None:
        known = TaxStatement(id=key, **told)
    elif (known.payer, known.due_on, known.amounts) == (payer, due_on, amounts):
        return
    else:
        _renew(known, "change", tx)
        known.changed(told)
    await known.put(tx)
    tx.schedule(DECLARE, key, clock.now())


def _renew(statement: TaxStatement, event: rules.Event, tx: Transaction) -> None:
    """Let a statement go out under a new number, which takes the place of all before it, answered or not."""
    if statement.state == "rejected":
        tx.cancel(SETTLE, statement.id)
        statement.changed({"refused_on": None, "settle_by": None, "overdue": False, "used": []})
    statement.state = STATES.next(statement.state, event)
    statement.sent += 1
    statement.receipt_number = statement.reason = None


async def ask_again(statement: TaxStatement, tx: Transaction) -> TaxStatement:
    """Send a statement again that was refused, once what was wrong has been put right there; raises Conflict."""
    _renew(statement, "ask_again", tx)
    tx.schedule(DECLARE, statement.id, clock.now())
    return await statement.put(tx)


async def record_answer(key: str, answer: Answer, tx: Transaction) -> None:
    """Store the tax office's answer, where it is one to what waits for it."""
    statement = await TaxStatement.of(key, tx)
    if statement is None or statement.state != "waiting" or answer.request_number != statement.number:
        return
    _take(statement, answer, tx)
    await statement.put(tx)


def _take(statement: TaxStatement, answer: Answer, tx: Transaction) -> None:
    statement.state = STATES.next(statement.state, "accept" if answer.status == "accepted" else "reject")
    statement.receipt_number = answer.receipt_number
    if answer.status == "rejected":
        statement.reason = encrypt_field(REASON, statement.id, answer.reason or "税务机关未说明原因")
        _set_task(statement, tx)


def _set_task(statement: TaxStatement, tx: Transaction) -> None:
    """Tell the payer and the bureau of a refusal, and give the bureau a term to put it right with the payer (征缴条例 art. 11)."""
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today)
    settle_by = calendar.add_working_days(today, law.days("tax.settle_workdays")).due
    statement.changed({"refused_on": today, "settle_by": settle_by, "overdue": False, "used": list(law.used)})
    tx.schedule(SETTLE, statement.id, calendar.end_of_day(settle_by))
    tx.publish(TaxStatementRefused(**statement.fields))


async def miss(statement_id: str, tx: Transaction) -> None:
    """Say that the bureau's term to put a refused statement right is over."""
    statement = await TaxStatement.of(statement_id, tx)
    if statement is None or statement.state != "rejected" or statement.overdue:
        return
    statement.overdue = True
    tx.publish(TaxStatementOverdue(**statement.fields))
    await statement.put(tx)


async def compare() -> None:
    """Compare every statement with the tax office's, what has come here with what was paid there; raises `Unanswered`.

    What the tax office has not got is sent again, an answer that was lost is taken, and everything else waits for an officer.
    """
    began = clock.now().replace(microsecond=0)
    theirs = {one.request_number: one async for one in client.list_statements()}
    after, compared, found = "", 0, set[str]()
    while True:
        some = await TaxStatement.find({"_id": {"$gt": after}}).sort("_id").limit(AT_ONCE).to_list()
        if not some:
            break
        after = some[-1].id
        compared += len(some)
        ids = [one.id for one in some if one.updated_at < began]
        found |= await transact(partial(_compare, ids, theirs))
        for one in some:
            theirs.pop(one.number, None)
            if one.updated_at >= began:  # under way: what of it is there or replaced shows at the next comparison
                for number in range(1, one.sent):
                    theirs.pop(f"{one.id}:{number}", None)
    found |= await transact(partial(_strangers, list(theirs.values())))
    for known in await find(Difference, {"state": {"$in": ["open", "resolved"]}}):
        if known.kind in OF_TAX and known.id not in found:
            await transact(partial(differences.vanish, known.number, known.kind))
    await transact(partial(_finish, compared, len(found)))


async def _finish(compared: int, found: int, tx: Transaction) -> None:
    last = await TaxComparison.of(LAST, tx) or TaxComparison(id=LAST)
    last.finished_at, last.compared, last.differences = clock.now(), compared, found
    await last.put(tx)


async def _compare(ids: Sequence[str], theirs: Mapping[str, Listed], tx: Transaction) -> set[str]:
    """Compare some statements; the ids of the differences that wait for an officer."""
    found: set[str] = set()
    await tx.load(TaxStatement, ids)
    for key in ids:
        statement = await TaxStatement.of(key, tx)
        assert statement is not None
        listed = theirs.get(statement.number)
        paid = await _paid(statement, tx)
        event = rules.collected(statement.state, statement.amount, paid)
        if event is not None:
            statement.state = STATES.next(statement.state, event)
        ours = Ours(statement.state, statement.amount, paid)
        kind = rules.compare(ours, _theirs(listed) if listed else None)
        if kind == "send_again":
            statement.state = STATES.next(statement.state, "lost")
            tx.schedule(DECLARE, key, clock.now())
        elif kind == "take_answer" and listed is not None:
            _take(statement, Answer(listed.request_number, listed.receipt_number, listed.status, listed.reason), tx)
        elif kind is not None and listed is not None:
            found.add(await _differs(statement.number, kind, ours, listed, tx))
        before, now = (statement.paid, statement.paid_there), (paid, yuan(listed.paid) if listed else None)
        if before != now or event is not None or kind in ("send_again", "take_answer"):
            (statement.paid, statement.paid_there), statement.compared_at = now, clock.now()
            await statement.put(tx)
    return found


async def _strangers(listed: Sequence[Listed], tx: Transaction) -> set[str]:
    found: set[str] = set()
    for one in listed:
        kind = rules.compare(None, _theirs(one))
        if kind is not None:
            found.add(await _differs(one.request_number, kind, None, one, tx))
    return found


async def _differs(number: str, kind: rules.Found, ours: Ours | None, listed: Listed, tx: Transaction) -> str:
    assert kind != "send_again" and kind != "take_answer"  # noqa: PT018 - mypy narrows by these alone
    mine = {"state": ours.state, "amount": money(ours.amount), "paid": money(ours.paid)} if ours else None
    theirs = {"status": listed.status, "amount": listed.amount, "paid": listed.paid, "payer": listed.payer}
    return (await differences.find(number, kind, tx, ours=mine, theirs=theirs)).id


def _theirs(listed: Listed) -> Theirs:
    return Theirs(listed.status, yuan(listed.amount), yuan(listed.paid), listed.replaced)


async def _paid(statement: TaxStatement, tx: Transaction) -> Decimal:
    """What has come here for a statement: payments of the bill, or contributions that the unit paid for the month."""
    if statement.kind == "premium":
        bill_id = statement.id.partition("|")[2]
        if (bill := await Bill.of(bill_id, tx)) is not None:
            return bill.paid + bill.overpaid
        of_outlet = await OutletBill.of(bill_id, tx)
        return of_outlet.came if of_outlet else Decimal(0)
    rows = await tx.find(Contribution, {"payer": statement.payer, "month": statement.month})
    return sum((one.employer_amount + one.worker_amount for one in rows if not one.reversed), Decimal(0))
