from __future__ import annotations

import asyncio
import datetime as dt
from itertools import permutations
from typing import Any, TypeVar

from services.complaints.leads.documents import Lead
from services.complaints.pay import commands
from services.complaints.pay.documents import Settlement, WorkInterval
from shared import clock
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.leads import LeadRaised, PayBelowHourlyMinimum
from shared.contracts.platform import OrderFinished
from shared.contracts.registry import EngagementCorrected
from shared.ids import new_id
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement

F = TypeVar("F", bound=Fact)


async def raised(complaints: Harness, worker_ref: str) -> list[LeadRaised]:
    return [lead for lead in await complaints.told(LeadRaised) if lead.worker_ref == worker_ref]


def hourly(lead: LeadRaised) -> PayBelowHourlyMinimum:
    assert isinstance(lead.finding, PayBelowHourlyMinimum)
    return lead.finding


async def lead_of(complaints: Harness, worker_ref: str) -> dict[str, Any]:
    (told,) = await raised(complaints, worker_ref)
    answer = await complaints.http.get(f"/v1/leads/{told.lead_id}", headers=complaints.officer)
    return dict(answer.json())


async def push(complaints: Harness, *facts: Fact) -> None:
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()


async def test_short_pay_gives_a_lead_with_its_arithmetic(complaints: Harness) -> None:
    await complaints.publish(engagement(EngagementCorrected, "w-short", "SHORT"))
    work = [order("SHORT", 8, 4), order("SHORT", 10, 4), order("SHORT", 20, 2)]
    await push(complaints, *work)
    await push(complaints, settlement("SHORT", "150.00", deductions=(("fine", "20.00"), ("income_tax", "1.00"))))
    (told,) = await raised(complaints, "SHORT")
    found = hourly(told)
    assert (told.platform, told.worker_id, found.working_seconds) == (PLATFORM, "w-short", 8 * 3600)
    assert (found.pay, found.due, found.shortfall, told.verified) == ("130.00", "168.00", "38.00", False)
    lead = await lead_of(complaints, "SHORT")
    assert (lead["finding"]["orders"], lead["district"], lead["worker_id"]) == (3, "510681", "w-short")
    assert {row["key"] for row in lead["used"]} == {"minimum_wage.hourly", "minimum_wage.within"}


async def test_enough_pay_gives_none(complaints: Harness) -> None:
    await push(complaints, order("ENOUGH", 8, 4), settlement("ENOUGH", "84.00"))
    assert await raised(complaints, "ENOUGH") == []


async def test_the_lead_is_the_same_in_whatever_order_the_facts_come(complaints: Harness) -> None:
    turns = list(permutations(["morning", "afternoon", "settlement"]))
    for step in range(3):
        for turn, order_of_facts in enumerate(turns):
            worker_ref = f"TURN{turn}"
            facts = {
                "morning": order(worker_ref, 8, 4),
                "afternoon": order(worker_ref, 12, 4),
                "settlement": settlement(worker_ref, "80.00"),
            }
            await complaints.publish(facts[order_of_facts[step]], source=SOURCE)
        await complaints.settled()
    for turn in range(len(turns)):
        lead = await lead_of(complaints, f"TURN{turn}")
        found = lead["finding"]
        assert (found["working_seconds"], found["shortfall"], found["orders"]) == (8 * 3600, "88.00", 2)


async def test_work_and_its_settlement_at_the_same_moment_still_meet(complaints: Harness) -> None:
    def arrived(fact: F) -> list[CloudEvent[F]]:
        return [CloudEvent(id=new_id(), source=SOURCE, type=fact.TYPE, time=clock.now(), data=fact)]

    for number in range(20):
        ref = f"MEET{number}"
        await asyncio.gather(
            commands.store_settlements(arrived(settlement(ref, "80.00"))),
            commands.store_orders(arrived(order(ref, 8, 4))),
            commands.store_orders(arrived(order(ref, 12, 4))),
        )
    leads = await Lead.find({"worker_ref": {"$regex": "^MEET"}}).to_list()
    assert len(leads) == len({lead.finding["settlement_id"] for lead in leads}) == 20
    assert {(lead.finding["working_seconds"], lead.finding["shortfall"]) for lead in leads} == {(8 * 3600, "88.00")}


async def test_all_at_once_and_twice_gives_one_lead_per_settlement(complaints: Harness) -> None:
    workers = [f"MANY{number}" for number in range(120)]
    work = [order(worker, 8 + hour, 1) for worker in workers for hour in range(3)]
    paid = [settlement(worker, "62.99" if number % 2 else "63.00") for number, worker in enumerate(workers)]
    facts: list[Fact] = [fact for group in zip(paid, work[::3], work[1::3], work[2::3], strict=True) for fact in group]
    await complaints.publish(*facts, source=SOURCE)
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()
    told = [lead.worker_ref or "" for lead in await complaints.told(LeadRaised)]
    assert sorted(ref for ref in told if ref.startswith("MANY")) == sorted(workers[1::2])
    assert (
        await WorkInterval.find({"worker": {"$in": [f"{PLATFORM}|{worker}" for worker in workers[:50]]}}).count() == 150
    )


async def test_the_first_content_of_an_order_and_of_a_settlement_stays(complaints: Harness) -> None:
    order_id, settlement_id = new_id(), new_id()
    await push(
        complaints, order("FIRST", 8, 1, order_id=order_id), settlement("FIRST", "21.00", settlement_id=settlement_id)
    )
    await push(
        complaints, order("FIRST", 8, 9, order_id=order_id), settlement("FIRST", "1.00", settlement_id=settlement_id)
    )
    assert await raised(complaints, "FIRST") == []


async def test_work_through_another_platform_does_not_count(complaints: Harness) -> None:
    await complaints.publish(order("BOTH", 8, 8), source="/platforms/91510600MA0000009X")
    await push(complaints, settlement("BOTH", "10.00"))
    assert await raised(complaints, "BOTH") == []


async def test_a_lead_names_the_worker_when_the_engagement_comes_later(complaints: Harness) -> None:
    await push(complaints, order("LATER", 8, 8), settlement("LATER", "10.00"))
    assert (await lead_of(complaints, "LATER"))["worker_id"] is None
    await push(complaints, engagement(EngagementCorrected, "w-later", "LATER"))
    assert (await lead_of(complaints, "LATER"))["worker_id"] == "w-later"


async def test_a_period_without_a_known_minimum_goes_to_a_person(complaints: Harness) -> None:
    work = order("OLD", 8, 8)
    old = OrderFinished(
        order_id=work.order_id,
        worker_ref="OLD",
        industry=work.industry,
        taken_at=work.taken_at.replace(year=2021),
        finished_at=work.finished_at.replace(year=2021),
        district="510623",
        fee="1.00",
    )
    first, last = dt.date(2021, 9, 1), dt.date(2021, 9, 15)
    await push(complaints, old, settlement("OLD", "1.00", first=first, last=last))
    assert await raised(complaints, "OLD") == []
    answer = await complaints.http.get("/v1/undecided-settlements", headers=complaints.officer)
    (item,) = answer.json()["items"]
    assert item["worker_ref"] == "OLD"
    assert "minimum_wage.hourly" in item["reason"]
    elsewhere = bearer("officer", department="hrss", district="510683")
    assert (await complaints.http.get("/v1/undecided-settlements", headers=elsewhere)).json()["items"] == []


async def test_an_officer_sees_the_districts_leads_page_by_page(complaints: Harness) -> None:
    for number in range(3):
        await push(complaints, order(f"PAGE{number}", 8, 8), settlement(f"PAGE{number}", "10.00"))
    own = bearer("officer", department="hrss", district="510681")
    first = (await complaints.http.get("/v1/leads", params={"limit": 2}, headers=own)).json()
    assert [lead["worker_ref"] for lead in first["items"]] == ["PAGE2", "PAGE1"]
    second = (await complaints.http.get("/v1/leads", params={"limit": 1, "cursor": first["next"]}, headers=own)).json()
    assert [lead["worker_ref"] for lead in second["items"]] == ["PAGE0"]
    other = bearer("officer", department="hrss", district="510683")
    assert (await complaints.http.get("/v1/leads", headers=other)).json()["items"] == []
    lead_id = first["items"][0]["lead_id"]
    assert (await complaints.http.get(f"/v1/leads/{lead_id}", headers=other)).status_code == 404
    worker = bearer("worker", worker_id="w-1")
    assert (await complaints.http.get(f"/v1/leads/{lead_id}", headers=worker)).status_code == 403


async def test_deductions_above_the_pay_still_make_a_valid_event(complaints: Harness) -> None:
    await push(complaints, order("DEBT", 8, 2), settlement("DEBT", "5.00", deductions=(("rent", "50.00"),)))
    (told,) = await raised(complaints, "DEBT")
    assert (hourly(told).pay, hourly(told).shortfall) == ("0.00", "42.00")
    owed = await Settlement.find_one(Settlement.worker_ref == "DEBT")
    assert owed is not None
    assert owed.leads[told.kind] == told.lead_id
