"""What the registry tells of employment registration (就业登记)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from shared.contracts.base import Fact, Id, Topic, event
from shared.contracts.platform import District

EMPLOYMENT = Topic("registry.employment", partitions=3)

EmploymentForm = Literal["employed", "flexible"]


class EmploymentFact(Fact, frozen=True, kw_only=True):
    """A person's registration as employed (单位就业) or in flexible employment (灵活就业), over all their engagements.

    `certificate_number` is that of the employment and entrepreneurship certificate (就业创业证), which a person keeps for life.
    `forms` are the forms by the day from which each holds, the first one from `starts_on`; `form` is the last of them.
    """

    registration_id: Id
    worker_id: Id
    certificate_number: str
    form: EmploymentForm
    district: District
    starts_on: date
    ends_on: date | None
    forms: tuple[tuple[date, EmploymentForm], ...] = ()


@event("cn.deyang.registry.employment.registered.v1", topic=EMPLOYMENT, key="worker_id")
class EmploymentRegistered(EmploymentFact, frozen=True, kw_only=True):
    """The person is registered, or the form of their employment has changed."""


@event("cn.deyang.registry.employment.ended.v1", topic=EMPLOYMENT, key="worker_id")
class EmploymentEnded(EmploymentFact, frozen=True, kw_only=True):
    """The person's last engagement has ended. `withdrawn`: what was registered turned out to be no employment at all."""

    withdrawn: bool = False


UnemploymentEnding = Literal[
    "employed", "own_business", "stable_income", "pension", "incapable", "study_service_or_abroad", "imprisoned", "own_wish",
    "refused_services", "no_contact", "merged", "other",
]  # fmt: skip
"""Why a registration as unemployed ends (就业服务与就业管理规定 art. 66); `merged`: two records were one person's."""


class UnemploymentFact(Fact, frozen=True, kw_only=True):
    """A person's registration as unemployed (失业登记). `unemployed_since`: the first day without work, by their own word.

    `certificate_number` is that of `EmploymentFact`. Why the person is without work is told to nobody.
    """

    registration_id: Id
    worker_id: Id
    certificate_number: str
    district: District
    registered_on: date
    unemployed_since: date


@event("cn.deyang.registry.unemployment.registered.v1", topic=EMPLOYMENT, key="worker_id")
class UnemploymentRegistered(UnemploymentFact, frozen=True, kw_only=True):
    """The person is registered as unemployed, or is so again: what had ended it turned out to be no employment."""


@event("cn.deyang.registry.unemployment.contact_due.v1", topic=EMPLOYMENT, key="worker_id")
class UnemploymentContactDue(UnemploymentFact, frozen=True, kw_only=True):
    """The person was not in contact since `contacted_on`: after `due_on` the registration ends (就业服务与就业管理规定 art. 66)."""

    contacted_on: date
    due_on: date


@event("cn.deyang.registry.unemployment.ended.v1", topic=EMPLOYMENT, key="worker_id")
class UnemploymentEnded(UnemploymentFact, frozen=True, kw_only=True):
    """The registration has ended; `ended_on` is its last day, a day before `registered_on` where it never held."""

    ended_on: date
    ending: UnemploymentEnding
