"""What the type checker must refuse of events, timers and rows. Nothing here is run: where one of these passes, its
`type: ignore` is unused, and `make lint` fails.
"""

from __future__ import annotations

import datetime as dt

from services.insurance.claims.commands import CHECK, OfClaim
from services.insurance.claims.documents import Claim
from services.insurance.enrolment.province_requests import DUTY
from shared.contracts.insurance import ClaimApplied, ClaimFields, EnrolmentConfirmed, EnrolmentFields
from shared.storage.transaction import Transaction


def events(claim: Claim, enrolment: EnrolmentFields, tx: Transaction) -> None:
    tx.publish(ClaimApplied(**claim.facts(), applicant="worker", late="no", review_by=None))  # type: ignore[arg-type]
    tx.publish(ClaimApplied(**claim.facts(), applicant="worker", late=False))  # type: ignore[call-arg]
    tx.publish(EnrolmentConfirmed(**enrolment, receipt_number=7))  # type: ignore[arg-type]


def fields() -> ClaimFields:
    return {"claim_id": "c", "number": "n", "platform": "p", "worker_ref": 7, "worker_id": None}  # type: ignore[typeddict-item]


def timers(claim: Claim, at: dt.datetime, tx: Transaction) -> None:
    tx.schedule(CHECK, claim.id, at, claim.id)  # type: ignore[misc]
    tx.schedule(CHECK, claim.id, at)  # type: ignore[arg-type]
    tx.schedule(DUTY, claim.id, at, OfClaim(claim.id))  # type: ignore[misc]
