"""Open, check and cancel programmes."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from services.subsidies.programmes import events, rules
from services.subsidies.programmes.documents import Programme, Session, encrypted_answer
from services.subsidies.programmes.rules import Mode, Move, Schedule
from services.subsidies.providers.commands import provider_on_file
from services.subsidies.providers.documents import Provider
from services.subsidies.providers.rules import require_evaluator, require_trainer
from shared import clock
from shared.contracts.platform import Industry
from shared.contracts.subsidies import ProviderKind, SkillLevel
from shared.ids import new_id, readable_number
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A course as a body describes it. `kind`: under which of its filings."""

    kind: ProviderKind
    title: str
    industry: Industry
    occupation: str
    level: SkillLevel
    capacity: int
    mode: Mode
    address: str
    district: str
    schedule: Schedule
    evaluator: str | None


async def submit(opening: Opening, uscc: str, tx: Transaction) -> Programme:
    """Ask to open a course, as a body that is on file today and on the course's first day."""
    today, schedule = _today(), opening.schedule
    provider = await provider_on_file(Provider.key(uscc, opening.kind), tx)
    for day in (today, schedule.starts_on):
        require_trainer(provider.standing, day, opening.occupation, opening.level)
    await _check_evaluator(opening.evaluator, schedule.starts_on, opening.occupation, opening.level, tx)
    rules.check_schedule(schedule, today)
    law = parameters.on(today, place=opening.district)
    programme_id = new_id()
    programme = Programme(
        id=programme_id,
        number=readable_number("德培班", programme_id, today),
        filing=provider.id,
        provider=uscc,
        provider_name=provider.name,
        title=opening.title,
        industry=opening.industry,
        occupation=opening.occupation,
        occupation_name=next(one.name for one in provider.occupations if one.code == opening.occupation),
        level=opening.level,
        hours=schedule.hours,
        capacity=opening.capacity,
        mode=opening.mode,
        address=opening.address,
        district=opening.district,
        starts_on=schedule.starts_on,
        ends_on=schedule.ends_on,
        enrol_until=schedule.enrol_until,
        sessions=[Session(**asdict(one)) for one in schedule.sittings],
        evaluator_filing=None if opening.evaluator is None else Provider.key(opening.evaluator, "evaluation_body"),
        evaluator=opening.evaluator,
        department=provider.department,
        remarks=list(rules.remarks(schedule.hours, opening.level, law)),
        used=list(law.used),
    )
    _move(programme, "submit")
    tx.publish(events.submitted(programme))
    return await programme.put(tx)


async def publish(programme: Programme, officer: str, tx: Transaction) -> Programme:
    """Publish a course, where both bodies are still on file."""
    _move(programme, "publish")
    provider = await provider_on_file(programme.filing, tx)
    require_trainer(provider.standing, _today(), programme.occupation, programme.level)
    await _check_evaluator(programme.evaluator, programme.starts_on, programme.occupation, programme.level, tx)
    programme.decided_by = officer
    tx.publish(events.checked(programme, published=True))
    return await programme.put(tx)


async def refuse(programme: Programme, reason: str, officer: str, tx: Transaction) -> Programme:
    """Refuse a course, with the reason."""
    _move(programme, "refuse")
    programme.decided_by, programme.answer = officer, encrypted_answer(programme.id, reason)
    tx.publish(events.checked(programme, published=False))
    return await programme.put(tx)


async def withdraw(programme: Programme, tx: Transaction) -> Programme:
    """Take a course back before it is checked."""
    _move(programme, "withdraw")
    return await programme.put(tx)


async def cancel(programme: Programme, reason: str, tx: Transaction) -> Programme:
    """Cancel a published course, with the reason."""
    _move(programme, "cancel")
    programme.answer = encrypted_answer(programme.id, reason)
    tx.publish(events.cancelled(programme))
    return await programme.put(tx)


async def _check_evaluator(
    evaluator: str | None, day: dt.date, occupation: str, level: SkillLevel, tx: Transaction
) -> None:
    if evaluator is not None:
        body = await provider_on_file(Provider.key(evaluator, "evaluation_body"), tx)
        require_evaluator(body.standing, day, occupation, level)


def _move(programme: Programme, move: Move) -> None:
    programme.state = rules.STATES.next(programme.state, move)


def _today() -> dt.date:
    return shanghai_date(clock.now())
