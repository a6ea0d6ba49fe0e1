"""Gather whom a project placed and for how long they stayed; keep what a panel decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from services.subsidies.decisions.commands import require_application, taken_by_others
from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.grants import rules
from services.subsidies.grants.documents import PanelDecision, encrypted_minutes
from services.subsidies.grants.rules import GrantFacts, Placed
from services.subsidies.persons import commands as persons
from services.subsidies.persons.documents import Engagement
from shared import clock
from shared.errors import RuleBroken
from shared.identity.regions import CITY
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import MissingParameter, parameters
from shared.storage.transaction import Transaction

Certificate = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
PEOPLE = 300
"""Persons of one application."""


class Stated(BaseModel):
    """A project and those whom it placed, by the numbers of their employment and entrepreneurship certificates (就业创业证)."""

    project: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
    started_on: dt.date
    people: Annotated[list[Certificate], Field(min_length=1, max_length=PEOPLE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a panel decided: the sum in yuan, how many sat on it, and the minutes."""

    decided_on: dt.date
    members: int
    amount: Decimal
    minutes: str


async def facts(stated: Stated, applicant: Applying, tx: Transaction) -> GrantFacts:
    """Who bears the certificates, how they worked through the project, and what the panel decided."""
    numbers = sorted(set(stated.people))
    holders = await persons.holders(numbers, tx)
    ids = {number: await persons.ids_of(worker_id, tx) for number, worker_id in holders.items()}
    everybody = {person for group in ids.values() for person in group}
    taken = set(await taken_by_others(map(rules.key, everybody), applicant.application_id, tx))
    worked = [one for one in await persons.engagements_of(everybody, tx) if _through(one, applicant)]
    placed = tuple(
        Placed(
            certificate=number,
            persons=ids.get(number, ()),
            works=tuple(one.work for one in worked if one.worker_id in ids.get(number, ())),
            taken=any(rules.key(person) in taken for person in ids.get(number, ())),
        )
        for number in numbers
    )
    panel = await _panel(applicant, tx)
    return GrantFacts(
        day=applicant.filed_on,
        place=applicant.place,
        events={"placed": tuple(one.event_id for one in worked)} if worked else {},
        applicant=applicant.kind,
        started_on=stated.started_on,
        until=applicant.filed_on,
        placed=placed,
        panel=None if panel is None else panel.panel,
    )


async def record_panel(application_id: str, decided: Decided, district: str, by: str, tx: Transaction) -> PanelDecision:
    """Keep what a panel of a district, or of the city, decided on an application; a later word takes the place of the earlier.

    Raises NotFound where there is no such application for a grant.
    """
    await require_application(application_id, rules.KIND, tx)
    if decided.decided_on > shanghai_date(clock.now()):
        raise RuleBroken("panel-day", "评审日期不能晚于今天", "the panel has not sat yet")
    law = parameters.on(decided.decided_on, place=district)
    try:
        least = law.number("employment_service.panel_members")
    except MissingParameter:
        least = 1
    if decided.members < least:
        raise RuleBroken("panel-too-small", "评审人数不足", "too few sat on the panel")
    decision_id = PanelDecision.key(application_id, district)
    values = {
        "application_id": application_id,
        "district": district,
        "decided_on": decided.decided_on,
        "members": decided.members,
        "amount": decided.amount,
        "minutes": encrypted_minutes(decision_id, decided.minutes),
        "entered_by": by,
        "used": list(law.used),
    }
    known = await PanelDecision.of(decision_id, tx)
    decision = known.changed(values) if known else PanelDecision(id=decision_id, **values)
    return await decision.put(tx)


async def _panel(applicant: Applying, tx: Transaction) -> PanelDecision | None:
    """The panel of the district, or else of the city."""
    found = [
        await PanelDecision.of(PanelDecision.key(applicant.application_id, district), tx)
        for district in (applicant.place, CITY)
    ]
    return next((one for one in found if one is not None), None)


def _through(engagement: Engagement, applicant: Applying) -> bool:
    """Whether work is through the project: an enterprise's own people; those of a grassroots organisation work through anybody."""
    if rules.CLASSES.get(applicant.kind) == "grassroots_organisation":
        return True
    return applicant.id in (engagement.platform, engagement.partner)
