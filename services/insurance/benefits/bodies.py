"""What callers send about benefits, advances and recoveries. Money is yuan, a decimal string."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.insurance.benefits.commands import Asked
from services.insurance.benefits.reckoning import Dependant, Invoice
from shared import clock
from shared.contracts.insurance import Debtor
from shared.identity.resident_id import parse
from shared.policy import calendar
from shared.storage.fields import Yuan
from shared.web.fields import MonthText

PositiveYuan = Annotated[Yuan, Field(gt=0)]
YuanFromZero = Annotated[Yuan, Field(ge=0)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Account = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{8,32}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]


def _resident(number: str) -> str:
    """The number as it is kept; raises ValueError, which does not repeat it."""
    return parse(number, calendar.shanghai_date(clock.now())).number


class InvoiceBody(BaseModel):
    """A medical bill; `excluded` is what the catalogues leave out of it."""

    amount: PositiveYuan
    excluded: YuanFromZero = Decimal(0)


class DependantBody(BaseModel):
    """A relative without capacity for work; `lone`: a lone old person or an orphan."""

    relation: Literal["spouse", "other"]
    lone: bool = False


class KinBody(BaseModel):
    """The next of kin who is paid."""

    id_number: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_resident)]
    name: Text


class BenefitToGrant(BaseModel):
    """A benefit of a recognised claim.

    `kind`: a code of `work_injury.benefit_payers` or `oip.benefit_payers`. `own_wage`: average monthly contribution wage
    of the twelve months before the injury; `pay`: the monthly pay that goes on while work is suspended. `insured`: whether
    the contributions of that day were paid; where not, the employer or platform pays. `account`: the payee's bank account,
    for what the fund pays; `kin` where next of kin are paid. Monthly kinds run from `first_month` (this month where null)
    to `last_month` (until stopped where null); `extended`: the time of suspended work was prolonged.
    """

    kind: Code
    own_wage: PositiveYuan | None = None
    pay: PositiveYuan | None = None
    invoices: list[InvoiceBody] = Field(default_factory=list, max_length=200)
    dependants: list[DependantBody] = Field(default_factory=list, max_length=20)
    insured: bool = True
    account: Account | None = None
    kin: KinBody | None = None
    first_month: MonthText | None = None
    last_month: MonthText | None = None
    extended: bool = False

    def asked(self) -> Asked:
        return Asked(
            kind=self.kind,
            own_wage=self.own_wage,
            pay=self.pay,
            invoices=tuple(Invoice(one.amount, one.excluded) for one in self.invoices),
            dependants=tuple(Dependant(one.relation, one.lone) for one in self.dependants),
            insured=self.insured,
            account=self.account,
            kin=(self.kin.id_number, self.kin.name) if self.kin else None,
            first_month=self.first_month,
            last_month=self.last_month,
            extended=self.extended,
        )


class AmountToSet(BaseModel):
    """The sum of an open benefit, why it is this one, and the document that it stands in."""

    amount: PositiveYuan
    reason: Text
    document: Text


class AccountToSet(BaseModel):
    """The payee's right bank account: 8 to 32 digits."""

    account: Account


class GivenReason(BaseModel):
    """Why, in words, for the history."""

    reason: Text


class MoneyPaid(BaseModel):
    """A sum and the legal day on which it was paid."""

    amount: PositiveYuan
    on: dt.date


class RecoveryToOpen(BaseModel):
    """`reason` is a code, such as `overpaid`, `recognition_revoked`, `fraud`, `no_longer_entitled`, `fund_advance`.

    `debtor`: the payee; the employer, for what the fund took over; a third party, for medical costs.
    """

    amount: PositiveYuan
    reason: Code
    debtor: Debtor = "payee"


class TakeOver(BaseModel):
    """Why the fund pays in the employer's place, and whom."""

    reason: Text
    account: Account
    kin: KinBody | None = None
