"""Unions take workers in and let them go."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.registry.memberships.documents import REFUSAL, Membership
from shared.contracts.registry import (
    MembershipApplied,
    MembershipEnded,
    MembershipProposed,
    MembershipRecorded,
    MembershipRefused,
    WorkerMerged,
)
from shared.storage.client import collection_of
from shared.storage.encryption import decrypt_field
from tests.harness import Harness, bearer
from tests.integration.registry.city import City
from tests.integration.registry.hall import Hall, today
from tests.unit.registry.pushes import ended


@pytest.fixture
def hall(registry: Harness) -> Hall:
    return Hall(registry)


async def test_a_worker_applies_is_accepted_leaves_and_may_come_back(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    applied = await hall.send(hall.worker(), "POST", "/memberships", {"union_id": union_id}, status=201)
    path = f"/memberships/{applied['membership_id']}"
    assert applied["state"] == "applied"
    await hall.send(hall.worker(), "POST", "/memberships", {"union_id": union_id}, status=409)
    since = (today() - dt.timedelta(5)).isoformat()
    await hall.send(hall.worker(), "POST", f"{path}/acceptance", {}, seen=applied["etag"], status=403)
    member = await hall.send(hall.union, "POST", f"{path}/acceptance", {"since": since}, seen=applied["etag"])
    assert (member["state"], member["periods"]) == ("member", [{"since": since, "until": None}])
    left = await hall.send(hall.worker(), "POST", f"{path}/leaving", {}, seen=member["etag"])
    assert (left["state"], left["periods"][0]["until"]) == ("left", today().isoformat())
    await hall.send(hall.worker(), "POST", f"{path}/leaving", {}, seen=left["etag"], status=409)
    again = await hall.send(hall.worker(), "POST", "/memberships", {"union_id": union_id}, status=201)
    assert again["membership_id"] == applied["membership_id"]
    recorded = [fact for fact in await registry.told(MembershipRecorded) if fact.union_id == union_id]
    ended = [fact for fact in await registry.told(MembershipEnded) if fact.union_id == union_id]
    assert [(fact.worker_id, fact.since.isoformat()) for fact in recorded] == [(f"w-{hall.number}", since)]
    assert [fact.until for fact in ended] == [today()]
    assert [fact.by for fact in recorded] + [fact.by for fact in ended] == ["union", "worker"]
    assert len([fact for fact in await registry.told(MembershipApplied) if fact.union_id == union_id]) == 2


async def test_a_refusal_says_why_and_an_application_can_be_taken_back(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    first = await hall.send(hall.worker("a"), "POST", "/memberships", {"union_id": union_id}, status=201)
    refused = await hall.send(
        hall.union,
        "POST",
        f"/memberships/{first['membership_id']}/refusal",
        {"reason": "材料不全"},
        seen=first["etag"],
    )
    assert (refused["state"], refused["refusal"]) == ("refused", "材料不全")
    row = await collection_of(Membership).find_one({"_id": first["membership_id"]})
    assert row is not None
    assert "材料不全" not in str(row)
    assert decrypt_field(REFUSAL, row["_id"], row["refusal"]) == "材料不全"
    assert [fact.by for fact in await registry.told(MembershipRefused) if fact.union_id == union_id] == ["union"]
    second = await hall.send(hall.worker("b"), "POST", "/memberships", {"union_id": union_id}, status=201)
    path = f"/memberships/{second['membership_id']}/withdrawal"
    await hall.send(hall.worker("a"), "POST", path, None, seen=second["etag"], status=404)
    back = await hall.send(hall.worker("b"), "POST", path, None, seen=second["etag"])
    assert back["state"] == "withdrawn"


async def proposed(hall: Hall, registry: Harness, union_id: str, since: str = "2026-01-01") -> dict[str, Any]:
    """A membership of a worker on file, which the union proposes."""
    city = City(registry, 40 + hall.number)
    await city.push(city.start())
    body = {"worker_id": await city.worker(), "since": since}
    return await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body, status=201)


async def test_a_worker_who_joined_on_paper_has_to_confirm_it(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    asked = await proposed(hall, registry, union_id)
    worker_id, path = asked["worker_id"], f"/memberships/{asked['membership_id']}"
    body = {"worker_id": worker_id, "since": "2026-01-01"}
    assert (asked["state"], asked["proposed_since"], asked["periods"]) == ("proposed", "2026-01-01", [])
    other = Hall(registry)
    await hall.send(other.union, "POST", f"/unions/{union_id}/members", body, status=403)
    await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body | {"worker_id": "nobody"}, status=404)
    told = [fact for fact in await registry.told(MembershipProposed) if fact.union_id == union_id]
    assert [(fact.worker_id, fact.union) for fact in told] == [(worker_id, f"试样工会{hall.number}")]

    async def opens() -> list[int]:
        engagements = f"/v1/engagements?platform={City(registry, 40 + hall.number).one}"
        [engagement] = (await registry.http.get(engagements, headers=registry.officer)).json()["items"]
        paths = (f"/v1/workers/{worker_id}/dossier", f"/v1/engagements/{engagement['engagement_id']}")
        return [(await registry.http.get(one, headers=hall.union)).status_code for one in paths]

    assert await opens() == [404, 404]
    worker = bearer("worker", worker_id=worker_id)
    for wrong, status in ((hall.worker(), 404), (hall.union, 403)):
        await hall.send(wrong, "POST", f"{path}/confirmation", None, seen=asked["etag"], status=status)
    member = await hall.send(worker, "POST", f"{path}/confirmation", None, seen=asked["etag"])
    assert (member["state"], member["periods"]) == ("member", [{"since": "2026-01-01", "until": None}])
    assert await opens() == [200, 404]  # a member, who shares nothing yet
    for wrong, status in ((hall.worker(), 404), (hall.union, 403)):
        sections = {"sections": ["footing"]}
        await hall.send(wrong, "PUT", f"{path}/sharing", sections, seen=member["etag"], status=status)
    unknown = {"sections": ["everything"]}
    await hall.send(worker, "PUT", f"{path}/sharing", unknown, seen=member["etag"], status=422)
    member = await hall.send(worker, "PUT", f"{path}/sharing", {"sections": ["footing"]}, seen=member["etag"])
    assert member["shared"] == ["footing"]
    assert await opens() == [200, 200]
    left = await hall.send(worker, "POST", f"{path}/leaving", {}, seen=member["etag"])
    assert (left["state"], left["shared"]) == ("left", [])
    assert await opens() == [404, 404]
    await hall.send(worker, "PUT", f"{path}/sharing", {"sections": ["pay"]}, seen=left["etag"], status=409)


async def test_a_worker_who_declines_is_not_asked_again(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    asked = await proposed(hall, registry, union_id)
    worker, path = bearer("worker", worker_id=asked["worker_id"]), f"/memberships/{asked['membership_id']}"
    declined = await hall.send(worker, "POST", f"{path}/declining", None, seen=asked["etag"])
    assert (declined["state"], declined["proposed_since"]) == ("declined", None)
    body = {"worker_id": asked["worker_id"]}
    await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body, status=409)
    applied = await hall.send(worker, "POST", "/memberships", {"union_id": union_id}, status=201)
    # now that the worker has applied, the union's word makes both
    member = await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body, status=201)
    assert (applied["state"], member["state"]) == ("applied", "member")


async def test_a_platforms_claim_only_asks_the_worker(hall: Hall, registry: Harness) -> None:
    """工会法 art. 3: nobody joins by what an enterprise says; the worker confirms, and the union accepts."""
    union_id = await hall.founded()
    city = City(registry, 40 + hall.number)
    await city.push(city.start())
    worker_id = await city.worker()
    path, body = f"/unions/{union_id}/member-claims", {"worker_id": worker_id, "since": "2026-01-01"}
    employer, worker = bearer("platform", uscc=city.one), bearer("worker", worker_id=worker_id)
    await hall.send(bearer("platform", uscc=city.other), "POST", path, body, status=404)
    await hall.send(hall.union, "POST", path, body, status=403)
    ahead = (today() + dt.timedelta(1)).isoformat()
    await hall.send(employer, "POST", path, body | {"since": ahead}, status=422)
    heard = await hall.send(employer, "POST", path, body, status=202)
    assert (heard["union_id"], heard["worker_id"]) == (union_id, worker_id)
    told = [fact for fact in await registry.told(MembershipProposed) if fact.union_id == union_id]
    assert [fact.by for fact in told] == ["platform"]
    [own] = (await registry.http.get("/v1/memberships", headers=worker)).json()["items"]
    assert (own["state"], own["proposed_by"]) == ("proposed", "platform")
    own_path = f"/memberships/{own['membership_id']}"
    seen = (await registry.http.get(f"/v1{own_path}", headers=worker)).headers["etag"]
    applied = await hall.send(worker, "POST", f"{own_path}/confirmation", {"share": ["pay"]}, seen=seen)
    assert (applied["state"], applied["periods"]) == ("applied", [])
    # the same answer whatever stands between the two: nothing comes of it
    again = await hall.send(employer, "POST", path, body, status=202)
    assert {**again, "etag": None} == {**heard, "etag": None}
    member = await hall.send(hall.union, "POST", f"{own_path}/acceptance", {}, seen=applied["etag"])
    assert (member["state"], member["shared"]) == ("member", ["pay"])
    await hall.send(employer, "POST", path, body, status=202)
    assert len([fact for fact in await registry.told(MembershipProposed) if fact.union_id == union_id]) == 1


async def test_a_unions_word_takes_the_place_of_a_platforms(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    city = City(registry, 40 + hall.number)
    await city.push(city.start())
    body = {"worker_id": await city.worker()}
    await hall.send(bearer("platform", uscc=city.one), "POST", f"/unions/{union_id}/member-claims", body, status=202)
    asked = await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body, status=201)
    assert (asked["state"], asked["proposed_by"]) == ("proposed", "union")
    worker = bearer("worker", worker_id=body["worker_id"])
    path = f"/memberships/{asked['membership_id']}/confirmation"
    assert (await hall.send(worker, "POST", path, None, seen=asked["etag"]))["state"] == "member"


async def test_each_side_takes_back_what_it_said_itself(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    asked = await proposed(hall, registry, union_id)
    path = f"/memberships/{asked['membership_id']}/withdrawal"
    worker = bearer("worker", worker_id=asked["worker_id"])
    await hall.send(worker, "POST", path, None, seen=asked["etag"], status=409)
    back = await hall.send(hall.union, "POST", path, None, seen=asked["etag"])
    assert back["state"] == "withdrawn"


async def test_a_union_asks_only_those_who_work_within_its_scope(hall: Hall, registry: Harness) -> None:
    city = City(registry, 40 + hall.number)
    await city.push(city.start())
    body = {"worker_id": await city.worker()}
    union_id = await hall.founded(industries=["ride_hailing"])
    await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body, status=404)
    seen = (await registry.http.get(f"/v1/unions/{union_id}", headers=hall.union)).headers["etag"]
    wider = {"districts": ["510603"], "enterprises": [city.one]}
    for who in (hall.union, registry.headers("officer", department="transport", district="510600")):
        await hall.send(who, "PUT", f"/unions/{union_id}/scope", wider, seen=seen, status=403)
    elsewhere = {"districts": ["510603", "510681"]}
    there = registry.headers("officer", department="union", district="510603")
    await hall.send(there, "PUT", f"/unions/{union_id}/scope", elsewhere, seen=seen, status=403)
    await hall.send(there, "PUT", f"/unions/{union_id}/scope", wider, seen=seen)
    await hall.send(hall.union, "POST", f"/unions/{union_id}/members", body, status=201)
    audit = (await registry.http.get("/v1/audit?limit=500", headers=registry.officer)).json()["items"]
    assert [one["action"] for one in audit if one["about"] == union_id] == ["union.founded", "union.scope_set"]


async def test_memberships_are_seen_by_the_worker_and_the_union_alone(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    applied = await hall.send(hall.worker("x"), "POST", "/memberships", {"union_id": union_id}, status=201)
    other = Hall(registry)
    for who, status in (
        (hall.worker("x"), 200),
        (hall.union, 200),
        (hall.worker("y"), 404),
        (other.union, 404),
        (registry.officer, 403),
    ):
        answer = await registry.http.get(f"/v1/memberships/{applied['membership_id']}", headers=who)
        assert answer.status_code == status
    listed = await registry.http.get(f"/v1/memberships?union_id={union_id}", headers=hall.union)
    assert [item["worker_id"] for item in listed.json()["items"]] == [f"x-{hall.number}"]
    foreign = await registry.http.get(f"/v1/memberships?union_id={union_id}", headers=other.union)
    assert foreign.status_code == 403
    own = await registry.http.get("/v1/memberships", headers=hall.worker("y"))
    assert own.json()["items"] == []


async def test_memberships_of_two_records_of_one_person_become_one(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    body = {"union_id": union_id}
    one = await hall.send(hall.worker("one"), "POST", "/memberships", body, status=201)
    path = f"/memberships/{one['membership_id']}"
    since = (today() - dt.timedelta(3)).isoformat()
    await hall.send(hall.union, "POST", f"{path}/acceptance", {"since": since}, seen=one["etag"])
    await hall.send(hall.worker("two"), "POST", "/memberships", body, status=201)
    merger = WorkerMerged(worker_id=f"two-{hall.number}", merged_worker_id=f"one-{hall.number}")
    await registry.publish(merger, source="/services/registry")
    await registry.settled()
    listed = await registry.http.get("/v1/memberships", headers=hall.worker("two"))
    [kept] = listed.json()["items"]
    assert (kept["state"], kept["periods"]) == ("member", [{"since": since, "until": None}])
    gone = await registry.http.get("/v1/memberships", headers=hall.worker("one"))
    assert gone.json()["items"] == []


async def test_a_refusal_can_still_be_read_after_a_merger(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    applied = await hall.send(hall.worker("one"), "POST", "/memberships", {"union_id": union_id}, status=201)
    path, why = f"/memberships/{applied['membership_id']}/refusal", {"reason": "材料不全"}
    await hall.send(hall.union, "POST", path, why, seen=applied["etag"])
    merger = WorkerMerged(worker_id=f"two-{hall.number}", merged_worker_id=f"one-{hall.number}")
    await registry.publish(merger, source="/services/registry")
    await registry.settled()
    [kept] = (await registry.http.get("/v1/memberships", headers=hall.worker("two"))).json()["items"]
    assert (kept["state"], kept["refusal"]) == ("refused", "材料不全")


async def test_a_platforms_claim_stays_a_claim_after_a_merger(hall: Hall, registry: Harness) -> None:
    """工会法 art. 3: a merger of two records makes no word of the union out of what an enterprise has said."""
    union_id = await hall.founded()
    city = City(registry, 40 + hall.number)
    await city.push(city.start())
    worker_id, kept = await city.worker(), f"kept-{hall.number}"
    body = {"worker_id": worker_id, "since": "2026-01-01"}
    await hall.send(bearer("platform", uscc=city.one), "POST", f"/unions/{union_id}/member-claims", body, status=202)
    await registry.publish(WorkerMerged(worker_id=kept, merged_worker_id=worker_id), source="/services/registry")
    await registry.settled()
    who = bearer("worker", worker_id=kept)
    [own] = (await registry.http.get("/v1/memberships", headers=who)).json()["items"]
    assert (own["state"], own["proposed_by"]) == ("proposed", "platform")
    path = f"/memberships/{own['membership_id']}"
    seen = (await registry.http.get(f"/v1{path}", headers=who)).headers["etag"]
    applied = await hall.send(who, "POST", f"{path}/confirmation", None, seen=seen)
    assert (applied["state"], applied["periods"]) == ("applied", [])


async def test_whose_record_is_erased_joins_nothing(hall: Hall, registry: Harness) -> None:
    """Neither by a token that still holds, nor by an application of before."""
    union_id, second = await hall.founded(), Hall(registry)
    other_union = await second.founded()
    city = City(registry, 640 + hall.number)
    await city.push(city.start(started_on="2022-05-01", time="2022-05-01T08:00:00+08:00"))
    worker = await city.worker()
    own = bearer("worker", worker_id=worker)
    applied = await hall.send(own, "POST", "/memberships", {"union_id": union_id}, status=201)
    await city.push(ended(platform=city.one, ended_on="2022-06-30", time="2022-06-30T20:00:00+08:00"))
    await city.erased(worker)
    await hall.send(own, "POST", "/memberships", {"union_id": other_union}, status=404)
    path = f"/memberships/{applied['membership_id']}"
    seen = (await registry.http.get(f"/v1{path}", headers=hall.union)).headers["etag"]
    await hall.send(hall.union, "POST", f"{path}/acceptance", {}, seen=seen, status=404)
    assert [one for one in await registry.told(MembershipRecorded) if one.worker_id == worker] == []
