"""Claiming back what was paid wrongly, and ending payments that are not due any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import msgspec

from services.insurance.benefits import commands as benefits
from services.insurance.benefits import rules
from services.insurance.benefits.documents import Benefit
from services.insurance.debts.commands import correct, repay, write_off
from services.insurance.debts.documents import Debt
from services.insurance.debts.rules import DebtState, too_much
from services.insurance.recoveries.documents import Decision, Recovery, Statement
from services.insurance.recoveries.rules import STATES, answer_by, paid_beyond, recoverable, require_heard
from shared import clock
from shared.contracts.base import money
from shared.contracts.insurance import (
    BenefitEnded,
    Debtor,
    RecoveryClosed,
    RecoveryDropped,
    RecoveryOpened,
    RecoveryProposed,
)
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.calendar import month_after
from shared.policy.parameters import parameters
from shared.storage import provisional
from shared.storage.client import Row
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, from_day, provisional_kind, rests_on
from shared.storage.records import find
from shared.storage.transaction import Transaction


class PaidThrough(msgspec.Struct, frozen=True):
    """The last month (YYYY-MM) for which a benefit is due, or `NOTHING`. `told`: whoever draws it has heard of it."""

    month: str
    told: bool = True


END = TimerKind("insurance.benefit_end", PaidThrough)
CALENDAR = provisional_kind("insurance.recovery_calendar")


def _answers(row: Row) -> list[tuple[str, Provisional]]:
    proposed_on = calendar.shanghai_date(row["created_at"])
    days = parameters.on(proposed_on, place=row["district"]).days("recovery.statement_workdays")
    return [(row["_id"], rests_on(row["answer_by"], proposed_on, workdays=days))]


STORED = Stored(
    CALENDAR, Recovery, from_day("answer_by", state="proposed"), ("answer_by", "created_at", "district"), _answers
)

LOOK_AGAIN = dt.timedelta(hours=6)
"""How often it is asked whether a payment order has come to its end: ours, not the law's."""

NOTHING = "none"
"""Where no part of a benefit is due any more."""

NO_LONGER_ENTITLED = "no_longer_entitled"
"""The code of what was paid for months after the last one that was due."""

MOST_STATEMENTS = 10
"""How often a payee may speak to one proposal: ours, not the law's."""


async def end_payment(benefit_id: str, through: str, told: bool, tx: Transaction) -> None:
    """Pay a benefit up to a month (YYYY-MM) and no further (社会保险经办条例 art. 26), and propose that the payee gives back what the
    fund has paid beyond it (art. 46).

    While an order is under way the money may be: what it is for is looked at when it has come to its end. `told`: whoever draws it
    has heard from the check that it ends.
    """
    benefit = await Benefit.of(benefit_id, tx)
    if through == NOTHING:
        await _take_back(benefit, tx)
        return
    if benefit is None or benefit.month is None:
        return
    if benefit.state == "ordered" and benefit.month > through:
        tx.schedule(END, benefit.id, clock.now() + LOOK_AGAIN, PaidThrough(through, told))
        return
    payable = month_after(benefit.month) if benefit.state == "paid" else benefit.month
    if payable <= through:
        if benefit.last_month is None or benefit.last_month > through:
            benefit.last_month, benefit.ends_for = through, "entitlement_ended"
            if not told and benefit.amount is not None:
                tx.publish(BenefitEnded(**benefit.facts(), last_month=through, ended_for=benefit.ends_for))
            await benefit.put(tx)
    elif benefit.state != "stopped":
        await benefits.close(benefit, "entitlement_ended", "entitlement_ended", "timer", tx, told=told)
    paid = [(one.month, one.amount, one.source == "fund") for one in benefit.payments]
    earlier = [one for one in await find(Recovery, {"benefit_id": benefit.id}, tx) if one.reason == NO_LONGER_ENTITLED]
    amount = min(recoverable(paid_beyond(paid, through), _debts(earlier)), await left(benefit, tx))
    if amount > 0:
        await propose(benefit, amount, NO_LONGER_ENTITLED, "timer", tx)


def take_back_later(benefit: Benefit, tx: Transaction) -> None:
    """Look at a benefit of which nothing is due any more when the order that is out has come to its end."""
    tx.schedule(END, benefit.id, clock.now() + LOOK_AGAIN, PaidThrough(NOTHING))


async def _take_back(benefit: Benefit | None, tx: Transaction) -> None:
    if benefit is None:
        return
    if benefit.state == "ordered":
        take_back_later(benefit, tx)
    elif benefit.state in ("granted", "failed"):
        await benefits.close(benefit, "entitlement_ended", "entitlement_ended", "timer", tx)
    elif (amount := await left(benefit, tx)) > 0:
        await propose(benefit, amount, NO_LONGER_ENTITLED, "timer", tx)


async def propose(benefit: Benefit, amount: Decimal, reason: str, by: str, tx: Transaction) -> Recovery:
    """Propose to claim back what a payee was paid too much: they may speak to it before an officer decides."""
    today = calendar.shanghai_date(clock.now())
    law = parameters.on(today, place=benefit.district)
    recovery = _begin(benefit, amount, reason, "payee", by)
    deadline = answer_by(today, law)
    recovery.state, recovery.answer_by = "proposed", deadline.due
    provisional.watch(CALENDAR, recovery.id, deadline, tx)
    recovery.used = list(law.used)
    benefit.note("recovery_proposed", by, reason)
    tx.publish(
        RecoveryProposed(
            **benefit.facts(),
            recovery_id=recovery.id,
            to_recover=money(amount),
            reason=reason,
            answer_by=recovery.answer_by,
        )
    )
    await benefit.put(tx)
    return await recovery.put(tx)


def _begin(benefit: Benefit, amount: Decimal, reason: str, debtor: Debtor, by: str) -> Recovery:
    benefit.recoveries += 1
    return Recovery(
        id=f"{benefit.id}:r{benefit.recoveries}",
        benefit_id=benefit.id,
        district=benefit.district,
        debtor=debtor,
        reason=reason,
        by=by,
        debt=Debt(owed=amount),
    )


async def recalculate(recovery_id: str, kept: Provisional, tx: Transaction) -> None:
    """Move the day until which a payee may speak, where the days off have been published that it rests on."""
    recovery = await Recovery.of(recovery_id, tx)
    deadline = provisional.moved(kept)
    if deadline and recovery and recovery.answer_by == kept.due and recovery.state == "proposed":
        recovery.answer_by = deadline.due
        provisional.watch(CALENDAR, recovery.id, deadline, tx)
        await recovery.put(tx)


async def hear(recovery: Recovery, statement: str, by: str, tx: Transaction) -> Recovery:
    """Record what the payee says to a proposal; raises Conflict."""
    recovery.state = STATES.next(recovery.state, "heard")
    if len(recovery.statements) >= MOST_STATEMENTS:
        raise Conflict(
            "too-many-statements", "您已多次提交说明，请等待经办机构处理", "wait until an officer has decided"
        )
    recovery.statements.append(Statement(at=clock.now(), by=by, text=recovery.kept(statement)))
    return await recovery.put(tx)


async def order(
    benefit: Benefit, recovery: Recovery, amount: Decimal | None, why: str, by: str, tx: Transaction
) -> Recovery:
    """Claim back what was proposed, or a part of it (`amount`), once the payee could speak to it; raises Conflict, RuleBroken."""
    _decide(recovery, "ordered", why, by)
    if amount is not None and amount > recovery.debt.owed:
        raise too_much()
    recovery.debt.owed = recovery.debt.owed if amount is None else amount
    _publish_opened(benefit, recovery, by, tx)
    await benefit.put(tx)
    return await recovery.put(tx)


async def drop(benefit: Benefit, recovery: Recovery, why: str, by: str, tx: Transaction) -> Recovery:
    """Claim nothing back of what was proposed; raises Conflict."""
    _decide(recovery, "dropped", why, by)
    recovery.debt.state = "written_off"
    benefit.note("recovery_dropped", by)
    tx.publish(RecoveryDropped(**benefit.facts(), recovery_id=recovery.id))
    await benefit.put(tx)
    return await recovery.put(tx)


def _decide(recovery: Recovery, event: Literal["ordered", "dropped"], why: str, by: str) -> None:
    today = calendar.shanghai_date(clock.now())
    recovery.state = STATES.next(recovery.state, event)
    if event == "ordered":
        require_heard(len(recovery.statements), recovery.answer_by, today)
    recovery.decision = Decision(on=today, by=by, text=recovery.kept(why))


def _publish_opened(benefit: Benefit, recovery: Recovery, by: str, tx: Transaction) -> None:
    benefit.note("recovery_opened", by, recovery.reason)
    tx.publish(
        RecoveryOpened(
            **benefit.facts(), to_recover=money(recovery.debt.owed), reason=recovery.reason, debtor=recovery.debtor
        )
    )


async def open_recovery(
    benefit: Benefit, amount: Decimal, reason: str, debtor: Debtor, heard: str | None, by: str, tx: Transaction
) -> Recovery:
    """Claim back a part of what was paid; raises RuleBroken, also where less was paid, or is left of it.

    From the payee it is only proposed, where what they said to it (`heard`) is not on record yet. The employer owes what the fund
    took over from it, a third party medical costs (社会保险法 art. 41, 42). `reason` is a code, which travels.
    """
    if (debtor == "employer" and benefit.liable is None) or (debtor == "third_party" and benefit.kind != "medical"):
        raise RuleBroken("not-theirs", "该主体不承担此项待遇", "whoever is named does not owe this benefit")
    if amount > await left(benefit, tx):
        raise too_much()
    if debtor == "payee" and heard is None:
        return await propose(benefit, amount, reason, by, tx)
    recovery = _begin(benefit, amount, reason, debtor, by)
    if heard is not None:
        recovery.statements.append(Statement(at=clock.now(), by=by, text=recovery.kept(heard)))
    _publish_opened(benefit, recovery, by, tx)
    await benefit.put(tx)
    return await recovery.put(tx)


async def left(benefit: Benefit, tx: Transaction | None = None) -> Decimal:
    """What may still be claimed back of what the fund has paid, in yuan; what an employer paid is not the fund's."""
    paid = sum((one.amount for one in benefit.payments if one.source == "fund"), Decimal(0))
    return recoverable(paid, _debts(await find(Recovery, {"benefit_id": benefit.id}, tx)))


def _debts(found: Iterable[Recovery]) -> list[tuple[DebtState, Decimal, Decimal]]:
    return [(one.debt.state, one.debt.owed, one.debt.repaid) for one in found]


async def record_instalment(
    benefit: Benefit, recovery: Recovery, amount: Decimal, on: dt.date, by: str, tx: Transaction
) -> Recovery:
    """Store what has come back; raises Conflict, RuleBroken."""
    _require_ordered(recovery)
    repay(recovery.debt, amount, on, by)
    return await _followed(benefit, recovery, by, None, tx)


async def correct_instalment(
    benefit: Benefit,
    recovery: Recovery,
    number: int,
    reason: str,
    anew: tuple[dt.date, Decimal] | None,
    by: str,
    tx: Transaction,
) -> Recovery:
    """Record that money was recorded wrongly, and what came instead; what is owed again is claimed back again.

    Raises Conflict, RuleBroken.
    """
    _require_ordered(recovery)
    before = recovery.debt.state
    given_up = recovery.debt.owed - recovery.debt.repaid
    if before == "partly_recovered" and given_up > await left(benefit, tx):
        raise too_much()  # what was given up here is claimed back by another recovery since
    correct(recovery.debt, recovery.id, number, reason, anew, by)
    benefit.note("recovery_corrected", by)
    await benefit.put(tx)
    if recovery.debt.state == before:
        return await recovery.put(tx)
    if recovery.debt.state == "open":
        still = money(recovery.debt.owed - recovery.debt.repaid)
        tx.publish(RecoveryOpened(**benefit.facts(), to_recover=still, reason=recovery.reason, debtor=recovery.debtor))
    return await _followed(benefit, recovery, by, None, tx)


async def give_up(benefit: Benefit, recovery: Recovery, reason: str, by: str, tx: Transaction) -> Recovery:
    """End a recovery of which some part is still owed; raises Conflict."""
    _require_ordered(recovery)
    write_off(recovery.debt, recovery.id, reason)
    return await _followed(benefit, recovery, by, reason, tx)


def _require_ordered(recovery: Recovery) -> None:
    if recovery.state != "ordered":
        en = f"nothing is owed: the recovery is {recovery.state}"
        raise Conflict("not-in-this-state", STATES.zh, en, state=recovery.state)


async def _followed(benefit: Benefit, recovery: Recovery, by: str, reason: str | None, tx: Transaction) -> Recovery:
    if benefit.amount is None:
        raise rules.not_now(benefit.state, "recovered")
    debt = recovery.debt
    if debt.state != "open":
        benefit.note("recovery_closed", by, reason)
        recovered, debtor = money(debt.repaid), recovery.debtor
        tx.publish(RecoveryClosed(**benefit.facts(), recovered=recovered, outcome=debt.state, debtor=debtor))
        await benefit.put(tx)
    return await recovery.put(tx)
