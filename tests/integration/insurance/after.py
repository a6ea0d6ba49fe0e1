"""What comes after a recognition: contributions to take a wage from, assessments, and what is recorded of the person."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.insurance.claims.documents import Claim
from services.insurance.claims.step_documents import Decision
from services.insurance.contributions.documents import Contribution
from shared import clock
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.calendar import month_of, months_after
from shared.storage.encryption import encrypt_field
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness
from tests.integration.insurance.claim_steps import act
from tests.integration.insurance.facts import ID_NUMBER
from tests.integration.insurance.recognised import recognised_claim


def today() -> dt.date:
    return calendar.shanghai_date(clock.now())


def present() -> str:
    return month_of(clock.now())


def month(count: int) -> str:
    """The month so many after the present one; before it where negative."""
    return f"{months_after(today().replace(day=1), count):%Y-%m}"


def days_ago(count: int) -> dt.datetime:
    return clock.now() - dt.timedelta(days=count)


async def recognised(insurance: Harness, platform: str, **changes: Any) -> Claim:
    """A recognised claim whose decision is on file, so that it can be assessed."""
    claim_id = new_id()
    decision = Decision(
        number=f"D-{claim_id}",
        outcome="recognised",
        scheme="work_injury",
        reasons=changes.pop("reasons", ["work_time_place_cause"]),
        text=encrypt_field("claim.decision", claim_id, "予以认定"),
        decided_on=today(),
        by="officer",
        review_by=None,
        court_by=None,
        used=[],
    )
    return await recognised_claim(insurance, platform, id=claim_id, decisions=[decision], **changes)


async def paid_in(claim: Claim, base: str, months: int = 12) -> None:
    """Contributions of the claim's employer for the months before the accident."""
    injured = calendar.shanghai_date(claim.occurred_at).replace(day=1)

    async def store(tx: Transaction) -> None:
        for count in range(1, months + 1):
            number = new_id()
            one = Contribution(
                id=number,
                id_hash="x",
                id_number=encrypt_field("holder.id_number", number, ID_NUMBER),
                worker_id=claim.worker_id,
                insurance="work_injury",
                month=f"{months_after(injured, -count):%Y-%m}",
                base=Decimal(base),
                employer_amount=Decimal(10),
                worker_amount=Decimal(0),
                payer=claim.platform,
                paid_on=today(),
                reversed=False,
                changed_at=clock.now(),
            )
            await one.put(tx)

    await transact(store)


async def assess(insurance: Harness, claim: Claim, grade: int | None, kind: str = "first", **result: Any) -> None:
    await act(insurance, claim.id, "assessment-requests", insurance.officer, {"kind": kind})
    body = {"grade": grade, "experts": 3} | result
    await act(insurance, claim.id, "assessments", insurance.officer, body)


async def record(insurance: Harness, claim: Claim, what: str, *, expect: int = 200, **body: Any) -> Any:
    """The answer to an officer's record of what has become of the person."""
    path = f"/v1/claims/{claim.id}/entitlement/{what}"
    asked = {name: str(value) if isinstance(value, dt.date) else value for name, value in body.items()}
    said = {"document": "核定书〔2026〕1号"} | asked
    answer = await insurance.http.post(path, json=said, headers=insurance.officer)
    assert answer.status_code == expect, answer.text
    return answer.json()
