"""Who sees a credit listing and acts on it: officers on the register, and the enterprise once it was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Response

from services.complaints.cases.assignment_commands import cases_away_from
from services.complaints.credit import commands
from services.complaints.credit.documents import Listing
from services.complaints.credit.views import ListingView
from services.complaints.directives.documents import Directive
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, check_not_away, obstacle
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import find, require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import set_etag
from shared.web.scope import HRSS


async def not_away(officer: Officer) -> dict[str, Any]:
    """The condition on listings: that they follow from no order that a case gave rise to from which the officer stays away."""
    roots = [f"case:{case_id}" for case_id in await cases_away_from(officer)]
    orders = await find(Directive, {"root": {"$in": roots}}) if roots else []
    return {"directive_id": {"$nin": [one.id for one in orders]}} if orders else {}


async def listing_of(listing_id: str, caller: Caller, tx: Transaction | None) -> Listing:
    """A listing that the caller sees; any other is not found. Raises Forbidden for an officer who stays away from the case behind the
    order that it follows from (劳动保障监察条例 art. 16)."""
    listing = await Listing.of(listing_id, tx)
    if listing is None:
        raise NotFound("该信用记录", "the listing")
    if caller.role == "platform":
        seen = listing.enterprise == caller.uscc and listing.notified_on is not None
    else:
        seen = obstacle((await officers.registered(caller, tx)).person, _matter(listing), None) is None
    if not seen:
        raise NotFound("该信用记录", "the listing")
    case = await commands.case_of(listing, tx) if caller.role == "officer" else None
    if case is not None:
        check_not_away(caller.subject, case.away)
    return listing


async def own(
    listing_id: str,
    platform: Caller,
    seen: int,
    response: Response,
    work: Callable[[Listing, Transaction], Awaitable[Listing]],
) -> ListingView:
    """What an enterprise does with a listing of its own, as it read it."""

    async def act(tx: Transaction) -> Listing:
        listing = await listing_of(listing_id, platform, tx)
        require_revision(seen, listing.revision)
        return await work(listing, tx)

    return shown(await transact(act), response)


async def acted(
    listing_id: str,
    caller: Caller,
    duty: Duty,
    seen: int,
    response: Response,
    work: Callable[[Listing, Officer, Transaction], Awaitable[Listing]],
) -> ListingView:
    """What an officer does with a listing, as they read it."""

    async def act(tx: Transaction) -> Listing:
        listing = await listing_of(listing_id, caller, tx)
        officer = await officers.on_duty(caller, duty, _matter(listing), tx)
        require_revision(seen, listing.revision)
        return await work(listing, officer, tx)

    return shown(await transact(act), response)


def shown(listing: Listing, response: Response) -> ListingView:
    set_etag(response, listing.revision)
    return ListingView.of(listing)


def _matter(listing: Listing) -> Matter:
    return Matter(
        departments=[listing.department, HRSS],
        district=listing.district,
        enterprise=listing.enterprise,
        circle=listing.circle,
    )
