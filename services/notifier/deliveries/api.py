"""Deliveries as their recipients and officers see them, and the figures of the service."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from services.notifier.deliveries import commands, figures, outcomes
from services.notifier.deliveries.access import Reader, box_of, contacts_of, own_boxes
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.views import (
    ChannelFigures,
    ChannelStatistics,
    DeliveryView,
    HandOvers,
    HandOverStatistics,
    Statistics,
    UncertainView,
)
from services.notifier.notices.rules import RecipientKind
from shared import clock
from shared.callers import Caller
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, CityOfficer, callers

router = APIRouter(prefix="/v1", tags=["deliveries 消息"])

CityLabourOfficer = Annotated[Caller, callers(departments=[HRSS])]
DeliveryId = Annotated[str, Path(max_length=64)]


class Resolution(BaseModel):
    """What is done about a message that may or may not have gone out."""

    decision: Literal["send_again", "leave"]


@router.get("/deliveries")
async def list_deliveries(
    caller: Reader,
    page: PageAsked,
    recipient: Annotated[
        str | None,
        Query(max_length=128, description="a worker's id or an enterprise's credit code; without: the caller"),
    ] = None,
    kind: Annotated[
        RecipientKind | None,
        Query(
            description="what `recipient` is, a worker for officers who do not say; without one, `department` is the own desk"
        ),
    ] = None,
    unread: Annotated[bool, Query(description="only what is not marked as read")] = False,
) -> Page[DeliveryView]:
    """The messages of one recipient, the latest first: the caller's own, be it a worker, an enterprise, a body that trains
    or evaluates, who acts for a union, or an officer, whose desk's are there by `kind=department`.

    An officer of the labour department reads those of any `recipient` (a worker's id, or with `kind=platform` a credit code) that
    belong to the officer's district; those of no district are the city's."""
    box, reached = await box_of(caller, kind, recipient)
    wanted = {**box.wanted, **reached}
    if unread:
        wanted["read_at"] = None
    contacts = await contacts_of(box)
    return await Page.of(
        Delivery, wanted, lambda one: DeliveryView.of(one, contacts.get(one.recipient or "")), page, sort="-created_at"
    )


@router.put("/deliveries/{delivery_id}/read-mark", status_code=204)
async def mark_as_read(delivery_id: DeliveryId, caller: Reader) -> None:
    """Mark a message of one's own as read, or one of the own desk for all who sit there; once it is, it stays so."""

    async def mark(tx: Transaction) -> None:
        await commands.mark_as_read(delivery_id, await own_boxes(caller, tx), tx)

    await transact(mark)


@router.get("/statistics/hand-overs")
async def read_hand_overs(
    officer: CityOfficer, day: Annotated[dt.date | None, Query(description="without: today")] = None
) -> HandOverStatistics:
    """How soon the messages of a day were handed over to their gateways."""
    of = day or shanghai_date(clock.now())
    found = [HandOvers.model_validate(row) for row in await figures.hand_overs_of(of)]
    goal = parameters.on(of).amount("notifications.hand_over_goal_percent")
    return HandOverStatistics(day=of, goal_percent=str(goal), hand_overs=found)


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many messages were sent, delivered and failed."""
    sent, delivered, failed = await figures.counts()
    return Statistics(sent=sent, delivered=delivered, failed=failed, uncertain=await figures.uncertain())


@router.get("/statistics/channels")
async def read_channels(_: CityOfficer) -> ChannelStatistics:
    """How many messages were sent and delivered through the app, and by SMS through each provider."""
    return ChannelStatistics(channels=[ChannelFigures.model_validate(row) for row in await figures.by_channel()])


@router.get("/uncertain-deliveries")
async def list_uncertain(_: CityLabourOfficer, page: PageAsked) -> Page[UncertainView]:
    """The messages that wait for somebody to decide, as an officer of the city's labour department: nobody can say whether they
    went out, so they are not sent again by themselves. What they say is not shown, nor to whom where that is private."""
    wanted = {"state": "uncertain", "left_at": None}
    return await Page.of(Delivery, wanted, UncertainView.of, page)


@router.post("/deliveries/{delivery_id}/resolution")
async def resolve(delivery_id: DeliveryId, body: Resolution, officer: CityLabourOfficer) -> UncertainView:
    """Decide, as an officer of the city's labour department, on a message that is uncertain: `send_again`, at the risk that it
    comes twice, or `leave`, at the risk that it never came."""

    async def store(tx: Transaction) -> Delivery:
        await write_down(f"delivery.{body.decision}", delivery_id, officer, tx)
        return await outcomes.resolve(delivery_id, again=body.decision == "send_again", tx=tx)

    return UncertainView.of(await transact(store))
