"""What callers ask of benefits, advances and recoveries: bodies of requests, and the types of their fields. Money is yuan."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.insurance.benefits.fact_rules import Dependant, Invoice, Leaving
from services.insurance.benefits.proposal_commands import Asked
from services.insurance.benefits.rules import ThirdParty
from shared import clock
from shared.errors import RuleBroken
from shared.identity.resident_id import parse
from shared.policy import calendar
from shared.storage.fields import Yuan
from shared.web.fields import Month, mobile


def not_ahead(day: dt.date) -> None:
    if day > calendar.shanghai_date(clock.now()):
        raise RuleBroken("day-to-come", "日期不能晚于今天", "the day has not come yet")


PositiveYuan = Annotated[Yuan, Field(gt=0)]
YuanFromZero = Annotated[Yuan, Field(ge=0)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
BillName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"\w", max_length=100)]
BankAccount = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{8,32}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Phone = Annotated[str, Field(max_length=24)]


def resident(number: str) -> str:
    """The number as it is kept; raises ValueError, which does not repeat it."""
    return parse(number, calendar.shanghai_date(clock.now())).number


class InvoiceBody(BaseModel):
    """A medical bill; `excluded` is what the catalogues leave out of it. `institution` (its credit code, or its name), `number` and
    `issued_on` name it: no bill is claimed twice, by whatever claim or scheme (409 `bill-claimed`, with the `first`). One of the same
    number but of another day or sum (409 `bill-number-claimed`), or of the same sum where one of the two has no number (409
    `bill-alike`), is granted with `another`: why it is another bill.
    """

    amount: PositiveYuan
    excluded: YuanFromZero = Decimal(0)
    institution: BillName | None = None
    number: BillName | None = None
    issued_on: dt.date | None = None
    another: Text | None = None

    def bill(self) -> Invoice:
        named = (self.institution, self.number, self.issued_on)
        return Invoice(self.amount, self.excluded, *named, self.another)


class DependantBody(BaseModel):
    """A relative without capacity for work; `lone`: a lone old person or an orphan. `phone`: a mobile number, where they are told
    themselves."""

    relation: Literal["spouse", "other"]
    lone: bool = False
    phone: Phone | None = None


class KinBody(BaseModel):
    """The next of kin who is paid. `phone`: the mobile number at which they are told of it."""

    id_number: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(resident)]
    name: Text
    phone: Phone | None = None

    @property
    def reached(self) -> tuple[tuple[str, str], ...]:
        """Name and phone, where there is one; raises RuleBroken for what is no mobile number."""
        return ((self.name, mobile(self.phone)),) if self.phone else ()


class BenefitToGrant(BaseModel):
    """A benefit of a recognised claim.

    `kind`: a code of `work_injury.benefit_payers` or `oip.benefit_payers`. `own_wage`: average monthly contribution wage
    of the twelve months before the injury, null where it is to be taken from what was paid in; `days`: in hospital, or of treatment
    elsewhere; `confirmed`: a device by the committee, treatment elsewhere by the agency; `third_party`: medical costs that whoever
    caused the injury refuses to pay, or who is unknown, less `third_party_paid` (社会保险法 art. 42); `leaving`: how the labour
    relation ended (工伤保险条例 art. 36, 37); `no_fitting_work`: the employer has none (art. 36); `hardship`: of the kin of who is
    missing (art. 41); `pay`: the monthly pay that goes on while work is suspended. Who pays follows from
    whether the injury was insured (`GET /v1/claims/{id}/liability`); `incurred_on`: the day on which the cost fell, where the
    employer applied too late or made up for its contributions later; `insured` counts no more. `account`: the payee's bank account,
    for what the fund pays; `kin` where next of kin are paid. Monthly kinds run from `first_month` (this month where null)
    to `last_month` (until stopped where null); `extended`: the time of suspended work was prolonged.
    """

    kind: Code
    own_wage: PositiveYuan | None = None
    pay: PositiveYuan | None = None
    invoices: list[InvoiceBody] = Field(default_factory=list, max_length=200)
    dependants: list[DependantBody] = Field(default_factory=list, max_length=20)
    insured: bool | None = Field(default=None, deprecated=True, description="not read: it is found from the records")
    incurred_on: dt.date | None = None
    account: BankAccount | None = None
    kin: KinBody | None = None
    first_month: Month | None = None
    last_month: Month | None = None
    extended: bool = False
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    confirmed: bool = False
    third_party: ThirdParty | None = None
    third_party_paid: YuanFromZero = Decimal(0)
    leaving: Leaving | None = None
    no_fitting_work: bool = False
    hardship: bool = False

    def asked(self) -> Asked:
        return Asked(
            kind=self.kind,
            own_wage=self.own_wage,
            pay=self.pay,
            invoices=tuple(one.bill() for one in self.invoices),
            dependants=tuple(Dependant(one.relation, one.lone) for one in self.dependants),
            incurred_on=self.incurred_on,
            account=self.account,
            kin=(self.kin.id_number, self.kin.name) if self.kin else None,
            phones=(
                *(self.kin.reached if self.kin else ()),
                *(("", mobile(one.phone)) for one in self.dependants if one.phone),
            ),
            first_month=self.first_month,
            last_month=self.last_month,
            extended=self.extended,
            days=self.days,
            confirmed=self.confirmed,
            third_party=self.third_party,
            third_party_paid=self.third_party_paid,
            leaving=self.leaving,
            no_fitting_work=self.no_fitting_work,
            hardship=self.hardship,
        )


class AmountToSet(BaseModel):
    """The sum of an open benefit, why it is this one, and the document that it stands in."""

    amount: PositiveYuan
    reason: Text
    document: Text


class AccountToSet(BaseModel):
    """The payee's right bank account: 8 to 32 digits. `phone`: the mobile number of next of kin who are paid, where it is another
    one now."""

    account: BankAccount
    phone: Phone | None = None


class GivenReason(BaseModel):
    """Why, in words, for the history."""

    reason: Text


class MoneyPaid(BaseModel):
    """A sum and the legal day on which it was paid."""

    amount: PositiveYuan
    on: dt.date


class TakeOver(BaseModel):
    """Why the fund pays in the employer's place, and whom."""

    reason: Text
    account: BankAccount
    kin: KinBody | None = None
