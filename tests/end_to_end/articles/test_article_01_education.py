"""一 加强用工督促指导: the law is explained to those who work through platforms."""

from __future__ import annotations

from tests.end_to_end.articles.broadcasts import audience, new_template, send, texts
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile

WRITER, APPROVER = "officer@510604", "officer"


async def test_legal_education_reaches_everybody_of_a_platform(city: City) -> None:
    """Once, though one of them works for two."""
    platform, other, both = new_platform(), new_platform(), new_id_number()
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "one", both, district="510604", phone="13900000011"),
        engagement(platform, "two", new_id_number(), district="510604", phone="13900000012"),
    )
    await city.push(other, profile(other), engagement(other, "one-again", both, district="510604", phone="13900000011"))
    body = {
        "kind": "legal_education",
        "title": "劳动权益小课堂",
        "text": "平台应与符合确立劳动关系情形的劳动者订立书面合同。维权请拨12333。",
        "template": new_template(),
        "platforms": [platform, other],
    }
    draft = await audience(city, WRITER, body, people=2)
    ended = await send(city, draft, WRITER, APPROVER)
    assert (ended["listed"], ended["given"]) == (2, 2)
    assert await texts(city, draft["template"]) == [f"【德阳人社】{body['text']}"] * 2
    health = "officer@510604/health"
    await city.call(health, "notifier", "POST", "/v1/broadcasts", json=body, expect=403)
