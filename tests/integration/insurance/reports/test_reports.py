"""Accidents reported over HTTP with photos, and reports that are about one accident."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import httpx2
import pytest

from services.insurance.claims.documents import Claim
from services.insurance.persons.documents import Merged
from services.insurance.reports.documents import ClaimPhotoChunk
from shared import clock
from shared.contracts.insurance import ClaimApplied, ClaimClosed, ClaimDuplicateFound, ClaimFiled, KinRecorded
from shared.contracts.platform import platform_source
from shared.contracts.registry import WorkerMerged
from shared.storage.audit import AuditEntry
from shared.storage.client import collection_of, storage
from shared.storage.encryption import open_sealed
from tests.harness import Harness, bearer
from tests.integration.insurance.claim_steps import (
    JPEG,
    PNG,
    accident,
    act,
    as_platform,
    as_worker,
    engage,
    local,
    make_due,
    order_at,
    person,
    step,
    timers_of,
)
from tests.integration.insurance.facts import incident, new_platform


@pytest.fixture
def platform() -> str:
    return new_platform()


async def report(
    insurance: Harness, who: dict[str, str], *photos: bytes, hours_ago: float = 5, **fields: Any
) -> httpx2.Response:
    """Report an accident of some hours ago as a form."""
    at = clock.now() - dt.timedelta(hours=hours_ago)
    form = {
        "occurred_at": at.isoformat(),
        "district": "510603",
        "place": "旌阳区某路口",
        "description": "被追尾，电话13800000001",
        "severity": "minor",
    }
    headers = {**who, "Idempotency-Key": insurance.officer["Idempotency-Key"]}
    files: Any = [("photos", (f"{number}.jpg", photo)) for number, photo in enumerate(photos)]
    return await insurance.http.post("/v1/claims", headers=headers, data=form | fields, files=files or None)


async def test_a_worker_reports_in_one_step_with_photos(insurance: Harness, platform: str) -> None:
    """The order under way is found, and photos lie encrypted."""
    await engage(insurance, platform)
    await order_at(platform, clock.now() - dt.timedelta(hours=5), "77")
    answer = await report(insurance, as_worker(platform), JPEG, PNG)
    assert answer.status_code == 201, answer.text
    claim = answer.json()
    assert (claim["platform"], claim["order_id"], claim["cover"]) == (platform, "77", "covered")
    assert claim["number"].startswith("ZS")
    assert claim["description"] == "被追尾，电话138****0001"
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.claim_id == claim["claim_id"]]
    assert (filed.reported_by, filed.worker_id, filed.cover) == ("worker", person(platform), "covered")
    path = f"/v1/claims/{claim['claim_id']}/photos"
    shown = (await insurance.http.get(path, headers=as_worker(platform))).json()
    assert [photo["media_type"] for photo in shown] == ["image/jpeg", "image/png"]
    content = await insurance.http.get(f"{path}/{shown[1]['photo_id']}", headers=insurance.officer)
    assert (content.content, content.headers["content-type"]) == (PNG, "image/png")
    reads = await AuditEntry.find({"about": claim["claim_id"]}).to_list()
    assert [read.clear_detail for read in reads] == [f"photo:{shown[1]['photo_id']}"]
    for who in (as_platform(platform), bearer("officer", department="transport", district="510600")):
        assert (await insurance.http.get(path, headers=who)).status_code == 403
    pieces = await collection_of(ClaimPhotoChunk).find({"_id": {"$regex": f"^{shown[1]['photo_id']}"}}).to_list(None)
    assert len(pieces) == 2
    clear = base64.b64encode(PNG[:30]).decode()
    assert all(clear not in piece["data"] and len(piece["data"]) < 1024 * 1024 for piece in pieces)


async def test_only_photos_are_taken_as_photos(insurance: Harness, platform: str) -> None:
    await engage(insurance, platform)
    for photos, kind in (
        ([b"GIF89a" + b"0" * 100], "not-a-photo"),
        ([JPEG] * 7, "too-many-photos"),
        ([JPEG + b"0" * 4 * 1024 * 1024], "photo-too-large"),
    ):
        answer = await report(insurance, as_worker(platform), *photos)
        assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{kind}")
    assert await Claim.find({"worker_id": person(platform)}).to_list() == []


async def test_of_several_platforms_the_order_says_which_it_was(insurance: Harness) -> None:
    first, second = new_platform(), new_platform()
    who = {"worker_id": person(first)}
    await engage(insurance, first)
    await engage(insurance, second, **who)
    unclear = await report(insurance, bearer("worker", **who))
    assert (unclear.status_code, unclear.json()["type"]) == (422, "/problems/platform-unclear")
    assert sorted(unclear.json()["about"]) == sorted([first, second])
    await order_at(second, clock.now() - dt.timedelta(hours=5))
    claim = (await report(insurance, bearer("worker", **who))).json()
    assert (claim["platform"], claim["other_platforms"]) == (second, [])
    await order_at(first, clock.now() - dt.timedelta(hours=5, minutes=5))
    claim = (await report(insurance, bearer("worker", **who))).json()
    assert (claim["platform"], claim["other_platforms"]) == (first, [second])
    nobody = await report(insurance, bearer("worker", worker_id="somebody"))
    assert nobody.json()["type"] == "/problems/no-engagement"


async def test_a_union_reports_for_next_of_kin(insurance: Harness, platform: str) -> None:
    """It sees what it reported, and another union does not."""
    await engage(insurance, platform)
    union, other = bearer("union", sub="union:here"), bearer("union", sub="union:other")
    kin: dict[str, Any] = {"kin_relation": "配偶", "kin_name": "张测试", "kin_phone": "13800000002"}
    who: dict[str, Any] = {"platform": platform, "worker_ref": "w1"}
    incomplete = await report(insurance, union, **who, kin_name="张测试")
    assert incomplete.json()["type"] == "/problems/kin-incomplete"
    claim = (await report(insurance, union, **who, **kin, severity="fatal")).json()
    assert (claim["reported_by"], claim["fatal"]) == ("kin", True)
    assert claim["kin"] == {"relation": "配偶", "name": "张**", "phone": "138****0002"}
    path = f"/v1/claims/{claim['claim_id']}"
    assert (await insurance.http.get(path, headers=union)).status_code == 200
    assert (await insurance.http.get(path, headers=other)).status_code == 404
    stored = await collection_of(Claim).find_one({"_id": claim["claim_id"]})
    assert "13800000002" not in repr(stored)
    applicant = {"relation": "父亲", "name": "李测试", "phone": "+86 138-0000-0003"}
    not_kin = {"applicant": "union", "kin": applicant}
    refused = await act(insurance, claim["claim_id"], "applications", union, not_kin, expect=422)
    assert refused["type"] == "/problems/not-by-kin"
    body = {"applicant": "kin", "kin": applicant}
    applied = await act(insurance, claim["claim_id"], "applications", union, body)
    assert applied["kin"] == {"relation": "父亲", "name": "李**", "phone": "138****0003"}
    told = [fact for fact in await insurance.told(KinRecorded) if fact.claim_id == claim["claim_id"]]
    assert [open_sealed("notifier-kin", fact.for_notifier_kin) for fact in told] == [
        {"name": "张测试", "phone": "13800000002"},
        {"name": "李测试", "phone": "13800000003"},
    ]
    own = claim["claim_id"]
    [filed] = [fact for fact in await insurance.told(ClaimFiled) if fact.claim_id == own]
    [applied_for] = [fact for fact in await insurance.told(ClaimApplied) if fact.claim_id == own]
    assert {(fact.kin, fact.to_kin) for fact in (filed, applied_for)} == {((told[0].kin_id,), True)}
    assert {fact.filing_union for fact in (filed, applied_for)} == {"union:here"}
    assert "1380000000" not in str(await storage().collection("outbox").find({}).to_list(None))
    assert applied["missing_papers"] == [
        "death_application_form", "informed_consent", "death_certificate", "kinship_proof",
    ]  # fmt: skip


async def test_a_paper_is_handed_in_as_a_photo(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform)
    await act(insurance, claim_id, "applications", as_worker(platform), {})
    files = [("files", ("1.jpg", JPEG))]
    answer = await step(insurance, claim_id, "photos", as_worker(platform), files=files, data={"paper": "diagnosis"})
    assert answer.status_code == 201
    assert (answer.json()["papers"], answer.json()["photos"]) == (["diagnosis"], 1)


async def test_two_reports_of_one_accident_are_found_and_merged(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform)
    second = (await report(insurance, as_worker(platform), JPEG, hours_ago=5.2)).json()["claim_id"]
    [found] = [fact for fact in await insurance.told(ClaimDuplicateFound) if fact.claim_id == second]
    assert found.other_claim_id == claim_id
    shown = (await insurance.http.get(f"/v1/claims/{claim_id}", headers=insurance.officer)).json()
    assert shown["twins"] == [second]
    merged = await act(insurance, second, "merger", insurance.officer, {"claim_id": claim_id})
    assert (merged["state"], merged["merged_into"], merged["due"]) == ("duplicate", claim_id, {})
    kept = (await insurance.http.get(f"/v1/claims/{claim_id}", headers=insurance.officer)).json()
    assert (kept["state"], kept["twins"], kept["merged"]) == ("reported", [], [second])
    photos = (await insurance.http.get(f"/v1/claims/{claim_id}/photos", headers=as_worker(platform))).json()
    assert [photo["claim_id"] for photo in photos] == [second]
    assert [fact.reason for fact in await insurance.told(ClaimClosed) if fact.claim_id == second] == ["duplicate"]
    assert await timers_of(second) == {}
    again = await act(insurance, second, "withdrawal", as_worker(platform), expect=409)
    assert again["state"] == "duplicate"


async def test_an_application_is_not_lost_in_another_report(insurance: Harness, platform: str) -> None:
    """Nobody has applied in the other: that one goes on in this."""
    claim_id = await accident(insurance, platform)
    second = (await report(insurance, as_worker(platform), JPEG, hours_ago=5.2)).json()["claim_id"]
    await act(insurance, second, "applications", as_worker(platform), {})
    wrong = await act(insurance, second, "merger", insurance.officer, {"claim_id": claim_id}, expect=422)
    assert wrong["type"] == "/problems/merge-other-way"
    merged = await act(insurance, claim_id, "merger", insurance.officer, {"claim_id": second})
    assert merged["merged_into"] == second
    kept = (await insurance.http.get(f"/v1/claims/{second}", headers=insurance.officer)).json()
    assert (kept["state"], kept["merged"]) == ("applied", [claim_id])


async def test_reports_of_two_accidents_stay_apart(insurance: Harness, platform: str) -> None:
    """Once an officer has parted them they are not linked again."""
    claim_id = await accident(insurance, platform)
    second = (await report(insurance, as_worker(platform), hours_ago=3)).json()["claim_id"]
    apart = await act(insurance, second, "separation", insurance.officer, {"claim_id": claim_id})
    assert apart["twins"] == []
    await make_due("insurance.claim_check", second)
    await insurance.settled()
    told = [
        fact for fact in await insurance.told(ClaimDuplicateFound) if claim_id in (fact.claim_id, fact.other_claim_id)
    ]
    assert len(told) == 1
    wrong = await act(insurance, second, "merger", insurance.officer, {"claim_id": claim_id}, expect=422)
    assert wrong["type"] == "/problems/not-a-duplicate"


async def test_a_duplicate_is_found_when_the_worker_becomes_known(insurance: Harness, platform: str) -> None:
    other = new_platform()
    await engage(insurance, other, worker_id=person(platform))
    at = clock.now() - dt.timedelta(hours=5)
    await insurance.publish(incident("i1", local(at)), source=platform_source(platform))
    await insurance.publish(incident("i1", local(at)), source=platform_source(other))
    await insurance.settled()
    mine = {fact.platform: fact.claim_id for fact in await insurance.told(ClaimFiled)}
    claims = {mine[platform], mine[other]}
    assert not [fact for fact in await insurance.told(ClaimDuplicateFound) if fact.claim_id in claims]
    await engage(insurance, platform)
    await insurance.settled()
    [found] = [fact for fact in await insurance.told(ClaimDuplicateFound) if fact.claim_id in claims]
    assert {found.claim_id, found.other_claim_id} == claims


async def test_a_claim_follows_its_worker_into_the_merged_record(insurance: Harness, platform: str) -> None:
    claim_id = await accident(insurance, platform)
    right = f"right-{platform}"
    await insurance.publish(WorkerMerged(worker_id=right, merged_worker_id=person(platform)))
    await insurance.settled()
    shown = await insurance.http.get(f"/v1/claims/{claim_id}", headers=bearer("worker", worker_id=right))
    assert shown.status_code == 200
    await collection_of(Merged).delete_many({})  # as if the others of this service had not heard of it yet
    await make_due("insurance.claim_check", claim_id)
    await insurance.settled()
    shown = await insurance.http.get(f"/v1/claims/{claim_id}", headers=bearer("worker", worker_id=right))
    assert shown.status_code == 200
