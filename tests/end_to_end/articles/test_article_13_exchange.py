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


async def test_declared_wages_go_to_the_tax_office(city: City) -> None:
    """Within floor and cap, by the rates that are known or that an officer sets; and the tax office is compared with."""
    platform = new_platform()
    told = engagement(platform, "rider-1", new_id_number(), relation="employment")
    await city.push(platform, profile(platform), told)
    worker_id = (await city.engagement_of(platform, "rider-1"))["worker_id"]

    async def owed() -> bool:
        items = (await city.get(f"worker:{worker_id}", "insurance", "/v1/workers/me/dues"))["items"]
        return "2026-09" in [item["month"] for item in items]

    await eventually(owed, 40)
    wages = {"month": "2026-09", "wages": [{"worker_id": worker_id, "wage": "3000.00"}]}
    declared = await city.post(f"platform:{platform}", "insurance", "/v1/wage-declarations", wages)
    assert (declared["declared"], declared["people"]) == (True, 1)
    for kind, values, unit in (
        ("base", {"floor": "4000", "cap": "20000"}, None),
        ("medical", {"employer": "0.075", "worker": "0.02"}, None),
        ("unemployment", {"employer": "0.006", "worker": "0.004"}, None),
        ("work_injury", {"class": "2"}, platform),
    ):
        figure = {"kind": kind, "since": "2026-01-01", "values": values, "source": "德阳市年度通知", "unit": unit}
        await city.post("officer", "insurance", "/v1/contribution-figures", figure)
    path = f"/v1/tax-statements/contributions|{platform}|2026-09"

    async def accepted() -> dict[str, Any] | None:
        listed = (await city.get(f"platform:{platform}", "insurance", "/v1/tax-statements"))["items"]
        return listed[0] if listed and listed[0]["state"] == "accepted" else None

    statement = await eventually(accepted, 40)
    assert statement["amounts"] == {
        "pension": "960.00",
        "medical": "380.00",
        "unemployment": "40.00",
        "work_injury": "16.00",
        "maternity": "0.00",
    }
    assert statement["amount"] == "1396.00"
    await city.get(f"platform:{new_platform()}", "insurance", path, expect=404)
    await city.post("officer", "insurance", "/v1/tax-comparisons")

    async def compared() -> bool:
        return bool((await city.get("officer", "insurance", "/v1/tax-comparison"))["compared"])

    await eventually(compared, 40)
    open_ = (await city.get("officer", "insurance", "/v1/differences?limit=200"))["items"]
    assert [one for one in open_ if platform in one["number"]] == []


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
