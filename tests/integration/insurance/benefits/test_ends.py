"""A benefit that ends says so, which tells the registry that nothing keeps the person's record for it any more."""

from __future__ import annotations

from shared import clock
from shared.contracts.insurance import BenefitEnded
from shared.policy import calendar
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.recognised import grant, recognised_claim


async def ends(insurance: Harness, claim_id: str) -> list[tuple[str | None, str]]:
    async def look() -> list[tuple[str | None, str]]:
        told = await insurance.told(BenefitEnded)
        return [(fact.last_month, fact.ended_for) for fact in told if fact.claim_id == claim_id]

    found: list[tuple[str | None, str]] = await eventually(look)
    return found


async def test_a_benefit_that_an_officer_stops_says_so(insurance: Harness) -> None:
    claim = await recognised_claim(insurance, new_platform())
    granted = await grant(insurance, claim, "suspended_pay", pay="5000.00")
    path = f"/v1/benefits/{granted['benefit_id']}"
    etag = (await insurance.http.get(path, headers=insurance.officer)).headers["etag"]
    stopped = await insurance.http.put(
        f"{path}/stop", json={"reason": "误核"}, headers={**insurance.officer, "If-Match": etag}
    )
    assert stopped.status_code == 200, stopped.text
    assert await ends(insurance, claim.id) == [(None, "by_officer")]


async def test_the_last_month_of_a_benefit_ends_it(insurance: Harness) -> None:
    """Suspended pay of one month, which the employer pays."""
    platform = new_platform()
    claim = await recognised_claim(insurance, platform)
    month = calendar.month_of(clock.now())
    granted = await grant(insurance, claim, "suspended_pay", pay="5000.00", first_month=month, last_month=month)
    body = {"amount": "5000.00", "on": calendar.shanghai_date(clock.now()).isoformat()}
    headers = {**bearer("platform", uscc=platform), "Idempotency-Key": insurance.officer["Idempotency-Key"]}
    path = f"/v1/benefits/{granted['benefit_id']}/payments"
    paid = await insurance.http.post(path, json=body, headers=headers)
    assert paid.is_success, paid.text
    assert await ends(insurance, claim.id) == [(month, "last_month_paid")]
