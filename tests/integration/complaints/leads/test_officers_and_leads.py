"""What officers do with leads, and finders with those of one natural key."""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from services.complaints.leads.commands import raise_lead, withdraw_lead
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign
from services.complaints.officers.documents import Interest, Officer, encrypted_reason
from shared import clock
from shared.contracts.base import CloudEvent
from shared.contracts.complaints.leads import LeadChanged, LeadClosed, LeadRaised
from shared.contracts.complaints.pay_findings import PayBelowHourlyMinimum
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import Used
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register

HERE = "510603"
DAY = shanghai_date(clock.now())


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


def finding(about: str, shortfall: str = "9.00") -> PayBelowHourlyMinimum:
    return PayBelowHourlyMinimum(
        settlement_id=about,
        period_start=DAY,
        period_end=DAY,
        orders=1,
        working_seconds=3600,
        pay="12.00",
        due="21.00",
        shortfall=shortfall,
        parts=(),
        excluded="0.00",
    )


def sign(about: str, shortfall: str = "9.00", minimum: str = "21") -> Sign:
    row = Used(key="minimum_wage.hourly", value=minimum, unit="CNY/hour", valid_from=DAY, source="a", verified=True)
    return Sign(
        about=f"{PLATFORM}|{about}",
        platform=PLATFORM,
        worker_ref="rider-1",
        worker_id=f"w-{about}",
        district=HERE,
        finding=finding(about, shortfall),
        events=("e-1",),
        used=(row,),
        to_judge=("normal_labour",),
    )


async def raised(about: str, shortfall: str = "9.00", minimum: str = "21") -> Lead:
    return await transact(lambda tx: raise_lead(sign(about, shortfall, minimum), tx))


async def told(complaints: Harness, lead: Lead) -> list[str]:
    events: list[CloudEvent[Any]] = []
    for fact in (LeadRaised, LeadChanged, LeadClosed):
        events += await complaints.told_events(fact)
    return [one.type.split(".")[-2] for one in sorted(events, key=lambda one: one.id) if one.data.lead_id == lead.id]


async def read(complaints: Harness, lead: Lead, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = await complaints.http.get(f"/v1/leads/{lead.id}", headers=headers or complaints.officer)
    assert answer.status_code == 200, answer.text
    return {**answer.json(), "etag": answer.headers["etag"]}


async def test_one_natural_key_has_one_lead_that_later_data_change(complaints: Harness) -> None:
    lead = await raised("KEY")
    assert (await raised("KEY")).revision == lead.revision
    again = await raised("KEY", "10.00")
    assert again.id == lead.id
    assert again.changed_at is not None
    await transact(lambda tx: withdraw_lead(lead.id, tx))
    assert (await read(complaints, lead))["state"] == "withdrawn"
    back = await raised("KEY", "8.00")
    assert (back.state, back.finding["shortfall"]) == ("raised", "8.00")
    assert await told(complaints, lead) == ["raised", "changed", "closed", "raised"]


async def test_what_other_parameters_showed_stays_to_be_seen(complaints: Harness) -> None:
    lead = await raised("OLDROW", "5.00", "17.4")
    assert (await read(complaints, lead))["superseded"] == []
    await raised("OLDROW", "9.00", "21")
    shown = await read(complaints, lead)
    [before] = shown["superseded"]
    assert (before["finding"]["shortfall"], before["used"][0]["value"]) == ("5.00", "17.4")
    assert (shown["finding"]["shortfall"], shown["used"][0]["value"]) == ("9.00", "21")


async def test_officers_of_other_departments_or_districts_see_no_lead(complaints: Harness) -> None:
    lead = await raised("REACH")
    for department, district in (("health", "510600"), ("hrss", "510683")):
        stranger = await on_register(department, district)
        assert (await complaints.http.get(f"/v1/leads/{lead.id}", headers=stranger)).status_code == 404
        listed = await complaints.http.get("/v1/leads", headers=stranger)
        assert listed.json()["items"] == []
    transport = await on_register("transport", HERE)
    shown = await read(complaints, lead, transport)
    assert (shown["title"], shown["to_judge"][0]["code"]) == ("报酬低于小时最低工资标准", "normal_labour")
    of_kind = await complaints.http.get(
        "/v1/leads", params={"platform": PLATFORM, "state": "taken_up"}, headers=transport
    )
    assert of_kind.json()["items"] == []


async def test_an_officer_on_duty_dismisses_a_lead_for_a_reason(complaints: Harness) -> None:
    lead = await raised("DISMISS")
    path, body = f"/v1/leads/{lead.id}/dismissal", {"reason": "data_wrong", "note": "平台已更正"}
    seen = {"If-Match": (await read(complaints, lead))["etag"]}
    unregistered = bearer("officer", department="commerce", district=HERE)
    assert (await complaints.http.post(path, json=body, headers=unregistered | seen)).status_code == 403
    reader = await on_register("post", HERE, duties=["approver"])
    assert (await complaints.http.post(path, json=body, headers=reader | seen)).status_code == 403
    handler = await on_register("hrss", HERE)
    unknown = await complaints.http.post(path, json={"reason": "tired"}, headers=handler | seen)
    assert (unknown.status_code, unknown.json()["type"].rpartition("/")[2]) == (422, "no-such-reason")
    done = await complaints.http.post(path, json=body, headers=handler | seen)
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["decision"]["note"]) == ("dismissed", "平台已更正")
    assert (await complaints.http.post(path, json=body, headers=handler | seen)).status_code == 412
    row = await collection_of(Lead).find_one({"_id": lead.id}) or {}
    assert "平台" not in str(row["decision"])
    counted = (await complaints.http.get("/v1/leads/dismissals", headers=complaints.officer)).json()
    assert {one["reason"]: one["dismissed"] for one in counted}["data_wrong"] == 1
    [closed] = [one for one in await complaints.told(LeadClosed) if one.lead_id == lead.id]
    assert (closed.outcome, closed.reason) == ("dismissed", "data_wrong")


async def test_a_lead_is_taken_up_as_a_case_on_file(complaints: Harness) -> None:
    lead = await raised("TAKE")
    filing = {"platform": PLATFORM, "category": "short_pay", "text": "少发", "district": HERE, "occurred_on": str(DAY)}
    filed = await complaints.http.post("/v1/cases", json=filing, headers=complaints.headers("worker", worker_id="w-9"))
    case_id = filed.json()["case_id"]
    path, seen = f"/v1/leads/{lead.id}/taking-up", {"If-Match": (await read(complaints, lead))["etag"]}
    handler = await on_register("hrss", HERE)

    async def take(became: str, matter: str) -> Any:
        return await complaints.http.post(path, json={"became": became, "id": matter}, headers=handler | seen)

    assert (await take("case", "nowhere")).status_code == 404
    assert (await take("directive", case_id)).status_code == 422
    done = await take("case", case_id)
    assert done.status_code == 200, done.text
    decision = done.json()["decision"]
    assert (done.json()["state"], decision["became_kind"], decision["became_id"]) == ("taken_up", "case", case_id)
    await transact(lambda tx: withdraw_lead(lead.id, tx))
    after = await read(complaints, lead)
    assert (after["state"], after["holds"]) == ("taken_up", False)
    assert await told(complaints, lead) == ["raised", "closed", "changed"]


async def test_a_lead_does_not_tell_which_confidential_case_it_is(complaints: Harness) -> None:
    lead = await raised("KEPT")
    filing = {"platform": PLATFORM, "category": "short_pay", "text": "少发", "district": HERE, "occurred_on": str(DAY)}
    headers = complaints.headers("worker", worker_id="w-kept-back")
    filed = await complaints.http.post("/v1/cases", json=filing | {"confidential": True}, headers=headers)
    case_id = filed.json()["case_id"]
    handler, other = await on_register("hrss", HERE), await on_register("hrss", HERE, subject="hrss-beside")
    body, seen = {"became": "case", "id": case_id}, {"If-Match": (await read(complaints, lead))["etag"]}
    done = await complaints.http.post(f"/v1/leads/{lead.id}/taking-up", json=body, headers=handler | seen)
    assert (done.status_code, done.json()["decision"]["became_id"]) == (200, case_id), done.text
    shown = await complaints.http.get(f"/v1/leads/{lead.id}", headers=other)
    assert (shown.json()["state"], shown.json()["decision"]["became_id"]) == ("taken_up", None)
    assert case_id not in shown.text
    [closed] = [one for one in await complaints.told(LeadClosed) if one.lead_id == lead.id]
    assert (closed.outcome, closed.became) == ("taken_up", None)


async def test_the_leads_of_a_merged_record_are_that_persons(complaints: Harness) -> None:
    lead = await raised("MERGED")
    await complaints.publish(WorkerMerged(worker_id="w-kept-lead", merged_worker_id="w-MERGED"))
    await complaints.settled()
    assert (await read(complaints, lead))["worker_id"] == "w-kept-lead"


async def test_what_was_written_of_an_erased_person_is_gone(complaints: Harness) -> None:
    lead = await raised("ERASED")
    handler = await on_register("hrss", HERE)
    body = {"reason": "data_wrong", "note": "张三来电，平台已更正"}
    done = await complaints.http.post(
        f"/v1/leads/{lead.id}/dismissal", json=body, headers=handler | {"If-Match": '"1"'}
    )
    assert done.status_code == 200, done.text
    await complaints.publish(WorkerErased(worker_id="w-ERASED"))
    await complaints.settled()
    kept = await read(complaints, lead, handler)
    assert (kept["state"], kept["decision"]["reason"], kept["decision"]["note"]) == ("dismissed", "data_wrong", None)


async def test_figures_count_leads_but_for_the_withdrawn(complaints: Harness) -> None:
    before = (await complaints.http.get("/v1/statistics", headers=complaints.officer)).json()["leads"]
    lead = await raised("FIGURE")
    assert (await complaints.http.get("/v1/statistics", headers=complaints.officer)).json()["leads"] == before + 1
    await transact(lambda tx: withdraw_lead(lead.id, tx))
    assert (await complaints.http.get("/v1/statistics", headers=complaints.officer)).json()["leads"] == before


async def test_who_is_not_on_the_register_reads_no_lead(complaints: Harness) -> None:
    lead = await raised("UNKNOWN")
    unknown = bearer("officer", department="hrss", district=HERE, sub="nobody")
    for path in ("/v1/leads", f"/v1/leads/{lead.id}", "/v1/undecided-settlements"):
        assert (await complaints.http.get(path, headers=unknown)).status_code == 403


async def test_who_stays_away_or_has_left_reads_no_lead(complaints: Harness) -> None:
    lead = await raised("AWAY")
    own = await on_register("transport", HERE, subject="t-away")
    assert (await complaints.http.get(f"/v1/leads/{lead.id}", headers=own)).status_code == 200
    row = await Officer.get("t-away")
    assert row is not None
    row.interests = [Interest(enterprise=PLATFORM, reason=encrypted_reason("t-away", "持有股份"))]
    await transact(row.put)
    assert (await complaints.http.get(f"/v1/leads/{lead.id}", headers=own)).status_code == 404
    for path in ("/v1/leads", f"/v1/leads?platform={PLATFORM}"):
        assert (await complaints.http.get(path, headers=own)).json()["items"] == []
    row.interests, row.active = [], False
    await transact(row.put)
    for path in (f"/v1/leads/{lead.id}", "/v1/leads"):
        assert (await complaints.http.get(path, headers=own)).status_code == 403
