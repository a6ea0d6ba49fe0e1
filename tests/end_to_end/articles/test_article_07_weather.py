"""七 切实保障劳动安全: a warning of severe weather reaches whoever rides in the district, and nobody twice."""

from __future__ import annotations

from tests.end_to_end.articles.broadcasts import audience, new_template, send, texts
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile

DISTRICT, CITY = "officer@510683/emergency", "officer@510600/emergency"


async def test_a_storm_warning_reaches_the_riders_of_a_district(city: City) -> None:
    platform, courier_firm = new_platform(), new_platform()
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "rider-1", new_id_number(), district="510683", phone="13900000071"),
        engagement(platform, "rider-2", new_id_number(), district="510683", phone="13900000072"),
        engagement(platform, "elsewhere", new_id_number(), district="510682", phone="13900000073"),
    )
    await city.push(
        courier_firm,
        profile(courier_firm, industries=["courier"]),
        engagement(
            courier_firm, "courier-1", new_id_number(), district="510683", industry="courier", phone="13900000074"
        ),
    )
    body = {
        "kind": "weather",
        "urgent": True,
        "title": "暴雨红色预警",
        "text": "绵竹市发布暴雨红色预警，请立即停止接单，到安全处避险，切勿涉水行车。",
        "template": new_template(),
        "industries": ["instant_delivery"],
        "platforms": [platform, courier_firm],
    }
    draft = await audience(city, DISTRICT, body, people=2)
    assert draft["districts"] == ["510683"]
    ended = await send(city, draft, DISTRICT, CITY)
    assert (ended["listed"], ended["given"]) == (2, 2)
    assert await texts(city, draft["template"]) == [f"【德阳人社】{body['text']}"] * 2
    path = f"/v1/broadcasts/{draft['id']}"
    await city.call("officer@510682/emergency", "notifier", "GET", path, expect=404)
