"""Take declarations that employers push as events, by the command that the route uses (社会保险法 art. 58).

An event may come before the engagement that it is about: it waits, is looked at again when somebody is insured as the unit's
employee from that day on, and at growing intervals, since who bears the number may become known later still.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from services.insurance.declarations.commands import enrolments_of, runs_with
from services.insurance.declarations.documents import AwaitedDeclaration
from services.insurance.declarations.rules import NOT_EMPLOYED, Said
from services.insurance.enrolment import commands as enrolment
from services.insurance.enrolment.documents import Enrolment
from services.insurance.persons.documents import HOLDER_NUMBER, Holder, Person
from shared import clock
from shared.contracts.insurance import DeclarationUnmatched, EnrolmentOpened
from shared.contracts.platform import EmployeeDeclared
from shared.errors import Conflict, RuleBroken
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.encryption import CannotOpen, lookup_hashes, open_sealed
from shared.storage.kinds import TimerKind
from shared.storage.records import find
from shared.storage.transaction import Transaction

FIRST_LOOK, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(days=1)
"""When a declaration that waits is looked at again, and how far apart at most: our own."""


class Wait(msgspec.Struct, frozen=True):
    """Seconds that passed before this look."""

    seconds: int = 60


SOON = Wait(1)
"""Who the enrolled person is may be told a moment after their enrolment is opened."""
LOOK = TimerKind("insurance.declaration_look", Wait)


async def take(unit: str, fact: EmployeeDeclared, tx: Transaction) -> None:
    """Declare whom an employer (its credit code) names, or keep its word until the person is on file.

    What was declared before changes nothing. Raises what the route raises for a day that is another one on file, and RuleBroken
    where somebody else bears the number: such an event is a dead letter with that reason.
    """
    try:
        person = open_sealed("insurance", fact.for_insurance)
    except CannotOpen:
        raise RuleBroken("unreadable", "身份信息无法解密", "the sealed fields cannot be opened") from None
    said = Said(1, str(person["id_number"]), str(person["name"]), fact.started_on)
    if await _declare(unit, said, tx):
        return
    today = calendar.shanghai_date(clock.now())
    wait_days = parameters.on(today).days("declarations.wait_days")
    awaited_id = AwaitedDeclaration.id_of(unit, fact.worker_ref, fact.started_on)
    awaited = await AwaitedDeclaration.of(awaited_id, tx) or AwaitedDeclaration(
        id=awaited_id,
        unit=unit,
        worker_ref=fact.worker_ref,
        starts_on=fact.started_on,
        until=calendar.add_days(max(today, fact.started_on), wait_days).due,
        id_number="",
        name="",
    )
    awaited.seal(said.id_number, said.name)
    await awaited.put(tx)
    tx.schedule(LOOK, awaited.id, clock.now() + FIRST_LOOK, Wait())


async def look_again(fact: EnrolmentOpened, tx: Transaction) -> None:
    """Look at what waits for somebody to be insured as this unit's employee from this day on."""
    if fact.basis == "employer" and fact.unit is not None:
        day = dt.datetime.combine(fact.starts_on, dt.time(), dt.UTC)  # as a day is stored
        for one in await tx.find(AwaitedDeclaration, {"unit": fact.unit, "starts_on": day}):
            tx.schedule(LOOK, one.id, clock.now(), SOON)


async def look(awaited_id: str, wait: Wait, tx: Transaction) -> None:
    """Declare whom a declaration that waits names, where they are on file now; tell the employer where its days are over."""
    awaited = await AwaitedDeclaration.of(awaited_id, tx)
    if awaited is None:
        return
    number, name = awaited.opened()
    try:
        done, over = await _declare(awaited.unit, Said(1, number, name, awaited.starts_on), tx), False
    except (RuleBroken, Conflict):
        done, over = False, True
    if not done and not over and calendar.shanghai_date(clock.now()) <= awaited.until:
        seconds = min(2 * wait.seconds, int(LONGEST_WAIT.total_seconds()))
        tx.schedule(LOOK, awaited.id, clock.now() + dt.timedelta(seconds=wait.seconds), Wait(seconds))
        return
    if not done:
        tx.publish(
            DeclarationUnmatched(platform=awaited.unit, worker_ref=awaited.worker_ref, starts_on=awaited.starts_on)
        )
    tx.delete(AwaitedDeclaration, awaited.id)


async def _declare(unit: str, said: Said, tx: Transaction) -> bool:
    """Whether the person is declared now, or was before; False where they are not on file as the unit's employee yet."""
    found = (await enrolments_of([said], unit, tx)).get(said.line) or await _running(unit, said, tx)
    if found is None:
        return False
    try:
        await enrolment.declare(found, unit, said.starts_on, unit, tx)
    except Conflict as refused:
        if refused.kind != "declared-already":
            raise
    return True


async def _running(unit: str, said: Said, tx: Transaction) -> Enrolment | None:
    """An employment with the unit that runs since another day; raises RuleBroken where who bears the number has another name."""
    hashes = lookup_hashes(HOLDER_NUMBER, said.id_number)
    workers = [one.worker_id for one in await find(Holder, {"_id": {"$in": hashes}}, tx) if one.worker_id is not None]
    for worker in workers:
        person = await Person.of(worker, tx)
        if person is not None and person.opened()[1] != said.name:
            raise RuleBroken("not-employed", *NOT_EMPLOYED)
    several = await find(Enrolment, {"worker_id": {"$in": sorted(workers)}}, tx)
    return next((one for one in several if runs_with(one, unit)), None)
