"""One timeline of everything about one worker or one enterprise, and who may see which parts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import httpx2
import pytest

from shared.contracts.complaints import CaseOpened, CreditNotified, EnterpriseListed
from shared.contracts.insurance import BenefitPaid, ClaimChecked, EnrolmentOpened
from shared.contracts.notifier import DeliveryDelivered
from shared.contracts.registry import LicenceRecorded
from tests.harness import Harness, eventually
from tests.integration.registry.city import City, marks
from tests.unit.registry.pushes import profile, settlement


@pytest.fixture
def city(registry: Harness) -> City:
    return City(registry, next(marks))


def about(city: City, worker_id: str) -> list[Any]:
    """What the other services tell of one worker of a platform."""
    day = dt.date(2026, 9, 1)
    claim = {"claim_id": f"c-{worker_id}", "platform": city.one, "worker_ref": "w-1", "worker_id": worker_id}
    return [
        EnrolmentOpened(
            enrolment_id=f"e-{worker_id}",
            engagement_id=f"e-{worker_id}",
            worker_id=worker_id,
            platform=city.one,
            scheme="occupational_injury",
            starts_on=day,
            ends_on=None,
            due_on=None,
        ),
        ClaimChecked(**claim, cover="covered"),
        BenefitPaid(
            benefit_id=f"b-{worker_id}",
            claim_id=f"c-{worker_id}",
            worker_id=worker_id,
            platform=city.one,
            kind="medical",
            amount="120.00",
            payer="fund",
            paid_on=day,
        ),
        CaseOpened(
            case_id=f"s-{worker_id}",
            number="德劳诉〔2026〕1号",
            worker_id=worker_id,
            platform=city.one,
            category="late_pay",
            district="510603",
            departments=("hrss",),
            lead_department="hrss",
            accept_by=day,
        ),
    ]


async def one_worker(city: City) -> str:
    """A worker with an engagement, of whom every service has told something."""
    await city.push(city.start())
    worker = await city.worker()
    await city.registry.publish(*about(city, worker), source="/services/other")
    paid = settlement(settlement_id=f"s-{worker}")
    paid["source"] = f"/platforms/{city.one}"
    headers = {"Content-Type": "application/cloudevents-batch+json", **city.registry.headers("platform", uscc=city.one)}
    answer = await city.registry.http.post("/v1/platform-events", json=[paid], headers=headers)
    assert answer.json()["accepted"] == 1, answer.text
    await eventually(lambda: _has(city, worker, {"claims", "benefits", "cases", "pay", "footing", "enrolment"}))
    return worker


async def _has(city: City, worker: str, sections: set[str]) -> bool:
    return sections <= {fact["section"] for fact in await read(city, f"/v1/workers/{worker}/dossier")}


async def read(city: City, path: str, role: str = "officer", **claims: str) -> list[dict[str, Any]]:
    answer = await ask(city, path, role, **claims)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def ask(city: City, path: str, role: str = "officer", **claims: str) -> httpx2.Response:
    if role == "officer":
        claims = {"department": "hrss", "district": "510600"} | claims
    return await city.registry.http.get(path, headers=city.registry.headers(role, **claims))


def sections(facts: list[dict[str, Any]]) -> set[str]:
    return {fact["section"] for fact in facts}


async def test_a_worker_reads_everything_of_their_own_the_latest_first(city: City) -> None:
    worker = await one_worker(city)
    facts = await read(city, "/v1/workers/me/dossier", "worker", worker_id=worker)
    assert {"person", "footing", "enrolment", "claims", "benefits", "cases", "pay"} <= sections(facts)
    assert [fact["at"] for fact in facts] == sorted((fact["at"] for fact in facts), reverse=True)
    [paid] = [fact for fact in facts if fact["section"] == "pay"]
    assert (paid["title"], paid["source"]) == ("报酬结算", f"/platforms/{city.one}")
    assert not any(city.somebody in str(fact) or "13800000001" in str(fact) for fact in facts)


async def test_pages_hold_every_fact_once(city: City) -> None:
    worker = await one_worker(city)
    whole = await read(city, "/v1/workers/me/dossier", "worker", worker_id=worker)
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        path = f"/v1/workers/me/dossier?limit=2{cursor}"
        page = (await ask(city, path, "worker", worker_id=worker)).json()
        found += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == whole


async def test_the_same_fact_again_is_in_the_dossier_once(city: City) -> None:
    worker = await one_worker(city)
    fact = about(city, worker)[1]
    time = dt.datetime(2026, 9, 5, tzinfo=dt.UTC)
    for _ in range(2):
        await city.registry.publish(fact, source="/services/other", event_id="the-same", time=time)
    await city.registry.settled()
    facts = await read(city, f"/v1/workers/{worker}/dossier?section=claims")
    assert [one["at"] for one in facts].count("2026-09-05T00:00:00Z") == 1


async def test_a_platform_reads_its_own_facts_and_never_a_complaint(city: City) -> None:
    worker = await one_worker(city)
    await city.push(city.start(platform=city.other))
    await city.registry.settled()
    facts = await read(city, f"/v1/workers/{worker}/dossier", "platform", uscc=city.one)
    assert {"footing", "enrolment", "claims", "pay"} <= sections(facts)
    assert not {"cases", "leads", "benefits", "person"} & sections(facts)
    assert {fact["data"].get("platform", city.one) for fact in facts} == {city.one}
    enterprise = await read(city, f"/v1/enterprises/{city.one}/dossier", "platform", uscc=city.one)
    assert "cases" not in sections(enterprise)
    assert (await ask(city, f"/v1/enterprises/{city.one}/dossier", "platform", uscc=city.other)).status_code == 403


async def test_officers_read_by_duty_and_it_is_written_down(city: City) -> None:
    worker = await one_worker(city)
    path = f"/v1/workers/{worker}/dossier"
    assert "pay" not in sections(await read(city, path, department="market"))
    assert "pay" in sections(await read(city, path, department="post"))
    assert (await ask(city, path, district="510681")).status_code == 404
    assert "footing" in sections(await read(city, path, district="510603"))
    entries = (await city.get("/v1/audit?limit=500")).json()["items"]
    read_by = [one["department"] for one in entries if one["about"] == worker]
    assert {"market", "post", "hrss"} <= set(read_by)


async def test_a_union_reads_its_sections_of_its_members_alone(city: City, registry: Harness) -> None:
    worker = await one_worker(city)
    union, other = f"union:{city.one}", f"union:{city.other}"
    body = {
        "name": f"快递行业工会{city.one}",
        "district": "510603",
        "officers": [union],
        "scope": {"districts": ["510603"]},
    }
    founded = await registry.http.post("/v1/unions", json=body, headers=registry.officer)
    assert founded.status_code == 201, founded.text
    assert (await ask(city, f"/v1/workers/{worker}/dossier", "union", sub=union)).status_code == 404
    enrolled = await registry.http.post(
        f"/v1/unions/{founded.json()['union_id']}/members",
        json={"worker_id": worker, "since": "2026-09-01"},
        headers=registry.headers("union", sub=union),
    )
    assert enrolled.status_code == 201, enrolled.text
    assert (await ask(city, f"/v1/workers/{worker}/dossier", "union", sub=union)).status_code == 404
    confirmed = await registry.http.post(
        f"/v1/memberships/{enrolled.json()['membership_id']}/confirmation",
        headers=registry.headers("worker", worker_id=worker) | {"If-Match": enrolled.headers["etag"]},
    )
    assert confirmed.status_code == 200, confirmed.text
    assert await read(city, f"/v1/workers/{worker}/dossier", "union", sub=union) == []  # the worker shares nothing yet
    shared = await registry.http.put(
        f"/v1/memberships/{enrolled.json()['membership_id']}/sharing",
        json={"sections": ["pay", "enrolment"]},
        headers=registry.headers("worker", worker_id=worker) | {"If-Match": confirmed.headers["etag"]},
    )
    assert shared.status_code == 200, shared.text
    # enrolment is an article that names no union, whoever shares it
    assert sections(await read(city, f"/v1/workers/{worker}/dossier", "union", sub=union)) == {"pay"}
    assert (await ask(city, f"/v1/workers/{worker}/dossier", "union", sub=other)).status_code == 404


async def test_what_is_confidential_stays_out_of_the_dossiers(city: City) -> None:
    worker = await one_worker(city)
    case: dict[str, Any] = {
        "number": "1",
        "worker_id": worker,
        "platform": city.one,
        "category": "discrimination",
        "district": "510603",
    }
    listing: dict[str, Any] = {
        "listing_id": f"l-{worker}",
        "number": "德信用1",
        "uscc": city.one,
        "kind": "wage_arrears",
    }
    day = dt.date(2026, 9, 1)
    await city.registry.publish(
        CaseOpened(case_id=f"sensitive-{worker}", **case, departments=("hrss",), lead_department="hrss", accept_by=day),
        DeliveryDelivered(delivery_id=f"d-{worker}", template="t", recipient=worker, channel="sms", private=True),
        CreditNotified(**listing, speak_until=day, lead_department="transport", district="510603"),
        source="/services/other",
    )
    own = "/v1/workers/me/dossier"

    async def gathered() -> bool:
        whole = str(await read(city, own, "worker", worker_id=worker))
        enterprise = str(await read(city, f"/v1/enterprises/{city.one}/dossier", "platform", uscc=city.one))
        return f"sensitive-{worker}" in whole and f"d-{worker}" in whole and f"l-{worker}" in enterprise

    await eventually(gathered)
    for path in (f"/v1/workers/{worker}/dossier", f"/v1/enterprises/{city.one}/dossier"):
        facts = await read(city, path, "officer", department="hrss", district="510600")
        assert f"s-{worker}" in {fact["data"].get("case_id") for fact in facts}
        told = str(facts)
        assert (f"sensitive-{worker}" in told, f"d-{worker}" in told) == (False, False)
    for department, sees in (("hrss", True), ("transport", True), ("commerce", False)):
        path = f"/v1/enterprises/{city.one}/dossier"
        facts = await read(city, path, "officer", department=department, district="510600")
        assert (f"l-{worker}" in str(facts)) is sees, department


async def test_nobody_reads_anothers_dossier(city: City) -> None:
    worker = await one_worker(city)
    assert (await ask(city, f"/v1/workers/{worker}/dossier", "worker", worker_id="somebody")).status_code == 403
    assert (await ask(city, f"/v1/workers/{worker}/dossier", "platform", uscc=city.other)).status_code == 404
    assert (await ask(city, f"/v1/workers/{worker}/dossier", "provincial")).status_code == 403


async def test_a_dossier_goes_with_the_person_after_a_merger(city: City) -> None:
    worker = await one_worker(city)
    await city.push(city.start(platform=city.other, id_number=city.somebody_else))
    kept = await city.worker(city.other)
    body = {"merged_worker_id": worker, "reason": "同一人"}
    merged = await city.registry.http.post(f"/v1/workers/{kept}/mergers", json=body, headers=city.registry.officer)
    assert merged.status_code == 201, merged.text
    facts = await read(city, "/v1/workers/me/dossier", "worker", worker_id=kept)
    assert {"claims", "benefits", "cases", "pay"} <= sections(facts)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_dossier_can_be_taken_away(city: City, kind: str) -> None:
    worker = await one_worker(city)
    answer = await ask(city, f"/v1/workers/me/dossier/export?format={kind}", "worker", worker_id=worker)
    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0] == ["时间", "类别", "事项", "来源", "内容"]
        assert {"报酬结算", "事故报案", "保障核验"} & {row[2] for row in rows} >= {"报酬结算", "保障核验"}
    else:
        assert answer.content[:2] == b"PK"


async def test_an_officer_takes_away_only_what_they_may_see(city: City) -> None:
    await city.push(profile(platform=city.one))
    worker = await one_worker(city)
    for path in (f"/v1/workers/{worker}/dossier", f"/v1/enterprises/{city.one}/dossier"):
        answer = await ask(city, f"{path}/export")
        assert answer.headers["content-type"].startswith("text/csv")
        heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert heading == ["时间", "类别", "事项", "来源", "内容"]
        assert [row[2] for row in rows] == [fact["title"] for fact in await read(city, f"{path}?limit=500")]
        assert rows
        assert (await ask(city, f"{path}/export", "worker", worker_id="somebody")).status_code == 403
        assert (await ask(city, f"{path}/export", "platform", uscc=city.other)).status_code in (403, 404)


async def test_the_public_credit_record_tells_nothing_else(city: City) -> None:
    await city.push(profile(platform=city.one))
    await one_worker(city)
    day = dt.date(2026, 9, 1)
    await city.registry.publish(
        LicenceRecorded(
            licence_id="l-1",
            uscc=city.one,
            kind="courier",
            number="川邮20260001",
            industries=("courier",),
            valid_from=day,
            valid_to=None,
        ),
        EnterpriseListed(
            listing_id=f"li-{city.one}",
            uscc=city.one,
            case_id=None,
            listed_on=day,
            until=dt.date(2029, 9, 1),
            restricts=("awards",),
        ),
    )

    async def public() -> list[dict[str, Any]]:
        answer = await ask(city, f"/v1/enterprises/{city.one}/credit-record", "worker", worker_id="anybody")
        facts: list[dict[str, Any]] = answer.json()["facts"]
        return facts if {"许可登记", "列入失信名单"} <= {fact["title"] for fact in facts} else []

    assert sections(await eventually(public)) == {"credit"}
