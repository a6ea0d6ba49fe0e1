"""The closing of months, and the delivery classes that an officer sets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Response, status
from pydantic import BaseModel, Field

from services.insurance.footing.documents import Platform as PlatformRecord
from services.insurance.premiums import billing, repricing
from services.insurance.premiums.access import CityBureau, Payer, credit_code, may_see
from services.insurance.premiums.arrears import State
from services.insurance.premiums.book import classes_of
from services.insurance.premiums.documents import Bill, Closing
from shared import clock
from shared.contracts.platform import DeliveryClass
from shared.policy import calendar
from shared.storage.audit import write_down
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.fields import MonthText
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import broken_rule, forbidden, not_found

router = APIRouter(prefix="/v1", tags=["premiums 缴费"], route_class=IdempotentRoute)

AHEAD = dt.timedelta(minutes=5)
"""How far a platform's clock may be ahead of ours by the outside contract: an order may already be of the next month."""


class MonthToClose(BaseModel):
    """The month to be closed."""

    month: MonthText


class BillState(BaseModel):
    """A bill of a closed month, and how far it is."""

    bill_id: str
    platform: str
    status: State


class ClosingView(BaseModel):
    """A closed month with its bills; a draft is being filled, and is issued or, where nothing is due, removed."""

    month: str
    closed_at: dt.datetime
    bills: list[BillState]


class ClassToSet(BaseModel):
    """The delivery class that holds from a day on."""

    delivery_class: DeliveryClass = Field(alias="class")


class DatedClass(BaseModel):
    """A delivery class and the day from which it holds; `assigned` by an officer, or else declared by the platform."""

    since: dt.date
    delivery_class: DeliveryClass = Field(serialization_alias="class")
    assigned: bool


@router.post("/bill-closings", status_code=status.HTTP_202_ACCEPTED)
async def close_month(body: MonthToClose, officer: CityBureau, response: Response) -> ClosingView:
    """Close a month: a bill for each platform. A month that is closed already stays as it is."""
    if body.month > calendar.month_of(clock.now() + AHEAD):
        raise broken_rule("month-not-begun", "该月份尚未开始，不能关账", "the month has not begun")
    await transact(lambda tx: billing.close(body.month, officer.subject, tx))
    response.headers["location"] = f"/v1/bill-closings/{body.month}"
    return await _closing(body.month)


@router.get("/bill-closings/{month}")
async def read_closing(month: Annotated[MonthText, Path()], officer: CityBureau) -> ClosingView:
    """A closed month and how far its bills are."""
    return await _closing(month)


async def _closing(month: str) -> ClosingView:
    closing = await Closing.of(month)
    if closing is None:
        raise not_found("该月份的关账记录", "the closing of this month")
    bills = await find(Bill, {"month": month}, sort="_id")
    states = [BillState(bill_id=bill.id, platform=bill.platform, status=bill.status) for bill in bills]
    return ClosingView(month=month, closed_at=closing.created_at, bills=states)


@router.put("/platforms/{uscc}/delivery-classes/{since}")
async def set_class(uscc: str, since: dt.date, body: ClassToSet, officer: CityBureau) -> list[DatedClass]:
    """Set the class that holds for a platform from a day on, whatever it declares. Orders since then are priced again."""
    uscc = credit_code(uscc)
    await transact(lambda tx: _set_class(uscc, since, body.delivery_class, officer, tx))
    return await _classes(uscc)


@router.get("/platforms/{uscc}/delivery-classes")
async def read_classes(uscc: str, caller: Payer) -> list[DatedClass]:
    """The declared and the assigned classes of a platform, by day."""
    if not may_see(caller, uscc):
        raise forbidden()
    return await _classes(uscc)


async def _set_class(uscc: str, since: dt.date, name: DeliveryClass, officer: Caller, tx: Transaction) -> None:
    before = await PlatformRecord.row(uscc, tx)
    day = since.isoformat()
    if before.get("assigned", {}).get(day, {}).get("delivery_class") == name:
        return
    assigned = {"delivery_class": name, "by": officer.subject, "at": clock.now()}
    after = await PlatformRecord.count_change(uscc, {f"assigned.{day}": assigned}, tx)
    repricing.reprice_classes(uscc, before, after, tx)
    await write_down("platform.class_set", uscc, officer, tx, f"{day}: {name}")


async def _classes(uscc: str) -> list[DatedClass]:
    record = await PlatformRecord.get(uscc)
    declared, assigned = classes_of(record.model_dump()) if record else ([], [])
    rows = [(day, name, False) for day, name in declared] + [(day, name, True) for day, name in assigned]
    return [
        DatedClass.model_validate({"since": day, "delivery_class": name, "assigned": by_officer})
        for day, name, by_officer in sorted(rows)
    ]
