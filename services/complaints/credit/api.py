"""Credit listings over HTTP: officers propose and decide, the enterprise speaks, everybody reads what is published."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from services.complaints.cases.access import within_reach
from services.complaints.credit import commands
from services.complaints.credit.access import acted, listing_of, not_away, own, shown
from services.complaints.credit.commands import Proposed
from services.complaints.credit.documents import Listing
from services.complaints.credit.rules import PUBLIC, Kind
from services.complaints.credit.views import ListingView, PublicListing
from services.complaints.directives.access import directive_in_hand
from services.complaints.officers import commands as officers
from shared import clock
from shared.callers import Caller
from shared.errors import Forbidden
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from shared.web.auth import Platform
from shared.web.etags import RevisionSeen
from shared.web.idempotency import IdempotentRoute
from shared.web.paging import Page, PageAsked
from shared.web.scope import ALL, HRSS, callers

creating = APIRouter(prefix="/v1", tags=["credit 信用惩戒"], route_class=IdempotentRoute)
router = APIRouter(prefix="/v1", tags=["credit 信用惩戒"])

Lister = Annotated[Caller, callers(article=ALL, district="document")]
Reader = Annotated[Caller, callers("platform", article=ALL, district="document")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ListingBody(BaseModel):
    """A proposal that follows from a breached order. `months`: for how long wages are owed; `judged`: the officer says that
    the sums of the crime are reached where the machine cannot; `incident`: a mass or extreme incident arose."""

    directive_id: str = Field(max_length=64)
    kind: Kind
    category: str | None = Field(default=None, max_length=40)
    name: Short
    address: Short
    representative: Short
    facts: Text
    result: Text
    months: int = Field(default=0, ge=0, le=1000)
    judged: bool = False
    incident: bool = False
    grounds: Text


class Statement(BaseModel):
    """What the enterprise says; `hearing`: it asks to be heard."""

    text: Text
    hearing: bool = False


class ListingText(BaseModel):
    """What an officer writes."""

    text: Text


class ListingDecision(BaseModel):
    """Whether it is done, and why."""

    yes: bool
    text: Text


class ListingDecided(ListingDecision):
    """Whether the enterprise is listed, and why. `no_head`: where it is, and the list of those who owe wages would name neither its
    legal representative nor its principal (`no-head`), why neither can be."""

    no_head: Text | None = None


class RemovalBody(BaseModel):
    """When things were put right, and the pledge of honesty."""

    put_right_on: dt.date
    pledged: bool
    text: Text


@creating.post("/credit-listings", status_code=201)
async def propose(body: ListingBody, caller: Lister, response: Response) -> ListingView:
    """Propose to publish a violation, or to list who owes wages; for the labour department, whoever ordered to put it right
    (劳动保障监察条例 art. 22; 人社部令第45号)."""

    async def store(tx: Transaction) -> Listing:
        directive, officer = await directive_in_hand(body.directive_id, caller, "handler", None, tx)
        if not caller.is_officer_of(HRSS):
            raise Forbidden("列入名单和社会公布由人力资源社会保障部门办理", "listings are the labour department's")
        return await commands.propose(Proposed(**body.model_dump(exclude={"directive_id"})), directive, officer, tx)

    listing = await transact(store)
    response.headers["Location"] = f"/v1/credit-listings/{listing.id}"
    return shown(listing, response)


@router.get("/public-credit-listings")
async def list_public(page: PageAsked) -> Page[PublicListing]:
    """What is published today, for everybody."""
    today = shanghai_date(clock.now())
    published = {
        "state": {"$in": sorted(PUBLIC)},
        "public_from": {"$lte": today},
        "$or": [{"until": None}, {"until": {"$gte": today}}],
    }
    return await Page.of(Listing, published, PublicListing.of, page, sort="-_id")


@router.get("/credit-listings")
async def list_listings(caller: Reader, page: PageAsked) -> Page[ListingView]:
    """An enterprise's own listings that it was told of, or those within an officer's reach."""
    if caller.role == "platform":
        wanted: dict[str, Any] = {"enterprise": caller.uscc, "notified_on": {"$ne": None}}
    else:
        officer = await officers.registered(caller)
        wanted = within_reach(officer) | await not_away(officer)
        if not caller.is_officer_of(HRSS):
            wanted["department"] = officer.department
    return await Page.of(Listing, wanted, ListingView.of, page, sort="-_id")


@router.get("/credit-listings/{listing_id}")
async def read_listing(listing_id: str, caller: Reader, response: Response) -> ListingView:
    """A listing."""
    return shown(await listing_of(listing_id, caller, None), response)


@router.post("/credit-listings/{listing_id}/notice")
async def notify(listing_id: str, caller: Lister, seen: RevisionSeen, response: Response) -> ListingView:
    """Tell the enterprise what is proposed."""
    return await acted(listing_id, caller, "handler", seen, response, lambda one, _, tx: commands.notify(one, tx))


@router.post("/credit-listings/{listing_id}/statement")
async def speak(
    listing_id: str, body: Statement, platform: Platform, seen: RevisionSeen, response: Response
) -> ListingView:
    """Speak to what is proposed, and ask for a hearing."""
    return await own(
        listing_id,
        platform,
        seen,
        response,
        lambda one, tx: commands.speak(one, body.text, hearing=body.hearing, tx=tx),
    )


@router.post("/credit-listings/{listing_id}/hearing")
async def hear(
    listing_id: str, body: ListingText, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Record the hearing."""
    return await acted(
        listing_id, caller, "approver", seen, response, lambda one, who, tx: commands.hear(one, body.text, who, tx)
    )


@router.post("/credit-listings/{listing_id}/decision")
async def decide(
    listing_id: str, body: ListingDecided, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """List the enterprise or drop the proposal, as another officer than who proposed; the head of one that owes wages is listed with
    it (保障农民工工资支付条例 art. 48)."""
    return await acted(
        listing_id, caller, "approver", seen, response,
        lambda one, who, tx: commands.decide(
            one, body.text, who, lists=body.yes, no_head=body.no_head, tx=tx
        ),
    )  # fmt: skip


@router.post("/credit-listings/{listing_id}/removal-request")
async def ask_removal(
    listing_id: str, body: RemovalBody, platform: Platform, seen: RevisionSeen, response: Response
) -> ListingView:
    """Ask to be taken off early."""
    return await own(
        listing_id, platform, seen, response,
        lambda one, tx: commands.ask_removal(one, body.text, body.put_right_on, pledged=body.pledged, tx=tx),
    )  # fmt: skip


@router.post("/credit-listings/{listing_id}/removal")
async def decide_removal(
    listing_id: str, body: ListingDecision, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Take the enterprise off early, or leave it on the list."""
    return await acted(
        listing_id, caller, "approver", seen, response,
        lambda one, _, tx: commands.decide_removal(one, body.text, removes=body.yes, tx=tx),
    )  # fmt: skip


@router.post("/credit-listings/{listing_id}/revocation")
async def revoke(
    listing_id: str, body: ListingText, caller: Lister, seen: RevisionSeen, response: Response
) -> ListingView:
    """Revoke a listing that should not be."""
    return await acted(
        listing_id, caller, "approver", seen, response, lambda one, who, tx: commands.revoke(one, body.text, who, tx)
    )
