"""Set, meet, pause, resume and extend terms, and tell of them, each in the transaction of what it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.complaints.officers.commands import find_assignee
from services.complaints.officers.rules import Matter
from services.complaints.terms import rules
from services.complaints.terms.documents import Extension, Stop, Term, encrypted_reason
from services.complaints.terms.rules import LEVELS, Length, Stage
from shared import clock
from shared.contracts.complaints import Category, MatterKind, TermEscalated, TermFields, TermMissed, TermNear
from shared.errors import Conflict, NotFound
from shared.identity.regions import CITY
from shared.policy import calendar
from shared.policy.calendar import Deadline, end_of_day, shanghai_date
from shared.policy.parameters import Used, parameters
from shared.running import Running
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact

TELL = TimerKind("complaints.term")
RECKONED_AT_ONCE = 100
"""Terms that are reckoned again in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The matter that a term belongs to: its kind, id and number, whose it is, and the officer in charge, if there is one. No level
    above hears of it who stays away from it (`away`) or from its `enterprise`, or is outside its `circle`."""

    kind: MatterKind
    id: str
    number: str
    department: str
    district: str
    officer: str | None
    enterprise: str | None = None
    circle: Category | None = None
    away: Sequence[str] = ()


async def set_term(
    about: About, step: str, length: Length, *, begun_on: dt.date, rests_on: str, used: Sequence[Used], tx: Transaction
) -> Term:
    """Set the term of a step, from the day and the event that it rests on; raises Conflict where one of it runs."""
    earlier = [term for term in await terms_of(about.kind, about.id, tx) if term.step == step]
    if any(term.open for term in earlier):
        raise Conflict("term-runs", "该步骤的期限正在计算", "a term of this step runs already")
    found = rules.due(begun_on, [length], ())
    assert found is not None
    term = Term(
        id=f"{about.kind}:{about.id}:{step}:{len(earlier) + 1}",
        matter_kind=about.kind,
        matter_id=about.id,
        number=about.number,
        step=step,
        rests_on=rests_on,
        begun_on=begun_on,
        length=length.count,
        unit=length.unit,
        due=found.due,
        provisional=found.provisional,
        calendar=calendar.VERSION,
        officer=about.officer,
        department=about.department,
        district=about.district,
        enterprise=about.enterprise,
        circle=about.circle,
        away=list(about.away),
        used=list(used),
    )
    _schedule(term, tx)
    return await term.put(tx)


def of_matter(kind: MatterKind, matter_id: str) -> tuple[type[Term], dict[str, str]]:
    """What is to be read of a matter's terms, for `Transaction.ahead`."""
    return Term, {"matter_kind": kind, "matter_id": matter_id}


def begin_matter(kind: MatterKind, matter_id: str, tx: Transaction) -> None:
    """Say that a matter is new, and has no terms yet."""
    tx.none_yet(*of_matter(kind, matter_id))


async def terms_of(kind: MatterKind, matter_id: str, tx: Transaction) -> list[Term]:
    """Every term of a matter, also those that are over."""
    return await tx.all_of(*of_matter(kind, matter_id))


async def open_term(kind: MatterKind, matter_id: str, step: str, tx: Transaction) -> Term | None:
    """The term of a step that runs or is paused, or None."""
    return next((term for term in await terms_of(kind, matter_id, tx) if term.step == step and term.open), None)


async def meet(kind: MatterKind, matter_id: str, step: str, on: dt.date, tx: Transaction) -> Term | None:
    """Record that a step was taken, in time or late; None where no term of it runs."""
    term = await open_term(kind, matter_id, step, tx)
    if term is None:
        return None
    if term.state == "running" and on > term.due:
        term.breached_at = term.breached_at or end_of_day(term.due)
    term.state, term.met_on = rules.STATES.next(term.state, "meet"), on
    return await _over(term, tx)


async def end(kind: MatterKind, matter_id: str, tx: Transaction, *, but: Sequence[str] = ()) -> None:
    """End every term of a matter that has no further steps, but those named."""
    for term in await terms_of(kind, matter_id, tx):
        if term.open and term.step not in but:
            term.state = rules.STATES.next(term.state, "end")
            await _over(term, tx)


async def end_step(kind: MatterKind, matter_id: str, step: str, tx: Transaction) -> None:
    """End the term of one step, where it runs: the step is not to be taken any more."""
    term = await open_term(kind, matter_id, step, tx)
    if term is not None:
        term.state = rules.STATES.next(term.state, "end")
        await _over(term, tx)


async def pause(kind: MatterKind, matter_id: str, step: str, on: dt.date, reason: str, tx: Transaction) -> Term:
    """Stop a clock: the day after is the first that does not count."""
    term = await _open(kind, matter_id, step, tx)
    _in_time(term, on)
    term.state = rules.STATES.next(term.state, "pause")
    term.stops.append(Stop(first=on + dt.timedelta(days=1), reason=encrypted_reason(term.id, reason)))
    tx.cancel(TELL, term.id)
    return await term.put(tx)


async def resume(kind: MatterKind, matter_id: str, step: str, on: dt.date, tx: Transaction) -> Term:
    """Let a clock go on: the day after is the first that counts again. Resumed on the day of its stop, it never stood."""
    term = await _open(kind, matter_id, step, tx)
    term.state = rules.STATES.next(term.state, "resume")
    stop = term.stops[-1]
    if on < stop.first:
        term.stops.pop()
    else:
        stop.last = on
    _calculate(term)
    _schedule(term, tx)
    return await term.put(tx)


async def extend(
    kind: MatterKind,
    matter_id: str,
    step: str,
    count: int,
    *,
    approved_by: str,
    on: dt.date,
    reason: str,
    used: Sequence[Used],
    tx: Transaction,
) -> Term:
    """Prolong a term that is not over, once, as somebody has approved; it is warned of anew."""
    term = await _open(kind, matter_id, step, tx)
    _in_time(term, on)
    if term.extension is not None:
        raise Conflict("extended-already", "该期限已延长过一次", "a term is extended once")
    term.state = rules.STATES.next(term.state, "extend")
    term.extension = Extension(
        count=count, approved_by=approved_by, approved_on=on, reason=encrypted_reason(term.id, reason)
    )
    term.used += [one for one in used if one not in term.used]
    term.told = [stage for stage in term.told if stage != "near"]
    _calculate(term)
    _schedule(term, tx)
    return await term.put(tx)


async def hand_over(kind: MatterKind, matter_id: str, officer: str | None, tx: Transaction) -> None:
    """Let another officer hear of the terms of a matter that are not over."""
    for term in await terms_of(kind, matter_id, tx):
        if term.open:
            term.officer = officer
            await term.put(tx)


async def keep_away(kind: MatterKind, matter_id: str, officer: str, tx: Transaction) -> None:
    """Let an officer who stays away from a matter hear of none of its terms that are not over, as a level above."""
    for term in await terms_of(kind, matter_id, tx):
        if term.open and officer not in term.away:
            term.away.append(officer)
            await term.put(tx)


async def tell(term_id: str, tx: Transaction) -> None:
    """Tell the stage whose time has come, where the step is still not taken, and set the next one's timer."""
    term = await Term.of(term_id, tx)
    if term is None or term.state != "running" or (stage := rules.next_stage(term.told)) is None:
        return
    now, telling = clock.now(), _telling()
    if now < _tell_at(term, stage, telling) or rules.within_hours(now, telling.hours) > now:
        _schedule(term, tx)
        return
    if stage == "near" and now >= end_of_day(term.due):
        term.told.append(stage)  # too late for a warning: the breach is told in its place
        stage = "missed"
    if stage != "near":
        term.breached_at = term.breached_at or end_of_day(term.due)
    term.told.append(stage)
    await _publish(term, stage, tx)
    _schedule(term, tx)
    await term.put(tx)


async def recalculate(running: Running | None = None) -> None:
    """Reckon the provisional terms again whose days off have been published since."""
    while await transact(_recalculate_some):
        pass


async def _recalculate_some(tx: Transaction) -> bool:
    older = {"provisional": True, "state": "running", "calendar": {"$ne": calendar.VERSION}}
    found = await tx.find(Term, older, limit=RECKONED_AT_ONCE)
    for term in found:
        _calculate(term)
        _schedule(term, tx)
        await term.put(tx)
    return bool(found)


async def recalculate_open(kind: MatterKind, matter_id: str, step: str, tx: Transaction) -> Deadline | None:
    """Reckon the term of a step that runs by the days off that are published now; its last day, or None where none runs."""
    term = await open_term(kind, matter_id, step, tx)
    if term is None or term.state != "running":
        return None
    _calculate(term)
    _schedule(term, tx)
    await term.put(tx)
    return Deadline(term.due, term.provisional)


def _calculate(term: Term) -> None:
    found: Deadline | None = rules.due(term.begun_on, term.lengths, term.pauses)
    assert found is not None, "a running term has a last day"
    term.due, term.provisional, term.calendar = found.due, found.provisional, calendar.VERSION


async def _open(kind: MatterKind, matter_id: str, step: str, tx: Transaction) -> Term:
    term = await open_term(kind, matter_id, step, tx)
    if term is None:
        raise NotFound("正在计算的期限", "a running term")
    return term


def _in_time(term: Term, on: dt.date) -> None:
    if term.state == "running" and on > term.due:
        raise Conflict("term-over", "该期限已届满", "the term is over")


async def _over(term: Term, tx: Transaction) -> Term:
    tx.cancel(TELL, term.id)
    return await term.put(tx)


def _telling() -> rules.Telling:
    return rules.telling(parameters.on(shanghai_date(clock.now())))


def _tell_at(term: Term, stage: Stage, telling: rules.Telling) -> dt.datetime:
    return rules.tell_at(stage, term.begun_on, term.due, term.pauses, telling)


def _schedule(term: Term, tx: Transaction) -> None:
    stage = rules.next_stage(term.told)
    if stage is None:
        return
    now, telling = clock.now(), _telling()
    at = max(_tell_at(term, stage, telling), rules.within_hours(now, telling.hours))
    tx.schedule(TELL, term.id, at)


async def _publish(term: Term, stage: Stage, tx: Transaction) -> None:
    match stage:
        case "near":
            tx.publish(TermNear(**_fields(term, term.officer)))
        case "missed":
            tx.publish(TermMissed(**_fields(term, term.officer)))
            _remember(term, term.officer)
        case "chief" | "city":
            matter = Matter(
                departments=[term.department],
                district=CITY if stage == "city" else term.district,
                enterprise=term.enterprise,
                circle=term.circle,
            )
            above = await find_assignee(matter, "chief", tx, away=[*term.told_of_breach, *term.away])
            officer = None if above is None else above.id
            tx.publish(TermEscalated(**_fields(term, officer), level=LEVELS[stage]))
            _remember(term, officer)


def _remember(term: Term, officer: str | None) -> None:
    """Nobody hears of one breach twice: the next level is somebody else, or the desk of the department."""
    if officer is not None and officer not in term.told_of_breach:
        term.told_of_breach.append(officer)


def _fields(term: Term, officer: str | None) -> TermFields:
    return {
        "term_id": term.id,
        "matter_kind": term.matter_kind,
        "matter_id": term.matter_id,
        "number": term.number,
        "step": term.step,
        "due_on": term.due,
        "provisional": term.provisional,
        "officer": officer,
        "lead_department": term.department,
        "district": term.district,
    }
