"""Deliveries as their recipients and officers see them, and the figures of the service."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from services.notifier.deliveries import commands, figures
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.views import (
    ChannelFigures,
    ChannelStatistics,
    DeliveryView,
    HandOvers,
    HandOverStatistics,
    Statistics,
)
from services.notifier.notices.rules import RecipientKind
from services.notifier.recipients.documents import Contact, contact_id
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden, RuleBroken
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction, transact
from shared.web.paging import Page, PageAsked
from shared.web.scope import HRSS, CityOfficer, callers, reach

router = APIRouter(prefix="/v1", tags=["deliveries 消息"])

Reader = Annotated[Caller, callers("worker", "platform", departments=[HRSS], district="document")]

Recipient = Annotated[Caller, callers("worker", "platform")]
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
        str | None, Query(max_length=128, description="a worker's id or an enterprise's credit code")
    ] = None,
    kind: Annotated[RecipientKind, Query(description="what `recipient` is")] = "worker",
    unread: Annotated[bool, Query(description="only what is not marked as read")] = False,
) -> Page[DeliveryView]:
    """The messages of one recipient, the latest first: a worker's or a platform's own, or for an officer of the labour
    department those of `recipient` (a worker's id, or with `kind=platform` a credit code) that belong to the officer's
    district; those of no district are the city's."""
    kind, recipient = _recipient(caller, kind, recipient)
    wanted: dict[str, Any] = {"kind": kind, "recipient": recipient, "state": {"$nin": ["listed", "withdrawn"]}}
    if unread:
        wanted["read_at"] = None
    if caller.role == "officer":
        wanted |= reach(caller, district="district")
    contact = await Contact.of(contact_id(kind, recipient))
    return await Page.of(Delivery, wanted, lambda one: DeliveryView.of(one, contact), page, sort="-created_at")


@router.put("/deliveries/{delivery_id}/read-mark", status_code=204)
async def mark_as_read(delivery_id: str, caller: Recipient) -> None:
    """Mark a message of one's own as read; once it is, it stays so."""
    kind, recipient = _recipient(caller, "worker", None)
    await transact(lambda tx: commands.mark_as_read(delivery_id, kind, recipient, tx))


def _recipient(caller: Caller, kind: RecipientKind, recipient: str | None) -> tuple[RecipientKind, str]:
    """Whose messages the caller asks for; raises `Forbidden` where they may not see them."""
    own: tuple[RecipientKind, str] | None = None
    if caller.role == "worker" and caller.worker_id:
        own = ("worker", caller.worker_id)
    elif caller.role == "platform" and caller.uscc:
        own = ("platform", caller.uscc)
    if own is not None:
        if recipient not in (None, own[1]):
            raise Forbidden()
        return own
    if recipient is None:
        raise RuleBroken("recipient-missing", "请指明接收人", "say whose messages: recipient")
    return kind, recipient


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
    sent, delivered, failed = await commands.figures()
    return Statistics(sent=sent, delivered=delivered, failed=failed, uncertain=await commands.uncertain())


@router.get("/statistics/channels")
async def read_channels(_: CityOfficer) -> ChannelStatistics:
    """How many messages were sent and delivered through the app, and by SMS through each provider."""
    return ChannelStatistics(channels=[ChannelFigures.model_validate(row) for row in await figures.by_channel()])


@router.get("/uncertain-deliveries")
async def list_uncertain(_: CityLabourOfficer, page: PageAsked) -> Page[DeliveryView]:
    """The messages that wait for somebody to decide, as an officer of the city's labour department: nobody can say whether they
    went out, so they are not sent again by themselves."""
    wanted = {"state": "uncertain", "left_at": None}
    return await Page.of(Delivery, wanted, lambda one: DeliveryView.of(one, None), page)


@router.post("/deliveries/{delivery_id}/resolution")
async def resolve(delivery_id: DeliveryId, body: Resolution, officer: CityLabourOfficer) -> DeliveryView:
    """Decide, as an officer of the city's labour department, on a message that is uncertain: `send_again`, at the risk that it
    comes twice, or `leave`, at the risk that it never came."""

    async def store(tx: Transaction) -> Delivery:
        await write_down(f"delivery.{body.decision}", delivery_id, officer, tx)
        return await commands.resolve(delivery_id, again=body.decision == "send_again", tx=tx)

    return DeliveryView.of(await transact(store), None)
