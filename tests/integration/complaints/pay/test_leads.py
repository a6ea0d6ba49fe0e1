from __future__ import annotations

import asyncio
import datetime as dt
from itertools import permutations
from typing import Any, TypeVar

import pytest_asyncio

from services.complaints.intake.commands import follow_engagements
from services.complaints.leads.documents import Lead
from services.complaints.pay import commands
from services.complaints.pay.documents import PayLaw, Settlement, WorkInterval
from shared import clock
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.complaints.leads import LeadRaised
from shared.contracts.complaints.pay_findings import PayBelowHourlyMinimum, PayBelowMonthlyMinimum
from shared.contracts.platform import OrderFinished, Relation
from shared.contracts.registry import EngagementCorrected
from shared.ids import new_id
from shared.policy.calendar import SHANGHAI
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order, settlement
from tests.integration.complaints.staff import on_register

F = TypeVar("F", bound=Fact)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def reader(complaints: Harness) -> None:
    """`complaints.officer`, on the register."""
    await on_register()


async def raised(complaints: Harness, worker_ref: str) -> list[LeadRaised]:
    """The leads on a worker's pay under the hourly minimum."""
    kind = "pay_below_hourly_minimum"
    return [one for one in await complaints.told(LeadRaised) if (one.worker_ref, one.kind) == (worker_ref, kind)]


def hourly(lead: LeadRaised) -> PayBelowHourlyMinimum:
    assert isinstance(lead.finding, PayBelowHourlyMinimum)
    return lead.finding


async def lead_of(complaints: Harness, worker_ref: str) -> dict[str, Any]:
    told = (await raised(complaints, worker_ref))[-1]
    answer = await complaints.http.get(f"/v1/leads/{told.lead_id}", headers=complaints.officer)
    return dict(answer.json())


async def engaged(complaints: Harness, *refs: str, relation: Relation = "partial") -> None:
    """Let the registry tell of the engagements of platform's workers."""
    told = [engagement(EngagementCorrected, f"w-{ref.lower()}", ref, relation=relation) for ref in refs]
    await complaints.publish(*told)


async def push(complaints: Harness, *facts: Fact, relation: Relation | None = "partial") -> None:
    """Push facts of a platform, whose workers are engaged on that footing (None: the registry tells nothing)."""
    if relation is not None:
        await engaged(complaints, *{fact.key() for fact in facts}, relation=relation)
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()


async def test_short_pay_gives_a_lead_with_its_arithmetic(complaints: Harness) -> None:
    work = [order("SHORT", 8, 4), order("SHORT", 10, 4), order("SHORT", 20, 2)]
    await push(complaints, *work)
    await push(complaints, settlement("SHORT", "150.00", deductions=(("fine", "20.00"), ("income_tax", "1.00"))))
    (told,) = await raised(complaints, "SHORT")
    found = hourly(told)
    assert (told.platform, told.worker_id, found.working_seconds) == (PLATFORM, "w-short", 8 * 3600)
    assert (found.pay, found.due, found.shortfall, told.verified) == ("130.00", "168.00", "38.00", False)
    lead = await lead_of(complaints, "SHORT")
    assert (lead["finding"]["orders"], lead["district"], lead["worker_id"]) == (3, "510681", "w-short")
    assert {row["key"] for row in lead["used"]} == {
        "footing.minimum_wage",
        "minimum_wage.hourly",
        "minimum_wage.within",
    }


async def test_enough_pay_gives_none(complaints: Harness) -> None:
    await push(complaints, order("ENOUGH", 8, 4), settlement("ENOUGH", "84.00"))
    assert await raised(complaints, "ENOUGH") == []


async def test_the_lead_is_the_same_in_whatever_order_the_facts_come(complaints: Harness) -> None:
    turns = list(permutations(["morning", "afternoon", "settlement", "engagement"]))
    for step in range(4):
        for turn, order_of_facts in enumerate(turns):
            worker_ref = f"TURN{turn}"
            facts: dict[str, Fact] = {
                "engagement": engagement(EngagementCorrected, f"w-{worker_ref}", worker_ref, relation="partial"),
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
            follow_engagements(arrived(engagement(EngagementCorrected, f"w-{ref}", ref, relation="partial"))),
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
    await engaged(complaints, *workers)
    await complaints.publish(*facts, source=SOURCE)
    await complaints.publish(*facts, source=SOURCE)
    await complaints.settled()
    told = [lead.worker_ref or "" for lead in await complaints.told(LeadRaised)]
    assert sorted(ref for ref in told if ref.startswith("MANY")) == sorted(workers[1::2])
    assert (
        await WorkInterval.find({"worker": {"$in": [f"{PLATFORM}|{worker}" for worker in workers[:50]]}}).count() == 150
    )


async def test_the_first_content_of_an_order_stays(complaints: Harness) -> None:
    order_id = new_id()
    await push(complaints, order("FIRST", 8, 1, order_id=order_id), settlement("FIRST", "21.00"))
    await push(complaints, order("FIRST", 8, 9, order_id=order_id))
    assert await raised(complaints, "FIRST") == []


async def told_at(complaints: Harness, minute: int, fact: Fact) -> None:
    at = dt.datetime(2026, 9, 20, 8, minute, tzinfo=SHANGHAI)
    await complaints.publish(fact, source=SOURCE, time=at)
    await complaints.settled()


async def test_a_settlement_counts_as_it_was_told_last(complaints: Harness) -> None:
    """A correction withdraws a lead or raises it again; one that comes after a later one changes nothing."""
    own = new_id()
    await push(complaints, order("RETOLD", 8, 4))
    await told_at(complaints, 1, settlement("RETOLD", "80.00", settlement_id=own))
    assert (await lead_of(complaints, "RETOLD"))["state"] == "raised"
    await told_at(complaints, 3, settlement("RETOLD", "84.00", settlement_id=own))
    assert (await lead_of(complaints, "RETOLD"))["state"] == "withdrawn"
    await told_at(complaints, 2, settlement("RETOLD", "10.00", settlement_id=own))
    assert (await lead_of(complaints, "RETOLD"))["state"] == "withdrawn"
    await told_at(complaints, 4, settlement("RETOLD", "83.00", settlement_id=own))
    first, again = await raised(complaints, "RETOLD")
    assert (first.lead_id, hourly(again).shortfall) == (again.lead_id, "1.00")


async def test_a_late_order_raises_and_changes_a_lead(complaints: Harness) -> None:
    await push(complaints, order("GROWS", 8, 4), settlement("GROWS", "84.00"))
    assert await raised(complaints, "GROWS") == []
    await push(complaints, order("GROWS", 14, 1))
    assert hourly((await raised(complaints, "GROWS"))[0]).shortfall == "21.00"
    await push(complaints, order("GROWS", 16, 1))
    assert (await lead_of(complaints, "GROWS"))["finding"]["shortfall"] == "42.00"


async def test_a_footing_that_is_told_later_decides(complaints: Harness) -> None:
    """Nobody is measured by the hour before the registry tells how they work, nor after it tells that they work for themselves."""
    await push(complaints, order("UNKNOWN", 8, 4), settlement("UNKNOWN", "10.00"), relation=None)
    assert await raised(complaints, "UNKNOWN") == []
    listed = await complaints.http.get("/v1/undecided-settlements", headers=complaints.officer)
    assert "UNKNOWN" in {one["worker_ref"] for one in listed.json()["items"]}
    await engaged(complaints, "UNKNOWN")
    await complaints.settled()
    assert (await lead_of(complaints, "UNKNOWN"))["state"] == "raised"
    listed = await complaints.http.get("/v1/undecided-settlements", headers=complaints.officer)
    assert "UNKNOWN" not in {one["worker_ref"] for one in listed.json()["items"]}
    corrected = engagement(EngagementCorrected, "w-unknown", "UNKNOWN", version=2, relation="self_employed")
    await complaints.publish(corrected)
    await complaints.settled()
    assert (await lead_of(complaints, "UNKNOWN"))["state"] == "withdrawn"


async def test_of_the_self_employed_it_says_that_no_minimum_holds(complaints: Harness) -> None:
    own = settlement("OWN", "10.00")
    await push(complaints, order("OWN", 8, 4), own, relation="self_employed")
    assert await raised(complaints, "OWN") == []
    path = f"/v1/settlements/{PLATFORM}/{own.settlement_id}"
    shown = (await complaints.http.get(path, headers=complaints.officer)).json()
    assert (shown["no_minimum_wage"], shown["whole_gross_counted"], shown["leads"]) == (True, True, {})
    elsewhere = await on_register("hrss", "510683")
    assert (await complaints.http.get(path, headers=elsewhere)).status_code == 404


async def test_an_employee_is_held_against_the_monthly_minimum(complaints: Harness) -> None:
    first, last = dt.date(2026, 9, 1), dt.date(2026, 9, 30)
    month = settlement(
        "MONTH", "2150.00", first=first, last=last, components=(("orders", "2100.00"), ("overtime", "50.00"))
    )
    await push(complaints, order("MONTH", 8, 4), month, relation="employment")
    (told,) = [one for one in await complaints.told(LeadRaised) if one.worker_ref == "MONTH"]
    assert isinstance(told.finding, PayBelowMonthlyMinimum)
    assert (told.finding.due, told.finding.excluded, told.finding.shortfall) == ("2200.00", "50.00", "100.00")


async def test_one_settlement_gives_a_lead_for_each_rule_broken(complaints: Harness) -> None:
    paid = settlement(
        "MANYKINDS",
        "100.00",
        deductions=(("deposit", "10.00"),),
        net="80.00",
        paid_on=dt.date(2026, 9, 18),
    )
    await push(complaints, order("MANYKINDS", 8, 4), paid)
    kinds = {one.kind for one in await complaints.told(LeadRaised) if one.worker_ref == "MANYKINDS"}
    assert kinds == {"pay_late", "pay_short", "deduction_unlawful"}


async def test_holiday_work_without_components_goes_to_a_person(complaints: Harness) -> None:
    work = order("FEAST", 8, 4, day=25)  # 中秋节
    await push(complaints, work, settlement("FEAST", "900.00", first=dt.date(2026, 9, 16), last=dt.date(2026, 9, 30)))
    listed = (await complaints.http.get("/v1/undecided-settlements", headers=complaints.officer)).json()["items"]
    assert "holiday" in {one["worker_ref"]: one["reason"] for one in listed}["FEAST"]


async def test_another_law_has_settlements_checked_again(complaints: Harness) -> None:
    """As where a minimum wage is published late: what was found by the old row stays to be seen."""
    await push(complaints, order("LAW", 8, 4), settlement("LAW", "80.00"))
    lead = await lead_of(complaints, "LAW")
    old = [{**lead["used"][0], "value": "monthly"}]
    await collection_of(Lead).update_one({"_id": lead["lead_id"]}, {"$set": {"used": old, "finding.shortfall": "1.00"}})
    await collection_of(PayLaw).update_one({}, {"$pop": {"rows": 1}})
    await commands.follow_law()
    await complaints.settled()
    again = await lead_of(complaints, "LAW")
    assert again["finding"]["shortfall"] == "4.00"
    [before] = again["superseded"]
    assert (before["finding"]["shortfall"], before["used"][0]["value"]) == ("1.00", "monthly")
    revision = (await PayLaw.find_all().to_list())[0].revision
    await commands.follow_law()
    assert (await PayLaw.find_all().to_list())[0].revision == revision


async def test_work_through_another_platform_does_not_count(complaints: Harness) -> None:
    await complaints.publish(order("BOTH", 8, 8), source="/platforms/91510600MA0000009X")
    await push(complaints, settlement("BOTH", "10.00"))
    assert await raised(complaints, "BOTH") == []


async def test_a_lead_names_the_worker_when_the_engagement_comes_later(complaints: Harness) -> None:
    late = settlement("LATER", "10.00", paid_on=dt.date(2026, 9, 18))
    await push(complaints, late, relation=None)
    (told,) = [one for one in await complaints.told(LeadRaised) if one.worker_ref == "LATER"]
    path = f"/v1/leads/{told.lead_id}"
    assert (await complaints.http.get(path, headers=complaints.officer)).json()["worker_id"] is None
    await engaged(complaints, "LATER")
    await complaints.settled()
    assert (await complaints.http.get(path, headers=complaints.officer)).json()["worker_id"] == "w-later"


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
    since = engagement(EngagementCorrected, "w-old", "OLD", relation="partial", started_on=dt.date(2021, 1, 1))
    await complaints.publish(since)
    await push(complaints, old, settlement("OLD", "1.00", first=first, last=last), relation=None)
    assert await raised(complaints, "OLD") == []
    answer = await complaints.http.get("/v1/undecided-settlements", headers=complaints.officer)
    (item,) = [one for one in answer.json()["items"] if one["worker_ref"] == "OLD"]
    assert "footing.minimum_wage" in item["reason"]
    elsewhere = await on_register("hrss", "510683")
    assert (await complaints.http.get("/v1/undecided-settlements", headers=elsewhere)).json()["items"] == []


async def test_an_officer_sees_the_districts_leads_page_by_page(complaints: Harness) -> None:
    for number in range(3):
        await push(complaints, order(f"PAGE{number}", 8, 8), settlement(f"PAGE{number}", "10.00"))
    own = await on_register("hrss", "510681")
    asked = {"kind": "pay_below_hourly_minimum"}  # as long without a break, they are leads on rest too
    first = (await complaints.http.get("/v1/leads", params={**asked, "limit": 2}, headers=own)).json()
    assert [lead["worker_ref"] for lead in first["items"]] == ["PAGE2", "PAGE1"]
    second = (
        await complaints.http.get("/v1/leads", params={**asked, "limit": 1, "cursor": first["next"]}, headers=own)
    ).json()
    assert [lead["worker_ref"] for lead in second["items"]] == ["PAGE0"]
    other = await on_register("hrss", "510683")
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
