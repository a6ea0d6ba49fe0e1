"""What this service knows of a worker, for the worker (个人信息保护法 art. 45)."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel

from services.subsidies.persons import commands, retirement_rules
from services.subsidies.persons.rules import Person, Sex, Spell, form_on
from shared import clock
from shared.contracts.registry import EmploymentForm
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Law, MissingParameter, Used, parameters
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Worker

router = APIRouter(prefix="/v1", tags=["applicants 申请人"])


class KnownFacts(BaseModel):
    """What decisions on the caller's applications rest on. `retires_on` is null where a woman's group is to be confirmed.

    `employment`: how the caller is registered today; `unemployed_on`: the day of the registration as unemployed
    that runs; `used`: the parameters that the day of retirement rests on.
    """

    born_on: dt.date | None
    sex: Sex | None
    employment: EmploymentForm | None
    unemployed_on: dt.date | None
    contribution_months: int
    retires_on: dt.date | None
    used: list[Used]


@router.get("/workers/me/known-facts")
async def read_my_facts(worker: Worker) -> KnownFacts:
    """What this service knows of the caller from the registry and from insurance."""
    assert worker.worker_id is not None
    worker_id = worker.worker_id
    today = shanghai_date(clock.now())
    law = parameters.on(today, place=CITY)

    async def look(tx: Transaction) -> KnownFacts:
        person = await commands.person(worker_id, tx)
        spells: list[Spell] = [spell for one in await commands.registrations(person, tx) for spell in one.spells]
        unemployed = await commands.unemployment_on(person, today, tx)
        paid = await commands.contributions(person, "0000-01", "9999-12", tx)
        return KnownFacts(
            born_on=person.born_on,
            sex=person.sex,
            employment=form_on(today, spells),
            unemployed_on=unemployed.registered_on if unemployed else None,
            contribution_months=len({one.month for one in paid}),
            retires_on=_retires_on(person, law),
            used=list(law.used),
        )

    return await transact(look)


def _retires_on(person: Person, law: Law) -> dt.date | None:
    if person.born_on is None or person.sex is None:
        return None
    try:
        group = retirement_rules.group_of(person.sex, None, law)
        return None if group is None else retirement_rules.retires_on(person.born_on, group, law)
    except MissingParameter:
        return None
