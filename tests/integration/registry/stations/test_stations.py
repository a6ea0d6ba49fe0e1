"""Unions keep service stations that everybody finds."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.registry import StationClosed, StationOpened
from tests.harness import Harness
from tests.integration.at_rest import holding
from tests.integration.registry.hall import ALL_DAY, Hall, today


@pytest.fixture
def hall(registry: Harness) -> Hall:
    return Hall(registry)


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


async def test_stations_are_listed_for_everybody_closed_ones_too(hall: Hall, registry: Harness) -> None:
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
