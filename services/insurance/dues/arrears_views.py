"""The data of the letter that says what a unit owes for a month that it has not paid in full in time (社会保险法 art. 62, 63, 86)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, Field

from services.insurance.dues.amounts import total
from services.insurance.dues.arrears import UnitGround, UnitOwed
from services.insurance.dues.arrears_commands import Arrears
from services.insurance.dues.documents import UnitMonth
from services.insurance.letters.rules import rights
from shared.contracts.base import money
from shared.contracts.insurance import Insurance
from shared.identity.regions import CITY
from shared.policy.parameters import Used, parameters
from shared.storage.fields import Yuan

NAMES: Final[dict[Insurance, str]] = {
    "pension": "基本养老保险",
    "medical": "基本医疗保险",
    "unemployment": "失业保险",
    "work_injury": "工伤保险",
    "maternity": "生育保险",
}


class UnitOwedView(BaseModel):
    """One insurance of the month, for all people together. `ground`: as wages were `declared` (or an officer entered them), `deemed`,
    110 % of what was paid for the month before, since nothing was declared (art. 62); `paid`, nothing is missing; `with_medical`,
    nothing beside the medical contribution; `unknown`, and `why` says what a person must set."""

    insurance: Insurance
    name: str
    ground: UnitGround
    amount: Yuan | None
    paid: Yuan
    outstanding: Yuan | None
    late_fee: Yuan | None
    why: str | None


class ArrearsLetter(BaseModel):
    """What the letter says by the end of `as_of`. `late_fee_per_day`: the share of what is missing that each day from the one after
    `due_on` adds; `outstanding` and `late_fee` are sums, null where a part is unknown. `rights`: how it is contested."""

    number: str
    title: str = Field(description="the letter's name")
    unit: str
    month: str
    due_on: dt.date
    as_of: dt.date
    people: int = Field(description="of how many people something is missing")
    insurances: list[UnitOwedView]
    outstanding: Yuan | None
    late_fee: Yuan | None
    late_fee_per_day: Decimal
    text: str
    rights: str | None
    used: list[Used]


def of(unit: UnitMonth, arrears: Arrears, today: dt.date) -> ArrearsLetter:
    """The letter on a unit's month as of today."""
    law = parameters.on(unit.due_on, place=CITY)
    rate = law.amount("social_insurance.late_fee_per_day")
    owing = [one for one in arrears.insurances if not one.clear]
    outstanding, fee = total(one.outstanding for one in owing), total(one.late_fee for one in owing)
    return ArrearsLetter(
        number=f"德社缴〔{unit.month[:4]}〕{unit.month[5:]}-{unit.unit}",
        title="社会保险费欠缴核定通知书",
        unit=unit.unit,
        month=unit.month,
        due_on=unit.due_on,
        as_of=today,
        people=arrears.people,
        insurances=[
            UnitOwedView(name=NAMES[one.insurance], **{name: getattr(one, name) for name in _FIELDS})
            for one in arrears.insurances
        ],
        outstanding=outstanding,
        late_fee=fee,
        late_fee_per_day=rate,
        text=_text(unit, owing, outstanding, fee, rate, today),
        rights=rights(parameters.on(today, place=CITY)),
        used=[*arrears.used, *(one for one in law.used if one not in arrears.used)],
    )


_FIELDS: Final = ("insurance", "ground", "amount", "paid", "outstanding", "late_fee", "why")


def _text(
    unit: UnitMonth,
    owing: list[UnitOwed],
    outstanding: Decimal | None,
    fee: Decimal | None,
    rate: Decimal,
    day: dt.date,
) -> str:
    per_day = f"{(rate * 100).normalize()}%"
    said = [f"贵单位{unit.month}社会保险费应于{unit.due_on}前申报缴纳，至{day}未按时足额缴纳。"]
    if deemed := _named(one for one in owing if one.ground == "deemed"):
        said.append(f"因未按规定申报，{deemed}按上月缴费额的百分之一百一十确定应缴数额（社会保险法第六十二条）。")
    said += [
        f"{NAMES[one.insurance]}欠缴{money(one.outstanding)}元，滞纳金{money(one.late_fee)}元。"
        for one in owing
        if one.outstanding is not None and one.late_fee is not None
    ]
    if waiting := _named(one for one in owing if one.outstanding is None):
        said.append(f"{waiting}的应缴数额另行核定。")
    if outstanding is not None and fee is not None:
        said.append(f"合计欠缴{money(outstanding)}元，截至{day}滞纳金{money(fee)}元。")
    said.append(f"自欠缴之日起按日加收欠缴数额{per_day}的滞纳金，直至缴清（社会保险法第八十六条）。")
    return "".join(said)


def _named(several: Iterable[UnitOwed]) -> str:
    return "、".join(NAMES[one.insurance] for one in several)
