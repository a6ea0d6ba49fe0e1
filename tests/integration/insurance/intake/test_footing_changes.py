"""Footings that change by day, restarts, several platforms, suspensions and refusals: what covers a person when."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any

import httpx2
import msgspec
import pytest

from shared import clock
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDutyNear,
    EnrolmentEnded,
    EnrolmentOpened,
    EnrolmentRefused,
    EnrolmentResumed,
    EnrolmentSuspended,
)
from shared.contracts.registry import EngagementActivated, EngagementBlocked, EngagementCorrected, EngagementEnded
from shared.policy import calendar
from shared.storage.client import storage
from shared.storage.encryption import seal_for
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.declaring import declare
from tests.integration.insurance.facts import engagement, new_platform, worker

CHANGED: dict[str, Any] = {
    "relation": "employment",
    "footings": [["2026-09-01", "partial"], ["2026-10-01", "employment"]],
}


@pytest.fixture
def platform() -> str:
    return new_platform()


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def segments(insurance: Harness, enrolment_id: str) -> list[tuple[str, str, str | None]]:
    return [
        (one["scheme"], one["starts_on"], one["ends_on"]) for one in (await read(insurance, enrolment_id))["segments"]
    ]


async def read(insurance: Harness, enrolment_id: str, status: int = 200) -> Any:
    answer = await insurance.http.get(f"/v1/enrolments/{enrolment_id}", headers=insurance.officer)
    assert answer.status_code == status, answer.text
    return answer.json()


async def at_province(insurance: Harness, enrolment_id: str) -> list[tuple[str, str, str | None]]:
    """What the province has taken, once it has answered everything."""

    async def answered() -> list[Any] | None:
        asked = (await read(insurance, enrolment_id))["requests"]
        done = [one["status"] != "waiting" and (one["ends_on"] is None or one["end_receipt"]) for one in asked]
        return asked if all(done) else None

    taken = [one for one in await eventually(answered) if one["status"] == "accepted"]
    kept = [one for one in taken if one["ends_on"] is None or one["ends_on"] >= one["starts_on"]]
    return [(one["scheme"], one["starts_on"], one["ends_on"]) for one in kept]


async def test_a_new_footing_ends_one_scheme_and_begins_the_other(insurance: Harness, platform: str) -> None:
    """One ends the day before the other begins."""
    await insurance.publish(
        worker(f"person-{platform}-w1"),
        engagement(EngagementActivated, platform, relation="partial"),
        engagement(EngagementCorrected, platform, version=2, **CHANGED),
    )
    await insurance.settled()
    wanted = [("occupational_injury", "2026-09-01", "2026-09-30"), ("work_injury", "2026-10-01", None)]
    assert await segments(insurance, f"{platform}-w1") == wanted
    assert await at_province(insurance, f"{platform}-w1") == wanted[:1], "the employer has still to declare"
    await declare(insurance, platform, f"{platform}-w1", "2026-10-01")
    assert await at_province(insurance, f"{platform}-w1") == wanted
    [ended] = await told(insurance, EnrolmentEnded, platform)
    assert ended.ends_on == dt.date(2026, 9, 30)
    opened = (await told(insurance, EnrolmentOpened, platform))[-1]
    assert (opened.basis, opened.due_on) == ("employer", dt.date(2026, 11, 2)), "30 days from the day of the change"
    mine = await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id=f"person-{platform}-w1"))
    assert [(one["scheme"], one["in_force"]) for one in mine.json()] == [
        ("work_injury", True),
        ("occupational_injury", False),
    ]


async def test_versions_in_any_order_give_the_same_segments(insurance: Harness) -> None:
    found = []
    for order in permutations(range(3)):
        platform = new_platform()
        versions = [
            engagement(EngagementActivated, platform, relation="partial"),
            engagement(EngagementBlocked, platform, version=2, **CHANGED),
            engagement(EngagementEnded, platform, version=3, ended_on="2026-10-15", **CHANGED),
        ]
        await insurance.publish(worker(f"person-{platform}-w1"))
        await insurance.settled()
        await insurance.publish(*(versions[number] for number in order))
        await insurance.settled()
        await declare(insurance, platform, f"{platform}-w1", "2026-10-01")
        assert await at_province(insurance, f"{platform}-w1") == await segments(insurance, f"{platform}-w1")
        found.append(await segments(insurance, f"{platform}-w1"))
    assert (
        found
        == [[("occupational_injury", "2026-09-01", "2026-09-30"), ("work_injury", "2026-10-01", "2026-10-15")]] * 6
    )


async def test_an_end_that_is_taken_back_is_asked_anew(insurance: Harness, platform: str) -> None:
    await insurance.publish(
        worker(f"person-{platform}-w1"),
        engagement(EngagementActivated, platform),
        engagement(EngagementEnded, platform, version=2, ended_on="2026-10-15"),
    )
    await insurance.settled()
    assert await at_province(insurance, f"{platform}-w1") == [("occupational_injury", "2026-09-01", "2026-10-15")]
    await insurance.publish(engagement(EngagementActivated, platform, version=3))
    await insurance.settled()
    assert await at_province(insurance, f"{platform}-w1") == [("occupational_injury", "2026-09-01", None)]
    assert (await read(insurance, f"{platform}-w1"))["state"] == "open"


async def test_a_restart_of_the_same_person_is_not_covered_twice(insurance: Harness, platform: str) -> None:
    person = f"person-{platform}-w1"
    first = {"worker_id": person, "engagement_id": f"{platform}-one"}
    second = {"worker_id": person, "engagement_id": f"{platform}-two", "started_on": "2026-10-01"}
    await insurance.publish(
        worker(person),
        engagement(EngagementActivated, platform, **second),
        engagement(EngagementActivated, platform, **first),
    )
    await insurance.settled()
    assert await segments(insurance, f"{platform}-one") == [("occupational_injury", "2026-09-01", None)]
    twice = await insurance.http.get(f"/v1/enrolments/{platform}-two", headers=insurance.officer)
    assert twice.status_code == 404 or twice.json()["state"] == "withdrawn"
    await insurance.publish(engagement(EngagementEnded, platform, version=2, ended_on="2026-10-10", **first))
    await insurance.settled()
    assert await at_province(insurance, f"{platform}-one") == [("occupational_injury", "2026-09-01", "2026-10-10")]
    assert await at_province(insurance, f"{platform}-two") == [("occupational_injury", "2026-10-11", None)]


async def test_employment_and_orders_at_two_platforms_both_stand(insurance: Harness) -> None:
    first, second = new_platform(), new_platform()
    await insurance.publish(
        worker(f"person-{first}"),
        engagement(EngagementActivated, first, worker_id=f"person-{first}", relation="employment"),
        engagement(EngagementActivated, second, worker_id=f"person-{first}"),
    )
    await insurance.settled()
    await declare(insurance, first, f"{first}-w1")
    mine = await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id=f"person-{first}"))
    found = {(one["platform"], one["scheme"], one["in_force"]) for one in mine.json()}
    assert found == {(first, "work_injury", True), (second, "occupational_injury", True)}


async def test_a_corrected_id_number_is_told_to_the_province_anew(insurance: Harness, platform: str) -> None:
    person = f"person-{platform}-w1"
    await insurance.publish(worker(person), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    right = seal_for("insurance", {"id_number": "510681198512310027", "name": "测试甲"})
    await insurance.publish(msgspec.structs.replace(worker(person), for_insurance=right))
    await eventually(lambda: _asked_twice(insurance, platform))
    assert await at_province(insurance, f"{platform}-w1") == [("occupational_injury", "2026-09-01", None)]
    assert [one["ends_on"] for one in (await read(insurance, f"{platform}-w1"))["requests"]] == ["2026-08-31", None]
    assert len(await told(insurance, EnrolmentEnded, platform)) == 0, "the cover goes on"


async def _asked_twice(insurance: Harness, platform: str) -> bool:
    return len((await read(insurance, f"{platform}-w1"))["requests"]) == 2


async def test_an_engagement_moved_to_another_person_frees_the_other(insurance: Harness, platform: str) -> None:
    """The first person's second engagement at the platform is insured from then on."""
    first, second = f"person-{platform}-1", f"person-{platform}-2"
    ids = {"engagement_id": f"{platform}-one"}
    later = {"engagement_id": f"{platform}-two", "started_on": "2026-09-10", "worker_id": first}
    await insurance.publish(
        worker(first),
        worker(second),
        engagement(EngagementActivated, platform, worker_id=first, **ids),
        engagement(EngagementActivated, platform, "w2", **later),
        engagement(EngagementCorrected, platform, version=2, worker_id=second, **ids),
    )
    await insurance.settled()
    assert await at_province(insurance, f"{platform}-one") == [("occupational_injury", "2026-09-01", None)]
    assert (await read(insurance, f"{platform}-one"))["worker_id"] == second
    assert await at_province(insurance, f"{platform}-two") == [("occupational_injury", "2026-09-10", None)]


async def post(insurance: Harness, path: str, body: Any = None, headers: Any = None) -> httpx2.Response:
    return await insurance.http.post(path, json=body, headers=headers or insurance.officer)


async def test_an_officer_lets_a_cover_rest_and_hold_again(insurance: Harness, platform: str) -> None:
    await insurance.publish(worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    path = f"/v1/enrolments/{platform}-w1"
    early = await post(insurance, f"{path}/resumptions", {"since": "2026-10-01"})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/enrolment-state")
    rest = {"since": "2026-10-01", "reason": "平台停业，联系电话13800000001"}
    suspended = await post(insurance, f"{path}/suspensions", rest)
    assert (suspended.status_code, suspended.json()["state"]) == (201, "suspended")
    assert "13800000001" not in suspended.text
    assert await at_province(insurance, f"{platform}-w1") == [("occupational_injury", "2026-09-01", "2026-09-30")]
    again = await post(insurance, f"{path}/suspensions", rest)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/enrolment-state")
    resumed = await post(insurance, f"{path}/resumptions", {"since": "2026-10-20"})
    assert resumed.json()["state"] == "open"
    assert await at_province(insurance, f"{platform}-w1") == [
        ("occupational_injury", "2026-09-01", "2026-09-30"),
        ("occupational_injury", "2026-10-20", None),
    ]
    [rested] = await told(insurance, EnrolmentSuspended, platform)
    [held] = await told(insurance, EnrolmentResumed, platform)
    assert (rested.since, held.since) == (dt.date(2026, 10, 1), dt.date(2026, 10, 20))
    assert rested.reason == ""
    [kept] = suspended.json()["suspensions"]
    assert "平台停业" in kept["reason"]
    assert await holding("平台停业") == []
    other = insurance.headers("officer", department="post", district="510600")
    assert (await post(insurance, f"{path}/suspensions", rest, other)).status_code == 403


async def test_a_refused_request_is_asked_again_under_a_new_number(
    insurance: Harness, province: httpx2.AsyncClient, platform: str
) -> None:
    await province.post("/sandbox/behaviour", json={"refuse_next": 1})
    await insurance.publish(worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform))
    await eventually(lambda: told(insurance, EnrolmentRefused, platform))
    path, own = f"/v1/enrolments/{platform}-w1/requests", insurance.headers("platform", uscc=platform)
    stranger = insurance.headers("platform", uscc=new_platform())
    assert (await post(insurance, path, headers=stranger)).status_code == 404
    [asked] = (await post(insurance, path, headers=own)).json()
    assert (asked["number"], asked["status"]) == (f"{platform}-w1:2", "waiting")
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    assert await at_province(insurance, f"{platform}-w1") == [("occupational_injury", "2026-09-01", None)]
    nothing = await post(insurance, path)
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-refused")


async def test_the_employer_is_reminded_before_its_deadline(insurance: Harness, platform: str) -> None:
    today = calendar.shanghai_date(clock.now())
    await insurance.publish(
        engagement(EngagementActivated, platform, relation="employment", started_on=today.isoformat())
    )
    await eventually(lambda: told(insurance, EnrolmentOpened, platform))
    timers, timer = storage().collection("timers"), f"insurance.duty_near:{platform}-w1"
    due_on = (await read(insurance, f"{platform}-w1"))["due_on"]
    row = await timers.find_one({"_id": timer})
    assert row is not None
    days = dt.date.fromisoformat(due_on) - calendar.shanghai_date(row["due_at"])
    assert days == dt.timedelta(days=5)
    await timers.update_one({"_id": timer}, {"$set": {"due_at": clock.now()}})
    [near] = await eventually(lambda: told(insurance, EnrolmentDutyNear, platform))
    assert near.due_on.isoformat() == due_on


async def test_a_reminder_whose_time_has_passed_is_not_set(insurance: Harness, platform: str) -> None:
    await insurance.publish(engagement(EngagementActivated, platform, relation="employment"))
    await eventually(lambda: told(insurance, EnrolmentOpened, platform))
    assert await storage().collection("timers").find_one({"_id": f"insurance.duty_near:{platform}-w1"}) is None


async def test_officers_list_missed_duties_with_what_follows(insurance: Harness, platform: str) -> None:
    """A platform lists its own only."""
    await insurance.publish(
        engagement(EngagementActivated, platform, "w1", relation="employment"),
        engagement(EngagementActivated, platform, "w2", district="510681"),
        worker(f"person-{platform}-w2"),
    )
    await eventually(lambda: told(insurance, EnrolmentConfirmed, platform))
    timer = {"_id": f"insurance.duty:{platform}-w1"}
    await storage().collection("timers").update_one(timer, {"$set": {"due_at": clock.now()}})

    async def listed(query: str, headers: Any) -> list[str]:
        answer = await insurance.http.get(f"/v1/enrolments?platform={platform}{query}", headers=headers)
        return [item["worker_ref"] for item in answer.json()["items"]]

    assert await eventually(lambda: listed("&overdue=true", insurance.officer)) == ["w1"]
    assert await listed("&state=open", insurance.officer) == ["w2"]
    assert await listed("&state=undeclared", insurance.officer) == ["w1"]
    assert await listed("", insurance.headers("officer", department="hrss", district="510681")) == ["w2"]
    first = await insurance.http.get(f"/v1/enrolments?platform={platform}&limit=1", headers=insurance.officer)
    assert await listed(f"&cursor={first.json()['next']}", insurance.officer) == ["w2"]
    own = insurance.headers("platform", uscc=platform)
    assert await listed("", own) == ["w1", "w2"]
    stranger = insurance.headers("platform", uscc=new_platform())
    assert (await insurance.http.get(f"/v1/enrolments?platform={platform}", headers=stranger)).status_code == 403
    assert (await insurance.http.get(f"/v1/enrolments/{platform}-w1", headers=stranger)).status_code == 404
    shown = await insurance.http.get(f"/v1/enrolments/{platform}-w1", headers=own)
    consequences = shown.json()["consequences"]
    assert (consequences["late_fee_per_day"], consequences["unregistered_fine"]) == (
        "0.0005",
        {"least": "1", "most": "3"},
    )
    assert all(row["verified"] for row in consequences["parameters"])
    assert shown.headers["etag"]
