"""A claim's dependants as officers name and see them. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.insurance.benefits.asked_views import BankAccount, Code, KinBody, Phone, PositiveYuan, Text, resident
from services.insurance.benefits.documents import Benefit
from services.insurance.benefits.rules import State
from services.insurance.dependants.commands import Supported, Terms
from services.insurance.dependants.documents import Register
from services.insurance.dependants.rules import Relation
from shared.errors import RuleBroken
from shared.identity.masking import mask_id, mask_name
from shared.policy.parameters import Used
from shared.storage.fields import Yuan
from shared.web.fields import Month, mobile


class DependantView(BaseModel):
    """One dependant. `percent` of the wage; `amount` and `state` of the pension now, as the benefit of `benefit_id` shows it whole.
    `ended_for`: the code of what ended it."""

    number: int
    relation: Relation
    lone: bool
    incapacitated: bool
    name: str
    id_number: str
    percent: str
    first_month: str
    last_month: str | None
    ended_for: str | None
    ended_on: dt.date | None
    benefit_id: str
    amount: Yuan | None
    state: State


class RegisterView(BaseModel):
    """Whom a worker supported. `wage` is what they share, null for want of the parameter `missing`; `cap`: per cent of it that they
    draw together at most; `monthly`: what all of them draw now."""

    claim_id: str
    wage: str | None
    missing: str | None
    cap: str
    monthly: Yuan
    dependants: list[DependantView]
    used: list[Used]


class DependantToRegister(BaseModel):
    """A dependant. `lone`: a lone old person or an orphan; `incapacitated`: without any capacity for work; `next_in_line`: those
    nearer to a grandparent, grandchild or sibling are dead or incapacitated. `payee`: who is paid for them, where they are not
    themselves; `account` and `phone` are the payee's."""

    relation: Relation
    id_number: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(resident)]
    name: Text
    lone: bool = False
    incapacitated: bool = False
    next_in_line: bool = False
    account: BankAccount | None = None
    payee: KinBody | None = None
    phone: Phone | None = None

    def supported(self) -> Supported:
        phone = self.phone or (self.payee.phone if self.payee else None)
        return Supported(
            relation=self.relation,
            id_number=self.id_number,
            name=self.name,
            account=self.account,
            lone=self.lone,
            incapacitated=self.incapacitated,
            next_in_line=self.next_in_line,
            payee=(self.payee.id_number, self.payee.name) if self.payee else None,
            phone=mobile(phone) if phone else None,
        )


class DependantsToRegister(BaseModel):
    """Dependants who are granted a pension each. `own_wage`: as of a benefit; `wage` with its `document`: what they share, where an
    officer has found it otherwise. From `first_month` on, this month where null."""

    dependants: list[DependantToRegister] = Field(min_length=1, max_length=20)
    own_wage: PositiveYuan | None = None
    wage: PositiveYuan | None = None
    document: Text | None = None
    first_month: Month | None = None

    def terms(self) -> Terms:
        if self.wage is not None and self.document is None:
            raise RuleBroken("document-missing", "须填写核定依据", "the document of the sum is needed")
        return Terms(self.own_wage, self.wage, self.document, self.first_month)


class DependantEnd(BaseModel):
    """What ends a pension. `why`: a code of `dependant.end_grounds`; `on`: the day of it."""

    why: Code
    on: dt.date


class DependantChange(BaseModel):
    """What holds of a dependant from the month `since` on."""

    lone: bool
    incapacitated: bool
    since: Month


def register_view(file: Register, found: list[Benefit]) -> RegisterView:
    by_id = {one.id: one for one in found}
    shown, monthly = [], Decimal(0)
    for member in file.members:
        id_number, name = member.opened(file.id)
        benefit = by_id[member.benefit_id]
        drawn = benefit.amount if not benefit.over else None
        monthly += drawn or 0
        kept = member.model_dump(include=set(DependantView.model_fields) - {"name", "id_number"})
        masked = {"name": mask_name(name), "id_number": mask_id(id_number)}
        shown.append(DependantView(**kept, **masked, amount=benefit.amount, state=benefit.state))
    kept = file.model_dump(include={"wage", "missing", "cap"})
    return RegisterView(claim_id=file.id, monthly=monthly, dependants=shown, used=file.used, **kept)
