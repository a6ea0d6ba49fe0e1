"""What a worker sees of their rights in one look."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel

from shared.contracts.insurance import Insurance, PolicyKind, Scheme
from shared.policy.parameters import Used
from shared.storage.fields import Yuan


class CoverRight(BaseModel):
    """Insurance through one platform. `in_force` on today's legal day; `until` is null while no end is known. `unit`: the
    credit code of whoever insures. `undeclared`: my employer has not declared me, and `due_on` is its last day to do so.
    `note`: what I should know of it."""

    platform: str
    scheme: Scheme
    in_force: bool
    state: Literal["open", "undeclared", "suspended", "ended", "withdrawn"]
    since: dt.date
    until: dt.date | None
    province: Literal["undeclared", "waiting", "accepted", "rejected"]
    unit: str | None = None
    due_on: dt.date | None = None
    declared_on: dt.date | None = None
    note: str | None = None


class Uncovered(BaseModel):
    """Work through a platform that no scheme takes in, since when, why, and what I can do. `used`: the parameters."""

    platform: str
    industry: str
    since: dt.date
    reason: str
    can_do: list[str]
    used: list[Used]


class PolicyRight(BaseModel):
    """A commercial policy that names me or counts those who work through the platform. `sum_insured` in yuan a person."""

    platform: str
    kind: PolicyKind
    insurer: str
    valid_from: dt.date
    valid_to: dt.date
    sum_insured: Yuan


class PaidIn(BaseModel):
    """Contributions to one insurance: `months` that count here, with those `transferred_in`; the latest month (YYYY-MM) that was paid
    in the city, null where none was, and what I paid myself, in yuan.
    """

    insurance: Insurance
    months: int
    transferred_in: int
    latest_month: str | None
    worker_amount: Yuan


class PremiumPaid(BaseModel):
    """Orders of the last three months that a platform pays a premium for, and the sum of it in yuan."""

    platform: str
    orders: int
    premium: Yuan


class BenefitKind(BaseModel):
    """`payer`: the fund or the employer."""

    kind: str
    title: str
    payer: str


class Claimable(BaseModel):
    """What a scheme that covers me gives after an accident.

    `unit_days`: within how many days the employer or platform applies; `own_days` or `own_years`: within what I, my next
    of kin or my union may apply. A null term is not known. `sources`: the laws and articles; `used`: the parameters.
    """

    scheme: Scheme
    kinds: list[BenefitKind]
    unit_days: int | None
    own_days: int | None
    own_years: int | None
    sources: list[str]
    used: list[Used]


class BenefitState(BaseModel):
    """One benefit. `amount` in yuan, null while it is not set; `paid` so far."""

    benefit_id: str
    kind: str
    state: str
    amount: Yuan | None
    paid: Yuan


class ClaimUnderWay(BaseModel):
    """One of my claims with its benefits; `apply_by`: my own last day to apply."""

    claim_id: str
    number: str
    state: str
    occurred_at: dt.datetime
    recognised: bool | None
    apply_by: dt.date | None
    benefits: list[BenefitState]


class Matter(BaseModel):
    """What is done at the desk of social insurance, and within how many `days` at most: working days or natural ones (`unit`)."""

    matter: str
    title: str
    days: int | None
    unit: Literal["workdays", "days"]


class Desk(BaseModel):
    """How long each matter takes at most (社会保险经办条例 art. 6 to 26; 社会保险法 art. 57), and the parameters that say so."""

    matters: list[Matter]
    used: list[Used]


class Rights(BaseModel):
    """What covers me, since when, what was paid, what I can claim, what is under way, and how long each matter takes.

    `uncovered`: my work that no scheme takes in. `qualification_due_on`: until when I must confirm that I am still entitled to
    what I draw; null where I draw nothing.
    """

    cover: list[CoverRight]
    policies: list[PolicyRight]
    contributions: list[PaidIn]
    premiums: list[PremiumPaid]
    claimable: list[Claimable]
    claims: list[ClaimUnderWay]
    desk: Desk
    qualification_due_on: dt.date | None
    uncovered: list[Uncovered] = []
