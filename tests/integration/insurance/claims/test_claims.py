"""From an accident to a claim whose cover is checked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.insurance.claims.documents import Claim
from services.insurance.ledger import commands as charging
from shared import clock
from shared.contracts.insurance import ClaimChecked, ClaimFiled
from shared.contracts.platform import IncidentReported, platform_source
from shared.contracts.registry import EngagementActivated, EngagementCorrected
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of, storage
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import engagement, event, incident, new_platform, order, worker


@pytest.fixture
def platform() -> str:
    return new_platform()


async def report(insurance: Harness, platform: str, *incidents: IncidentReported) -> list[ClaimFiled]:
    await insurance.publish(*incidents, source=platform_source(platform))
    await insurance.settled()
    return [fact for fact in await insurance.told(ClaimFiled) if fact.platform == platform]


async def begin(insurance: Harness, platform: str, **changes: Any) -> None:
    await insurance.publish(worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **changes))
    await insurance.settled()


async def checked(insurance: Harness, platform: str) -> list[str]:
    await insurance.settled()
    return [fact.cover for fact in await insurance.told(ClaimChecked) if fact.platform == platform]


async def make_due(claim_id: str, kind: str) -> None:
    found = (
        await storage()
        .collection("timers")
        .update_one({"_id": f"insurance.{kind}:{claim_id}"}, {"$set": {"due_at": clock.now()}})
    )
    assert found.matched_count == 1


async def test_an_accident_during_an_order_is_covered(insurance: Harness, platform: str) -> None:
    await begin(insurance, platform)
    await charging.charge([event(platform, order("1"))])
    [filed] = await report(insurance, platform, incident("i1"), incident("i1"))
    assert (filed.cover, filed.worker_id) == ("covered", f"person-{platform}-w1")
    claim = await Claim.of(filed.claim_id)
    assert claim is not None
    assert claim.platform_apply_by == dt.date(2026, 10, 8)
    assert claim.self_apply_by == dt.date(2026, 12, 1)


async def test_an_order_finished_in_the_next_month_covers_too(insurance: Harness, platform: str) -> None:
    await charging.charge([event(platform, order("1", "2026-10-01 00:10"))])
    [filed] = await report(insurance, platform, incident("i1", "2026-09-30 23:50"))
    assert filed.cover == "covered"


async def test_the_order_of_another_worker_covers_nobody_else(insurance: Harness, platform: str) -> None:
    await charging.charge([event(platform, order("1", worker_ref="w2"))])
    [filed] = await report(insurance, platform, incident("i1", order_id="1"))
    assert filed.cover == "pending"


async def test_an_employees_claim_points_to_work_injury_insurance(insurance: Harness, platform: str) -> None:
    await begin(insurance, platform, relation="employment")
    await charging.charge([event(platform, order("1"))])
    [filed] = await report(insurance, platform, incident("i1", order_id="1"))
    assert filed.cover == "other_scheme"


async def test_an_order_told_after_the_accident_covers_it(insurance: Harness, platform: str) -> None:
    """The claim is pending until it is looked at the second time."""
    [filed] = await report(insurance, platform, incident("i1"))
    assert (filed.cover, filed.worker_id) == ("pending", None)
    await charging.charge([event(platform, order("1"))])
    await make_due(filed.claim_id, "claim_check")
    assert await checked(insurance, platform) == ["covered"]


async def test_a_claim_without_an_order_is_not_covered_in_the_end(insurance: Harness, platform: str) -> None:
    """It is pending until it has been looked at for the last time."""
    [filed] = await report(insurance, platform, incident("i1"))
    await make_due(filed.claim_id, "claim_check")
    assert await checked(insurance, platform) == []
    await make_due(filed.claim_id, "claim_last_check")
    assert await checked(insurance, platform) == ["not_covered"]


async def test_an_engagement_told_after_the_accident_says_who_it_was(insurance: Harness, platform: str) -> None:
    """It may change the cover as well."""
    await charging.charge([event(platform, order("1"))])
    [filed] = await report(insurance, platform, incident("i1"))
    assert (filed.cover, filed.worker_id) == ("covered", None)
    await begin(insurance, platform)
    claim = await eventually(lambda: Claim.find_one({"_id": filed.claim_id, "worker_id": {"$ne": None}}))
    assert claim.worker_id == f"person-{platform}-w1"
    await insurance.publish(engagement(EngagementCorrected, platform, version=2, relation="employment"))
    assert await checked(insurance, platform) == ["other_scheme"]


async def test_each_sees_the_claims_that_concern_them(insurance: Harness, platform: str) -> None:
    await begin(insurance, platform)
    [filed] = await report(insurance, platform, incident("i1"))
    path = f"/v1/claims/{filed.claim_id}"
    sees = {
        "worker": bearer("worker", worker_id=f"person-{platform}-w1"),
        "platform": bearer("platform", uscc=platform),
        "district": bearer("officer", department="hrss", district="510603"),
        "city": insurance.officer,
    }
    for name, headers in sees.items():
        listed = (await insurance.http.get("/v1/claims", headers=headers)).json()["items"]
        assert filed.claim_id in [item["claim_id"] for item in listed]
        shown = (await insurance.http.get(path, headers=headers)).json()
        told = shown["description"]
        assert told == (None if name == "platform" else "电动车侧翻，联系电话138****0001")
    blind = {
        "worker": bearer("worker", worker_id="somebody"),
        "platform": bearer("platform", uscc=new_platform()),
        "district": bearer("officer", department="hrss", district="510681"),
    }
    for headers in blind.values():
        assert (await insurance.http.get(path, headers=headers)).status_code == 404
        listed = (await insurance.http.get("/v1/claims", headers=headers)).json()["items"]
        assert filed.claim_id not in [item["claim_id"] for item in listed]
    assert (await insurance.http.get("/v1/claims", headers=bearer("provincial"))).status_code == 403


async def test_an_accident_under_unknown_law_is_a_claim_that_says_so(insurance: Harness, platform: str) -> None:
    early = [incident(f"i{number}", f"19{number:02}-01-01 12:00") for number in (0, 10, 99)]
    filed = await report(insurance, platform, *early)
    assert len(filed) == 3
    history = await insurance.http.get(f"/v1/claims/{filed[0].claim_id}/history", headers=insurance.officer)
    [step] = [step for step in history.json() if step["event"] == "not_compared"]
    assert "claims.same_accident_hours" in step["note"]


async def test_an_accident_once_published_in_clear_is_read_too(insurance: Harness, platform: str) -> None:
    [filed] = await report(insurance, platform, incident("i1", place="旌阳区某路口", description="侧翻"))
    shown = await insurance.http.get(f"/v1/claims/{filed.claim_id}", headers=insurance.officer)
    assert (shown.json()["place"], shown.json()["description"]) == ("旌阳区某路口", "侧翻")


async def test_an_officers_reading_of_what_happened_is_recorded(insurance: Harness, platform: str) -> None:
    [filed] = await report(insurance, platform, incident("i1"))
    await insurance.http.get(f"/v1/claims/{filed.claim_id}", headers=insurance.officer)
    [read] = await AuditEntry.find(AuditEntry.about == filed.claim_id).to_list()
    assert read.by.startswith("officer:")


async def test_what_happened_lies_in_clear_nowhere(insurance: Harness, platform: str) -> None:
    """Neither in the database nor in an event."""
    await report(insurance, platform, incident("i1"))
    stored = await collection_of(Claim).find({"platform": platform}).to_list(None)
    outbox = await storage().collection("outbox").find().to_list(None)
    assert stored
    for text in ("侧翻", "某路口", "13800000001"):
        assert text not in repr(stored)
        assert text.encode() not in b"".join(bytes(row["data"]) for row in outbox)
