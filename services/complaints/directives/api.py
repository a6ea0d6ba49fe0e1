"""Orders to put right over HTTP: officers order, serve, check; the enterprise reads its own and hands in proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.directives import commands
from services.complaints.directives.access import (
    directive_in_hand,
    directive_of,
    own_directive,
    seen_by,
)
from services.complaints.directives.commands import Order
from services.complaints.directives.documents import Directive
from services.complaints.directives.origins import Named, origin_of
from services.complaints.directives.rules import OriginKind, Violation
from services.complaints.directives.views import DirectiveDetail, DirectiveView, OrderedView
from services.complaints.evidence.api import Files, evidence_router
from services.complaints.leads.documents import Lead
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty
from shared.callers import Caller
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen, set_etag
from shared.web.fields import District, Uscc
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, callers

creating = APIRouter(prefix="/v1", tags=["directives 责令改正"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["directives 责令改正"])

Orderer = Annotated[Caller, callers(article=ALL, district="document")]
Reader = Annotated[Caller, callers("platform", article=ALL, district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class OrderedBody(BaseModel):
    """One thing to be put right, and the article that it rests on."""

    article: Short
    text: Text


class OwedBody(BaseModel):
    """What a person is owed, yuan; `worker_ref` is the enterprise's own name for them."""

    worker_ref: Short
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)


class OrderBody(BaseModel):
    """An order. `origin`: a case, a lead, an inspection or a joint task, by its id, or `own` for what arises from none;
    `items`: of an inspection, the findings that it answers."""

    origin: OriginKind
    origin_id: str | None = Field(default=None, max_length=64)
    items: list[Short] = Field(default=[], max_length=50)
    enterprise: Uscc
    district: District
    violation: Violation
    demands: list[OrderedBody] = Field(min_length=1, max_length=20)
    owed: list[OwedBody] = Field(default=[], max_length=500)
    days: int = Field(ge=1, le=1000)
    issued_on: dt.date | None = Field(default=None, description="of an order on paper that is recorded later")

    @property
    def order(self) -> Order:
        return Order(
            enterprise=self.enterprise,
            district=self.district,
            violation=self.violation,
            demands=[(one.article, one.text) for one in self.demands],
            owed=[(one.worker_ref, one.amount) for one in self.owed],
            days=self.days,
            issued_on=self.issued_on,
        )


class DirectiveService(BaseModel):
    """How and on which day it was served."""

    on: dt.date
    by: Short


class DirectiveText(BaseModel):
    """What somebody writes: an answer or a reason."""

    text: Text


class DirectiveExtension(BaseModel):
    """By how many days, and why."""

    days: int = Field(ge=1, le=1000)
    text: Text


class DirectiveCheck(BaseModel):
    """Whether the order is met, and what was seen."""

    met: bool
    text: Text


class DirectiveConfirmation(BaseModel):
    """Whether the second officer agrees."""

    agrees: bool


class CompensationBody(BaseModel):
    """Per cent of what is owed."""

    percent: int = Field(ge=0, le=1000)


Work = Callable[[Directive, Officer, Transaction], Awaitable[Directive]]


async def _acted(
    directive_id: str, caller: Caller, seen: int, response: Response, duty: Duty, work: Work
) -> DirectiveDetail:
    async def act(tx: Transaction) -> Directive:
        directive, officer = await directive_in_hand(directive_id, caller, duty, seen, tx)
        return await work(directive, officer, tx)

    return await _shown(await transact(act), response)


async def _step(
    directive_id: str, caller: Orderer, seen: RevisionSeen, response: Response
) -> Callable[[Duty, Work], Awaitable[DirectiveDetail]]:
    return partial(_acted, directive_id, caller, seen, response)


Step = Annotated[Callable[[Duty, Work], Awaitable[DirectiveDetail]], Depends(_step)]
"""Takes an officer's step with the order that a route names, and gives the answer."""


@creating.post("/directives", status_code=201)
async def issue(body: OrderBody, caller: Orderer, response: Response) -> DirectiveDetail:
    """Draw up an order to put right (劳动保障监察条例 art. 18; 德人社发〔2022〕95 号 art. 4, 5)."""
    directive_id, order = new_id(), body.order

    async def store(tx: Transaction) -> Directive:
        named = Named(kind=body.origin, id=body.origin_id, items=body.items)
        origin, officer = await origin_of(named, directive_id, order, caller, tx)
        return await commands.issue(directive_id, order, origin, officer, tx)

    directive = await transact(store)
    response.headers["Location"] = f"/v1/directives/{directive.id}"
    return await _shown(directive, response)


@router.get("/directives")
async def list_directives(caller: Reader, page: PageAsked) -> Page[DirectiveView]:
    """An enterprise's own orders that were served, or those within an officer's reach, the newest first."""
    return await Page.of(Directive, await seen_by(caller), DirectiveView.of, page, sort="-_id")


@router.get("/directives/{directive_id}")
async def read_directive(directive_id: str, caller: Orderer, response: Response) -> DirectiveDetail:
    """An order with all that belongs to it, for officers."""
    return await _shown(await directive_of(directive_id, caller), response)


@router.get("/directives/{directive_id}/order")
async def read_order(directive_id: str, platform: Platform, response: Response) -> OrderedView:
    """An order as it was served on the enterprise."""
    directive = await directive_of(directive_id, platform)
    set_etag(response, directive.revision)
    return OrderedView.of(directive)


@router.post("/directives/{directive_id}/service")
async def serve(body: DirectiveService, step: Step) -> DirectiveDetail:
    """Record that an order was served; its term begins."""
    return await step("handler", lambda one, officer, tx: commands.serve(one, body.on, body.by, officer, tx))


@router.post("/directives/{directive_id}/answer")
async def answer(
    directive_id: str, body: DirectiveText, platform: Platform, seen: RevisionSeen, response: Response
) -> OrderedView:
    """Say how things were put right; files are handed in as evidence."""

    async def store(tx: Transaction) -> Directive:
        return await commands.answer(await own_directive(directive_id, platform, seen, tx), body.text, tx)

    directive = await transact(store)
    set_etag(response, directive.revision)
    return OrderedView.of(directive)


@router.post("/directives/{directive_id}/extension-request")
async def ask_extension(body: DirectiveExtension, step: Step) -> DirectiveDetail:
    """Propose a longer term."""
    return await step(
        "handler", lambda one, officer, tx: commands.ask_extension(one, body.days, body.text, officer, tx)
    )


@router.post("/directives/{directive_id}/extension")
async def extend(body: DirectiveText, step: Step) -> DirectiveDetail:
    """Approve the longer term, as another officer."""
    return await step("approver", lambda one, officer, tx: commands.extend(one, body.text, officer, tx))


@router.post("/directives/{directive_id}/check")
async def check(body: DirectiveCheck, step: Step) -> DirectiveDetail:
    """Record whether an order is met, as the first of two officers."""
    return await step("handler", lambda one, officer, tx: commands.check(one, body.met, body.text, officer, tx))


@router.post("/directives/{directive_id}/check-confirmation")
async def confirm(body: DirectiveConfirmation, step: Step) -> DirectiveDetail:
    """Confirm what was found, or send it back, as the second officer."""
    return await step("approver", lambda one, officer, tx: commands.confirm(one, body.agrees, officer, tx))


@router.post("/directives/{directive_id}/compensation")
async def add_compensation(body: CompensationBody, step: Step) -> DirectiveDetail:
    """Add compensation to what is still owed after the term (劳动保障监察条例 art. 26)."""
    return await step("approver", lambda one, officer, tx: commands.add_compensation(one, body.percent, officer, tx))


@router.post("/directives/{directive_id}/withdrawal")
async def withdraw(body: DirectiveText, step: Step) -> DirectiveDetail:
    """Withdraw an order, as another officer than who drew it up."""
    return await step("approver", lambda one, officer, tx: commands.withdraw(one, body.text, officer, tx))


async def _files(directive_id: str, caller: Reader) -> Files:
    async def read() -> str:
        return (await directive_of(directive_id, caller)).matter

    async def hand_in(tx: Transaction) -> str:
        if caller.role != "officer":
            return (await directive_of(directive_id, caller, tx)).matter
        directive, _ = await directive_in_hand(directive_id, caller, "handler", None, tx)
        return directive.matter

    return Files(caller, read, hand_in)


files = evidence_router("/directives/{directive_id}", "directives 责令改正", _files)


async def _shown(directive: Directive, response: Response) -> DirectiveDetail:
    set_etag(response, directive.revision)
    kind, _, lead_id = directive.root.partition(":")
    lead = await Lead.of(lead_id) if kind == "lead" else None
    return DirectiveDetail.of(directive, None if lead is None else lead.holds)
