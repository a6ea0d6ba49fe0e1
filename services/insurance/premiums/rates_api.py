"""A platform's rates: what holds and why, its own rates that an officer sets, and pricing orders again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Header, Query, Response, status
from pydantic import BaseModel, Field

from services.insurance.footing.documents import Platform as PlatformRecord
from services.insurance.premiums import rate_table, repricing
from services.insurance.premiums.access import CityBureau, Payer, credit_code, may_see
from services.insurance.premiums.book import terms_of
from services.insurance.premiums.documents import Premium, Rate
from services.insurance.premiums.rate_table import Why
from services.insurance.premiums.rates import Floating, Reason, rate
from shared.identity.regions import CITY
from shared.policy.parameters import Used
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Caller
from shared.web.etags import if_match, require_revision, set_etag
from shared.web.fields import MonthText
from shared.web.idempotency import IdempotentRoute
from shared.web.problems import broken_rule, forbidden

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

    since: MonthText
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
        raise forbidden()
    terms = await terms_of(uscc)
    papers = {(one.industry, one.since): one.document for one in await Rate.find({"platform": uscc}).to_list()}
    found: list[HoldingRate] = []
    for name in [industry] if industry else get_args(Industry):
        for held in rate_table.timeline(terms, name, district):
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
                    document=papers.get((name, own.since)) if own else None,
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
        raise broken_rule("industry-not-covered", "该行业无每单缴费标准", "the industry has no premium per order")
    stored = await transact(lambda tx: _set_rate(uscc, industry, since, body, officer, seen, tx))
    set_etag(response, stored.revision)
    return OwnRate(platform=uscc, industry=industry, since=since, **body.model_dump())


@router.post("/repricings", status_code=status.HTTP_202_ACCEPTED)
async def reprice(body: OrdersToPrice, officer: CityBureau) -> Repriced:
    """Price orders again from a month on by the rates that are known now: after one was published late."""
    platform = credit_code(body.platform) if body.platform is not None else None

    async def work(tx: Transaction) -> list[str]:
        await write_down("orders.repriced", platform or "*", officer, tx, body.since)
        return await repricing.reprice_since(body.since, platform, tx)

    return Repriced(platforms=await transact(work))


async def _set_rate(
    uscc: str, industry: Industry, since: dt.date, body: RateToSet, officer: Caller, seen: str | None, tx: Transaction
) -> Rate:
    rate_id = f"{uscc}|{industry}|{since}"
    known = await Rate.of(rate_id, tx)
    values = {"kind": body.kind, "value": body.value, "document": body.document, "by": officer.subject}
    if known is None:
        stored = Rate(id=rate_id, platform=uscc, industry=industry, since=since, **values)
    else:
        require_revision(if_match(seen), known.revision)
        stored = known.model_copy(update=values)
    await stored.put(tx)
    await write_down(
        "platform.rate_set", uscc, officer, tx, f"{industry} {since}: {body.kind} {body.value}, {body.document}"
    )
    platform = await PlatformRecord.count_change(uscc, {}, tx)
    month = f"{since:%Y-%m}"
    if platform.get("last_month") is not None and platform["last_month"] >= month:
        repricing.reprice_platform(uscc, max(month, platform["first_month"]), tx)
    return stored
