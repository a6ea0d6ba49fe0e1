"""十五 提升城市综合服务: service stations with their kind, hours and facilities, found near a point."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.articles.city import City

UNION = "union:stations"
WEEKDAYS = [{"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(1, 6)]


async def test_a_rider_finds_the_stations_around_that_are_open(city: City) -> None:
    union_id = await city.union_of("旌阳区总工会", UNION)
    station = {
        "union_id": union_id,
        "district": "510603",
        "address": "天山南路",
        "hours": WEEKDAYS,
        "facilities": ["drinking_water", "phone_charging", "microwave"],
    }
    stations: dict[str, dict[str, Any]] = {}
    for kind, name, longitude, latitude in (
        ("couriers_station", "天山路小哥驿站", 104.3979, 31.1270),
        ("outdoor_station", "文庙户外劳动者驿站", 104.3950, 31.1310),
        ("drivers_home", "北外货车司机之家", 104.4300, 31.1900),
    ):
        place = {"kind": kind, "name": name, "longitude": longitude, "latitude": latitude}
        stations[kind] = await city.post(UNION, "registry", "/v1/stations", station | place)
    await city.post("worker:somebody", "registry", "/v1/stations", station, expect=403)
    await city.post(UNION, "registry", "/v1/stations", station, expect=422)

    async def near(asked: str) -> list[dict[str, Any]]:
        here = "/v1/stations/near?longitude=104.3979&latitude=31.1275"
        found: list[dict[str, Any]] = await city.get("worker:somebody", "registry", f"{here}&{asked}")
        return found

    around = await near("within_metres=1000")
    assert [item["kind_name"] for item in around] == ["快递小哥温馨驿站", "户外劳动者驿站"]
    assert around[0]["metres"] < 100 < around[1]["metres"] < 1000
    assert "phone_charging" in around[0]["facilities"]
    assert len(await near("within_metres=10000")) == 3
    assert [item["name"] for item in await near("within_metres=10000&kind=drivers_home")] == ["北外货车司机之家"]
    assert len(await near("open_at=2026-09-01T12:00:00%2B08:00")) == 2  # a Tuesday
    assert await near("open_at=2026-09-05T12:00:00%2B08:00") == []  # a Saturday
    path = f"/v1/stations/{stations['couriers_station']['station_id']}"
    closed = {"reason": "道路施工"}
    await city.post("union:others", "registry", f"{path}/closure", closed, headers={"if-match": "1"}, expect=403)
    await city.post(UNION, "registry", f"{path}/closure", closed, headers={"if-match": "1"})
    assert [item["kind"] for item in await near("within_metres=1000")] == ["outdoor_station"]
