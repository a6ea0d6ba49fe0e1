"""Apply what a credit listing restricts, extend it, and lift it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.registry.enterprises.documents import Enterprise
from services.registry.restrictions import rules
from services.registry.restrictions.documents import WITHDRAWAL, Listed, Restriction, Withdrawal
from shared import clock
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.contracts.registry import RestrictionApplied, RestrictionLifted
from shared.policy.calendar import end_of_day, shanghai_date
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction
from shared.web.auth import Caller
from shared.web.etags import require_revision
from shared.web.problems import conflict, not_found

EXPIRY = "registry.restriction_expiry"


async def enlist(listing: EnterpriseListed, told_at: dt.datetime, tx: Transaction) -> None:
    """Restrict an enterprise as a listing says, or as it says now; an older word than the kept one changes nothing."""
    kept = await Restriction.of(listing.listing_id, tx)
    word = told_at, listing.until
    if kept is not None and kept.listed is not None and word < (kept.listed.told_at, kept.listed.until):
        return
    before = kept and kept.stop
    late = listing.until < shanghai_date(clock.now())
    state = rules.after(kept.state if kept else None, "listed_late" if late else "listed")
    kept = kept or Restriction(id=listing.listing_id, uscc=listing.uscc, state=state)
    kept.state = state
    kept.listed = Listed(fields=list(listing.restricts), since=listing.listed_on, until=listing.until, told_at=told_at)
    if kept.stop != before:
        tx.tell(RestrictionApplied(**_facts(kept)))
        if state != "in_force":
            tx.tell(_lifted(kept))
    if state == "in_force":
        tx.schedule(EXPIRY, kept.id, end_of_day(listing.until))
    else:
        tx.cancel(EXPIRY, kept.id)
    await _put(kept, tx)


async def delist(listing: EnterpriseDelisted, tx: Transaction) -> None:
    """Lift what a listing restricts, after its last day. Of two such words the earlier day holds."""
    kept = await Restriction.of(listing.listing_id, tx)
    before = kept and kept.stop
    state = rules.after(kept.state if kept else None, "delisted")
    kept = kept or Restriction(id=listing.listing_id, uscc=listing.uscc, state=state)
    lifted = kept.state == "in_force"
    kept.state = state
    kept.delisted_on = min(kept.delisted_on or listing.delisted_on, listing.delisted_on)
    if kept.stop is not None and (lifted or kept.stop != before):
        tx.tell(_lifted(kept))
    tx.cancel(EXPIRY, kept.id)
    await _put(kept, tx)


async def expire(restriction_id: str, tx: Transaction) -> None:
    """Lift a restriction whose last day is over; one that is lifted already, or was extended, stays as it is."""
    kept = await Restriction.of(restriction_id, tx)
    if kept is None or kept.state != "in_force" or kept.stop is None or kept.stop.holds(shanghai_date(clock.now())):
        return
    kept.state = rules.after(kept.state, "expired")
    tx.tell(_lifted(kept))
    await _put(kept, tx)


async def withdraw(restriction_id: str, reason: str, caller: Caller, seen: int, tx: Transaction) -> Restriction:
    """Lift a restriction at once, with a reason; raises a 404, 409 or 412 problem."""
    kept = await Restriction.of(restriction_id, tx)
    if kept is None:
        raise not_found("该限制", "this restriction")
    require_revision(seen, kept.revision)
    try:
        kept.state = rules.after(kept.state, "withdrawn")
    except rules.NotAllowed as error:
        raise conflict("restriction-state", "该限制已经解除", f"the restriction is {error.state} already") from None
    why = encrypt_field(WITHDRAWAL, kept.id, reason)
    kept.withdrawal = Withdrawal(on=shanghai_date(clock.now()), officer=caller.subject, reason=why)
    tx.tell(_lifted(kept))
    tx.cancel(EXPIRY, kept.id)
    await _put(kept, tx)
    return kept


async def _put(restriction: Restriction, tx: Transaction) -> None:
    await restriction.put(tx)
    enterprise = await Enterprise.of(restriction.uscc, tx)
    if enterprise is not None:  # so that no cooperation is recorded beside it
        await enterprise.put(tx)


def _lifted(restriction: Restriction) -> RestrictionLifted:
    assert restriction.state != "in_force"
    return RestrictionLifted(**_facts(restriction), reason=restriction.state)


def _facts(restriction: Restriction) -> dict[str, Any]:
    stop = restriction.stop
    assert stop is not None
    return {
        "restriction_id": restriction.id,
        "uscc": restriction.uscc,
        "listing_id": restriction.id,
        "fields": stop.fields,
        "since": stop.first,
        "until": stop.last,
    }
