"""What callers see of months that employers owe, and what they send. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.insurance.dues.amounts import FigureKind, Figures, Ground, Owed, total
from services.insurance.dues.documents import Figure, MonthDue, Term, UnitMonth
from services.insurance.dues.rules import State
from shared.contracts.insurance import Insurance
from shared.policy.parameters import Law, Used
from shared.storage.fields import Yuan
from shared.web.fields import Month


class MonthDueView(BaseModel):
    """One employee's month with one employer (`unit`, its credit code), to be paid by `due_on`.

    `state`: `owed`; `overdue`, the day has passed; `settled`, everything was paid; `void`, the person was not employed then after all.
    `missing`: the insurances that are not paid in full.
    """

    dues_id: str = Field(description="<credit code>|<worker id>|<YYYY-MM>")
    unit: str
    worker_id: str
    month: str
    district: str
    due_on: dt.date
    state: State
    missing: list[Insurance]


class OwedView(BaseModel):
    """What one insurance comes to. `ground`: by the wage that the employer `declared` or an officer `assessed`; `deemed`, nothing was
    declared, so that the employer owes 110 % of its last month's sum for all its people, and nothing is reckoned for this one
    (社会保险法 art. 62); `paid`, as it was paid without a declaration here; `with_medical`, nothing beside the medical contribution;
    `unknown`, and `why` says what a person must set.

    `late_fee` is what has grown by today on what was not paid in time (art. 86).
    """

    insurance: Insurance
    ground: Ground
    base: Yuan | None
    employer: Yuan | None
    worker: Yuan | None
    paid: Yuan
    outstanding: Yuan | None
    late_fee: Yuan | None
    why: str | None


class MonthDueDetail(MonthDueView):
    """With what each insurance comes to; `outstanding` and `late_fee` are sums, null where a part is unknown. `used`: the parameters
    that all this rests on, and what officers have set (`set_by_officer`).
    """

    wage: Yuan | None
    wage_by: Literal["employer", "officer"] | None
    insurances: list[OwedView]
    outstanding: Yuan | None
    late_fee: Yuan | None
    used: list[Used]


class UnitMonthView(BaseModel):
    """A month of an employer. `declared`: the wages of all its people were; then `amounts` are what it comes to by insurance, both
    shares together, and `unknown` those whose rate or base nobody knows. `deemed`: what it is taken to owe by insurance, since it
    declared nothing in time (社会保险法 art. 62). `waits`: something of it a person must set; see its letter.
    `deferred`: the days on which it need not be paid and no late fee grows (社会保险法 art. 60, 63).
    """

    unit_month_id: str = Field(description="<credit code>|<YYYY-MM>")
    unit: str
    month: str
    due_on: dt.date
    declared: bool
    people: int
    amounts: dict[str, Yuan]
    unknown: list[Insurance]
    deemed: dict[Insurance, Yuan]
    waits: bool
    deferred: Term | None


class Wage(BaseModel):
    """A person's wage of the month, in yuan."""

    worker_id: str = Field(min_length=1, max_length=128)
    wage: Annotated[Yuan, Field(ge=Decimal(0))]


class WagesToDeclare(BaseModel):
    """A month's wages of some or all people of an employer, at most 200 at once. `unit` is given by officers only, who enter what an
    employer has not declared.
    """

    unit: str | None = Field(default=None, max_length=18)
    month: Month
    wages: list[Wage] = Field(min_length=1, max_length=200)


class FigureToSet(BaseModel):
    """What no row of the parameters has, from a day on: shares of the base (`employer`, `worker`) of pension, medical, unemployment or
    maternity insurance; a unit's `class` of risk, 1 to 8 (work_injury, with its `unit`); `floor` and `cap` of the base in yuan.
    `source`: the document that says so.
    """

    kind: FigureKind
    unit: str | None = Field(default=None, max_length=18)
    since: dt.date
    values: dict[str, Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]]
    source: str = Field(min_length=1, max_length=200)


class FigureView(BaseModel):
    """What an officer has set."""

    kind: FigureKind
    unit: str | None
    since: dt.date
    values: dict[str, str]
    source: str
    set_by: str


def view(due: MonthDue) -> MonthDueView:
    return MonthDueView(dues_id=due.id, **due.model_dump(include=set(MonthDueView.model_fields) - {"dues_id"}))


def detail(due: MonthDue, owed: list[Owed], law: Law, told: Figures) -> MonthDueDetail:
    names = set(MonthDueView.model_fields) - {"dues_id"} | {"wage", "wage_by"}
    return MonthDueDetail(
        dues_id=due.id,
        **due.model_dump(include=names),
        insurances=[OwedView(**{name: getattr(one, name) for name in OwedView.model_fields}) for one in owed],
        outstanding=total(one.outstanding for one in owed),
        late_fee=total(one.late_fee for one in owed),
        used=[*due.used, *(one for one in law.used if one not in due.used), *told.used],
    )


def unit_view(unit: UnitMonth) -> UnitMonthView:
    kept = unit.model_dump(include=set(UnitMonthView.model_fields) - {"unit_month_id"})
    return UnitMonthView(unit_month_id=unit.id, **kept)


def figure_view(figure: Figure) -> FigureView:
    return FigureView(**figure.model_dump(include=set(FigureView.model_fields)))
