"""十一 强化信息登记管理: one violation restricts everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import clock
from shared.contracts.complaints import EnterpriseDelisted, EnterpriseListed
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_platform
from tests.harness import eventually


async def test_a_listed_enterprise_is_kept_from_new_cooperations(city: City) -> None:
    """Until it is taken off the list."""
    today = shanghai_date(clock.now())
    platform, partner = new_platform(), new_platform()
    for uscc, kind in ((platform, "platform"), (partner, "partner")):
        filing = {"name": "试样企业", "kinds": [kind], "industries": ["other"], "contact_phone": "13700000002"}
        await city.call("officer", "registry", "PUT", f"/v1/enterprises/{uscc}", json=filing)
    licence = {"kind": "business", "number": "营业1", "valid_from": "2024-01-01"}
    await city.post("officer", "registry", f"/v1/enterprises/{partner}/licences", licence)

    listing: dict[str, Any] = {
        "listing_id": new_id(),
        "uscc": partner,
        "case_id": None,
        "listed_on": today - dt.timedelta(days=2),
        "until": today + dt.timedelta(days=1000),
        "restricts": ("government_funds", "market_access"),
    }
    await city.tell("complaints", EnterpriseListed(**listing))

    async def in_force() -> list[dict[str, Any]]:
        public = f"{city.urls['registry']}/v1/enterprises/{partner}/restrictions"
        found: list[dict[str, Any]] = (await city.http.get(public)).json()
        return found

    [restriction] = await eventually(in_force, 40)
    assert restriction["until"] == str(listing["until"])
    assert [stopped["zh"] for stopped in restriction["stops"]] == ["政府资金支持", "市场准入，包括新的合作用工"]

    letter = await city.get(f"platform:{partner}", "registry", f"/v1/restrictions/{listing['listing_id']}/notice")
    assert "不得新建立平台合作用工" in letter["text"]

    cooperation = {
        "platform": platform,
        "partner": partner,
        "form": "outsourcing",
        "industry": "other",
        "starts_on": str(today),
    }
    caller = f"platform:{platform}"
    refused = await city.post(caller, "registry", "/v1/cooperations", cooperation, expect=422)
    assert (refused["type"], refused["until"]) == ("/problems/partner-restricted", str(listing["until"]))

    yesterday = today - dt.timedelta(days=1)
    await city.tell("complaints", EnterpriseDelisted(**listing, delisted_on=yesterday, reason="corrected"))

    async def free() -> bool:
        return not await in_force()

    await eventually(free, 40)
    await city.post(caller, "registry", "/v1/cooperations", cooperation, expect=201)
    [history] = (await city.get(f"platform:{partner}", "registry", "/v1/restrictions"))["items"]
    assert (history["state"], history["until"]) == ("delisted", str(yesterday))


async def test_a_listed_platform_is_stopped_as_a_partner_is(city: City) -> None:
    today = shanghai_date(clock.now())
    platform, partner = new_platform(), new_platform()
    for uscc, kind in ((platform, "platform"), (partner, "partner")):
        filing = {"name": "试样企业", "kinds": [kind], "industries": ["other"], "contact_phone": "13700000002"}
        await city.call("officer", "registry", "PUT", f"/v1/enterprises/{uscc}", json=filing)
    licence = {"kind": "business", "number": "营业1", "valid_from": "2024-01-01"}
    await city.post("officer", "registry", f"/v1/enterprises/{partner}/licences", licence)
    listing: dict[str, Any] = {
        "listing_id": new_id(),
        "uscc": platform,
        "case_id": None,
        "restricts": ("market_access",),
    }
    days: dict[str, Any] = {"listed_on": today - dt.timedelta(days=2), "until": today + dt.timedelta(days=9)}
    await city.tell("complaints", EnterpriseListed(**listing, **days))
    cooperation = {"platform": platform, "partner": partner, "form": "outsourcing", "industry": "other"}
    earlier = {"starts_on": str(today - dt.timedelta(days=30))}  # nobody gets past it by an earlier date

    async def refused() -> bool:
        answer = await city.http.get(f"{city.urls['registry']}/v1/enterprises/{platform}/restrictions")
        return bool(answer.json())

    await eventually(refused, 40)
    for fields in ({"starts_on": str(today)}, earlier):
        problem = await city.post(
            f"platform:{platform}", "registry", "/v1/cooperations", cooperation | fields, expect=422
        )
        assert problem["type"] == "/problems/platform-restricted"


async def test_other_departments_bring_in_what_they_found(city: City) -> None:
    """With its source, for every department and the enterprise; what is only theirs is not public."""
    platform = new_platform()
    filing = {"name": "试样企业", "kinds": ["platform"], "industries": ["other"], "contact_phone": "13700000002"}
    await city.call("officer", "registry", "PUT", f"/v1/enterprises/{platform}", json=filing)
    today = shanghai_date(clock.now())
    said = {"uscc": platform, "kind": "penalty", "number": f"德市监处罚{platform}", "authority": "德阳市市场监督管理局"}
    said |= {"decided_on": str(today), "text": "虚假宣传，罚款5000元"}
    await city.post("officer@510600/market", "registry", "/v1/department-records", said, expect=201)

    async def gathered() -> dict[str, Any] | None:
        read = await city.get("officer@510603/transport", "registry", f"/v1/enterprises/{platform}/dossier")
        return next((fact for fact in read["items"] if fact["section"] == "records"), None)

    fact = await eventually(gathered, 40)
    assert (fact["data"]["department"], fact["data"]["authority"]) == ("market", "德阳市市场监督管理局")
    assert "虚假宣传" not in str(fact)
    own = await city.get(f"platform:{platform}", "registry", "/v1/department-records")
    assert [one["text"] for one in own["items"]] == ["虚假宣传，罚款5000元"]
    public = await city.get("worker:somebody", "registry", f"/v1/enterprises/{platform}/credit-record")
    assert public["facts"] == []
