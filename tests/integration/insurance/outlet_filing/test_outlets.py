"""Courier outlets on the work-injury scheme: from the postal authority's list to the month's contribution."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from shared.contracts.insurance import EnrolmentConfirmed, EnrolmentExcluded, EnrolmentOpened
from shared.contracts.registry import EngagementActivated, EngagementCorrected, WorkerMerged
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import engagement, new_platform, worker

Segments = list[tuple[str, str, str, str | None]]


@pytest.fixture
def outlet() -> str:
    return new_platform()


@pytest.fixture
def platform() -> str:
    return new_platform()


def courier(outlet: str, **changes: Any) -> dict[str, Any]:
    return {"industry": "courier", "relation": "partial", "partner_uscc": outlet} | changes


def listed(uscc: str, insurer: str | None = None, **changes: Any) -> dict[str, Any]:
    filing = "terminal_only" if insurer else "licensed"
    return {"uscc": uscc, "name": "旌阳一部", "district": "510603", "filing": filing, "insurer": insurer} | changes


async def push(insurance: Harness, month: str, *rows: dict[str, Any], department: str = "post") -> httpx2.Response:
    headers = insurance.headers("officer", department=department, district="510600")
    return await insurance.http.post(f"/v1/outlet-lists?month={month}", json={"outlets": rows}, headers=headers)


async def post(insurance: Harness, path: str, body: Any) -> httpx2.Response:
    return await insurance.http.post(path, json=body, headers=insurance.officer)


async def segments(insurance: Harness, enrolment_id: str) -> Segments:
    answer = await insurance.http.get(f"/v1/enrolments/{enrolment_id}", headers=insurance.officer)
    if answer.status_code == 404:
        return []
    return [(one["basis"], one["unit"], one["starts_on"], one["ends_on"]) for one in answer.json()["segments"]]


async def becomes(insurance: Harness, enrolment_id: str, wanted: Segments) -> None:
    async def look() -> bool:
        return await segments(insurance, enrolment_id) == wanted

    await eventually(look)


async def told_excluded(insurance: Harness, platform: str) -> list[EnrolmentExcluded]:
    return [fact for fact in await insurance.told(EnrolmentExcluded) if fact.platform == platform]


async def test_couriers_of_a_listed_outlet_are_insured_by_its_insurer(
    insurance: Harness, outlet: str, platform: str
) -> None:
    """From the first day of the list's month on."""
    insurer = new_platform()
    await insurance.publish(
        worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **courier(outlet))
    )
    excluded = await eventually(lambda: told_excluded(insurance, platform))
    assert [fact.withdrawn for fact in excluded] == [False], "no other scheme takes couriers in"
    assert await segments(insurance, f"{platform}-w1") == []
    assert (await push(insurance, "2026-10", listed(outlet, insurer))).status_code == 201
    await becomes(insurance, f"{platform}-w1", [("outlet", insurer, "2026-10-01", None)])
    assert [fact.withdrawn for fact in await told_excluded(insurance, platform)] == [False, True]
    opened = [fact for fact in await insurance.told(EnrolmentOpened) if fact.platform == platform][-1]
    assert (opened.scheme, opened.basis, opened.unit, opened.due_on) == ("work_injury", "outlet", insurer, None)
    assert (await push(insurance, "2026-10", listed(outlet, insurer))).json()["outlets"] == [outlet]
    await push(insurance, "2026-09", listed(outlet, insurer, name="另一名称"))
    await becomes(insurance, f"{platform}-w1", [("outlet", insurer, "2026-09-01", None)])
    shown = await insurance.http.get(f"/v1/outlets/{outlet}", headers=insurance.officer)
    assert shown.json()["name"] == "旌阳一部", "the latest month's facts hold"


async def test_a_courier_who_comes_after_the_list_is_insured_at_once(
    insurance: Harness, outlet: str, platform: str
) -> None:
    await push(insurance, "2026-09", listed(outlet))
    await insurance.publish(
        worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **courier(outlet))
    )
    await becomes(insurance, f"{platform}-w1", [("outlet", outlet, "2026-09-01", None)])
    mine = await insurance.http.get("/v1/workers/me/cover", headers=bearer("worker", worker_id=f"person-{platform}-w1"))
    assert [(one["scheme"], one["basis"]) for one in mine.json()] == [("work_injury", "outlet")]


async def test_whoever_an_employer_insures_is_not_moved_to_the_outlet(
    insurance: Harness, outlet: str, platform: str
) -> None:
    await push(insurance, "2026-09", listed(outlet))
    person = f"person-{platform}-w1"
    await insurance.publish(
        worker(person),
        engagement(EngagementActivated, platform, **courier(outlet, relation="employment")),
    )
    await becomes(insurance, f"{platform}-w1", [("employer", outlet, "2026-09-01", None)])
    refused = await post(insurance, f"/v1/outlets/{outlet}/people", {"worker_id": person, "started_on": "2026-09-10"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/insured-by-employer")
    parted = {"relation": "partial", "footings": [["2026-09-01", "employment"], ["2026-10-01", "partial"]]}
    await insurance.publish(engagement(EngagementCorrected, platform, version=2, **courier(outlet, **parted)))
    wanted: Segments = [("employer", outlet, "2026-09-01", "2026-09-30"), ("outlet", outlet, "2026-10-01", None)]
    await becomes(insurance, f"{platform}-w1", wanted)


async def test_an_outlets_own_person_is_insured_until_their_last_day(
    insurance: Harness, outlet: str, platform: str
) -> None:
    person = f"own-{outlet}"
    await push(insurance, "2026-09", listed(outlet))
    unknown = await post(insurance, f"/v1/outlets/{outlet}/people", {"worker_id": person, "started_on": "2026-09-10"})
    assert (unknown.status_code, unknown.json()["type"]) == (409, "/problems/unknown-worker")
    await insurance.publish(worker(person))
    await insurance.settled()
    added = await post(insurance, f"/v1/outlets/{outlet}/people", {"worker_id": person, "started_on": "2026-09-10"})
    assert added.status_code == 201, added.text
    engagement_id = added.json()["engagement_id"]
    await becomes(insurance, engagement_id, [("outlet", outlet, "2026-09-10", None)])

    async def confirmed() -> list[Any]:
        return [fact for fact in await insurance.told(EnrolmentConfirmed) if fact.worker_id == person]

    assert await eventually(confirmed)
    again = await post(insurance, f"/v1/outlets/{outlet}/people", {"worker_id": person, "started_on": "2026-10-01"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/on-file-already")
    await post(insurance, f"/v1/outlets/{outlet}/people/{engagement_id}/ends", {"ended_on": "2026-10-15"})
    await becomes(insurance, engagement_id, [("outlet", outlet, "2026-09-10", "2026-10-15")])
    await insurance.publish(worker(f"kept-{outlet}"), WorkerMerged(worker_id=f"kept-{outlet}", merged_worker_id=person))
    person = f"kept-{outlet}"

    async def moved() -> bool:
        found = await insurance.http.get(f"/v1/enrolments/{engagement_id}", headers=insurance.officer)
        return bool(found.json()["worker_id"] == person)

    await eventually(moved)
    people = await insurance.http.get(
        f"/v1/outlets/{outlet}/people", headers=insurance.headers("platform", uscc=outlet)
    )
    assert [(one["worker_id"], one["own"]) for one in people.json()["items"]] == [(person, True)]


async def test_an_outlet_that_is_corrected_takes_its_people_with_it(
    insurance: Harness, outlet: str, platform: str
) -> None:
    facts = {"name": "广汉二部", "district": "510681", "filing": "licensed", "since": "2026-09-01"}
    added = await post(insurance, "/v1/outlets", {"uscc": outlet, **facts})
    assert added.status_code == 201, added.text
    assert (await post(insurance, "/v1/outlets", {"uscc": outlet, **facts})).status_code == 409
    await insurance.publish(
        worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **courier(outlet))
    )
    await becomes(insurance, f"{platform}-w1", [("outlet", outlet, "2026-09-01", None)])
    ended = {**facts, "until": "2026-10-31"}
    stale = await insurance.http.put(
        f"/v1/outlets/{outlet}", json=ended, headers={**insurance.officer, "If-Match": '"9"'}
    )
    assert stale.status_code == 412
    other = insurance.headers("officer", department="hrss", district="510603")
    hidden = await insurance.http.put(f"/v1/outlets/{outlet}", json=ended, headers={**other, "If-Match": '"1"'})
    assert hidden.status_code == 403
    headers = {**insurance.officer, "If-Match": added.headers["etag"]}
    assert (await insurance.http.put(f"/v1/outlets/{outlet}", json=ended, headers=headers)).status_code == 200
    await becomes(insurance, f"{platform}-w1", [("outlet", outlet, "2026-09-01", "2026-10-31")])
    [excluded] = await eventually(lambda: told_excluded(insurance, platform))
    assert excluded.since == dt.date(2026, 11, 1)


async def test_only_the_postal_authority_pushes_a_list(insurance: Harness, outlet: str) -> None:
    """One wrong row stops the whole list."""
    assert (await push(insurance, "2026-09", listed(outlet), department="hrss")).status_code == 403
    assert (await push(insurance, "2099-01", listed(outlet))).status_code == 422
    wrong = await push(insurance, "2026-09", listed(outlet), listed(new_platform(), district="510100"))
    assert (wrong.status_code, wrong.json()["errors"][0]["row"]) == (422, 1)
    assert (await insurance.http.get(f"/v1/outlets/{outlet}", headers=insurance.officer)).status_code == 404
    headers = {**insurance.headers("officer", department="post", district="510600"), "Content-Type": "text/csv"}
    table = f"uscc,name,district,filing,insurer\n{outlet},旌阳一部,510603,licensed,\n"
    pushed = await insurance.http.post("/v1/outlet-lists?month=2026-09", content=table.encode(), headers=headers)
    assert pushed.status_code == 201, pushed.text
    found = await insurance.http.get("/v1/outlets?district=510603&limit=500", headers=insurance.officer)
    assert outlet in [one["uscc"] for one in found.json()["items"]]


async def test_a_months_list_is_read_as_it_was_last_pushed(insurance: Harness, outlet: str) -> None:
    path, other = "/v1/outlet-lists/2025-03", new_platform()
    assert (await insurance.http.get(path, headers=insurance.officer)).status_code == 404
    await push(insurance, "2025-03", listed(outlet))
    await push(insurance, "2025-03", listed(outlet), listed(other))
    for department in ("hrss", "post"):
        officer = bearer("officer", department=department, district="510600")
        found = (await insurance.http.get(path, headers=officer)).json()
        assert (found["month"], sorted(found["outlets"])) == ("2025-03", sorted([outlet, other]))
    for caller in (bearer("officer", department="hrss", district="510603"), bearer("platform", uscc=outlet)):
        assert (await insurance.http.get(path, headers=caller)).status_code == 403


async def test_a_months_contribution_waits_for_the_average_wage(insurance: Harness, outlet: str, platform: str) -> None:
    """Once an officer has entered the wage it is drawn."""
    await push(insurance, "2026-09", listed(outlet))
    for number in (1, 2):
        await insurance.publish(
            worker(f"person-{platform}-w{number}"),
            engagement(EngagementActivated, platform, f"w{number}", **courier(outlet)),
        )
        await becomes(insurance, f"{platform}-w{number}", [("outlet", outlet, "2026-09-01", None)])
    path = f"/v1/outlets/{outlet}/contributions"
    drawn = await post(insurance, path, {"month": "2026-09"})
    assert drawn.status_code == 201, drawn.text
    assert (drawn.json()["state"], drawn.json()["people"], drawn.json()["amount"]) == ("waiting", 2, None)
    assert drawn.json()["reason"]
    headers = {**insurance.officer, "If-Match": drawn.headers["etag"]}
    body = {"average_wage": "7512.35", "source": "德阳市2025年平均工资公告"}
    entered = await insurance.http.put(f"{path}/2026-09/average-wage", json=body, headers=headers)
    assert entered.status_code == 200, entered.text
    shown = (
        await insurance.http.get(f"{path}?month=2026-09", headers=insurance.headers("platform", uscc=outlet))
    ).json()
    assert (shown["state"], shown["base"], shown["amount"]) == ("drawn", "15024.70", "60.10")
    assert shown["worker_amount"] == "0.00"
    assert {row["key"] for row in shown["used"]} >= {"express_outlet.base_ratio", "express_outlet.rate"}
    again = await post(insurance, path, {"month": "2026-09"})
    assert (again.json()["state"], again.json()["amount"]) == ("drawn", "60.10")
