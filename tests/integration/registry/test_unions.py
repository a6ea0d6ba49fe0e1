"""Unions take workers in and keep stations that everybody finds."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.registry.unions.documents import REFUSAL, Membership
from shared.contracts.registry import (
    MembershipEnded,
    MembershipProposed,
    MembershipRecorded,
    StationClosed,
    StationOpened,
    WorkerMerged,
)
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.client import collection_of
from shared.storage.encryption import decrypt_field
from tests.harness import Harness, bearer
from tests.integration.at_rest import holding
from tests.integration.registry.city import City

_serial = itertools.count(1)
ALL_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]


def today() -> dt.date:
    return shanghai_date(dt.datetime.now(dt.UTC))


@dataclass
class Hall:
    """A union of one test's own, somewhere on the map where no other test has a station."""

    registry: Harness
    number: int = field(default_factory=lambda: next(_serial))

    @property
    def union(self) -> dict[str, str]:
        return bearer("union", name=f"hall-{self.number}")

    @property
    def latitude(self) -> float:
        return 30.0 + self.number

    def worker(self, worker_id: str = "w") -> dict[str, str]:
        return bearer("worker", worker_id=f"{worker_id}-{self.number}")

    async def send(
        self, who: dict[str, str], method: str, path: str, body: Any, *, seen: str | None = None, status: int = 200
    ) -> dict[str, Any]:
        headers = {**who, "Idempotency-Key": new_id(), **({"If-Match": seen} if seen else {})}
        answer = await self.registry.http.request(method, f"/v1{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return {**answer.json(), "etag": answer.headers.get("etag")}

    async def founded(self, **scope: Any) -> str:
        body = {
            "name": f"试样工会{self.number}",
            "district": "510603",
            "officers": [f"union:hall-{self.number}"],
            "scope": {"districts": ["510603"]} | scope,
        }
        return str((await self.send(self.registry.officer, "POST", "/unions", body, status=201))["union_id"])

    async def station(
        self, union_id: str, *, metres_north: float = 0, status: int = 201, **changes: Any
    ) -> dict[str, Any]:
        body = {
            "union_id": union_id,
            "kind": "couriers_station",
            "name": "小哥驿站",
            "district": "510603",
            "address": "某路1号",
            "longitude": 104.4,
            "latitude": self.latitude + metres_north / 111_195,
            "hours": ALL_DAY,
            "facilities": ["drinking_water", "phone_charging"],
        }
        return await self.send(self.union, "POST", "/stations", body | changes, status=status)

    async def near(self, **asked: Any) -> list[tuple[str, int]]:
        params = {"longitude": 104.4, "latitude": self.latitude} | asked
        answer = await self.registry.http.get("/v1/stations/near", params=params, headers=self.worker())
        assert answer.status_code == 200, answer.text
        return [(item["station_id"], item["metres"]) for item in answer.json()]


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


async def test_a_refusal_says_why_and_an_application_can_be_taken_back(hall: Hall) -> None:
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


async def test_a_worker_who_joined_on_paper_is_a_member_once_they_have_confirmed_it(
    hall: Hall, registry: Harness
) -> None:
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
    assert await opens() == [200, 200]
    left = await hall.send(worker, "POST", f"{path}/leaving", {}, seen=member["etag"])
    assert left["state"] == "left"
    assert await opens() == [404, 404]


async def test_a_worker_who_has_not_joined_declines_and_is_not_asked_again(hall: Hall, registry: Harness) -> None:
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


async def test_a_union_takes_back_what_it_proposed_and_a_worker_what_they_applied_for(
    hall: Hall, registry: Harness
) -> None:
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


async def test_an_officer_names_those_who_act_for_a_union(hall: Hall, registry: Harness) -> None:
    body = {
        "name": f"街道工会{hall.number}",
        "district": "510681",
        "officers": [f"union:hall-{hall.number}"],
        "scope": {"districts": ["510681"]},
    }
    await hall.send(hall.union, "POST", "/unions", body, status=403)
    founded = await hall.send(registry.officer, "POST", "/unions", body, status=201)
    await hall.station(founded["union_id"], district="510681")
    await hall.station(founded["union_id"], district="510603", status=403)
    path = f"/unions/{founded['union_id']}/officers"
    elsewhere = bearer("officer", department="union", district="510603")
    await hall.send(elsewhere, "PUT", path, {"officers": ["a"]}, seen=founded["etag"], status=403)
    await hall.send(registry.officer, "PUT", path, {"officers": ["union:others"]}, seen=founded["etag"])
    refused = await registry.http.get(f"/v1/memberships?union_id={founded['union_id']}", headers=hall.union)
    assert refused.status_code == 403
    await hall.send(registry.officer, "POST", "/unions", body, status=409)


async def test_stations_near_a_point_the_nearest_first(hall: Hall) -> None:
    union_id = await hall.founded()
    far = await hall.station(union_id, metres_north=2_990)
    close = await hall.station(union_id, metres_north=-500, kind="drivers_home")
    await hall.station(union_id, metres_north=3_010)
    found = await hall.near()
    assert [station for station, _ in found] == [close["station_id"], far["station_id"]]
    assert [metres for _, metres in found] == [pytest.approx(500, abs=2), pytest.approx(2_990, abs=5)]
    assert [station for station, _ in await hall.near(kind="drivers_home")] == [close["station_id"]]
    assert len(await hall.near(within_metres=5_000)) == 3
    assert close["kind_name"] == "货车司机之家"


async def test_only_stations_that_are_open_then(hall: Hall) -> None:
    union_id = await hall.founded()
    hours = [{"weekday": 2, "opens": "08:30", "closes": "20:00"}]
    station = await hall.station(union_id, hours=hours)
    assert station["hours"] == hours
    for instant, count in (
        ("2026-09-01T08:30:00+08:00", 1),
        ("2026-09-01T00:30:00Z", 1),
        ("2026-09-01T08:29:00+08:00", 0),
        ("2026-09-01T20:00:00+08:00", 0),
        ("2026-09-02T09:00:00+08:00", 0),
    ):
        assert len(await hall.near(open_at=instant)) == count


async def test_a_station_is_changed_and_closed_by_its_union_alone(hall: Hall, registry: Harness) -> None:
    union_id = await hall.founded()
    station = await hall.station(union_id)
    path = f"/stations/{station['station_id']}"
    kept = ("kind", "district", "address", "longitude", "latitude", "hours")
    moved = {name: station[name] for name in kept} | {"name": "新驿站"}
    other = Hall(registry)
    await hall.send(other.union, "PUT", path, moved, seen=station["etag"], status=403)
    changed = await hall.send(hall.union, "PUT", path, moved, seen=station["etag"])
    assert (changed["name"], changed["facilities"]) == ("新驿站", [])
    await hall.send(hall.union, "POST", f"{path}/closure", {"reason": "搬迁"}, seen=station["etag"], status=412)
    why = {"reason": "房东李某收回房屋"}
    closed = await hall.send(hall.union, "POST", f"{path}/closure", why, seen=changed["etag"])
    assert (closed["state"], closed["closed_on"]) == ("closed", today().isoformat())
    assert closed["close_reason"] == why["reason"]
    assert await holding(why["reason"]) == []
    assert await hall.near() == []
    await hall.send(hall.union, "PUT", path, moved, seen=closed["etag"], status=409)
    opened = [fact.name for fact in await registry.told(StationOpened) if fact.union_id == union_id]
    gone = [fact.station_id for fact in await registry.told(StationClosed) if fact.union_id == union_id]
    assert (opened, gone) == (["小哥驿站", "新驿站"], [station["station_id"]])


async def test_stations_are_listed_for_everybody_page_by_page_and_read_also_when_closed(
    hall: Hall, registry: Harness
) -> None:
    union_id = await hall.founded(districts=["510603", "510681"])
    made = [await hall.station(union_id, name=f"驿站{number}") for number in range(3)]
    elsewhere = await hall.station(union_id, district="510681")
    ids = [one["station_id"] for one in made]
    await hall.send(hall.union, "POST", f"/stations/{ids[2]}/closure", {"reason": "搬迁"}, seen=made[2]["etag"])

    async def listed(**asked: str) -> list[str]:
        found: list[str] = []
        params = {"district": "510603", "limit": "1"} | asked
        while True:
            page = (await registry.http.get("/v1/stations", params=params, headers=hall.worker())).json()
            assert len(page["items"]) <= 1
            found += [one["station_id"] for one in page["items"]]
            if page["next"] is None:
                return [one for one in found if one in (*ids, elsewhere["station_id"])]
            params["cursor"] = page["next"]

    assert await listed() == ids[:2]
    assert await listed(state="closed") == ids[2:]
    assert await listed(district="510681") == [elsewhere["station_id"]]
    assert await listed(kind="workers_home") == []
    seen = await registry.http.get(f"/v1/stations/{ids[2]}", headers=hall.worker())
    assert (seen.json()["state"], seen.json()["closed_on"]) == ("closed", today().isoformat())
    assert seen.headers["etag"] == '"2"'
    assert (await registry.http.get("/v1/stations/none", headers=hall.worker())).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": [{"weekday": 1, "opens": "10:00", "closes": "09:00"}]},
        {"hours": [{"weekday": 8, "opens": "08:00", "closes": "09:00"}]},
        {
            "hours": [
                {"weekday": 1, "opens": "08:00", "closes": "12:00"},
                {"weekday": 1, "opens": "11:00", "closes": "13:00"},
            ]
        },
        {"district": "110101"},
        {"latitude": 91},
        {"facilities": ["sauna"]},
    ],
)
async def test_a_station_that_cannot_be_is_refused(hall: Hall, wrong: dict[str, Any]) -> None:
    union_id = await hall.founded()
    body = {
        "union_id": union_id,
        "kind": "workers_home",
        "name": "家",
        "district": "510603",
        "address": "某路",
        "longitude": 104.4,
        "latitude": hall.latitude,
        "hours": ALL_DAY,
    }
    await hall.send(hall.union, "POST", "/stations", body | wrong, status=422)
