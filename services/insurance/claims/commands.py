"""File a claim, and look again at its cover when facts may have come that it rests on."""

from __future__ import annotations

import datetime as dt

from services.insurance.claims import rules
from services.insurance.claims.documents import Claim
from services.insurance.footing.documents import Footing
from services.insurance.premiums import ledger
from services.insurance.premiums.rules import month_after
from shared import clock
from shared.contracts.insurance import ClaimChecked, ClaimFiled, CoverCheck
from shared.contracts.platform import IncidentReported
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction

CHECK, LAST_CHECK = "insurance.claim_check", "insurance.claim_last_check"

SECOND_LOOK = dt.timedelta(hours=1)
"""How long after its report a claim is looked at again: orders and engagements may be told later. Ours, not the law's."""


async def file(platform: str, incident: IncidentReported, tx: Transaction) -> None:
    """Open a claim for an accident, once for each incident of a platform."""
    if await Claim.of_incident(platform, incident.incident_id, tx) is not None:
        return
    now = clock.now()
    law = parameters.on(calendar.shanghai_date(incident.occurred_at))
    claim_id = new_id()
    claim = Claim(
        id=claim_id,
        number=rules.number_of(claim_id, calendar.shanghai_date(now)),
        platform=platform,
        incident_id=incident.incident_id,
        worker_ref=incident.worker_ref,
        worker_id=None,
        order_id=incident.order_id,
        occurred_at=incident.occurred_at,
        reported_at=now,
        district=incident.district,
        severity=incident.severity,
        place=encrypt_field("claim.place", incident.place),
        description=encrypt_field("claim.description", incident.description),
        cover="pending",
        fatal=incident.severity == "fatal",
        platform_apply_by=rules.apply_by(incident.occurred_at, law, "oip.platform_apply_days"),
        self_apply_by=rules.apply_by(incident.occurred_at, law, "oip.self_apply_days"),
    )
    claim.worker_id, claim.cover = await _look(claim, tx)
    await claim.put(tx)
    tx.tell(
        ClaimFiled(
            claim_id=claim.id,
            platform=platform,
            worker_ref=claim.worker_ref,
            worker_id=claim.worker_id,
            incident_id=claim.incident_id,
            occurred_at=claim.occurred_at,
            cover=claim.cover,
        )
    )
    tx.schedule(CHECK, claim.id, now + SECOND_LOOK, claim=claim.id)
    tx.schedule(
        LAST_CHECK, claim.id, calendar.end_of_day(calendar.shanghai_date(now) + dt.timedelta(days=1)), claim=claim.id
    )


async def check(claim_id: str, tx: Transaction, *, last: bool = False) -> None:
    """Look at a claim's cover by what is known now, and tell it where it changed. At the `last` look nothing stays open."""
    claim = await Claim.of(claim_id, tx)
    if claim is None:
        return
    before = claim.worker_id, claim.cover
    worker_id, cover = await _look(claim, tx)
    if cover == "pending":
        cover = "not_covered" if last or claim.cover == "not_covered" else "pending"
    if (worker_id, cover) == before:
        return
    claim.worker_id, claim.cover = worker_id, cover
    await claim.put(tx)
    if cover != before[1]:
        tx.tell(
            ClaimChecked(
                claim_id=claim.id,
                platform=claim.platform,
                worker_ref=claim.worker_ref,
                worker_id=claim.worker_id,
                cover=claim.cover,
            )
        )


async def look_again(platform: str, worker_ref: str, tx: Transaction) -> None:
    """Have the claims of a platform's worker checked, once this transaction is stored: an engagement of theirs changed."""
    claims = await Claim.find({"platform": platform, "worker_ref": worker_ref}, session=tx.session).to_list()
    for claim in claims:
        tx.schedule(CHECK, f"{claim.id}:now", clock.now(), claim=claim.id)


async def _look(claim: Claim, tx: Transaction) -> tuple[str | None, CoverCheck]:
    """Who the worker is, where that is known, and how the claim stands."""
    footings = await Footing.of_worker(claim.platform, claim.worker_ref, tx)
    employed = [footing.employment for footing in footings]
    orders = await _orders_around(claim)
    cover = rules.cover(claim.occurred_at, orders, [span for span in employed if span is not None])
    return _worker_of(footings, calendar.shanghai_date(claim.occurred_at)), cover


def _worker_of(footings: list[Footing], day: dt.date) -> str | None:
    """Whose engagement had begun by that day, the latest one; otherwise the first that began after it."""
    ordered = sorted(footings, key=lambda footing: (footing.started_on <= day, footing.started_on))
    begun = [footing for footing in ordered if footing.started_on <= day]
    return (begun[-1] if begun else ordered[0]).worker_id if ordered else None


async def _orders_around(claim: Claim) -> list[rules.Stretch]:
    month = calendar.month_of(claim.occurred_at)
    charges = await ledger.of_worker(
        claim.platform, claim.worker_ref, (month, month_after(month)), around=claim.occurred_at
    )
    if claim.order_id is not None:
        charges.append(f"{claim.platform}|{claim.order_id}")
    rows = await ledger.by_ids(charges)
    return [(row["taken_at"], row["finished_at"]) for row in rows if row["worker_ref"] == claim.worker_ref]
