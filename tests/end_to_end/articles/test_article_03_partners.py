"""三 落实用工主体责任: partners have the licences that their work demands, and platforms answer for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.contracts.registry import DispatchShareExceeded
from shared.policy.calendar import SHANGHAI
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, profile
from tests.harness import eventually


def day(count: int) -> str:
    return str(dt.datetime.now(SHANGHAI).date() + dt.timedelta(days=count))


async def on_file(city: City, kind: str) -> str:
    """A firm that an officer puts on file."""
    uscc = new_platform()
    filing = {"name": "试样企业", "kinds": [kind], "industries": ["courier"], "contact_phone": "13700000002"}
    await city.call("officer", "registry", "PUT", f"/v1/enterprises/{uscc}", json=filing)
    return uscc


async def pushing(city: City, *events: dict[str, Any]) -> str:
    """A platform that is on file because it pushes."""
    platform = new_platform()
    told = [{**one, "source": f"/platforms/{platform}"} for one in (profile(platform, industries=["courier"]), *events)]
    await city.push(platform, *told)

    async def known() -> bool:
        listed = await city.get("officer", "registry", "/v1/enterprises?limit=500")
        return platform in [enterprise["uscc"] for enterprise in listed["items"]]

    await eventually(known, 40)
    return platform


async def test_only_a_licensed_partner_is_taken(city: City) -> None:
    """Who loses its licence is found out."""
    partner = await on_file(city, "partner")
    platform = await pushing(city, engagement("", "rider-1", new_id_number(), industry="courier", partner_uscc=partner))
    caller = f"platform:{platform}"
    cooperation = {
        "platform": platform,
        "partner": partner,
        "form": "outsourcing",
        "industry": "courier",
        "starts_on": day(0),
    }
    refused = await city.post(caller, "registry", "/v1/cooperations", cooperation, expect=422)
    assert [lack["kind"] for lack in refused["missing"]] == ["business", "courier"]
    assert refused["missing"][1]["source"] == "快递暂行条例 第17条"

    granted = {
        "officer@510600/market": {"kind": "business", "number": "营1", "valid_from": "2024-01-01"},
        "officer@510600/post": {"kind": "courier", "number": "川邮1", "valid_from": "2024-01-01", "valid_to": day(90)},
    }
    licences = [
        await city.post(officer, "registry", f"/v1/enterprises/{partner}/licences", body)
        for officer, body in granted.items()
    ]
    made = await city.post(caller, "registry", "/v1/cooperations", cooperation, expect=201)
    path = f"/v1/cooperations/{made['cooperation_id']}"
    seen = await city.get(caller, "registry", path)
    assert (seen["state"], seen["advances"]["uscc"]) == ("licensed", platform)
    assert seen["advances"]["source"] == "德人社发〔2022〕95号 （三）"

    revocation = {"revoked_on": day(0), "reason": "严重违反经营许可条件"}
    licence = f"/v1/licences/{licences[1]['licence_id']}/revocation"
    await city.post("officer@510600/post", "registry", licence, revocation, headers={"if-match": '"1"'})
    seen = await city.get(caller, "registry", path)
    assert (seen["state"], seen["missing"], seen["unlicensed_since"]) == ("unlicensed", ["courier"], day(0))
    mine = await city.get(caller, "registry", "/v1/cooperations?state=unlicensed")
    assert [item["cooperation_id"] for item in mine["items"]] == [made["cooperation_id"]]
    lead = await city.lead("cooperation_unlicensed", platform, "officer", missing=["courier"])
    assert [lead["finding"][name] for name in ("partner", "form", "since")] == [partner, "outsourcing", day(0)]
    assert "licence.courier" in [one["key"] for one in lead["used"]]
    assert [one["code"] for one in lead["to_judge"]] == ["licence_needed"]

    again = {"kind": "courier", "number": "川邮2", "valid_from": day(0), "valid_to": day(700)}
    await city.post("officer@510600/post", "registry", f"/v1/enterprises/{partner}/licences", again)
    assert (await city.get(caller, "registry", path))["state"] == "licensed"

    async def withdrawn() -> bool:
        found = await city.get("officer", "complaints", f"/v1/leads/{lead['lead_id']}")
        return bool(found["state"] == "withdrawn")

    await eventually(withdrawn, 40)


async def test_work_through_a_partner_nobody_recorded_is_found(city: City) -> None:
    """Until a cooperation of those days is on file."""
    partner = new_platform()
    platform = await pushing(city, engagement("", "rider-1", new_id_number(), industry="courier", partner_uscc=partner))
    lead = await city.lead("partner_unrecorded", platform, "officer", firm=partner)
    assert (lead["title"], lead["finding"]["since"]) == ("通过未登记合作的企业用工", None)
    assert [one["code"] for one in lead["to_judge"]] == ["licence_needed"]


async def test_who_dispatches_too_many_is_shown_by_how_much(city: City) -> None:
    agency = await on_file(city, "dispatch_agency")
    people = [
        engagement(
            "",
            f"rider-{number}",
            new_id_number(),
            industry="courier",
            relation="employment",
            dispatched=number < 2,
            partner_uscc=agency if number < 2 else None,
        )
        for number in range(6)
    ]
    platform = await pushing(city, *people)

    async def all_there() -> dict[str, Any] | None:
        path = f"/v1/enterprises/{platform}/dispatch-share?on=2026-09-01"
        share: dict[str, Any] = await city.get(f"platform:{platform}", "registry", path)
        return share if share["dispatched"] + share["employed"] == 6 else None

    share = await eventually(all_there, 40)
    assert (share["dispatched"], share["percent"], share["limit_percent"]) == (2, "33.3", "10")
    assert share["exceeded"]
    assert share["used"][0]["source"] == "劳务派遣暂行规定 第4条"

    counted = {name: share[name] for name in ("dispatched", "employed", "percent", "limit_percent")}
    await city.tell("registry", DispatchShareExceeded(uscc=platform, on=dt.date(2026, 9, 1), **counted))
    # ten of a hundred of six is none, rounded down
    lead = await city.lead("dispatch_share_exceeded", platform, "officer", dispatched=2, employed=4)
    found = [lead["finding"][name] for name in ("on", "percent", "limit_percent", "allowed", "excess")]
    assert found == ["2026-09-01", "33.3", "10", 0, 2]
    assert "dispatch.max_percent" in [one["key"] for one in lead["used"]]
    assert [one["code"] for one in lead["to_judge"]] == ["dispatch_posts"]
