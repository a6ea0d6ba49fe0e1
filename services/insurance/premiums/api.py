"""Bills and their closing, and the delivery classes that an officer sets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response, status
from pydantic import BaseModel, Field

from services.insurance.footing.documents import Platform as PlatformRecord
from services.insurance.premiums import billing, repricing
from services.insurance.premiums.book import classes_of
from services.insurance.premiums.documents import Bill, Closing
from shared import clock
from shared.contracts.platform import DeliveryClass
from shared.identity.regions import CITY
from shared.identity.uscc import InvalidUscc, parse
from shared.policy import calendar
from shared.storage.fields import Yuan
from shared.storage.transaction import Transaction, transact
from shared.web.auth import AnyCaller, Caller, Officer
from shared.web.etags import set_etag
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked, cursor_of
from shared.web.problems import broken_rule, forbidden, not_found

router = APIRouter(prefix="/v1", tags=["premiums 缴费"], route_class=IdempotentRoute)

MonthText = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="YYYY-MM, Asia/Shanghai")]

AHEAD = dt.timedelta(minutes=5)
"""How far a platform's clock may be ahead of ours by the outside contract: an order may already be of the next month."""


class MonthToClose(BaseModel):
    month: MonthText


class BillState(BaseModel):
    bill_id: str
    platform: str
    status: Literal["draft", "issued"]


class ClosingView(BaseModel):
    """A closed month with its bills; a draft is being filled, and is issued or, where nothing is due, removed."""

    month: str
    closed_at: dt.datetime
    bills: list[BillState]


class BillView(BaseModel):
    """A platform's premium for a month. `orders` are the charged ones, `late_orders` those of earlier months among them."""

    bill_id: str
    platform: str
    month: str
    orders: int
    late_orders: int
    premium: Yuan
    due_on: dt.date | None
    status: str


class ClassToSet(BaseModel):
    delivery_class: DeliveryClass = Field(alias="class")


class DatedClass(BaseModel):
    """A delivery class and the day from which it holds; `assigned` by an officer, or else declared by the platform."""

    since: dt.date
    delivery_class: DeliveryClass = Field(serialization_alias="class")
    assigned: bool


@router.post("/bill-closings", status_code=status.HTTP_202_ACCEPTED)
async def close_month(body: MonthToClose, officer: Officer, response: Response) -> ClosingView:
    """Close a month: a bill for each platform. A month that is closed already stays as it is."""
    _of_the_city(officer)
    if body.month > calendar.month_of(clock.now() + AHEAD):
        raise broken_rule("month-not-begun", "该月份尚未开始，不能关账", "the month has not begun")
    await transact(lambda tx: billing.close(body.month, officer.subject, tx))
    response.headers["location"] = f"/v1/bill-closings/{body.month}"
    return await _closing(body.month)


@router.get("/bill-closings/{month}")
async def read_closing(month: Annotated[MonthText, Path()], officer: Officer) -> ClosingView:
    """A closed month and how far its bills are."""
    return await _closing(month)


async def _closing(month: str) -> ClosingView:
    closing = await Closing.of(month)
    if closing is None:
        raise not_found("该月份的关账记录", "the closing of this month")
    bills = await Bill.find(Bill.month == month).sort("platform").to_list()
    states = [BillState(bill_id=bill.id, platform=bill.platform, status=bill.status) for bill in bills]
    return ClosingView(month=month, closed_at=closing.created_at, bills=states)


@router.get("/bills")
async def list_bills(
    caller: AnyCaller,
    page: PageAsked,
    platform: Annotated[str | None, Query(max_length=18)] = None,
    month: Annotated[MonthText | None, Query()] = None,
) -> Page[BillView]:
    """Issued bills, by platform and month; a platform sees its own."""
    query: dict[str, object] = {"status": "issued"}
    if caller.role == "platform":
        query["platform"] = caller.uscc
        if platform not in (None, caller.uscc):
            raise forbidden()
    elif caller.role != "officer":
        raise forbidden()
    elif platform is not None:
        query["platform"] = platform
    if month is not None:
        query["month"] = month
    if page.after is not None:
        query["_id"] = {"$gt": str(page.after)}
    bills = await Bill.find(query).sort("_id").limit(page.limit + 1).to_list()
    shown = bills[: page.limit]
    more = len(bills) > page.limit
    return Page(items=[_view(bill) for bill in shown], next=cursor_of(shown[-1].id) if more else None)


@router.get("/bills/{bill_id}")
async def read_bill(bill_id: str, caller: AnyCaller, response: Response) -> BillView:
    """An issued bill."""
    bill = await Bill.of(bill_id)
    if bill is None or bill.status == "draft" or not _may_see(caller, bill.platform):
        raise not_found("该账单", "the bill")
    set_etag(response, bill.revision)
    return _view(bill)


@router.put("/platforms/{uscc}/delivery-classes/{since}")
async def set_class(uscc: str, since: dt.date, body: ClassToSet, officer: Officer) -> list[DatedClass]:
    """Set the class that holds for a platform from a day on, whatever it declares. Orders since then are priced again."""
    _of_the_city(officer)
    try:
        uscc = parse(uscc)
    except InvalidUscc:
        raise broken_rule("not-a-credit-code", "统一社会信用代码有误", "not a unified social credit code") from None
    await transact(lambda tx: _set_class(uscc, since, body.delivery_class, officer, tx))
    return await _classes(uscc)


@router.get("/platforms/{uscc}/delivery-classes")
async def read_classes(uscc: str, caller: AnyCaller) -> list[DatedClass]:
    """The declared and the assigned classes of a platform, by day."""
    if not _may_see(caller, uscc):
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


async def _classes(uscc: str) -> list[DatedClass]:
    record = await PlatformRecord.get(uscc)
    declared, assigned = classes_of(record.model_dump()) if record else ([], [])
    rows = [(day, name, False) for day, name in declared] + [(day, name, True) for day, name in assigned]
    return [
        DatedClass.model_validate({"since": day, "delivery_class": name, "assigned": by_officer})
        for day, name, by_officer in sorted(rows)
    ]


def _may_see(caller: Caller, platform: str) -> bool:
    return caller.role == "officer" or (caller.role == "platform" and caller.uscc == platform)


def _of_the_city(officer: Caller) -> None:
    if officer.district != CITY:
        raise forbidden("仅市级经办人员可执行此操作", "only officers of the city may do this")


def _view(bill: Bill) -> BillView:
    return BillView(bill_id=bill.id, **bill.model_dump(include=set(BillView.model_fields) - {"bill_id"}))
