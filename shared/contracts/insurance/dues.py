"""What insurance tells of the months for which an employer owes social insurance (社会保险法 art. 58, 60 to 63, 86). Money is yuan."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypedDict

from shared.contracts.base import Fact, Id, Money, Month, Topic, event
from shared.contracts.insurance.exchange import Insurance

DUES = Topic("insurance.dues", partitions=3)


class DuesMonthFact(Fact, frozen=True, kw_only=True):
    """A month of an employer (its credit code) that is to be paid by `due_on`. `people`: for how many of its employees."""

    platform: Id
    month: Month
    due_on: date
    people: int


@event("cn.deyang.insurance.dues.due_near.v1", topic=DUES, key="platform")
class DuesNear(DuesMonthFact, frozen=True, kw_only=True):
    """The day is near, and for `people` not everything has been paid."""


@event("cn.deyang.insurance.dues.month_overdue.v1", topic=DUES, key="platform")
class DuesMonthOverdue(DuesMonthFact, frozen=True, kw_only=True):
    """The day has passed, and for `people` not everything has been paid.

    `amounts`: what the month comes to for all people together, by insurance, as wages were `declared` or, where nothing was, as it is
    `deemed`: 110 % of what was paid for the month before (社会保险法 art. 62). `owed`: what of it is missing, and `late_fee` what
    has grown on it by that day (art. 86); null where something is `unknown`, which a person sets.
    """

    ground: Literal["declared", "deemed"] | None = None
    amounts: dict[Insurance, Money] = {}  # noqa: RUF012 - msgspec copies it
    unknown: tuple[Insurance, ...] = ()
    owed: Money | None = None
    late_fee: Money | None = None


@event("cn.deyang.insurance.dues.declared.v1", topic=DUES, key="platform")
class DuesDeclared(DuesMonthFact, frozen=True, kw_only=True):
    """The employer has declared the wages of a month, and this is what they come to: employer's and workers' shares together, by
    insurance. `unknown`: insurances whose rate or base nobody knows yet; told again once a person has set it.
    """

    amounts: dict[Insurance, Money]
    unknown: tuple[Insurance, ...]


class DuesFact(Fact, frozen=True, kw_only=True):
    """One employee's month with one employer (its credit code), through the engagement that makes it owed."""

    dues_id: Id
    platform: Id
    worker_id: Id
    engagement_id: Id
    month: Month
    due_on: date


class DuesFields(TypedDict):
    """The fields of `DuesFact`, for whoever makes its events."""

    dues_id: Id
    platform: Id
    worker_id: Id
    engagement_id: Id
    month: Month
    due_on: date


@event("cn.deyang.insurance.dues.overdue.v1", topic=DUES, key="worker_id")
class DuesOverdue(DuesFact, frozen=True, kw_only=True):
    """The month was not paid in full in time; told again where other insurances are missing than before.

    `owed`: what is missing of them, and `late_fee` what has grown on it; null where a rate or a base is known to nobody.
    """

    insurances: tuple[Insurance, ...]
    owed: Money | None
    late_fee: Money | None


@event("cn.deyang.insurance.dues.settled.v1", topic=DUES, key="worker_id")
class DuesSettled(DuesFact, frozen=True, kw_only=True):
    """A month that was overdue is owed no more: it was paid, or it turned out that the person was not employed then (`void`)."""

    how: Literal["paid", "void"]


class DeferralFact(Fact, frozen=True, kw_only=True):
    """Months that an employer (its credit code) asks to pay later: by law (社会保险法 art. 60), or by an agreement (art. 63)."""

    deferral_id: Id
    platform: Id
    ground: Literal["force_majeure", "agreement"]
    months: tuple[Month, ...]


@event("cn.deyang.insurance.deferral.asked.v1", topic=DUES, key="platform")
class DeferralAsked(DeferralFact, frozen=True, kw_only=True):
    """The employer has asked; until it is decided everything is due as before."""


@event("cn.deyang.insurance.deferral.decided.v1", topic=DUES, key="platform")
class DeferralDecided(DeferralFact, frozen=True, kw_only=True):
    """Two officers have decided. `last_day`: until when the months are to be paid, without a late fee; null where refused."""

    granted: bool
    last_day: date | None


@event("cn.deyang.insurance.deferral.ended.v1", topic=DUES, key="platform")
class DeferralEnded(DeferralFact, frozen=True, kw_only=True):
    """It holds no more after `ended_on`: everything was paid, or not (`unpaid`); officers have ended it before its time; or it was
    taken back before it was decided."""

    outcome: Literal["paid", "unpaid", "cancelled", "breached", "withdrawn"]
    ended_on: date
