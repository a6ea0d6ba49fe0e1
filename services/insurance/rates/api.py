"""A platform's rates: what holds and why, its own rates that an officer sets, and pricing orders again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Header, Query, Response, status
from pydantic import BaseModel, Field

from services.insurance.access import CityBureau, Payer, credit_code, may_see
from services.insurance.engagements.documents import Platform as PlatformRecord
from services.insurance.rates import commands
from services.insurance.rates.documents import Premium, Rate
from services.insurance.rates.pricing import classes_of, terms_of
from services.insurance.rates.rules import Floating, Reason, rate
from services.insurance.rates.timeline import Why, timeline
from shared.contracts.platform import DeliveryClass
from shared.errors import Forbidden, RuleBroken
from shared.identity.regions import CITY
from shared.policy.parameters import Used
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.etags import if_match, set_etag
from shared.web.fields import Month
from shared.web.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1", tags=["premiums 缴费"], route_class=IdempotentRoute)

Industry = Literal["ride_hailing", "instant_delivery", "freight", "courier", "other"]


class RateToSet(BaseModel):
    """A platform's own rate. `factor` multiplies the rate of the parameters; `amount` takes its place, in yuan per order."""

    kind: Floating
    value: Annotated[
        Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=4, description="a factor, or yuan; a decimal string")
    ]
    document: Annotated[str, Field(min_length=1, max_length=100, description="number of the paper that sets it")]


class OwnRate(RateToSet):
    """A platform's own rate, with the document that sets it."""

    platform: str
    industry: Industry
    since: dt.date


class HoldingRate(BaseModel):
    """What an order costs from `since` on, until the next row of its industry. `premium` is yuan per order; `reason` says why
    nothing is charged. `why`: the platform's own rate (`factor` or `amount` and its `document`), its class as assigned by an
    officer, set by the province, declared or by default, or the industry alone. `used` are the parameters it rests on.
    """

    industry: Industry
    since: dt.date
    premium: Premium
    reason: Reason | None
    tier: str | None
    why: Why
    factor: Premium | None
    amount: Premium | None
    document: str | None
    used: list[Used]


class OrdersToPrice(BaseModel):
    """From which month on orders are priced again, and whose."""

    since: Month
    platform: str | None = Field(default=None, description="credit code; without: every platform")


class Repriced(BaseModel):
    """Whose orders are being priced again; what comes out stands in their next bills as corrections."""

    platforms: list[str]


@router.get("/platforms/{uscc}/rates")
async def read_rates(
    uscc: str,
    caller: Payer,
    industry: Annotated[Industry | None, Query(description="without: all")] = None,
    district: Annotated[str, Query(pattern=r"^5106\d{2}$", description="where the order was taken")] = CITY,
) -> list[HoldingRate]:
    """What a platform's orders cost, from which day on, and why."""
    if not may_see(caller, uscc):
        raise Forbidden()
    terms = await terms_of(uscc)
    documents = {(one.industry, one.since): one.document for one in await Rate.find({"platform": uscc}).to_list()}
    found: list[HoldingRate] = []
    for name in [industry] if industry else get_args(Industry):
        for held in timeline(terms, name, district):
            own = held.own
            found.append(
                HoldingRate(
                    industry=name,
                    since=held.since,
                    premium=held.price.premium,
                    reason=held.price.reason,
                    tier=held.tier,
                    why=held.why,
                    factor=own.value if own and own.kind == "factor" else None,
                    amount=own.value if own and own.kind == "amount" else None,
                    document=documents.get((name, own.since)) if own else None,
                    used=list(held.used),
                )
            )
    return found


@router.put("/platforms/{uscc}/rates/{industry}/{since}")
async def set_rate(
    uscc: str,
    industry: Industry,
    since: dt.date,
    body: RateToSet,
    officer: CityBureau,
    response: Response,
    seen: Annotated[str | None, Header(alias="If-Match", description="only to change a rate of the same day")] = None,
) -> OwnRate:
    """Set a platform's own rate in an industry from a day on, until its next one; a factor of 1 ends it. Orders since then are
    priced again, and the difference stands in the next bill as corrections.
    """
    uscc = credit_code(uscc)
    if rate(since, industry, CITY, uscc, None).reason == "no_rate":
        raise RuleBroken("industry-not-covered", "该行业无每单缴费标准", "the industry has no premium per order")
    own = Rate(
        id=f"{uscc}|{industry}|{since}",
        platform=uscc,
        industry=industry,
        since=since,
        by=officer.subject,
        **body.model_dump(),
    )
    stored = await transact(lambda tx: commands.set_rate(own, officer, None if seen is None else if_match(seen), tx))
    set_etag(response, stored.revision)
    return OwnRate(platform=uscc, industry=industry, since=since, **body.model_dump())


@router.post("/repricings", status_code=status.HTTP_202_ACCEPTED)
async def reprice(body: OrdersToPrice, officer: CityBureau) -> Repriced:
    """Price orders again from a month on by the rates that are known now: after one was published late."""
    platform = credit_code(body.platform) if body.platform is not None else None

    async def work(tx: Transaction) -> list[str]:
        await write_down("orders.repriced", platform or "*", officer, tx, body.since)
        return await commands.reprice_since(body.since, platform, tx)

    return Repriced(platforms=await transact(work))


class ClassToSet(BaseModel):
    """The delivery class that holds from a day on."""

    delivery_class: DeliveryClass = Field(alias="class")


class DatedClass(BaseModel):
    """A delivery class and the day from which it holds; `assigned` by an officer, or else declared by the platform."""

    since: dt.date
    delivery_class: DeliveryClass = Field(serialization_alias="class")
    assigned: bool


@router.put("/platforms/{uscc}/delivery-classes/{since}")
async def set_class(uscc: str, since: dt.date, body: ClassToSet, officer: CityBureau) -> list[DatedClass]:
    """Set the class that holds for a platform from a day on, whatever it declares. Orders since then are priced again."""
    uscc = credit_code(uscc)
    await transact(lambda tx: commands.set_class(uscc, since, body.delivery_class, officer, tx))
    return await _classes(uscc)


@router.get("/platforms/{uscc}/delivery-classes")
async def read_classes(uscc: str, caller: Payer) -> list[DatedClass]:
    """The declared and the assigned classes of a platform, by day."""
    if not may_see(caller, uscc):
        raise Forbidden()
    return await _classes(uscc)


async def _classes(uscc: str) -> list[DatedClass]:
    record = await PlatformRecord.get(uscc)
    declared, assigned = classes_of(record.model_dump()) if record else ([], [])
    rows = [(day, name, False) for day, name in declared] + [(day, name, True) for day, name in assigned]
    return [
        DatedClass.model_validate({"since": day, "delivery_class": name, "assigned": by_officer})
        for day, name, by_officer in sorted(rows)
    ]
