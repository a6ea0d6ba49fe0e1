"""Look at a claim's cover, terms and duplicates, again whenever facts may have come that they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from services.insurance.claims import deadlines, rules
from services.insurance.claims.documents import Claim, OutletUnit
from services.insurance.claims.history import By, note
from services.insurance.claims.rules import same_accident
from services.insurance.engagements.documents import Engagement
from services.insurance.enrolment.documents import Enrolment
from services.insurance.enrolment.segments import in_force
from services.insurance.ledger import queries as ledger
from services.insurance.letters.rules import service_on
from services.insurance.persons.commands import present_id
from shared import clock
from shared.contracts.insurance import ClaimChecked, ClaimDuplicateFound, CoverCheck, KinRecorded
from shared.identity import phones
from shared.policy import calendar
from shared.policy.calendar import month_after
from shared.policy.parameters import MissingParameter, parameters
from shared.storage import provisional
from shared.storage.encryption import seal_for
from shared.storage.kinds import TimerKind
from shared.storage.provisional import Provisional, Stored, provisional_kind, rests_on
from shared.storage.transaction import Transaction


class OfClaim(msgspec.Struct, frozen=True):
    """The claim that is to be looked at."""

    claim: str


CHECK = TimerKind("insurance.claim_check", OfClaim)
LAST_CHECK = TimerKind("insurance.claim_last_check", OfClaim)
APPLY_CALENDAR = provisional_kind("insurance.claim_apply_calendar")
APPLY_DAYS = ("platform_apply_by", "self_apply_by")
STORED = Stored(
    APPLY_CALENDAR,
    Claim,
    lambda since: {"state": "reported", "$or": [{day: {"$gte": since}} for day in APPLY_DAYS]},
    APPLY_DAYS,
    lambda row: [(f"{row['_id']}:{row[day].date()}", rests_on(row[day])) for day in APPLY_DAYS if row[day] is not None],
)


def set_terms(claim: Claim, tx: Transaction) -> None:
    """Set until when benefits are to be applied for, by the scheme that the accident falls under."""
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    of_platform, of_others = rules.APPLY_KEYS[claim.scheme]
    claim.platform_apply_by = rules.apply_by(claim.occurred_at, law, of_platform)
    claim.self_apply_by = rules.apply_by(claim.occurred_at, law, of_others)
    if claim.scheme == "work_injury" and claim.extension is not None and claim.extension.until is not None:
        claim.platform_apply_by = claim.extension.until
    for due in (claim.platform_apply_by, claim.self_apply_by):
        provisional.watch(APPLY_CALENDAR, f"{claim.id}:{due}", due, tx)
    if claim.state == "reported":
        deadlines.set_due(claim, "apply", claim.platform_apply_by or claim.self_apply_by, tx)


async def recalculate(key: str, kept: Provisional, tx: Transaction) -> None:
    """Move the terms to apply, where the days off have been published that they rest on."""
    claim = await Claim.of(key.rpartition(":")[0], tx)
    if claim is not None and claim.state == "reported" and kept.due in (claim.platform_apply_by, claim.self_apply_by):
        set_terms(claim, tx)
        await claim.put(tx)


def tell_kin(kin_id: str, claim_id: str, worker_id: str | None, name: str, phone: str, tx: Transaction) -> None:
    """Tell the notifier, and nobody else, where next of kin are reached."""
    sealed = seal_for("notifier-kin", {"name": name, "phone": phone})
    tx.publish(KinRecorded(kin_id=kin_id, claim_id=claim_id, worker_id=worker_id, for_notifier_kin=sealed))


def tell_own_kin(claim: Claim, tx: Transaction) -> None:
    """Tell the notifier where the next of kin are reached who act for the claim's worker, where there are any."""
    kin = claim.clear_kin
    if kin is None:
        return
    try:
        phone = phones.parse(kin.phone)
    except phones.InvalidPhone:  # a fixed line, which no message reaches
        claim.kin_told = False
        return
    tell_kin(claim.id, claim.id, claim.worker_id, kin.name, phone, tx)
    claim.kin_told = True


async def check(claim_id: str, tx: Transaction, *, last: bool = False) -> None:
    """Look at a claim's cover by what is known now, and tell it where it changed. At the `last` look nothing stays open."""
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        return
    before = claim.worker_id, claim.cover, claim.scheme
    seen = await look(claim, tx)
    if seen.cover == "pending" and (last or claim.cover == "not_covered"):
        seen = replace(seen, cover="not_covered")
    changed = record_cover(claim, seen)
    if claim.scheme != before[2]:
        set_terms(claim, tx)
    if claim.worker_id != before[0]:
        tell_own_kin(claim, tx)  # again, so that what is kept of them is erased with the worker's record
    twins = await find_duplicates(claim, tx)
    if not changed and not twins:
        return
    await claim.put(tx)
    if claim.cover != before[1]:
        tx.publish(
            ClaimChecked(
                claim_id=claim.id,
                platform=claim.platform,
                worker_ref=claim.worker_ref,
                worker_id=claim.worker_id,
                cover=claim.cover,
                unit=claim.unit,
            )
        )


async def follow_merging(merged_worker_id: str, worker_id: str, tx: Transaction) -> None:
    """Make the claims of one worker's record the other's: both are one person, who may have reported twice."""
    present = await present_id(worker_id, tx)
    for one in await tx.find(Claim, {"worker_id": merged_worker_id}):
        claim = await Claim.of(one.id, tx)  # again: a duplicate found below stores both claims
        assert claim is not None
        claim.worker_id = present
        claim.former_workers.append(merged_worker_id)
        await find_duplicates(claim, tx)
        await claim.put(tx)


async def look_again(workers: Iterable[tuple[str, str]], tx: Transaction) -> None:
    """Have the claims of platforms' workers checked, once this transaction is stored: engagements of theirs changed."""
    refs: dict[str, list[str]] = {}
    for platform, worker_ref in workers:
        refs.setdefault(platform, []).append(worker_ref)
    for platform, own in refs.items():
        for claim in await tx.rows(Claim, {"platform": platform, "worker_ref": {"$in": own}}, {"_id": 1}):
            tx.schedule(CHECK, f"{claim['_id']}:now", clock.now(), OfClaim(claim["_id"]))


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an accident now: who the worker is, how it stands, and under which order and partner firm."""

    worker_id: str | None
    cover: CoverCheck
    order_id: str | None
    partner: str | None
    outlet: OutletUnit | None = None


async def look(claim: Claim, tx: Transaction) -> Seen:
    engagements = await Engagement.of_worker(claim.platform, claim.worker_ref, tx)
    orders = await orders_around(claim.platform, claim.worker_ref, claim.occurred_at, claim.order_id)
    spans = [span for engagement in engagements for span in engagement.employments]
    day = calendar.shanghai_date(claim.occurred_at)
    outlet = await outlet_of(engagements, day, tx)
    cover = rules.cover(claim.occurred_at, orders.values(), spans, through_outlet=outlet is not None)
    engagement = engagement_of(engagements, day)
    under_way = [one for one, (taken, finished) in orders.items() if taken <= claim.occurred_at <= finished]
    return Seen(
        worker_id=await present_id(engagement.worker_id, tx) if engagement else None,
        cover=cover,
        order_id=under_way[0] if under_way else None,
        partner=await _employer_of(engagement, day, tx) if engagement else None,
        outlet=outlet,
    )


async def outlet_of(engagements: list[Engagement], day: dt.date, tx: Transaction) -> OutletUnit | None:
    """The courier outlet through which one of the engagements insures the person on a day; None where none does."""
    for engagement in engagements:
        kept = await Enrolment.of(engagement.id, tx) if engagement.partner_uscc else None
        if kept is None or engagement.partner_uscc is None:
            continue
        through = [one.segment for one in kept.segments if one.basis == "outlet"]
        for segment in in_force(through, kept.rests):
            if segment.span.covers(day):
                return OutletUnit(uscc=engagement.partner_uscc, insurer=segment.unit)
    return None


async def _employer_of(engagement: Engagement, day: dt.date, tx: Transaction) -> str | None:
    """The partner firm, or whoever employs the person in its place: the enterprise to which a courier outlet belongs that is only
    filed (人社厅发〔2021〕101 号)."""
    kept = await Enrolment.of(engagement.id, tx) if engagement.partner_uscc else None
    employing = [one.segment for one in kept.segments if one.basis == "employer"] if kept else []
    units = [one.unit for one in employing if one.span.covers(day) and one.unit != engagement.platform]
    return units[0] if units else engagement.partner_uscc


def record_cover(claim: Claim, seen: Seen) -> bool:
    """Take over what is seen; whether it changed anything. Once taken up, or set by an officer, the claim's scheme stands; once the
    decision that stands was served on the partner firm, it is the party."""
    before = claim.worker_id, claim.cover, claim.order_id, claim.partner, claim.outlet
    if seen.worker_id is not None and seen.worker_id not in claim.former_workers:
        claim.worker_id = seen.worker_id
    claim.cover = seen.cover
    claim.order_id = claim.order_id or seen.order_id
    is_party = claim.decisions and service_on("partner", claim.decisions[-1].served) is not None
    if claim.state in rules.UNDECIDED or not is_party:
        claim.partner = seen.partner or claim.partner
    if claim.state in rules.NOT_TAKEN_UP and not claim.scheme_set:
        claim.scheme = rules.scheme_of(claim.cover)
        claim.insured_through(seen.outlet)
    return before != (claim.worker_id, claim.cover, claim.order_id, claim.partner, claim.outlet)


def engagement_of(engagements: list[Engagement], day: dt.date) -> Engagement | None:
    """The engagement that had begun by that day, the latest one; otherwise the first that began after it."""
    ordered = sorted(engagements, key=lambda engagement: (engagement.started_on <= day, engagement.started_on))
    begun = [engagement for engagement in ordered if engagement.started_on <= day]
    return begun[-1] if begun else ordered[0] if ordered else None


async def orders_around(
    platform: str, worker_ref: str, at: dt.datetime, order_id: str | None = None
) -> dict[str, rules.Period]:
    """The orders of a platform's worker about an instant, and the named one: when each was taken and finished, by its id."""
    month = calendar.month_of(at)
    charges = await ledger.of_worker(platform, worker_ref, month, month_after(month), around=at)
    if order_id is not None:
        charges.append(f"{platform}|{order_id}")
    rows = await ledger.by_ids(charges)
    return {
        row["_id"].partition("|")[2]: (row["taken_at"] or row["finished_at"], row["finished_at"])
        for row in rows
        if row["worker_ref"] == worker_ref
    }


async def find_duplicates(claim: Claim, tx: Transaction) -> bool:
    """Link a claim with those that may be about the same accident, and tell of each once; whether there was a new one.

    The other claims are stored; the caller stores this one. Where nobody knows how close in time one accident's reports
    were on that day, the history says so to an officer.
    """
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    try:
        window = dt.timedelta(hours=law.number("claims.same_accident_hours"))
    except MissingParameter as missing:
        if all(step.event != "not_compared" for step in claim.history):
            note(claim, "not_compared", By("system", "system", clock.now()), str(missing))
        return False
    found = False
    for other in await _of_the_same_worker(claim, tx):
        known = (*claim.twins, *claim.apart, *claim.merged)
        if other.id == claim.id or other.id in known or "duplicate" in (claim.state, other.state):
            continue
        if not same_accident(_report(claim), _report(other), window):
            continue
        claim.twins.append(other.id)
        other.twins.append(claim.id)
        await other.put(tx)
        tx.publish(ClaimDuplicateFound(**claim.facts(), other_claim_id=other.id))
        found = True
    return found


async def _of_the_same_worker(claim: Claim, tx: Transaction) -> list[Claim]:
    by_account = {"platform": claim.platform, "worker_ref": claim.worker_ref}
    found = await tx.find(Claim, by_account)
    if claim.worker_id is not None:
        found += await tx.find(Claim, {"worker_id": claim.worker_id})
    return list({other.id: other for other in found}.values())


def _report(claim: Claim) -> tuple[dt.datetime, str, str]:
    """When it happened, at which platform, and who reported it."""
    who = claim.platform if claim.reported_by == "platform" else claim.reporter
    return claim.occurred_at, claim.platform, f"{claim.reported_by}:{who}"
