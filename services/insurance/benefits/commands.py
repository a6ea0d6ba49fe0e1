"""What an officer, the payee or a change of the facts does to a benefit that was granted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from services.insurance.benefits import payments, rules
from services.insurance.benefits.documents import ACCOUNT, Benefit, Pause
from services.insurance.benefits.grant_commands import payee_of, publish_granted, reach
from services.insurance.benefits.proposal_commands import Asked
from services.insurance.benefits.timeline import Growth, Sum, replaced
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import BenefitAdjusted, BenefitEnded
from shared.errors import Conflict
from shared.policy import calendar
from shared.policy.calendar import first_day, month_after
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction


async def set_amount(
    benefit: Benefit, amount: Decimal, reason: str, document: str, by: str, tx: Transaction
) -> Benefit:
    """Enter the sum of an open benefit, with the document that it stands in; raises Conflict."""
    if benefit.stopped_for is not None:
        raise rules.not_now(benefit.state, "amount_set")
    benefit.state = rules.STATES.next(benefit.state, "amount_set")
    benefit.amount, benefit.document = amount, document
    benefit.await_values(())
    benefit.note("amount_set", by, reason)
    publish_granted(benefit, amount, tx)
    return await benefit.put(tx)


async def correct_account(benefit: Benefit, account: str, phone: str | None, by: str, tx: Transaction) -> Benefit:
    """Take the payee's right account, and where it is told the phone of next of kin, and order the payment that failed anew;
    raises Conflict."""
    benefit.state = rules.STATES.next(benefit.state, "corrected")
    assert benefit.payee is not None
    benefit.payee = benefit.payee.model_copy(update={"account": encrypt_field(ACCOUNT, benefit.id, account)})
    if phone is not None:
        reach(benefit, [(benefit.payee.opened(benefit.id)[1], phone)], tx)
    benefit.note("corrected", by)
    payments.begin(benefit, tx)
    return await benefit.put(tx)


async def adjust(benefit: Benefit, amount: Decimal, reason: str, document: str, by: str, tx: Transaction) -> Benefit:
    """Pay another sum from the next month on (工伤保险条例 art. 40); raises Conflict. By how much a dependant's is more or less stays
    so when the shares change.
    """
    if benefit.month is None:
        raise rules.not_now(benefit.state, "adjusted")
    benefit.state = rules.STATES.next(benefit.state, "adjusted")
    benefit.document, benefit.missing = document, None
    benefit.await_values(())
    benefit.note("adjusted", by, reason)
    payments.keep_sums(benefit)
    later = month_after(benefit.month)
    if benefit.dependant is None:
        set_sums(benefit, [Sum(from_month=later, amount=amount, grows_from=later)], tx)
    else:
        law = parameters.on(first_day(later), place=benefit.district)
        plus = amount - (benefit.owed(later, law) or benefit.due)
        benefit.growths.append(Growth(from_month=later, plus=plus))
        set_sums(benefit, [], tx)
    return await benefit.put(tx)


def set_sums(benefit: Benefit, later: Sequence[Sum], tx: Transaction) -> None:
    """Let other sums hold from a month on. Once the present month is paid the next one's is told at once; the rest when its month
    begins, with what was paid too little since. The caller stores the benefit.
    """
    payments.keep_sums(benefit)
    benefit.sums = replaced(benefit.sums, later)
    if benefit.state != "paid" or benefit.month is None:
        return
    month = month_after(benefit.month)
    law = parameters.on(first_day(month), place=benefit.district)
    owes = benefit.owed(month, law)
    if owes is not None and owes != benefit.amount:
        benefit.amount = owes
        tx.publish(BenefitAdjusted(**benefit.facts(), from_month=month, arrears=money(Decimal(0))))


async def end(benefit: Benefit, last_month: str, why: str, by: str, tx: Transaction) -> None:
    """Let a monthly benefit end with a month; nothing is paid for a later one that is not on its way. `why` is a code.

    An order that is out is paid: what it pays too much is seen as overpaid, and can be claimed back.
    """
    if benefit.month is None or benefit.state == "stopped" or (benefit.last_month or "9999-99") <= last_month:
        return
    benefit.last_month, benefit.ends_for = last_month, why
    benefit.note("ends", by, why)
    if benefit.state in ("granted", "failed") and benefit.month > last_month and benefit.arrears > 0:
        await _owe_arrears_alone(benefit, last_month, by, tx)
    elif benefit.state in ("open", "granted", "failed") and benefit.month > last_month:
        benefit.state = rules.STATES.next(benefit.state, "stopped")
        for kind in (payments.ORDER, payments.EMPLOYER_DUE):
            tx.cancel(kind, benefit.id)
        await payments.drop_advance(benefit, by, tx)
    elif benefit.state == "paid" and benefit.month >= last_month:
        benefit.state = rules.STATES.next(benefit.state, "stopped")
        tx.cancel(payments.MONTH, benefit.id)
    if benefit.amount is not None:
        tx.publish(BenefitEnded(**benefit.facts(), last_month=last_month, ended_for=why))
    await benefit.put(tx)


async def _owe_arrears_alone(benefit: Benefit, last_month: str, by: str, tx: Transaction) -> None:
    """Of a payment that has not left, pay what it makes up for earlier months, which are still due."""
    benefit.month, benefit.amount = last_month, Decimal(0)
    if benefit.state == "granted" and benefit.payer == "fund" and benefit.order is not None:
        benefit.order.month, benefit.order.amount = last_month, benefit.due
    elif benefit.state == "granted":
        await payments.drop_advance(benefit, by, tx)
        payments.begin(benefit, tx)


async def prolong(benefit: Benefit, tx: Transaction) -> None:
    """Let a monthly benefit go on after its last month. The caller stores it."""
    if benefit.over and benefit.state == "paid" and benefit.month is not None:
        begins = calendar.start_of_day(first_day(month_after(benefit.month)))
        tx.schedule(payments.MONTH, benefit.id, max(begins, clock.now()))
    benefit.last_month = None


async def keep_back(benefit: Benefit, case: str, by: str, tx: Transaction) -> None:
    """Pay nothing more until benefits go on (工伤保险条例 art. 42)."""
    if benefit.state != "stopped" and not (benefit.over and benefit.month is None):
        benefit.stopped_for = case
        tx.cancel(payments.EMPLOYER_DUE, benefit.id)
        await payments.drop_advance(benefit, by, tx)
        benefit.note("kept_back", by, case)
        await benefit.put(tx)


async def go_on(benefit: Benefit, since: dt.date, by: str, tx: Transaction) -> None:
    """Pay again, from the present month on: for the months since the stop, that of its day left out, nothing is paid."""
    if benefit.stopped_for is None:
        return
    benefit.stopped_for = None
    benefit.note("goes_on", by)
    present = calendar.month_of(clock.now())
    first, last = month_after(f"{since:%Y-%m}"), f"{calendar.months_after(first_day(present), -1):%Y-%m}"
    if first <= last:
        benefit.pauses.append(Pause(first_month=first, last_month=last))
    if benefit.state == "granted" and benefit.month is not None and first <= benefit.month <= last:
        await _leave_out(benefit, last, by, tx)
    if benefit.state == "granted" and benefit.payer != "fund":
        payments.begin(benefit, tx)
    elif benefit.state == "granted" and benefit.order is not None and benefit.order.status == "waiting":
        tx.schedule(payments.ORDER, benefit.id, clock.now())
    elif benefit.state == "paid" and benefit.month is not None and not benefit.over:
        payments.keep_sums(benefit)
        begins = calendar.start_of_day(first_day(benefit.next_month))
        tx.schedule(payments.MONTH, benefit.id, max(begins, clock.now()))
    await benefit.put(tx)


async def _leave_out(benefit: Benefit, last: str, by: str, tx: Transaction) -> None:
    """Of a month that was to be paid when benefits were stopped, and that is not due since, up to `last`: pay the next one instead."""
    following = month_after(last)
    if benefit.last_month is None or following <= benefit.last_month:
        payments.pass_on(benefit, following, tx)
    elif benefit.arrears > 0:
        await _owe_arrears_alone(benefit, benefit.last_month, by, tx)
    else:
        await close(benefit, "停发期间不予支付", "last_month_paid", by, tx)


async def take_over(
    benefit: Benefit,
    account: str,
    kin: tuple[str, str] | None,
    phones: Sequence[tuple[str, str]],
    reason: str,
    by: str,
    tx: Transaction,
) -> Benefit:
    """Let the fund pay what an employer without contributions has not (社会保险法 art. 41); raises Conflict.

    Not what an insured employer bears since it applied too late: for that the law has no advance by the fund.
    """
    law = parameters.on(benefit.occurred_on, place=benefit.district)
    late = benefit.basis.get("burden") == "late_application"
    if benefit.payer == "fund" or late or not rules.is_the_funds(benefit.kind, benefit.scheme, law):
        raise rules.not_now(benefit.state, "taken_over")
    benefit.state = rules.STATES.next(benefit.state, "taken_over")
    asked = Asked(benefit.kind, account=account, kin=kin)
    benefit.payee = await payee_of(benefit.id, benefit.worker_id, asked, "fund", tx)
    benefit.to_kin = benefit.to_kin or kin is not None
    reach(benefit, phones, tx)
    benefit.liable, benefit.payer = benefit.payer, "fund"
    benefit.note("taken_over", by, reason)
    tx.cancel(payments.EMPLOYER_DUE, benefit.id)
    await payments.drop_advance(benefit, by, tx)
    payments.begin(benefit, tx)
    return await benefit.put(tx)


async def stop(benefit: Benefit, reason: str, by: str, tx: Transaction) -> Benefit:
    """End a benefit (社会保险法 art. 43): nothing more is paid. Raises Conflict, also while an order is under way, and for a
    dependant's, whose end changes the others'."""
    if benefit.dependant is not None:
        raise Conflict("not-in-this-state", "请在供养亲属登记中停止", "end it in the register of dependants")
    return await close(benefit, reason, "by_officer", by, tx)


async def close(benefit: Benefit, reason: str, why: str, by: str, tx: Transaction, *, told: bool = False) -> Benefit:
    """Pay nothing more of a benefit, whosever it is. `why` is a code; `told`: whoever draws it has heard of it. Raises Conflict while
    an order is under way."""
    benefit.state = rules.STATES.next(benefit.state, "stopped")
    benefit.note("stopped", by, reason)
    if benefit.amount is not None:
        tx.publish(BenefitEnded(**benefit.facts(), last_month=benefit.last_paid, ended_for=why, told_before=told))
    for kind in (payments.ORDER, payments.MONTH, payments.EMPLOYER_DUE):
        tx.cancel(kind, benefit.id)
    await payments.drop_advance(benefit, by, tx)
    return await benefit.put(tx)
