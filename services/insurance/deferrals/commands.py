"""Ask for dues to be paid later, decide on it by two officers, and follow its term to the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from services.insurance.deferrals import events, rules
from services.insurance.deferrals.documents import Deferral, DeferredMonth, Guarantee, Proposal, encrypted_text
from services.insurance.deferrals.rules import Ground, Outcome, Security
from services.insurance.dues import rules as dues_rules
from services.insurance.dues.arrears_commands import arrears_of
from services.insurance.dues.commands import GATHER, LAPSE, MONTH_LAPSE, NEAR, lapses_at
from services.insurance.dues.documents import MonthDue, Term, UnitMonth
from shared import clock
from shared.errors import Conflict, RuleBroken
from shared.identity.regions import CITY
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.kinds import TimerKind
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

ENDS = TimerKind("insurance.deferral_end")
"""The last day of a term, and the days in which word comes of what was paid on it; by the deferral's id."""

Secured = tuple[Security, Decimal, str]


async def ask(
    unit: str, ground: Ground, months: Sequence[str], why: str, guarantee: Secured | None, by: str, tx: Transaction
) -> Deferral:
    """Ask that months be paid later; raises RuleBroken, and Conflict where one of them is deferred, or asked to be."""
    today = _today()
    due = {month: dues_rules.pay_by(month, parameters.on(dues_rules.law_day(month))) for month in months}
    rules.check_asked(ground, months, due, today, guaranteed=guarantee is not None)
    deferral_id = new_id()
    deferral = Deferral(
        id=deferral_id,
        unit=unit,
        ground=ground,
        months=sorted(months),
        why=encrypted_text(deferral_id, why),
        guarantee=guarantee
        and Guarantee(kind=guarantee[0], value=guarantee[1], text=encrypted_text(deferral_id, guarantee[2])),
        asked_by=by,
        asked_on=today,
    )
    for month in deferral.months:
        try:
            await DeferredMonth.take(f"{unit}|{month}", deferral.id, tx)
        except AlreadyTaken:
            raise Conflict(
                "deferred-already", f"{month}已申请或正在缓缴", "the month is deferred, or asked to be"
            ) from None
    tx.publish(events.asked(deferral))
    return await deferral.put(tx)


async def withdraw(deferral: Deferral, tx: Transaction) -> Deferral:
    """Take back what was not decided yet; raises Conflict."""
    deferral.state = rules.STATES.next(deferral.state, "withdraw")
    deferral.proposal = None
    return await _over(deferral, "withdrawn", tx)


async def propose(
    deferral: Deferral, outcome: Outcome, last: dt.date | None, reason: str, by: str, tx: Transaction
) -> Deferral:
    """Propose what is decided: a term, no deferral, or an end before its time; raises Conflict, RuleBroken."""
    rules.check_proposed(deferral.state, outcome)
    if (outcome == "grant") != (last is not None):
        raise RuleBroken("term-missing", "同意缓缴的应写明期限", "a term is set where it is granted, and only there")
    if last is not None:
        _set_term(deferral, last)
    if outcome in ("grant", "refuse"):
        deferral.state = rules.STATES.next(deferral.state, "propose")
    deferral.proposal = Proposal(outcome=outcome, by=by, last=last, reason=encrypted_text(deferral.id, reason))
    return await deferral.put(tx)


async def confirm(deferral: Deferral, by: str, tx: Transaction) -> Deferral:
    """Carry out what another officer has proposed; raises Conflict, RuleBroken."""
    proposal = deferral.proposal
    rules.check_confirmer(by, None if proposal is None else proposal.by)
    assert proposal is not None
    deferral.proposal, deferral.decided, deferral.confirmed_by = None, proposal, by
    match proposal.outcome:
        case "refuse":
            deferral.state = rules.STATES.next(deferral.state, "refuse")
            await _give_up(deferral, tx)
            tx.publish(events.decided(deferral))
            return await deferral.put(tx)
        case "cancel":
            deferral.state = rules.STATES.next(deferral.state, "cancel")
            return await _over(deferral, "cancelled", tx)
        case "breach":
            deferral.state = rules.STATES.next(deferral.state, "breach")
            return await _over(deferral, "breached", tx)
        case "grant":
            return await _grant(deferral, proposal, tx)


async def _grant(deferral: Deferral, proposal: Proposal, tx: Transaction) -> Deferral:
    deferral.state = rules.STATES.next(deferral.state, "grant")
    assert proposal.last is not None
    first, last = _set_term(deferral, proposal.last)
    for month in deferral.months:
        await _defer(deferral.unit, month, Term(first=first, last=last), tx)
    tx.schedule(ENDS, deferral.id, lapses_at(last))
    tx.publish(events.decided(deferral))
    return await deferral.put(tx)


async def end(deferral_id: str, tx: Transaction) -> None:
    """The term is over: say whether everything was paid. What is owed is told, month by month, as any dues that are missed."""
    deferral = await Deferral.of(deferral_id, tx)
    if deferral is None or deferral.state != "granted" or deferral.last is None:
        return
    units = [await UnitMonth.of(f"{deferral.unit}|{month}", tx) for month in deferral.months]
    owed = [one for unit in units if unit is not None for one in (await arrears_of(unit, tx)).insurances]
    paid = all(one.outstanding == 0 for one in owed)
    deferral.state = rules.STATES.next(deferral.state, "fulfil" if paid else "lapse")
    await _give_up(deferral, tx)
    deferral.ended_on = deferral.last
    tx.publish(events.ended(deferral, "paid" if paid else "unpaid"))
    await deferral.put(tx)


async def _over(deferral: Deferral, how: events.Ending, tx: Transaction) -> Deferral:
    """End it now: of a term today is the last day, and from tomorrow on what is owed costs a late fee again."""
    deferral.ended_on = _today()
    if deferral.first is not None and deferral.state in ("cancelled", "breached"):
        for month in deferral.months:
            await _defer(deferral.unit, month, Term(first=deferral.first, last=deferral.ended_on), tx)
    tx.cancel(ENDS, deferral.id)
    await _give_up(deferral, tx)
    tx.publish(events.ended(deferral, how))
    return await deferral.put(tx)


async def _give_up(deferral: Deferral, tx: Transaction) -> None:
    for month in deferral.months:
        await DeferredMonth.give_up(f"{deferral.unit}|{month}", deferral.id, tx)


def _set_term(deferral: Deferral, last: dt.date) -> tuple[dt.date, dt.date]:
    first = _today()
    law = parameters.on(first, place=CITY)
    deferral.longest = rules.longest(first, law)
    due = max(dues_rules.pay_by(month, parameters.on(dues_rules.law_day(month))) for month in deferral.months)
    deferral.first, deferral.last = first, rules.last_day(last, max(first, due), deferral.longest)
    deferral.used = list(law.used)
    return deferral.first, deferral.last


async def _defer(unit: str, month: str, term: Term, tx: Transaction) -> None:
    """Let a unit's month be paid at the end of a term, without a late fee for its days. What is owed at its end is told as any
    month that is missed."""
    law = parameters.on(dues_rules.law_day(month))
    known = await UnitMonth.of(f"{unit}|{month}", tx)
    whole = known or UnitMonth(id=f"{unit}|{month}", unit=unit, month=month, due_on=dues_rules.pay_by(month, law))
    whole.deferred = term
    near = calendar.start_of_day(whole.payable_by - dt.timedelta(days=law.days("social_insurance.dues_remind_days")))
    if near > clock.now():
        tx.schedule(NEAR, whole.id, near)
    tx.schedule(MONTH_LAPSE, whole.id, lapses_at(whole.payable_by) + GATHER)
    await whole.put(tx)
    for due in await tx.find(MonthDue, {"unit": unit, "month": month}):
        due.deferred = term
        if due.state == "owed":
            tx.schedule(LAPSE, due.id, lapses_at(max(due.due_on, whole.payable_by)))
        await due.put(tx)


def _today() -> dt.date:
    return calendar.shanghai_date(clock.now())
