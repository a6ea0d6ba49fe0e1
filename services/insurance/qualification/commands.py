"""Open checks for those who draw a benefit, confirm them, and say when one is near or was missed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.insurance.claims.rules import OF_THE_DEAD
from services.insurance.enrolment.queries import district_of
from services.insurance.persons import commands as people
from services.insurance.qualification import rules
from services.insurance.qualification.documents import STATEMENT, Check, Checked, Drawn, Step
from services.insurance.qualification.rules import Event, Way
from shared import clock
from shared.contracts.insurance import (
    BenefitGranted,
    QualificationConfirmed,
    QualificationDueNear,
    QualificationEnded,
    QualificationFields,
    QualificationMissed,
)
from shared.errors import Conflict
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.parameters import Law, parameters
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

REMIND = TimerKind("insurance.qualification_near")
MISS = TimerKind("insurance.qualification_due")

CHECK_TIME = dt.timedelta(hours=1)
"""How long a check whose last day has passed when it is set may still be done: our own, not the law's."""


async def record_benefit(fact: BenefitGranted, payee: str | None, granted_on: dt.date, tx: Transaction) -> None:
    """Check the entitlement of whoever is granted a benefit that is drawn by the month: the worker, or next of kin where it is theirs.

    `payee`: the id number of the next of kin who is paid, where it is known.
    """
    if fact.kind in _law(granted_on).texts("qualification.benefit_kinds"):
        worker_id = await people.present_id(fact.worker_id, tx)
        drawn = Drawn(kind=fact.kind, benefit_id=fact.benefit_id, to_kin=fact.to_kin, kin=list(fact.kin))
        if fact.kind in OF_THE_DEAD:
            await _register_kin(worker_id, drawn, fact.benefit_id, payee, granted_on, tx)
        else:
            await register(worker_id, drawn, granted_on, "timer", tx)


async def _register_kin(
    worker_id: str, drawn: Drawn, benefit_id: str, payee: str | None, since: dt.date, tx: Transaction
) -> None:
    """Put what next of kin draw under a check of their own (工伤保险条例 art. 39): a dead worker has nothing to confirm."""
    if await Check.of_drawn(benefit_id, worker_id, tx) is not None:
        return
    check = await _begin(worker_id, f"kin:{benefit_id}", since, tx)
    check.of_benefit = benefit_id
    if payee is not None:
        check.name_payee(payee)
    check.drawn.append(drawn)
    _step(check, "granted", "timer", tx, on=since)
    await check.put(tx)


async def _begin(worker_id: str, mark: str, since: dt.date, tx: Transaction) -> Check:
    law = _law(since)
    check = Check(
        worker_id=worker_id,
        district=await district_of(worker_id, tx),
        state="confirmed",
        due_on=rules.due_on(since, law),
        confirmed_on=since,
        drawn=[],
        history=[],
        used=list(law.used),
    )
    await Checked.take(mark, check.id, tx)
    _watch(check, tx)
    return check


async def register(worker_id: str, drawn: Drawn, since: dt.date, by: str, tx: Transaction) -> Check:
    """Put a benefit under a person's own check, which begins with the first one. One that is known changes nothing."""
    law = _law(since)
    check = await Check.of_worker(worker_id, tx)
    if check is None:
        check = await _begin(worker_id, worker_id, since, tx)
    elif any((one.kind, one.benefit_id) == (drawn.kind, drawn.benefit_id) for one in check.drawn):
        return check
    elif check.state == "ended":
        check.due_on, check.confirmed_on = rules.due_on(since, law), since
        _watch(check, tx)
    check.drawn.append(drawn)
    _step(check, "granted", by, tx, on=since)
    return await check.put(tx)


async def confirm(check: Check, event: Event, way: Way, on: dt.date, by: str, tx: Transaction) -> Check:
    """The entitlement held on a day: the next check is due a year after the latest such day.

    Raises Conflict.
    """
    on = max(on, check.confirmed_on)
    facts, law = _fields(check), _law(on)
    _step(check, event, by, tx, way=way, on=on)
    check.confirmed_on, check.due_on = on, rules.due_on(on, law)
    check.used += [one for one in law.used if one not in check.used]
    _watch(check, tx)
    tx.publish(QualificationConfirmed(**facts, next_due_on=check.due_on))
    return await check.put(tx)


async def doubt(check: Check, way: Way, statement: str, by: str, tx: Transaction) -> Check:
    """The entitlement is in doubt: an officer is to look into it. Raises Conflict."""
    _step(check, "doubted", by, tx, way=way, statement=encrypt_field(STATEMENT, check.id, statement))
    return await check.put(tx)


async def end(check: Check, way: Way, on: dt.date, statement: str, by: str, tx: Transaction) -> Check:
    """The entitlement has ended on a day (社会保险经办条例 art. 25, 26): what is drawn is due up to it. Raises Conflict."""
    facts, law = _fields(check), _law(on)
    _step(check, "ended", by, tx, way=way, on=on, statement=encrypt_field(STATEMENT, check.id, statement))
    through = rules.paid_through(on, law)
    check.used += [one for one in law.used if one not in check.used]
    ending, check.drawn = check.drawn, []
    for one in ending:
        one.paid_through = through
    check.ended = [*check.ended, *ending]
    benefits = tuple(one.benefit_id for one in ending if one.benefit_id is not None)
    tx.publish(QualificationEnded(**facts, ended_on=on, paid_through=through, benefits=benefits))
    return await check.put(tx)


async def let_go(benefit_id: str, worker_id: str, tx: Transaction) -> None:
    """Take a benefit of which nothing is to come out of its check: there is nothing of it to confirm, remind of or end any more."""
    check = await Check.of_drawn(benefit_id, await people.present_id(worker_id, tx), tx)
    left = [one for one in check.drawn if one.benefit_id != benefit_id] if check is not None else []
    if check is None or len(left) == len(check.drawn):
        return
    check.drawn = left
    if not left and check.state != "ended":
        _step(check, "ended", "timer", tx)
    await check.put(tx)


async def remind(check_id: str, tx: Transaction) -> None:
    """Say that a check is due soon, where it is still to be done."""
    check = await Check.of(check_id, tx)
    if check is not None and rules.STATES.allows(check.state, "reminded"):
        _step(check, "reminded", "timer", tx)
        tx.publish(QualificationDueNear(**_fields(check)))
        await check.put(tx)


async def miss(check_id: str, tx: Transaction) -> None:
    """Say that a check was missed, where it is still to be done."""
    check = await Check.of(check_id, tx)
    if check is not None and rules.STATES.allows(check.state, "missed"):
        _step(check, "missed", "timer", tx)
        tx.publish(QualificationMissed(**_fields(check)))
        await check.put(tx)


async def follow_merging(old: str, new: str, tx: Transaction) -> None:
    """Make one worker's check another's; where both have one, the other's goes on for all that either draws."""
    for theirs in await tx.find(Check, {"worker_id": old, "of_benefit": {"$ne": None}}):
        theirs.worker_id = new
        await theirs.put(tx)
    check, other = await Check.of_worker(old, tx), await Check.of_worker(new, tx)
    if check is None:
        return
    if other is None:
        check.worker_id = new
        await Checked.take(new, check.id, tx)
        await Checked.give_up(old, check.id, tx)
    else:
        if check.ended:
            other.ended = [*other.ended, *check.ended]
            await other.put(tx)
        for one in check.drawn:
            await register(new, one, check.confirmed_on, "timer", tx)
        if check.state == "questioned":
            await _take_doubt(check, new, tx)
        if check.state != "ended":
            _step(check, "ended", "timer", tx)
        check.drawn, check.ended = [], []
    await check.put(tx)


async def _take_doubt(check: Check, worker_id: str, tx: Transaction) -> None:
    """Let an investigation go on under the worker's check that takes the place of the one in which it was opened."""
    other = await Check.of_worker(worker_id, tx)
    last = next(one for one in reversed(check.history) if one.event == "doubted")
    if other is not None and rules.STATES.allows(other.state, "doubted"):
        said = decrypt_field(STATEMENT, check.id, last.statement) if last.statement else ""
        _step(other, "doubted", last.by, tx, statement=encrypt_field(STATEMENT, other.id, said))
        await other.put(tx)


def _law(day: dt.date) -> Law:
    return parameters.on(day, place=CITY)


def _watch(check: Check, tx: Transaction) -> None:
    """Set the reminder and the last day; a reminder whose time has passed is not set."""
    near = calendar.start_of_day(rules.remind_on(check.due_on, _law(check.confirmed_on)))
    if near > clock.now():
        tx.schedule(REMIND, check.id, near)
    tx.schedule(MISS, check.id, max(calendar.end_of_day(check.due_on), clock.now() + CHECK_TIME))


def _step(check: Check, event: Event, by: str, tx: Transaction, **more: Any) -> None:
    check.state = rules.STATES.next(check.state, event)
    latest = check.history[-rules.MOST_STATEMENTS :]
    if more.get("way") == "self" and len(latest) == rules.MOST_STATEMENTS and all(one.way == "self" for one in latest):
        raise Conflict(
            "too-many-statements", "您已多次提交说明，请等待经办机构处理", "wait until an officer has looked into it"
        )
    check.history.append(Step(at=clock.now(), event=event, by=by, **more))
    if check.state in ("ended", "questioned"):
        tx.cancel(REMIND, check.id)
        tx.cancel(MISS, check.id)


def _fields(check: Check) -> QualificationFields:
    kin = {one for drawn in check.drawn for one in drawn.kin}
    return {
        "check_id": check.id,
        "worker_id": check.worker_id,
        "due_on": check.due_on,
        "to_kin": check.for_kin or (bool(check.drawn) and all(drawn.to_kin for drawn in check.drawn)),
        "kin": tuple(sorted(kin)),
    }
