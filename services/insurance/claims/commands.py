"""File a claim, and look again at its cover when facts may have come that it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.insurance.claims import deadlines, duplicates, rules
from services.insurance.claims.documents import Claim, Incident
from services.insurance.claims.parts import DESCRIPTION, KIN, PLACE
from services.insurance.claims.steps import By, note
from services.insurance.exchange.people import present_id
from services.insurance.footing.documents import Footing
from services.insurance.premiums import ledger
from services.insurance.premiums.rules import month_after
from shared import clock
from shared.contracts.insurance import ClaimChecked, ClaimFiled, CoverCheck, Reporter
from shared.contracts.platform import IncidentReported, Severity
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field, open_sealed
from shared.storage.transaction import Transaction

CHECK, LAST_CHECK = "insurance.claim_check", "insurance.claim_last_check"

SOON = dt.timedelta(seconds=15)
"""How long after its report a claim is looked at where something is unknown: it may have been stored at the same moment."""

SECOND_LOOK = dt.timedelta(hours=1)
"""How long after its report a claim is looked at again: orders and engagements may be told later. Ours, not the law's."""


@dataclass(frozen=True, slots=True)
class Report:
    """An accident as somebody reported it. `occurred_at` is when it happened; `incident_id` is the reporter's own.

    `kin`: JSON of the next of kin who reports, in clear.
    """

    platform: str
    worker_ref: str
    occurred_at: dt.datetime
    district: str
    place: str
    description: str
    severity: Severity
    worker_id: str | None = None
    order_id: str | None = None
    incident_id: str | None = None
    kin: str | None = None
    other_platforms: tuple[str, ...] = ()


async def file(platform: str, incident: IncidentReported, tx: Transaction) -> None:
    """Open a claim for an accident, once for each incident of a platform."""
    told = f"{platform}|{incident.incident_id}"
    if await Incident.of(told, tx) is not None:
        return
    place, description = _told(incident)
    report = Report(
        platform=platform,
        worker_ref=incident.worker_ref,
        occurred_at=incident.occurred_at,
        district=incident.district,
        place=place,
        description=description,
        severity=incident.severity,
        order_id=incident.order_id,
        incident_id=incident.incident_id,
    )
    claim = await open_claim(report, "platform", By("platform", platform, clock.now()), tx)
    await Incident(id=told, holder=claim.id).put(tx)
    await claim.put(tx)


def _told(incident: IncidentReported) -> tuple[str, str]:
    """Where it happened and what; events of the past say both in clear."""
    if incident.for_insurance is None:
        return incident.place, incident.description
    fields = open_sealed("insurance", incident.for_insurance)
    return fields["place"], fields["description"]


async def open_claim(report: Report, reporter: Reporter, by: By, tx: Transaction) -> Claim:
    """Open a claim, look at its cover, and set its terms. The caller stores it."""
    claim_id = new_id()
    claim = Claim(
        id=claim_id,
        number=rules.number_of(claim_id, by.day),
        platform=report.platform,
        incident_id=report.incident_id or claim_id,
        worker_ref=report.worker_ref,
        worker_id=report.worker_id,
        order_id=report.order_id,
        occurred_at=report.occurred_at,
        reported_at=by.at,
        reported_by=reporter,
        reporter=by.subject if by.role in ("union", "officer") else "",
        kin=encrypt_field(KIN, claim_id, report.kin) if report.kin else None,
        district=report.district,
        severity=report.severity,
        place=encrypt_field(PLACE, claim_id, report.place),
        description=encrypt_field(DESCRIPTION, claim_id, report.description),
        cover="pending",
        fatal=report.severity == "fatal",
        platform_apply_by=None,
        self_apply_by=None,
        other_platforms=list(report.other_platforms),
    )
    note(claim, "reported", by)
    _take(claim, await _look(claim, tx))
    set_terms(claim, tx)
    await duplicates.find(claim, tx)
    tx.tell(
        ClaimFiled(
            claim_id=claim.id,
            platform=claim.platform,
            worker_ref=claim.worker_ref,
            worker_id=claim.worker_id,
            incident_id=claim.incident_id,
            occurred_at=claim.occurred_at,
            cover=claim.cover,
            reported_by=reporter,
        )
    )
    last = calendar.end_of_day(by.day + dt.timedelta(days=1))
    if claim.worker_id is None or claim.cover == "pending":
        tx.schedule(CHECK, f"{claim.id}:soon", by.at + SOON, claim=claim.id)
    tx.schedule(CHECK, claim.id, by.at + SECOND_LOOK, claim=claim.id)
    tx.schedule(LAST_CHECK, claim.id, last, claim=claim.id)
    return claim


def set_terms(claim: Claim, tx: Transaction) -> None:
    """Set until when benefits are to be applied for, by the scheme that the accident falls under."""
    law = parameters.on(calendar.shanghai_date(claim.occurred_at), place=claim.district)
    of_platform, of_others = rules.APPLY_KEYS[claim.scheme]
    claim.platform_apply_by = rules.apply_by(claim.occurred_at, law, of_platform)
    claim.self_apply_by = rules.apply_by(claim.occurred_at, law, of_others)
    if claim.state == "reported":
        deadlines.set_due(claim, "apply", claim.platform_apply_by or claim.self_apply_by, tx)


async def check(claim_id: str, tx: Transaction, *, last: bool = False) -> None:
    """Look at a claim's cover by what is known now, and tell it where it changed. At the `last` look nothing stays open."""
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        return
    before = claim.worker_id, claim.cover, claim.scheme
    seen = await _look(claim, tx)
    if seen.cover == "pending" and (last or claim.cover == "not_covered"):
        seen = replace(seen, cover="not_covered")
    changed = _take(claim, seen)
    if claim.scheme != before[2]:
        set_terms(claim, tx)
    twins = await duplicates.find(claim, tx)
    if not changed and not twins:
        return
    await claim.put(tx)
    if claim.cover != before[1]:
        tx.tell(
            ClaimChecked(
                claim_id=claim.id,
                platform=claim.platform,
                worker_ref=claim.worker_ref,
                worker_id=claim.worker_id,
                cover=claim.cover,
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
        await duplicates.find(claim, tx)
        await claim.put(tx)


async def look_again(workers: Iterable[tuple[str, str]], tx: Transaction) -> None:
    """Have the claims of platforms' workers checked, once this transaction is stored: engagements of theirs changed."""
    refs: dict[str, list[str]] = {}
    for platform, worker_ref in workers:
        refs.setdefault(platform, []).append(worker_ref)
    for platform, own in refs.items():
        for claim in await tx.rows(Claim, {"platform": platform, "worker_ref": {"$in": own}}, {"_id": 1}):
            tx.schedule(CHECK, f"{claim['_id']}:now", clock.now(), claim=claim["_id"])


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an accident now: who the worker is, how it stands, and under which order and partner firm."""

    worker_id: str | None
    cover: CoverCheck
    order_id: str | None
    partner: str | None


async def _look(claim: Claim, tx: Transaction) -> Seen:
    footings = await Footing.of_worker(claim.platform, claim.worker_ref, tx)
    orders = await orders_around(claim.platform, claim.worker_ref, claim.occurred_at, claim.order_id)
    spans = [span for footing in footings for span in footing.employments]
    cover = rules.cover(claim.occurred_at, orders.values(), spans)
    footing = footing_of(footings, calendar.shanghai_date(claim.occurred_at))
    under_way = [one for one, (taken, finished) in orders.items() if taken <= claim.occurred_at <= finished]
    return Seen(
        worker_id=await present_id(footing.worker_id, tx) if footing else None,
        cover=cover,
        order_id=under_way[0] if under_way else None,
        partner=footing.partner_uscc if footing else None,
    )


def _take(claim: Claim, seen: Seen) -> bool:
    """Take over what is seen; whether it changed anything. Once taken up, the claim's scheme stands."""
    before = claim.worker_id, claim.cover, claim.order_id, claim.partner
    if seen.worker_id is not None and seen.worker_id not in claim.former_workers:
        claim.worker_id = seen.worker_id
    claim.cover = seen.cover
    claim.order_id, claim.partner = claim.order_id or seen.order_id, seen.partner or claim.partner
    if claim.state in rules.NOT_TAKEN_UP:
        claim.scheme = rules.scheme_of(claim.cover)
    return before != (claim.worker_id, claim.cover, claim.order_id, claim.partner)


def footing_of(footings: list[Footing], day: dt.date) -> Footing | None:
    """The engagement that had begun by that day, the latest one; otherwise the first that began after it."""
    ordered = sorted(footings, key=lambda footing: (footing.started_on <= day, footing.started_on))
    begun = [footing for footing in ordered if footing.started_on <= day]
    return begun[-1] if begun else ordered[0] if ordered else None


async def orders_around(
    platform: str, worker_ref: str, at: dt.datetime, order_id: str | None = None
) -> dict[str, rules.Stretch]:
    """The orders of a platform's worker about an instant, and the named one: when each was taken and finished, by its id."""
    month = calendar.month_of(at)
    charges = await ledger.of_worker(platform, worker_ref, month, month_after(month), around=at)
    if order_id is not None:
        charges.append(f"{platform}|{order_id}")
    rows = await ledger.by_ids(charges)
    return {
        row["_id"].partition("|")[2]: (row["taken_at"], row["finished_at"])
        for row in rows
        if row["worker_ref"] == worker_ref
    }
