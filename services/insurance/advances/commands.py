"""What a platform advances in its partner firm's place, and its recourse (德人社发〔2022〕95号 art. 3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.insurance.benefits import payments, rules
from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.payments import REMINDER
from services.insurance.claims.documents import Claim
from services.insurance.debts.commands import correct, repay, write_off
from services.insurance.debts.documents import Debt
from shared import clock, faults
from shared.contracts.base import money
from shared.contracts.insurance import AdvanceDue, AdvancePaid, BenefitPaymentFailed, RecourseClosed, RecourseCorrected
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.provisional import Provisional, Stored, from_day, provisional_kind, rests_on
from shared.storage.transaction import Transaction

CALENDAR = provisional_kind("insurance.advance_calendar")


def _days(row: Row) -> list[tuple[str, Provisional]]:
    """The last day of an advance, from the day on which the platform was told."""
    start = calendar.shanghai_date(row["history"][0]["at"])
    days = parameters.on(start, place=row["district"]).days("advance.days")
    return [(row["_id"], rests_on(row["due_on"], start, days=days))]


STORED = Stored(CALENDAR, Advance, from_day("due_on", state="due"), ("due_on", "district", "history"), _days)


async def miss(benefit_id: str, tx: Transaction) -> None:
    """What follows when who must pay a benefit itself has not paid in time: a partner firm's platform must advance."""
    benefit = await Benefit.of(benefit_id, tx)
    if benefit is None or benefit.state != "granted" or benefit.payer == "fund":
        return
    if benefit.stopped_for is not None:
        return  # whoever lets it go on sets the day anew
    claim = await Claim.of(benefit.claim_id, tx)
    if (
        claim is None or not claim.recognised
    ):  # a decision that was annulled: nobody owes anything until it is made anew
        tx.schedule(payments.EMPLOYER_DUE, benefit.id, clock.now() + payments.LOOK_AGAIN)
        return
    benefit.note("overdue", "timer")
    tx.publish(BenefitPaymentFailed(**benefit.facts(), reason="not_paid_in_time", final=False))
    if benefit.payer == "partner" and benefit.partner is not None and await payments.due_advance(benefit, tx) is None:
        await _fall_due(benefit, benefit.partner, tx)
    await benefit.put(tx)


async def declare_default(benefit: Benefit, reason: str, by: str, tx: Transaction) -> Benefit:
    """Take it that the partner firm will not pay, before its time is over: it refuses, or is gone. Raises Conflict."""
    under_way = await payments.due_advance(benefit, tx) is not None
    waits = benefit.state != "granted" or benefit.stopped_for is not None or under_way
    if waits or benefit.payer != "partner" or benefit.partner is None:
        raise rules.not_now(benefit.state, "default")
    benefit.note("default", by, reason)
    tx.publish(BenefitPaymentFailed(**benefit.facts(), reason="partner_defaulted", final=False))
    tx.cancel(payments.EMPLOYER_DUE, benefit.id)
    await _fall_due(benefit, benefit.partner, tx)
    return await benefit.put(tx)


async def _fall_due(benefit: Benefit, partner: str, tx: Transaction) -> None:
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today, place=benefit.district)
    benefit.advances += 1
    deadline = calendar.add_days(today, law.days("advance.days"))
    advance = Advance(
        id=f"{benefit.id}:a{benefit.advances}",
        benefit_id=benefit.id,
        claim_id=benefit.claim_id,
        worker_id=benefit.worker_id,
        platform=benefit.platform,
        partner=partner,
        district=benefit.district,
        month=benefit.month,
        amount=benefit.due,
        due_on=deadline.due,
    )
    advance.note("due", "timer")
    await advance.put(tx)
    tx.publish(AdvanceDue(**advance.facts(), due_on=advance.due_on))
    tx.schedule(REMINDER, advance.id, calendar.end_of_day(advance.due_on))
    provisional.watch(CALENDAR, advance.id, deadline, tx)


async def recalculate(advance_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the day of an advance that is still due, where the days off have been published that it rests on."""
    advance = await Advance.of(advance_id, tx)
    deadline = provisional.moved(kept)
    if deadline and advance and advance.due_on == kept.due and advance.state == "due":
        advance.due_on = deadline.due
        if not advance.reminders:
            tx.schedule(REMINDER, advance.id, calendar.end_of_day(deadline.due))
        provisional.watch(CALENDAR, advance.id, deadline, tx)
        await advance.put(tx)


async def remind(advance_id: str, tx: Transaction) -> None:
    """Tell a platform again of an advance that is overdue, as often as the parameter says."""
    advance = await Advance.of(advance_id, tx)
    if advance is None or advance.state != "due":
        return
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today, place=advance.district)
    advance.reminders += 1
    advance.note("reminded", "timer")
    tx.publish(AdvanceDue(**advance.facts(), due_on=advance.due_on))
    if advance.reminders < law.number("advance.reminders"):
        again = calendar.add_days(today, law.days("advance.reminder_days")).due
        tx.schedule(REMINDER, advance.id, calendar.end_of_day(again))
    await advance.put(tx)


async def record(benefit: Benefit, amount: Decimal, paid_on: dt.date, by: str, tx: Transaction) -> Advance:
    """Store that the platform has advanced what was due; its recourse to the partner firm begins.

    Raises Conflict, and RuleBroken where it is not the whole.
    """
    advance = await payments.due_advance(benefit, tx)
    if advance is None:
        raise _nothing_due()
    if amount != advance.amount:
        raise payments.wrong_sum(advance.amount)
    payments.check_paid_on(benefit, paid_on)
    advance.state = rules.ADVANCES.next(advance.state, "advanced")
    advance.paid_on, advance.recourse = paid_on, Debt(owed=amount)
    advance.note("advanced", by)
    tx.publish(AdvancePaid(**advance.facts(), paid_on=paid_on))
    tx.cancel(REMINDER, advance.id)
    payments.pay(benefit, paid_on, "platform", by, tx)
    await benefit.put(tx)
    return await advance.put(tx)


async def record_instalment(advance: Advance, amount: Decimal, on: dt.date, by: str, tx: Transaction) -> Advance:
    """Store what the partner firm has paid back; raises Conflict, RuleBroken."""
    repay(_recourse(advance), amount, on, by)
    advance.note("repaid", by)
    return await _followed(advance, tx)


async def correct_instalment(
    advance: Advance,
    number: int,
    reason: str,
    anew: tuple[dt.date, Decimal] | None,
    to: Advance | None,
    by: str,
    tx: Transaction,
) -> Advance:
    """Let money count no more that was recorded wrongly, as another officer than who recorded it; and what came instead, or the same
    on the advance of which it was paid (`to`). What is owed again by that may be recovered again. Raises Conflict, RuleBroken.
    """
    if to is not None:
        _check_target(advance, to, anew)
    wrong = correct(_recourse(advance), advance.id, number, reason, anew, by, moved_to=to and to.id)
    advance.note("recourse_corrected", by, reason)
    debt = _recourse(advance)
    left = money(debt.owed - debt.repaid)
    tx.publish(
        RecourseCorrected(**advance.facts(), recovered=money(debt.repaid), outstanding=left, moved=to is not None)
    )
    if to is not None:
        faults.reach("recourse.moving")
        await record_instalment(to, wrong.amount, wrong.on, by, tx)
    return await _followed(advance, tx)


def _check_target(advance: Advance, to: Advance, anew: tuple[dt.date, Decimal] | None) -> None:
    if anew is not None:
        raise RuleBroken("moved-as-recorded", "转记的款项不得同时改记", "what is moved is moved as it was recorded")
    if to.id == advance.id:
        raise RuleBroken("same-place", "该款项已登记在此处", "the money is recorded there already")
    if to.platform != advance.platform:
        raise RuleBroken("other-platform", "只能转记到同一平台的垫付", "the advance is another platform's")


async def give_up(advance: Advance, reason: str, by: str, tx: Transaction) -> Advance:
    """End a recourse of which some part is still owed; raises Conflict."""
    write_off(_recourse(advance), advance.id, reason)
    advance.note("given_up", by, reason)
    return await _followed(advance, tx)


def _recourse(advance: Advance) -> Debt:
    if advance.recourse is None:
        raise _nothing_due()
    return advance.recourse


async def _followed(advance: Advance, tx: Transaction) -> Advance:
    debt = _recourse(advance)
    if debt.state != "open":
        tx.publish(RecourseClosed(**advance.facts(), outcome=debt.state, recovered=money(debt.repaid)))
    return await advance.put(tx)


def _nothing_due() -> Conflict:
    return Conflict("nothing-due", "当前没有应垫付或可追偿的款项", "no advance is due, or none was paid")
