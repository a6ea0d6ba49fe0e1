"""What covers me, since when, what was paid, and what I can claim."""

from __future__ import annotations

from decimal import Decimal

import httpx2

from shared import clock
from shared.contracts.insurance import ClaimFiled, EnrolmentConfirmed
from shared.contracts.platform import platform_source
from shared.contracts.registry import EngagementActivated
from shared.policy import calendar
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import engagement, enterprise, incident, new_platform, order
from tests.integration.insurance.paid_in import contribution, new_id_number, registered, tell


async def test_a_worker_sees_all_that_is_theirs(insurance: Harness, province: httpx2.AsyncClient) -> None:
    platform, id_number = new_platform(), new_id_number()
    worker_id, now = f"person-{platform}-w1", clock.now()
    today = calendar.shanghai_date(now)
    nobody = await insurance.http.get("/v1/workers/me/rights", headers=bearer("worker", worker_id=worker_id))
    assert nobody.json()["cover"] == nobody.json()["claimable"] == nobody.json()["claims"] == []
    await insurance.publish(
        registered(worker_id, id_number),
        enterprise(platform, ("2022-07-01", "b")),
        engagement(EngagementActivated, platform),
    )
    await insurance.settled()
    finished = f"{today} 00:10"
    await insurance.publish(
        order("o1", finished),
        order("o2", finished),
        incident("i1", f"{today} 00:05", order_id="o1"),
        source=platform_source(platform),
    )
    await tell(insurance, contribution(id_number, month="2026-08", changed_at="2026-10-10T08:00:00+08:00"))
    await tell(insurance, contribution(id_number, month="2026-09", changed_at="2026-10-10T08:00:00+08:00"))
    await tell(
        insurance, contribution(id_number, month="2026-10", reversed=True, changed_at="2026-11-10T08:00:00+08:00")
    )

    async def complete() -> bool:
        confirmed = [fact for fact in await insurance.told(EnrolmentConfirmed) if fact.platform == platform]
        filed = [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]
        return bool(confirmed and filed)

    await eventually(complete)
    await insurance.settled()
    answer = await insurance.http.get("/v1/workers/me/rights", headers=bearer("worker", worker_id=worker_id))
    rights = answer.json()
    [cover] = rights["cover"]
    assert (cover["platform"], cover["scheme"], cover["in_force"]) == (platform, "occupational_injury", True)
    assert (cover["since"], cover["until"], cover["province"]) == ("2026-09-01", None, "accepted")
    [pension] = rights["contributions"]
    assert (pension["months"], pension["latest_month"], pension["worker_amount"]) == (2, "2026-09", "2000.00")
    [premium] = rights["premiums"]
    assert (premium["orders"], Decimal(premium["premium"])) == (2, Decimal("0.50"))
    [claimable] = rights["claimable"]
    assert (claimable["scheme"], claimable["own_days"]) == ("occupational_injury", 90)
    assert "medical" in {kind["kind"] for kind in claimable["kinds"]}
    assert claimable["sources"]
    assert ("oip.self_apply_days", False) in {(one["key"], one["verified"]) for one in claimable["used"]}
    [claim] = rights["claims"]
    assert (claim["state"], claim["benefits"]) == ("reported", [])
    assert claim["number"]
    desk = {one["matter"]: (one["days"], one["unit"]) for one in rights["desk"]["matters"]}
    assert (desk["pension"], desk["work_injury"]) == ((20, "workdays"), (20, "workdays"))
    assert (desk["medical"], desk["unit_registration"]) == ((30, "workdays"), (30, "days"))
    assert {one["source"] for one in rights["desk"]["used"]} >= {"社会保险经办条例 第18条", "社会保险法 第57条"}
    assert rights["qualification_due_on"] is None
    others = await insurance.http.get("/v1/workers/me/rights", headers=bearer("worker", worker_id="somebody"))
    assert others.json()["claims"] == others.json()["contributions"] == []
    assert (await insurance.http.get("/v1/workers/me/rights", headers=insurance.officer)).status_code == 403
