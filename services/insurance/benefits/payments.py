"""Paying benefits: orders to the province for the fund's, and what employers, partner firms and platforms say they paid.

An order is on its way from the moment it is marked sent, before anything leaves: from then on nothing but its answer
changes the benefit, and it goes out under the same number until an answer has come, so that a lost one pays nothing twice.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec

from services.insurance.benefits import rules
from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.documents import Benefit, Payment, PaymentOrder
from services.insurance.benefits.timeline import Growth, Sum
from services.insurance.claims.documents import Claim
from services.insurance.debts.documents import REASON
from services.insurance.persons import commands as people
from services.insurance.qualification.documents import Check
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import BenefitAdjusted, BenefitEnded, BenefitPaid, BenefitPaymentFailed, Payer
from shared.errors import RuleBroken
from shared.identity.masking import code_in
from shared.policy import calendar
from shared.policy.calendar import first_day, month_after
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, from_day, natural, provisional_kind, rests_on
from shared.storage.transaction import Transaction


class OfBenefit(msgspec.Struct, frozen=True):
    """The benefit that a payment order is for."""

    benefit: str


class Polled(msgspec.Struct, frozen=True):
    """The benefit that a payment order is for, and how often it was asked about."""

    benefit: str
    polls: int


ORDER = TimerKind("insurance.benefit_order")
SEND = TimerKind("insurance.benefit_send", OfBenefit)
RESULT = TimerKind("insurance.benefit_result", Polled)
MONTH = TimerKind("insurance.benefit_month")
EMPLOYER_DUE = TimerKind("insurance.benefit_due")
REMINDER = TimerKind("insurance.advance_reminder")
CALENDAR = provisional_kind("insurance.benefit_calendar")


def _days(row: Row) -> list[tuple[str, Provisional]]:
    """The last day of the payment that is due. Of one of an earlier version, who must pay where the fund does not may only get
    more time, and the fund has what was set."""
    due_on, since, of_fund = row["due_on"], row.get("due_since"), row["payer"] == "fund"
    if since is None:
        return [] if of_fund else [(row["_id"], natural(due_on))]
    start = since.date()
    law = parameters.on(start, place=row["district"])
    days = law.days("benefit.fund_workdays" if of_fund else "benefit.employer_days")
    kept = rests_on(due_on, start, workdays=days) if of_fund else rests_on(due_on, start, days=days)
    return [(row["_id"], kept)]


STORED = Stored(
    CALENDAR, Benefit, from_day("due_on", state="granted"), ("due_on", "due_since", "payer", "district"), _days
)

GRACE = dt.timedelta(hours=1)
"""How long who must pay has to answer where the day was over before anyone was told: ours, not the law's."""

LOOK_AGAIN = dt.timedelta(days=1)
"""How often it is asked whether payments that rest may go on: ours, not the law's."""

MOST_DOUBLINGS = 12


def begin(benefit: Benefit, tx: Transaction) -> None:
    """Have the payment that is due now paid. The caller stores the benefit."""
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today, place=benefit.district)
    if benefit.payer == "fund":
        deadline = calendar.add_working_days(today, law.days("benefit.fund_workdays"))
        _order(benefit, 1, clock.now(), tx)
    else:
        deadline = calendar.add_days(today, law.days("benefit.employer_days"))
    _set_due(benefit, deadline, tx)


def _set_due(benefit: Benefit, deadline: calendar.Deadline, tx: Transaction) -> None:
    benefit.due_on, benefit.due_since = deadline.due, deadline.start
    provisional.watch(CALENDAR, benefit.id, deadline, tx)
    if benefit.payer != "fund":
        tx.schedule(EMPLOYER_DUE, benefit.id, max(calendar.end_of_day(deadline.due), clock.now() + GRACE))


async def recalculate(benefit_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the day of a payment that is still due, where the days off have been published that it rests on."""
    benefit = await Benefit.of(benefit_id, tx)
    deadline = provisional.moved(kept)
    if deadline and benefit and benefit.due_on == kept.due and benefit.state == "granted":
        _set_due(benefit, deadline, tx)
        await benefit.put(tx)


def _order(benefit: Benefit, tries: int, at: dt.datetime, tx: Transaction) -> None:
    assert benefit.payee is not None
    number = f"{benefit.id}:{len(benefit.orders) + 1}"
    benefit.orders.append(
        PaymentOrder(number=number, month=benefit.month, amount=benefit.due, payee=benefit.payee, tries=tries)
    )
    tx.schedule(ORDER, benefit.id, at)


async def send_order(benefit_id: str, tx: Transaction) -> None:
    """Let the waiting order go out, where the injury is still recognised."""
    benefit = await Benefit.of(benefit_id, tx)
    if benefit is None or benefit.state != "granted" or benefit.order is None or benefit.order.status != "waiting":
        return
    if benefit.stopped_for is not None:
        return  # whoever lets it go on schedules the order anew
    claim = await Claim.of(benefit.claim_id, tx)
    # two records of one person may have become one since the grant
    benefit.worker_id = await people.present_id(benefit.worker_id, tx)
    check = await Check.of_drawn(benefit.id, benefit.worker_id, tx)
    if claim is None or not claim.recognised:
        _fail(benefit, benefit.order, "claim_not_recognised", tx)
    elif check is not None and check.has_ended(benefit.id, benefit.month):
        _end(benefit, check, tx)
    else:
        benefit.state = rules.STATES.next(benefit.state, "ordered")
        benefit.order.status = "sent"
        benefit.note("ordered", "timer")
        tx.schedule(SEND, benefit.order.number, clock.now(), OfBenefit(benefit.id))
    await benefit.put(tx)


async def record_answer(benefit_id: str, number: str, refused_for: str | None, tx: Transaction) -> None:
    """Store the province's answer to an order. `refused_for`: why it was refused, None where it was accepted."""
    benefit, order = await _under_way(benefit_id, number, tx)
    if benefit is None or order is None:
        return
    if refused_for is not None:
        _fail(benefit, order, refused_for, tx)
        await benefit.put(tx)
        return
    poll(benefit_id, number, 0, tx)


def poll(benefit_id: str, number: str, polls: int, tx: Transaction) -> None:
    """Ask for the result of an order, each time after twice as long, up to about an hour."""
    at = clock.now() + dt.timedelta(seconds=2 ** min(polls, MOST_DOUBLINGS))
    tx.schedule(RESULT, number, at, Polled(benefit_id, polls))


async def record_paid(benefit_id: str, number: str, paid_on: dt.date, tx: Transaction) -> None:
    """Store that the bank has paid an order."""
    benefit, order = await _under_way(benefit_id, number, tx)
    if benefit is None or order is None:
        return
    order.status = "paid"
    pay(benefit, paid_on, "fund", "province", tx, number=number)
    await benefit.put(tx)


async def record_failure(benefit_id: str, number: str, reason: str, tx: Transaction) -> None:
    """Store that an order has failed; what may pass is ordered again later, under a new number."""
    benefit, order = await _under_way(benefit_id, number, tx)
    if benefit is None or order is None:
        return
    _fail(benefit, order, reason, tx)
    await benefit.put(tx)


async def _under_way(benefit_id: str, number: str, tx: Transaction) -> tuple[Benefit | None, PaymentOrder | None]:
    benefit = await Benefit.of(benefit_id, tx)
    order = benefit.order if benefit else None
    return benefit, order if order is not None and order.number == number and order.status == "sent" else None


def _fail(benefit: Benefit, order: PaymentOrder, reason: str, tx: Transaction) -> None:
    law = parameters.on(calendar.shanghai_date(clock.now()), place=benefit.district)
    again = rules.comes_again(reason, order.tries, law)
    order.status, order.reason = "failed", encrypt_field(REASON, benefit.id, reason)
    if benefit.month is not None and benefit.last_month is not None and benefit.month > benefit.last_month:
        if not benefit.arrears:
            _end_unpaid(benefit, reason, tx)
            return
        benefit.month, benefit.amount = benefit.last_month, Decimal(0)  # what it makes up for is still due
    event: rules.Event = "postponed" if again else "failed"
    benefit.state = rules.STATES.next(benefit.state, event)
    benefit.note(event, "province", reason)
    tx.publish(BenefitPaymentFailed(**benefit.facts(), reason=code_in(reason), final=not again))
    if again:
        later = clock.now() + dt.timedelta(hours=law.number("benefit.retry_hours"))
        _order(benefit, order.tries + 1, later, tx)


def _end_unpaid(benefit: Benefit, reason: str, tx: Transaction) -> None:
    """End a benefit whose order failed, where it was for a month that is not due any more since it went out."""
    for event in ("failed", "stopped"):
        benefit.state = rules.STATES.next(benefit.state, event)
        benefit.note(event, "province", reason)
    last, why = benefit.last_paid, benefit.ends_for or "entitlement_ended"
    tx.publish(BenefitEnded(**benefit.facts(), last_month=last, ended_for=why, told_before=True))


def pay(benefit: Benefit, on: dt.date, source: Payer, by: str, tx: Transaction, *, number: str | None = None) -> None:
    """Note that the payment which is due has reached the payee. The caller stores the benefit."""
    benefit.state = rules.STATES.next(benefit.state, "paid")
    benefit.payments.append(
        Payment(
            month=benefit.month,
            amount=benefit.due,
            arrears=benefit.arrears,
            paid_on=on,
            source=source,
            number=number,
            by=by,
        )
    )
    benefit.note("paid", by)
    tx.publish(BenefitPaid(**benefit.facts(payer=source), paid_on=on))
    benefit.arrears = Decimal(0)
    tx.cancel(EMPLOYER_DUE, benefit.id)
    if benefit.month is not None and (benefit.last_month is None or benefit.month < benefit.last_month):
        next_month = calendar.start_of_day(first_day(month_after(benefit.month)))
        tx.schedule(MONTH, benefit.id, max(next_month, clock.now()))
    elif benefit.month is not None:
        benefit.await_values(())
        facts, told = benefit.facts(payer=source), benefit.ends_for is not None
        tx.publish(BenefitEnded(**facts, last_month=benefit.month, ended_for="last_month_paid", told_before=told))


async def begin_month(benefit_id: str, tx: Transaction) -> None:
    """Have the next month of a benefit paid; not while whoever draws it has missed the check of their entitlement.

    Where that check has found that the entitlement has ended, the benefit ends (社会保险经办条例 art. 25, 26).
    """
    benefit = await Benefit.of(benefit_id, tx)
    if benefit is None or benefit.state != "paid" or benefit.month is None or benefit.over:
        return
    if benefit.stopped_for is not None:
        return  # whoever lets it go on schedules the month anew
    check = await Check.of_drawn(benefit.id, await people.present_id(benefit.worker_id, tx), tx)
    if check is not None and check.rests(benefit.id):
        tx.schedule(MONTH, benefit.id, clock.now() + LOOK_AGAIN)
        return
    following = benefit.next_month
    if check is not None and check.has_ended(benefit.id, following):
        _end(benefit, check, tx)
    elif benefit.last_month is not None and following > benefit.last_month:  # the rest fell into a stop
        benefit.month = benefit.last_month
        last, told = benefit.last_paid, benefit.ends_for is not None
        tx.publish(BenefitEnded(**benefit.facts(), last_month=last, ended_for="last_month_paid", told_before=told))
    else:
        benefit.state = rules.STATES.next(benefit.state, "next_month")
        keep_sums(benefit)
        benefit.month = following
        _renew(benefit, benefit.month, tx)
        begin(benefit, tx)
    await benefit.put(tx)


def pass_on(benefit: Benefit, month: str, tx: Transaction) -> None:
    """Let a later month take the place of the one that is to be paid. The caller has it paid, and stores the benefit."""
    keep_sums(benefit)
    benefit.month = month
    _renew(benefit, month, tx)
    if benefit.order is not None and benefit.order.status == "waiting":
        benefit.order.month, benefit.order.amount = month, benefit.due


def keep_sums(benefit: Benefit) -> None:
    """Give a benefit that was granted before months had sums of their own what its present month comes to."""
    if not benefit.sums and benefit.month is not None:
        benefit.first_month = benefit.month
        benefit.sums = [Sum(from_month=benefit.month, amount=benefit.due, grows_from=benefit.month)]


def _renew(benefit: Benefit, month: str, tx: Transaction) -> None:
    """Take what the month comes to by its own law: the yearly factor, the minimum wage, what was set from it on, and what
    earlier months were paid too little (工伤保险条例 art. 35, 36, 40).
    """
    law = parameters.on(first_day(month), place=benefit.district)
    growth = rules.yearly_factor(benefit.kind, month, law)
    if growth is not None and all(one.from_month < growth[0] for one in benefit.growths):
        benefit.growths.append(Growth(from_month=growth[0], factor=growth[1]))
    due = rules.awaits_adjustment(benefit.kind, benefit.first_month or month, month, benefit.adjusted_from)
    benefit.await_values([*benefit.awaited_but(rules.YEARLY), *([(rules.YEARLY, benefit.kind)] if due else [])])
    benefit.make_up(law)
    owes = benefit.owed(month, law)
    if owes is None or (owes == benefit.amount and not benefit.arrears):
        return
    benefit.amount = owes
    benefit.used += [one for one in law.used if one not in benefit.used]
    benefit.note("renewed", "timer")
    tx.publish(BenefitAdjusted(**benefit.facts(), from_month=month, arrears=money(benefit.arrears)))


def _end(benefit: Benefit, check: Check, tx: Transaction) -> None:
    """End a benefit whose entitlement a check has found ended, and told of."""
    benefit.state, benefit.ends_for = rules.STATES.next(benefit.state, "stopped"), "entitlement_ended"
    benefit.note("stopped", "timer", "entitlement_ended")
    last, told = benefit.last_paid, check.has_told(benefit.to_kin, benefit.kin)
    tx.publish(BenefitEnded(**benefit.facts(), last_month=last, ended_for="entitlement_ended", told_before=told))


async def record_payment(benefit: Benefit, amount: Decimal, paid_on: dt.date, by: str, tx: Transaction) -> None:
    """Store that who must pay a benefit itself has paid what is due; raises Conflict and RuleBroken."""
    if benefit.payer == "fund" or benefit.amount is None:
        raise rules.not_now(benefit.state, "paid by its payer")
    if amount != benefit.due:
        raise wrong_sum(benefit.due)
    check_paid_on(benefit, paid_on)
    await drop_advance(benefit, by, tx)
    pay(benefit, paid_on, benefit.payer, by, tx)
    await benefit.put(tx)


async def drop_advance(benefit: Benefit, by: str, tx: Transaction) -> None:
    """An advance that was due is not needed any more."""
    advance = await due_advance(benefit, tx)
    if advance is not None:
        advance.state = rules.ADVANCES.next(advance.state, "moot")
        advance.note("moot", by)
        await advance.put(tx)
        tx.cancel(REMINDER, advance.id)


async def due_advance(benefit: Benefit, tx: Transaction) -> Advance | None:
    """The advance that the platform owes now, or None."""
    advance = await Advance.of(f"{benefit.id}:a{benefit.advances}", tx) if benefit.advances else None
    return advance if advance is not None and advance.state == "due" else None


def check_paid_on(benefit: Benefit, day: dt.date) -> None:
    """Raise RuleBroken where a benefit would have been paid before the injury."""
    if day < benefit.occurred_on:
        raise RuleBroken("paid-too-early", "付款日期早于伤害发生日", "the day of payment is before the injury")


def wrong_sum(due: Decimal) -> RuleBroken:
    """What is answered where a payment is not the sum that is due, in yuan."""
    return RuleBroken("wrong-sum", f"应付金额为{due}元，须一次付清", f"{due} yuan is due, and all of it")
