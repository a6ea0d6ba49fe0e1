"""Apply what a credit listing restricts, extend it, and lift it."""

from __future__ import annotations

import datetime as dt

from services.registry.enterprises.documents import Enterprise
from services.registry.restrictions import rules
from services.registry.restrictions.documents import WITHDRAWAL, Listed, Restriction, Withdrawal
from shared import clock
from shared.callers import Caller
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.contracts.registry import RestrictionApplied, RestrictionLifted
from shared.errors import NotFound
from shared.policy.calendar import end_of_day, shanghai_date
from shared.storage.encryption import encrypt_field
from shared.storage.kinds import TimerKind
from shared.storage.records import require_revision
from shared.storage.transaction import Transaction

EXPIRY = TimerKind("registry.restriction_expiry")


async def enlist(listing: EnterpriseListed, told_at: dt.datetime, tx: Transaction) -> None:
    """Restrict an enterprise as a listing says, or as it says now; an older word than the kept one changes nothing."""
    kept = await Restriction.of(listing.listing_id, tx)
    word = told_at, listing.until
    if kept is not None and kept.listed is not None and word < (kept.listed.told_at, kept.listed.until):
        return
    before = kept and kept.stop
    late = listing.until < shanghai_date(clock.now())
    state = rules.STATES.next(kept.state if kept else None, "listed_late" if late else "listed")
    kept = kept or Restriction(id=listing.listing_id, uscc=listing.uscc, state=state)
    kept.state = state
    kept.listed = Listed(fields=list(listing.restricts), since=listing.listed_on, until=listing.until, told_at=told_at)
    if kept.stop != before:
        tx.publish(_applied(kept))
        if state != "in_force":
            tx.publish(_lifted(kept))
    if state == "in_force":
        tx.schedule(EXPIRY, kept.id, end_of_day(listing.until))
    else:
        tx.cancel(EXPIRY, kept.id)
    await _put(kept, tx)


async def delist(listing: EnterpriseDelisted, tx: Transaction) -> None:
    """Lift what a listing restricts, after its last day. Of two such words the earlier day holds."""
    kept = await Restriction.of(listing.listing_id, tx)
    before = kept and kept.stop
    state = rules.STATES.next(kept.state if kept else None, "delisted")
    kept = kept or Restriction(id=listing.listing_id, uscc=listing.uscc, state=state)
    lifted = kept.state == "in_force"
    kept.state = state
    kept.delisted_on = min(kept.delisted_on or listing.delisted_on, listing.delisted_on)
    if kept.stop is not None and (lifted or kept.stop != before):
        tx.publish(_lifted(kept))
    tx.cancel(EXPIRY, kept.id)
    await _put(kept, tx)


async def expire(restriction_id: str, tx: Transaction) -> None:
    """Lift a restriction whose last day is over; one that is lifted already, or was extended, stays as it is."""
    kept = await Restriction.of(restriction_id, tx)
    if kept is None or kept.state != "in_force" or kept.stop is None or kept.stop.holds(shanghai_date(clock.now())):
        return
    kept.state = rules.STATES.next(kept.state, "expired")
    tx.publish(_lifted(kept))
    await _put(kept, tx)


async def withdraw(restriction_id: str, reason: str, caller: Caller, seen: int, tx: Transaction) -> Restriction:
    """Lift a restriction at once, with a reason; raises NotFound or Conflict."""
    kept = await Restriction.of(restriction_id, tx)
    if kept is None:
        raise NotFound("该限制", "this restriction")
    require_revision(seen, kept.revision)
    kept.state = rules.STATES.next(kept.state, "withdrawn")
    why = encrypt_field(WITHDRAWAL, kept.id, reason)
    kept.withdrawal = Withdrawal(on=shanghai_date(clock.now()), officer=caller.subject, reason=why)
    tx.publish(_lifted(kept))
    tx.cancel(EXPIRY, kept.id)
    await _put(kept, tx)
    return kept


async def _put(restriction: Restriction, tx: Transaction) -> None:
    await restriction.put(tx)
    enterprise = await Enterprise.of(restriction.uscc, tx)
    if enterprise is not None:  # so that no cooperation is recorded beside it
        await enterprise.put(tx)


def _applied(restriction: Restriction) -> RestrictionApplied:
    stop = restriction.stop
    assert stop is not None
    return RestrictionApplied(
        restriction_id=restriction.id,
        uscc=restriction.uscc,
        listing_id=restriction.id,
        fields=stop.fields,
        since=stop.first,
        until=stop.last,
    )


def _lifted(restriction: Restriction) -> RestrictionLifted:
    stop = restriction.stop
    assert stop is not None
    assert restriction.state != "in_force"
    return RestrictionLifted(
        restriction_id=restriction.id,
        uscc=restriction.uscc,
        listing_id=restriction.id,
        fields=stop.fields,
        since=stop.first,
        until=stop.last,
        reason=restriction.state,
    )
