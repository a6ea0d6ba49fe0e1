"""Gather what the subsidy for flexible employment rests on."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.subsidies.decisions.commands import paid_keys
from services.subsidies.decisions.rules import Applicant as Applying
from services.subsidies.flexible import rules
from services.subsidies.flexible.months_rules import last_day
from services.subsidies.flexible.rules import FlexibleFacts, Group, Valid
from services.subsidies.persons import commands as persons
from services.subsidies.persons.retirement_rules import Group as RetirementGroup
from services.subsidies.persons.rules import Person
from services.subsidies.recognition import commands as recognition
from shared.policy.calendar import months_between
from shared.storage.transaction import Transaction

Month = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
Received = Literal["employer_subsidy", "unemployment_benefit", "public_post_subsidy"]


class Stated(BaseModel):
    """The months asked for, and what the applicant says of themselves.

    `pledge`: the pledge of flexible employment (灵活就业承诺书) is given. `receives`: what the applicant receives besides.
    `graduated_on`: the day on the diploma, for a graduate. `retirement_group`: for a woman, as her file says.
    """

    group: Group = Field(description="hard to employ, or a graduate within two years")
    first: Month = Field(description="the first month asked for, YYYY-MM")
    last: Month = Field(description="the last month asked for, YYYY-MM")
    pledge: bool = Field(description="the pledge of flexible employment (灵活就业承诺书) is given")
    receives: list[Received] = Field(default=[], max_length=3, description="what the applicant receives besides")
    graduated_on: dt.date | None = Field(default=None, description="the day on the diploma")
    retirement_group: RetirementGroup | None = Field(default=None, description="for a woman, as her file says")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 < len(months_between(self.first, self.last)) <= rules.MOST_MONTHS:
            raise ValueError("from the first to the last month, at most 36 of them")
        return self


async def facts(stated: Stated, applicant: Applying, tx: Transaction) -> FlexibleFacts:
    """What is known of the person and of what they paid in the months asked for."""
    person = await persons.person(applicant.id, tx)
    contributions = await persons.contributions(person, stated.first, stated.last, tx)
    registrations = await persons.registrations(person, tx)
    recognised = await recognition.of_person(person.ids, tx) if stated.group == "hard_to_employ" else []
    told = {
        "contributions": tuple(one.event_id for one in contributions),
        "spells": tuple(one.event_id for one in registrations),
        "born_on": (person.event_id,) if person.event_id is not None else (),
    }
    return FlexibleFacts(
        day=last_day(stated.last),
        place=applicant.place,
        events={field: events for field, events in told.items() if events},
        persons=person.ids,
        filed_on=applicant.filed_on,
        group=stated.group,
        first=stated.first,
        last=stated.last,
        pledged=stated.pledge,
        receives=tuple(sorted(set(stated.receives))),
        graduated_on=stated.graduated_on,
        born_on=person.born_on,
        sex=person.sex,
        retirement_group=stated.retirement_group,
        recognised=tuple(Valid(first=one.since, last=one.last) for one in recognised),
        spells=tuple(spell for one in registrations for spell in one.spells),
        contributions=tuple(one.paid for one in contributions),
        paid_parts=await _paid_parts(person, applicant.application_id, tx),
        used_months=await _used_months(person, stated.group, applicant.application_id, tx),
    )


async def _paid_parts(person: Person, application_id: str, tx: Transaction) -> tuple[str, ...]:
    found = [await paid_keys(rules.contribution_prefix(one), tx, but=application_id) for one in person.ids]
    return tuple(sorted({key for keys in found for key in keys}))


async def _used_months(person: Person, group: Group, application_id: str, tx: Transaction) -> tuple[str, ...]:
    found = [await paid_keys(rules.month_prefix(one, group), tx, but=application_id) for one in person.ids]
    return tuple(sorted({key.partition(":")[0] for keys in found for key in keys}))
