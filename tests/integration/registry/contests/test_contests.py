"""Contested footings and ends told wrongly, from the request to what is told."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from shared.contracts.registry import EngagementFact, FootingContested, FootingDecided
from shared.storage.client import storage
from tests.harness import Harness
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import ended, training

LABOUR = {"department": "hrss", "district": "510603"}
CLAIM = {"claimed": "employment", "since": "2026-09-10", "grounds": "每日固定班次，站长派单"}


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


async def send(
    city: City, method: str, path: str, who: tuple[str, dict[str, str]], body: Any = None, revision: str | None = None
) -> httpx2.Response:
    role, claims = who
    headers = city.registry.headers(role, **claims)
    if revision is not None:
        headers["If-Match"] = revision
    return await city.registry.http.request(method, path, json=body, headers=headers)


async def begun(city: City, **fields: Any) -> dict[str, Any]:
    await city.push(city.start(**fields), training(platform=city.one))
    [item] = await city.listed()
    return item


def worker_of(item: dict[str, Any]) -> tuple[str, dict[str, str]]:
    return "worker", {"worker_id": item["worker_id"]}


OFFICER = ("officer", LABOUR)


async def contested(city: City, item: dict[str, Any]) -> tuple[str, str]:
    answer = await send(
        city, "POST", f"/v1/engagements/{item['engagement_id']}/footing-contests", worker_of(item), CLAIM
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["contest_id"], answer.headers["etag"]


async def last(city: City) -> EngagementFact:
    return (await city.told())[-1]


def footings_of(fact: EngagementFact) -> list[tuple[str, str]]:
    return [(str(day), relation) for day, relation in fact.footings]


async def test_every_event_of_an_engagement_carries_its_footings(city: City) -> None:
    await begun(city)
    assert [footings_of(fact) for fact in await city.told()] == [[("2026-09-01", "partial")]] * 3
    await city.push(city.start(relation="employment", time="2026-09-05T08:00:00+08:00"))
    assert footings_of(await last(city)) == [("2026-09-01", "employment")]


async def test_a_decided_contest_changes_the_footing_from_its_day(city: City, registry: Harness) -> None:
    item = await begun(city)
    contest_id, etag = await contested(city, item)
    path = f"/v1/footing-contests/{contest_id}"
    assert await city.news() == ["Started", "Blocked", "Activated"]
    decision = {"outcome": "changed", "relation": "employment", "effective_on": "2026-09-12", "reasons": "受劳动管理"}
    answer = await send(city, "PUT", f"{path}/decision", OFFICER, decision, etag)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "changed"
    told = await last(city)
    assert (await city.news())[-1] == "Corrected"
    assert footings_of(told) == [("2026-09-01", "partial"), ("2026-09-12", "employment")]
    assert told.relation == "employment"
    [decided] = [one for one in await registry.told(FootingDecided) if one.engagement_id == item["engagement_id"]]
    assert (decided.outcome, decided.decided, str(decided.effective_on)) == ("changed", "employment", "2026-09-12")
    [raised] = [one for one in await registry.told(FootingContested) if one.engagement_id == item["engagement_id"]]
    assert (raised.raised_by, raised.claimed) == ("worker", "employment")
    detail = (await city.get(f"/v1/engagements/{item['engagement_id']}")).json()
    assert [one["relation"] for one in detail["footings"]] == ["partial", "employment"]


async def test_a_later_declaration_does_not_undo_a_decision(city: City) -> None:
    item = await begun(city)
    contest_id, etag = await contested(city, item)
    path = f"/v1/footing-contests/{contest_id}"
    decision = {"outcome": "changed", "relation": "employment", "effective_on": "2026-09-12", "reasons": "受劳动管理"}
    await send(city, "PUT", f"{path}/decision", OFFICER, decision, etag)
    await city.push(city.start(relation="self_employed", time="2026-09-20T08:00:00+08:00"))
    told = await last(city)
    assert footings_of(told) == [("2026-09-01", "self_employed"), ("2026-09-12", "employment")]
    assert told.relation == "employment"


async def test_an_upheld_contest_changes_nothing_and_is_final(city: City) -> None:
    item = await begun(city)
    contest_id, etag = await contested(city, item)
    path = f"/v1/footing-contests/{contest_id}"
    answer = await send(city, "PUT", f"{path}/decision", OFFICER, {"outcome": "upheld", "reasons": "自主接单"}, etag)
    assert answer.json()["state"] == "upheld"
    again = await send(
        city, "PUT", f"{path}/decision", OFFICER, {"outcome": "upheld", "reasons": "x"}, answer.headers["etag"]
    )
    assert (again.status_code, again.json()["type"]) == (409, "/problems/contest-closed")
    assert (await city.news())[-1] == "Activated"
    stale = await send(city, "PUT", f"{path}/decision", OFFICER, {"outcome": "upheld", "reasons": "x"}, etag)
    assert stale.status_code == 412


async def test_who_contests_who_decides_and_who_withdraws(city: City) -> None:
    item = await begun(city)
    contests = f"/v1/engagements/{item['engagement_id']}/footing-contests"
    contest_id, etag = await contested(city, item)
    path = f"/v1/footing-contests/{contest_id}"
    assert (await send(city, "POST", contests, worker_of(item), CLAIM)).status_code == 409
    own, other = ("platform", {"uscc": city.one}), ("platform", {"uscc": city.other})
    assert (await send(city, "POST", contests, own, {**CLAIM, "claimed": "self_employed"})).status_code == 201
    assert (await send(city, "POST", contests, other, CLAIM)).status_code == 404
    assert (await send(city, "POST", contests, ("worker", {"worker_id": "nobody"}), CLAIM)).status_code == 404
    union = ("union", {"sub": f"union:{city.one}"})
    assert (await send(city, "POST", contests, union, CLAIM)).status_code == 404
    await city.join(f"union:{city.one}", item["worker_id"], "footing")
    assert (await send(city, "POST", contests, union, CLAIM)).status_code == 201
    upheld = {"outcome": "upheld", "reasons": "x"}
    transport = ("officer", {"department": "transport", "district": "510603"})
    elsewhere = ("officer", {"department": "hrss", "district": "510681"})
    assert (await send(city, "PUT", f"{path}/decision", transport, upheld, etag)).status_code == 403
    assert (await send(city, "PUT", f"{path}/decision", elsewhere, upheld, etag)).status_code == 404
    assert (await send(city, "PUT", f"{path}/withdrawal", own, None, etag)).status_code == 403
    assert (await send(city, "PUT", f"{path}/withdrawal", worker_of(item), None, etag)).json()["state"] == "withdrawn"
    seen = (await send(city, "GET", path, own)).json()
    assert seen["grounds"] is None
    assert (await send(city, "GET", path, worker_of(item))).json()["grounds"] == CLAIM["grounds"]
    assert len((await send(city, "GET", contests, OFFICER)).json()) == 3
    listed = (await send(city, "GET", "/v1/footing-contests?limit=500", OFFICER)).json()["items"]
    assert sum(one["engagement_id"] == item["engagement_id"] for one in listed) == 2


async def test_a_day_outside_or_an_empty_decision_is_refused(city: City) -> None:
    item = await begun(city)
    contests = f"/v1/engagements/{item['engagement_id']}/footing-contests"
    for since in ("2026-08-31", "2999-01-01"):
        answer = await send(city, "POST", contests, worker_of(item), {**CLAIM, "since": since})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/outside-engagement")
    contest_id, etag = await contested(city, item)
    path = f"/v1/footing-contests/{contest_id}"
    empty = {"outcome": "changed", "reasons": "x"}
    assert (await send(city, "PUT", f"{path}/decision", OFFICER, empty, etag)).status_code == 422
    same = {**empty, "relation": "partial", "effective_on": "2026-09-05"}
    answer = await send(city, "PUT", f"{path}/decision", OFFICER, same, etag)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/nothing-changed")
    row = await storage().collection("footing_contests").find_one({"engagement_id": item["engagement_id"]})
    assert row is not None
    assert CLAIM["grounds"] not in str(row)


async def test_an_end_told_wrongly_is_taken_back_and_stays_so(city: City) -> None:
    item = await begun(city)
    await city.push(ended(platform=city.one))
    path = f"/v1/engagements/{item['engagement_id']}"
    etag = (await city.get(path)).headers["etag"]
    reason = {"reason": "考勤显示仍在工作"}
    answer = await send(city, "POST", f"{path}/end-withdrawals", OFFICER, reason, etag)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["ended_on"]) == ("active", None)
    assert await city.news() == ["Started", "Blocked", "Activated", "Ended", "Activated"]
    told = await last(city)
    assert (told.ended_on, told.version) == (None, 5)
    await city.push(ended(platform=city.one))
    assert (await city.listed())[0]["state"] == "active"
    again = await send(city, "POST", f"{path}/end-withdrawals", OFFICER, reason, answer.headers["etag"])
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-ended")
    await city.push(ended(platform=city.one, ended_on="2026-09-25", time="2026-09-25T22:00:00+08:00"))
    assert (await city.listed())[0]["ended_on"] == "2026-09-25"


async def test_a_new_beginning_names_the_engagement_before(city: City) -> None:
    first = await begun(city)
    await city.push(city.start(started_on="2026-09-25"), ended(platform=city.one))
    items = {item["started_on"]: item for item in await city.listed()}
    assert items["2026-09-01"]["state"] == "ended"
    assert items["2026-09-25"]["state"] == "active"
    again = (await city.get(f"/v1/engagements/{items['2026-09-25']['engagement_id']}")).json()
    assert again["restarts"] == first["engagement_id"]
    assert (await city.get(f"/v1/engagements/{first['engagement_id']}")).json()["restarts"] is None
