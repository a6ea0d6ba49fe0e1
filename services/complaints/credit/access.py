"""Who sees a credit listing and acts on it: officers on the register, and the enterprise once it was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Response

from services.complaints.credit import commands
from services.complaints.credit.documents import Listing
from services.complaints.credit.views import ListingView
from services.complaints.directives.access import check_not_away
from services.complaints.officers import commands as officers
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Duty, Matter, obstacle
from shared.callers import Caller
from shared.errors import NotFound
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction, transact
from shared.web.etags import set_etag
from shared.web.scope import HRSS


async def listing_of(listing_id: str, caller: Caller, tx: Transaction | None) -> Listing:
    """A listing that the caller sees; any other is not found."""
    listing = await Listing.of(listing_id, tx)
    if listing is None:
        raise NotFound("该信用记录", "the listing")
    if caller.role == "platform":
        seen = listing.enterprise == caller.uscc and listing.notified_on is not None
    else:
        seen = obstacle((await officers.registered(caller, tx)).person, _matter(listing), None) is None
    if not seen:
        raise NotFound("该信用记录", "the listing")
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
        check_not_away(officer, await commands.case_of(listing, tx))
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
