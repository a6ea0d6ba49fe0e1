"""Deliveries as their recipients and officers see them, and the figures of the service."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from beanie import SortDirection
from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.notifier.deliveries import commands, holding
from services.notifier.deliveries.documents import Delivery
from services.notifier.deliveries.rules import State
from services.notifier.messages.message import RecipientKind
from services.notifier.messages.texts import TITLES, text_of
from services.notifier.recipients.commands import contact_id, name_of
from services.notifier.recipients.documents import Contact
from services.notifier.recipients.rules import Channel
from shared.identity.masking import mask_name, mask_phone
from shared.storage.transaction import transact
from shared.web.auth import Caller
from shared.web.paging import Page, PageAsked, cursor_of, instant_and_id
from shared.web.problems import broken_rule, forbidden
from shared.web.scope import HRSS, CityOfficer, callers, reach

router = APIRouter(prefix="/v1", tags=["deliveries 消息"])

CityLabourOfficer = Annotated[Caller, callers(departments=(HRSS,))]
Reader = Annotated[Caller, callers("worker", "platform", departments=[HRSS], district="document")]

LATEST_FIRST = [("created_at", SortDirection.DESCENDING), ("_id", SortDirection.DESCENDING)]


class DeliveryView(BaseModel):
    """A message and what became of it. `phone` is where an SMS went, masked; null for a push."""

    id: str
    title: str
    text: str
    kind: RecipientKind
    recipient: str
    recipient_name: str
    phone: str | None
    channel: Channel | None
    state: State
    attempts: int
    reason: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None
    finished_at: dt.datetime | None


class Released(BaseModel):
    """How many held messages go out now."""

    released: int


class Statistics(BaseModel):
    """`sent` were taken by a gateway, whatever became of them then; `failed` were refused, lost or given up."""

    sent: int
    delivered: int
    failed: int


@router.get("/deliveries")
async def list_deliveries(
    caller: Reader,
    page: PageAsked,
    recipient: Annotated[
        str | None, Query(max_length=128, description="a worker's id or an enterprise's credit code")
    ] = None,
    kind: Annotated[RecipientKind, Query(description="what `recipient` is")] = "worker",
) -> Page[DeliveryView]:
    """The messages of one recipient, the latest first: a worker's or a platform's own, or for an officer of the labour
    department those of `recipient` (a worker's id, or with `kind=platform` a credit code) that belong to the officer's
    district; those of no district are the city's."""
    kind, recipient = _recipient(caller, kind, recipient)
    wanted: dict[str, Any] = {"kind": kind, "recipient": recipient, "state": {"$ne": "withdrawn"}}
    if caller.role == "officer":
        wanted |= reach(caller, district="district")
    if page.after is not None:
        created_at, last_id = instant_and_id(page.after)
        wanted["$or"] = [{"created_at": {"$lt": created_at}}, {"created_at": created_at, "_id": {"$lt": last_id}}]
    found = await Delivery.find(wanted, sort=LATEST_FIRST, limit=page.limit + 1).to_list()
    contact = await Contact.of(contact_id(kind, recipient))
    shown = found[: page.limit]
    more = len(found) > page.limit
    return Page(
        items=[_view(delivery, contact) for delivery in shown],
        next=cursor_of([shown[-1].created_at.isoformat(), shown[-1].id]) if more else None,
    )


@router.post("/message-releases")
async def release_messages(_: CityLabourOfficer) -> Released:
    """Let go at once what is held because a later event may take it back, as an officer of the city's labour department.

    Such a message (a block, a cover) is held for some minutes, so that facts that come in another order than they happened
    alarm nobody for nothing.
    """
    return Released(released=await transact(holding.release))


def _recipient(caller: Caller, kind: RecipientKind, recipient: str | None) -> tuple[RecipientKind, str]:
    """Whose messages the caller asks for; raises a problem where they may not see them."""
    own: tuple[RecipientKind, str] | None = None
    if caller.role == "worker" and caller.worker_id:
        own = ("worker", caller.worker_id)
    elif caller.role == "platform" and caller.uscc:
        own = ("platform", caller.uscc)
    if own is not None:
        if recipient not in (None, own[1]):
            raise forbidden()
        return own
    if recipient is None:
        raise broken_rule("recipient-missing", "请指明接收人", "say whose messages: recipient")
    return kind, recipient


def _view(delivery: Delivery, contact: Contact | None) -> DeliveryView:
    name, phone = "", None
    if contact is not None and contact.known:
        clear = name_of(contact)
        name = mask_name(clear) if delivery.kind == "worker" else clear
    if delivery.channel == "sms" and delivery.clear_address:
        phone = mask_phone(delivery.clear_address)
    return DeliveryView(
        id=delivery.id,
        title=TITLES[delivery.template],
        text=text_of(delivery.template, delivery.params),
        kind=delivery.kind,
        recipient=delivery.recipient or "",
        recipient_name=name,
        phone=phone,
        channel=delivery.channel,
        state=delivery.state,
        attempts=delivery.attempts,
        reason=delivery.reason,
        created_at=delivery.created_at,
        sent_at=delivery.sent_at,
        finished_at=delivery.finished_at,
    )


@router.get("/statistics")
async def read_statistics(officer: CityOfficer) -> Statistics:
    """How many messages were sent, delivered and failed."""
    sent, delivered, failed = await commands.figures()
    return Statistics(sent=sent, delivered=delivered, failed=failed)
