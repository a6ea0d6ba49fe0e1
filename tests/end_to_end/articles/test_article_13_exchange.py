"""十三 优化社保经办: enrolled at the province, paid in, asked, moved, checked, and compared every day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy.calendar import SHANGHAI
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually


async def test_a_worker_is_insured_sees_their_rights_and_may_move(city: City) -> None:
    platform, id_number = new_platform(), new_id_number()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", id_number))
    worker_id = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    me = f"worker:{worker_id}"

    async def rights() -> dict[str, Any]:
        return dict(await city.get(me, "insurance", "/v1/workers/me/rights"))

    async def insured() -> bool:
        cover = (await rights())["cover"]
        return bool(cover) and cover[0]["province"] == "accepted"

    await eventually(insured, 40)
    await city.settled("registry", "insurance")

    paid = [_contribution(id_number, month) for month in ("2026-08", "2026-09")]
    for _ in range(2):
        await city.post("provincial", "insurance", "/v1/province/notices", {"items": paid})
    mine = await city.get(me, "insurance", "/v1/workers/me/contributions")
    assert [(item["month"], item["worker_amount"]) for item in mine["items"]] == [
        ("2026-09", "1000.00"),
        ("2026-08", "1000.00"),
    ]
    [pension] = (await rights())["contributions"]
    assert (pension["insurance"], pension["months"]) == ("pension", 2)

    asked = {"direction": "out", "insurance": "pension", "other_place": "510100"}
    transfer = await city.post(me, "insurance", "/v1/transfers", asked)

    async def moved() -> dict[str, Any] | None:
        found = await city.get(me, "insurance", f"/v1/transfers/{transfer['transfer_id']}")
        return found if found["state"] == "completed" else None

    assert (await eventually(moved, 40))["months"] == 2
    refused = await city.post(me, "insurance", "/v1/transfers", asked | {"insurance": "maternity"}, expect=422)
    assert refused["type"] == "/problems/not-transferable"


async def test_whoever_draws_a_benefit_confirms_it_every_year(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    worker_id = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    me, path = f"worker:{worker_id}", "/v1/workers/me/qualification-check"
    since = dt.datetime.now(SHANGHAI).date() - dt.timedelta(days=300)
    drawn = {"worker_id": worker_id, "kind": "pension", "since": since.isoformat()}

    async def registered() -> bool:
        cover = await city.get(me, "insurance", "/v1/workers/me/cover")
        return bool(cover) and cover[0]["province"] == "accepted"

    await eventually(registered, 40)
    check = await city.post("officer", "insurance", "/v1/qualification-checks", drawn)
    assert (await city.get(me, "insurance", path))["due_on"] == check["due_on"]
    confirmed = await city.post(me, "insurance", f"{path}/statements", {"still_entitled": True})
    assert confirmed["due_on"] > check["due_on"]
    assert (await city.get(me, "insurance", "/v1/workers/me/rights"))["qualification_due_on"] == confirmed["due_on"]


async def test_an_enrolment_that_the_province_lost_is_sent_again(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    engagement_id = (await city.engagement_of(platform, "rider-1"))["engagement_id"]
    worker = f"worker:{(await city.engagement_of(platform, 'rider-1'))['worker_id']}"

    async def insured() -> bool:
        cover = await city.get(worker, "insurance", "/v1/workers/me/cover")
        return bool(cover) and cover[0]["province"] == "accepted"

    await eventually(insured, 40)
    await city.settled("registry", "insurance")
    there = f"{city.urls['provincial']}/v1/enrolments/{engagement_id}:1"
    forgotten = await city.http.delete(there.replace("/v1/", "/sandbox/"))
    assert forgotten.is_success
    await city.post("officer@510603", "insurance", "/v1/reconciliations", {}, expect=403)
    day = (await city.post("officer", "insurance", "/v1/reconciliations", {}))["day"]

    async def finished() -> dict[str, Any] | None:
        found = await city.get("officer", "insurance", f"/v1/reconciliations/{day}")
        return found if found["status"] == "finished" else None

    result = await eventually(finished, 40)
    assert result["mended"] >= 1
    assert (await city.http.get(there)).json()["status"] == "accepted"
    assert (await city.get("officer", "insurance", "/v1/exchange"))["line"]["state"] == "closed"


def _contribution(id_number: str, month: str) -> dict[str, Any]:
    return {
        "kind": "contribution",
        "number": f"{id_number[6:14]}-{month}",
        "id_number": id_number,
        "insurance": "pension",
        "month": month,
        "base": "5000.00",
        "employer_amount": "0.00",
        "worker_amount": "1000.00",
        "paid_on": f"{month}-20",
        "changed_at": "2026-10-01T08:00:00+08:00",
    }
