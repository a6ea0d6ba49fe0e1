from __future__ import annotations

import datetime as dt
from typing import Any

from services.complaints.rulings.documents import Ruling
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.disputes.matters import HERE, in_arbitration, today
from tests.integration.complaints.staff import on_register

RULING: dict[str, Any] = {
    "category": "short_pay",
    "claims": ["pay"],
    "relation": "employment",
    "forum": "arbitration",
    "district": HERE,
    "decided_on": "2026-05-06",
    "outcome": "granted",
    "asked": "6000.00",
    "granted": "5400.00",
    "text": "张三请求平台支付拖欠的配送报酬，电话13800138000。",
    "reason": "平台未提供结算记录，应当承担不利后果。",
    "names": ["张三"],
}


async def recorded(complaints: Harness, **changes: Any) -> str:
    """A ruling that another officer has confirmed."""
    first, second = [await on_register("hrss", HERE, subject=f"r-{one}") for one in (1, 2)]
    answer = await complaints.http.post(
        "/v1/rulings", json=RULING | changes, headers=first | {"Idempotency-Key": new_id()}
    )
    assert answer.status_code == 201, answer.text
    ruling_id = str(answer.json()["ruling_id"])
    body, seen = {"anonymous": True}, {"If-Match": answer.headers["etag"]}
    path = f"/v1/rulings/{ruling_id}/check"
    assert (await complaints.http.post(path, json=body, headers=first | seen)).status_code == 409
    done = await complaints.http.post(path, json=body, headers=second | seen)
    assert done.status_code == 200, done.text
    return ruling_id


async def test_a_ruling_is_of_no_day_to_come(complaints: Harness) -> None:
    headers = await on_register("hrss", HERE, subject="r-1")
    body = RULING | {"decided_on": f"{today() + dt.timedelta(days=1)}"}
    answer = await complaints.http.post("/v1/rulings", json=body, headers=headers | {"Idempotency-Key": new_id()})
    assert answer.status_code == 422, answer.text


async def test_a_ruling_is_kept_without_names(complaints: Harness) -> None:
    ruling_id = await recorded(complaints)
    officer = await on_register("hrss", HERE, subject="r-1")
    shown = (await complaints.http.get(f"/v1/rulings/{ruling_id}", headers=officer)).json()
    assert shown["text"] == "某甲请求平台支付拖欠的配送报酬，电话＊＊＊。"
    listed = (await complaints.http.get("/v1/rulings", headers=officer)).json()["items"]
    assert ruling_id in {one["ruling_id"] for one in listed}
    row = await collection_of(Ruling).find_one({"_id": ruling_id})
    assert "报酬" not in str(row)


async def test_the_likest_rulings_come_first_with_their_reasons(complaints: Harness) -> None:
    office = await on_register("hrss", HERE, subject="hrss-1")
    like = await recorded(complaints, category="rest")
    other = await recorded(
        complaints, category="rest", text="司机请求支付高温补贴。", reason="平台应当支付。", claims=["rest"]
    )
    await recorded(complaints, category="safety")
    matter = await in_arbitration(complaints, office, category="rest")
    answer = await complaints.http.get(f"/v1/disputes/{matter.id}/similar", headers=office)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [one["ruling"]["ruling_id"] for one in found] == [like, other]
    assert found[0]["same_claims"] == ["pay"]
    assert found[0]["same_relation"] is True
    assert {"拖欠", "配送", "报酬"} <= {one["word"] for one in found[0]["words"]}


async def test_a_ruling_that_nobody_has_checked_stays_in_its_district(complaints: Harness) -> None:
    own = await on_register("hrss", HERE, subject="r-1")
    answer = await complaints.http.post("/v1/rulings", json=RULING, headers=own | {"Idempotency-Key": new_id()})
    unchecked, checked = str(answer.json()["ruling_id"]), await recorded(complaints)
    elsewhere, city = await on_register("court", "510603", subject="r-3"), await on_register("court", subject="r-4")
    for who, sees in ((own, True), (elsewhere, False), (city, True)):
        for ruling_id, shown in ((unchecked, sees), (checked, True)):
            read = await complaints.http.get(f"/v1/rulings/{ruling_id}", headers=who)
            assert read.status_code == (200 if shown else 404)
        listed = await complaints.http.get("/v1/rulings?state=recorded&limit=500", headers=who)
        assert (unchecked in listed.text) is sees
