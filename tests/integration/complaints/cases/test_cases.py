from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
import pytest_asyncio

from services.complaints.cases.documents import Case
from shared import clock
from shared.contracts.complaints import CASE, CaseAccepted, CaseOpened, CaseRefused
from shared.contracts.registry import EngagementCorrected, EnterpriseRegistered, WorkerMerged
from shared.ids import new_id
from shared.policy.calendar import add_working_days, shanghai_date
from shared.storage.client import collection_of, storage
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.integration.complaints.staff import on_register

TEXT = "平台拖欠我半个月的配送费，多次催要没有结果。"


def complaint(**changes: Any) -> dict[str, Any]:
    body = {"platform": PLATFORM, "text": TEXT, "district": "510681", "occurred_on": f"{shanghai_date(clock.now())}"}
    return body | changes


async def filed(complaints: Harness, worker_id: str = "w-1", **changes: Any) -> dict[str, Any]:
    headers = complaints.headers("worker", worker_id=worker_id)
    answer = await complaints.http.post("/v1/cases", json=complaint(**changes), headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest_asyncio.fixture(autouse=True, scope="module", loop_scope="session")
async def staff(complaints: Harness) -> None:
    """Who acts on cases here, on the register."""
    for district in ("510681", "510600", "510623", "510683", "510604"):
        await on_register("hrss", district)
    for department in ("emergency", "transport", "court", "market"):
        await on_register(department, "510604")


def officer(district: str = "510681") -> dict[str, str]:
    return bearer("officer", department="hrss", district=district)


async def test_a_complaint_is_classified_routed_and_given_a_term(complaints: Harness) -> None:
    case = await filed(complaints)
    assert case["category"] == "late_pay"
    assert case["lead_department"] == "hrss"
    assert case["departments"][0] == "hrss"
    assert case["state"] == "opened"
    assert case["number"].startswith("德劳诉〔")
    assert case["accept_by"] == f"{add_working_days(shanghai_date(clock.now()), 5).due}"
    told = [fact for fact in await complaints.told(CaseOpened) if fact.case_id == case["case_id"]]
    assert [(fact.worker_id, fact.number, fact.category) for fact in told] == [("w-1", case["number"], "late_pay")]


async def test_the_category_that_the_worker_gives_holds(complaints: Harness) -> None:
    case = await filed(complaints, category="safety")
    assert case["category"] == "safety"
    assert case["lead_department"] == "emergency"


async def test_the_text_is_readable_in_no_row_and_no_event(complaints: Harness) -> None:
    case = await filed(complaints, text="我叫测试，手机 13800000000，平台欠薪。")
    row = await collection_of(Case).find_one({"_id": case["case_id"]})
    assert row is not None
    assert "13800000000" not in str(row)
    events = await complaints.told(CaseOpened)
    assert not any("13800000000" in str(fact) for fact in events)
    mine = await complaints.http.get(f"/v1/cases/{case['case_id']}", headers=bearer("worker", worker_id="w-1"))
    assert mine.json()["text"] == "我叫测试，手机 13800000000，平台欠薪。"


async def test_the_same_request_sent_twice_files_one_case(complaints: Harness) -> None:
    headers, body = complaints.headers("worker", worker_id="w-twice"), complaint()
    first = await complaints.http.post("/v1/cases", json=body, headers=headers)
    second = await complaints.http.post("/v1/cases", json=body, headers=headers)
    assert first.json() == second.json()
    assert await Case.find(Case.worker_id == "w-twice").count() == 1


async def test_the_trade_of_the_engagement_decides_on_the_supervisor(complaints: Harness) -> None:
    await complaints.publish(
        EnterpriseRegistered(
            uscc=PLATFORM,
            name="示例平台",
            industries=("courier", "ride_hailing"),
            delivery_classes=(),
            for_notifier="x",
        ),
        engagement(EngagementCorrected, "w-5", "R5", version=2, industry="instant_delivery"),
        engagement(EngagementCorrected, "w-5", "R5", version=1, industry="ride_hailing"),
    )
    await complaints.settled()
    engaged = await filed(complaints, "w-5", platform=PLATFORM, category="discrimination")
    assert engaged["departments"] == ["hrss", "transport", "post", "court", "union", "commerce"]
    stranger = await filed(complaints, "w-6", platform=PLATFORM, category="discrimination")
    assert stranger["departments"] == ["hrss", "transport", "post", "court", "union"]


async def test_an_old_matter_is_filed_and_refused_in_writing(complaints: Harness) -> None:
    long_ago = f"{shanghai_date(clock.now()) - dt.timedelta(days=800)}"
    case = await filed(complaints, occurred_on=long_ago)
    path = f"/v1/cases/{case['case_id']}"
    assert (await complaints.http.get(path, headers=officer())).json()["proposed"] == "over_two_years"
    body = {"reason_zh": "该行为发生于两年之前。", "ground": "over_two_years"}
    refused = await complaints.http.post(f"{path}/refusal", json=body, headers=officer())
    assert refused.json()["state"] == "refused"
    mine = (await complaints.http.get(path, headers=bearer("worker", worker_id="w-1"))).json()
    assert (mine["ground"], mine["refusal"]) == ("over_two_years", "该行为发生于两年之前。")
    assert "仲裁" in mine["remedy_zh"]
    told = [fact for fact in await complaints.told(CaseRefused) if fact.case_id == case["case_id"]]
    assert [fact.ground for fact in told] == ["over_two_years"]
    continuing = await filed(complaints, occurred_on=long_ago, continuing=True, platform=None)
    read = await complaints.http.get(f"/v1/cases/{continuing['case_id']}", headers=officer())
    assert read.json()["proposed"] == "return"  # it names no enterprise


@pytest.mark.parametrize(
    "changes",
    [
        {"district": "510104"},
        {"district": "510600"},
        {"platform": "91510600MA0000001Q"},
        {"text": " "},
        {"text": "字" * 5001},
        {"category": "weather"},
        {"occurred_on": "2999-01-01"},
    ],
)
async def test_an_invalid_complaint_is_refused_without_quoting_it(complaints: Harness, changes: dict[str, Any]) -> None:
    headers = complaints.headers("worker", worker_id="w-1")
    answer = await complaints.http.post("/v1/cases", json=complaint(**changes), headers=headers)
    assert answer.status_code == 422
    assert TEXT not in answer.text


async def test_an_officer_takes_a_case_up_once(complaints: Harness) -> None:
    case = await filed(complaints)
    path = f"/v1/cases/{case['case_id']}/acceptance"
    answers = await asyncio.gather(*(complaints.http.post(path, headers=officer()) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    accepted = (await complaints.http.get(f"/v1/cases/{case['case_id']}", headers=officer())).json()
    assert accepted["state"] == "accepted"
    assert accepted["decide_by"] == f"{add_working_days(shanghai_date(clock.now()), 60).due}"
    told = [fact for fact in await complaints.told(CaseAccepted) if fact.case_id == case["case_id"]]
    assert [f"{fact.decide_by}" for fact in told] == [accepted["decide_by"]]
    refusal = {"reason_zh": "不属于监察范围"}
    late = await complaints.http.post(f"/v1/cases/{case['case_id']}/refusal", json=refusal, headers=officer())
    assert late.status_code == 409


async def test_a_change_made_from_an_old_reading_is_refused(complaints: Harness) -> None:
    case = await filed(complaints)
    path = f"/v1/cases/{case['case_id']}"
    etag = (await complaints.http.get(path, headers=officer())).headers["etag"]
    stale = await complaints.http.post(f"{path}/acceptance", headers=officer() | {"If-Match": '"7"'})
    assert stale.status_code == 412
    fresh = await complaints.http.post(f"{path}/acceptance", headers=officer() | {"If-Match": etag})
    assert fresh.status_code == 200
    assert fresh.headers["etag"] != etag


async def test_a_refused_case_shows_its_reason_to_the_complainant(complaints: Harness) -> None:
    case = await filed(complaints)
    path = f"/v1/cases/{case['case_id']}"
    refused = await complaints.http.post(f"{path}/refusal", json={"reason_zh": "超出管辖"}, headers=officer())
    assert refused.json()["state"] == "refused"
    mine = (await complaints.http.get(path, headers=bearer("worker", worker_id="w-1"))).json()
    assert mine["refusal"] == "超出管辖"
    assert ("inspection.accept_workdays", False) in {(one["key"], one["verified"]) for one in mine["used"]}


async def test_nobody_but_the_complainant_and_the_district_sees_a_case(complaints: Harness) -> None:
    path = f"/v1/cases/{(await filed(complaints, district='510681'))['case_id']}"

    async def status(headers: dict[str, str]) -> int:
        return (await complaints.http.get(path, headers=headers)).status_code

    assert await status(bearer("worker", worker_id="w-1")) == 200
    assert await status(officer("510681")) == 200
    assert await status(officer("510600")) == 200
    assert await status(officer("510623")) == 404
    assert await status(bearer("worker", worker_id="w-2")) == 404
    assert await status(bearer("platform", uscc=PLATFORM)) == 403
    accepted = await complaints.http.post(f"{path}/acceptance", headers=officer("510623"))
    assert accepted.status_code == 404


async def test_routed_departments_read_a_case_and_the_leading_decides(
    complaints: Harness,
) -> None:
    case = await filed(complaints, district="510604", category="safety")
    path = f"/v1/cases/{case['case_id']}"
    assert case["lead_department"] == "emergency"

    async def sees(department: str) -> tuple[int, bool]:
        headers = bearer("officer", department=department, district="510604")
        listed = (await complaints.http.get("/v1/cases?limit=500", headers=headers)).json()["items"]
        one = (await complaints.http.get(path, headers=headers)).status_code
        return one, case["case_id"] in {item["case_id"] for item in listed}

    for department in ("hrss", "emergency", "transport"):
        assert await sees(department) == (200, True), department
    for department in ("court", "market"):
        assert await sees(department) == (404, False), department
    stranger = bearer("officer", department="police", district="510604")
    assert (await complaints.http.get(path, headers=stranger)).status_code == 403

    async def accept(department: str) -> int:
        headers = bearer("officer", department=department, district="510604")
        return (await complaints.http.post(f"{path}/acceptance", headers=headers)).status_code

    assert [await accept(one) for one in ("court", "transport", "emergency")] == [404, 403, 200]


async def test_lists_show_a_district_or_a_worker_its_own_page_by_page(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    ids = [(await filed(complaints, worker_id, district="510683", category="rest"))["case_id"] for _ in range(5)]
    await filed(complaints, "w-other", district="510623", category="rest")
    headers = bearer("worker", worker_id=worker_id)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await complaints.http.get("/v1/cases", params={"limit": "2"} | cursor, headers=headers)).json()
        seen += [case["case_id"] for case in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == ids[::-1]
    await complaints.http.post(f"/v1/cases/{ids[0]}/acceptance", headers=officer("510683"))
    params = {"state": "accepted", "category": "rest"}
    found = (await complaints.http.get("/v1/cases", params=params, headers=officer("510683"))).json()["items"]
    assert [case["case_id"] for case in found] == [ids[0]]
    assert (await complaints.http.get("/v1/cases", headers=bearer("platform", uscc=PLATFORM))).status_code == 403


async def test_a_case_shows_its_missed_terms_which_are_told_once(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the event of the term, as with every matter, and by none of the case beside it."""
    missed = (await filed(complaints, "w-deadline"))["case_id"]
    refused = (await filed(complaints, "w-deadline"))["case_id"]
    await complaints.http.post(f"/v1/cases/{refused}/refusal", json={"reason_zh": "重复"}, headers=officer())
    accepted = (await filed(complaints, "w-deadline"))["case_id"]
    await complaints.http.post(f"/v1/cases/{accepted}/acceptance", headers=officer())
    real = clock.now

    async def shown(*wanted: list[str]) -> bool:
        rows = [await Case.get(one) for one in (missed, refused, accepted)]
        return [row.missed for row in rows if row is not None] == [*wanted]

    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=20))
    await eventually(lambda: shown(["accept"], [], []))
    late = await complaints.http.post(f"/v1/cases/{missed}/acceptance", headers=officer())
    assert late.status_code == 200
    assert late.json()["missed"] == ["accept"]
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(days=200))
    await eventually(lambda: shown(["accept", "investigate"], [], ["investigate"]))
    told = await storage().collection("outbox").distinct("type", {"topic": CASE.name})
    assert "cn.deyang.complaints.case.deadline_missed.v1" not in told


async def test_statistics_count_the_cases(complaints: Harness) -> None:
    before = (await complaints.http.get("/v1/statistics", headers=complaints.officer)).json()
    await filed(complaints)
    after = (await complaints.http.get("/v1/statistics", headers=complaints.officer)).json()
    assert after["cases"] == before["cases"] + 1
    assert set(after) == {"cases", "leads"}


async def test_the_cases_of_a_merged_record_are_that_persons(complaints: Harness) -> None:
    case = await filed(complaints, "w-merged")
    await complaints.publish(WorkerMerged(worker_id="w-kept", merged_worker_id="w-merged"))

    async def own() -> bool:
        headers = bearer("worker", worker_id="w-kept")
        return (await complaints.http.get(f"/v1/cases/{case['case_id']}", headers=headers)).status_code == 200

    await eventually(own)
