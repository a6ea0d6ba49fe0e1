"""Leads that other services' events give, whichever of them comes first."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import msgspec

from services.complaints.duties import commands
from services.complaints.duties.documents import Duty
from services.complaints.leads.documents import Lead
from shared.contracts.base import CloudEvent, Fact
from shared.contracts.complaints.leads import LeadChanged, LeadClosed, LeadRaised
from shared.contracts.insurance import (
    EnrolmentConfirmed,
    EnrolmentDutyOverdue,
    EnrolmentOpened,
    EnrolmentRefused,
)
from shared.contracts.registry import (
    CooperationEnded,
    CooperationRecorded,
    CooperationRelicensed,
    CooperationUnlicensed,
    EngagementActivated,
    EngagementBlocked,
    EngagementCorrected,
    TermFault,
)
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness
from tests.integration.complaints.facts import PLATFORM, SOURCE, engagement, order
from tests.integration.complaints.staff import on_register
from tests.unit.complaints.duties import told as the
from tests.unit.complaints.duties.told import at, day


async def tell(complaints: Harness, fact: Fact, when: dt.datetime, *, times: int = 1) -> None:
    event_id = new_id()
    for _ in range(times):
        await complaints.publish(fact, event_id=event_id, time=when)
    await complaints.settled()


async def leads_about(**query: object) -> dict[str, Lead]:
    return {lead.kind: lead async for lead in Lead.find(query)}


async def test_a_bill_paid_late_changes_its_lead_once(complaints: Harness) -> None:
    await tell(complaints, the.overdue_bill(), at(2, 16), times=2)
    lead = (await leads_about(**{"finding.bill_id": "b-1"}))["bill_overdue"]
    assert (lead.state, lead.district, lead.lead_department) == ("raised", "510600", "hrss")
    await tell(complaints, the.paid_bill(day(2, 20)), at(2, 21), times=2)
    lead = (await leads_about(**{"finding.bill_id": "b-1"}))["bill_overdue"]
    assert (lead.finding["outstanding"], lead.finding["paid_on"], lead.holds) == ("0.00", "2026-02-20", True)
    assert [one.lead_id for one in await complaints.told(LeadRaised)].count(lead.id) == 1
    assert [one.lead_id for one in await complaints.told(LeadChanged)].count(lead.id) == 1


async def test_a_missing_contract_waits_for_the_engagement_s_days(complaints: Harness) -> None:
    await tell(complaints, the.missing(engagement_id="late-copy"), at(2, 2))
    (lead,) = (await leads_about(**{"finding.engagement_id": "late-copy"})).values()
    assert lead.finding["double_wage_from"] is None
    known = engagement(
        EngagementCorrected, "w-late", "LATE-1", engagement_id="late-copy", relation="employment", started_on=day(1, 1)
    )
    await tell(complaints, known, at(2, 3))
    (lead,) = (await leads_about(**{"finding.engagement_id": "late-copy"})).values()
    shown = (lead.worker_ref, lead.finding["double_wage_from"], lead.finding["double_wage_months"])
    assert shown == ("LATE-1", "2026-02-02", 11)
    corrected = engagement(EngagementCorrected, "w-late", "LATE-1", engagement_id="late-copy", version=2)
    await tell(complaints, corrected, at(2, 4))
    (lead,) = (await leads_about(**{"finding.engagement_id": "late-copy"})).values()
    assert (lead.state, lead.holds) == ("withdrawn", False)
    assert [one.outcome for one in await complaints.told(LeadClosed) if one.lead_id == lead.id] == ["withdrawn"]


async def test_orders_of_a_blocked_person_are_found_either_way(complaints: Harness) -> None:
    for ref, first in (("BLOCKED-A", "block"), ("BLOCKED-B", "order")):
        blocked = engagement(EngagementBlocked, f"w-{ref}", ref)
        facts: list[tuple[Fact, str]] = [(blocked, "/services/registry"), (order(ref, 9), SOURCE)]
        for fact, source in facts if first == "block" else facts[::-1]:
            await complaints.publish(fact, source=source)
            await complaints.settled()
        (lead,) = (await leads_about(worker_ref=ref)).values()
        assert (lead.kind, lead.finding["days"], lead.lead_department) == ("work_while_blocked", 1, "emergency")
    await complaints.publish(order("BLOCKED-A", 12), order("FREE", 12), source=SOURCE)
    await complaints.publish(order("BLOCKED-A", 12, day=4), source=SOURCE)
    await complaints.settled()
    (lead,) = (await leads_about(worker_ref="BLOCKED-A")).values()
    assert (lead.finding["days"], lead.finding["last_on"]) == (2, "2026-09-04")
    assert await leads_about(worker_ref="FREE") == {}
    for ref, trained_on, state in (("BLOCKED-A", day(9, 1), "withdrawn"), ("BLOCKED-B", day(9, 20), "raised")):
        since: dict[str, Any] = {"was_blocked": True, "trained_on": trained_on}
        await complaints.publish(engagement(EngagementActivated, f"w-{ref}", ref, version=2, **since))
        await complaints.settled()
        (lead,) = (await leads_about(worker_ref=ref)).values()
        assert lead.state == state


async def test_orders_before_a_refusal_is_known_are_found(complaints: Harness) -> None:
    await complaints.publish(order("GAP", 9), source=SOURCE)
    await complaints.publish(engagement(EngagementCorrected, "w-gap", "GAP"))
    mine = {"enrolment_id": "n-gap", "engagement_id": "engagement-of-GAP", "starts_on": day(8, 1), "due_on": day(8, 31)}
    await complaints.publish(the.enrolled(EnrolmentOpened, **mine), time=at(8, 1))
    await complaints.publish(the.enrolled(EnrolmentRefused, **mine, reason="other"), time=at(8, 2))
    await complaints.publish(the.enrolled(EnrolmentDutyOverdue, **mine), time=at(9, 1))
    await complaints.settled()
    found = await leads_about(**{"finding.enrolment_id": "n-gap"})
    assert found.keys() == {"insurance_gap", "enrolment_overdue"}
    assert {lead.district for lead in found.values()} == {"510603"}
    await complaints.publish(the.enrolled(EnrolmentConfirmed, **mine, receipt_number="1"), time=at(9, 10))
    await complaints.settled()
    found = await leads_about(**{"finding.enrolment_id": "n-gap"})
    assert {lead.state for lead in found.values()} == {"withdrawn"}


async def test_a_partner_without_licence_is_a_lead_once_people_work(complaints: Harness) -> None:
    lacks = the.cooperating(CooperationUnlicensed, cooperation_id="k-it", since=day(8, 5), missing=("labour_dispatch",))
    await tell(complaints, lacks, at(8, 5))
    assert await leads_about(**{"finding.cooperation_id": "k-it"}) == {}
    working = engagement(EngagementActivated, "w-p", "PARTNERS-1", was_blocked=False)
    changed = {name: getattr(working, name) for name in working.__struct_fields__} | {"partner_uscc": the.PARTNER}
    await tell(complaints, EngagementActivated(**changed), at(8, 6))
    (lead,) = (await leads_about(**{"finding.cooperation_id": "k-it"})).values()
    assert (lead.platform, lead.state) == (PLATFORM, "raised")
    officer = await on_register("transport", "510603")
    page = (await complaints.http.get("/v1/leads?kind=cooperation_unlicensed", headers=officer)).json()
    assert [one["title"] for one in page["items"]] == ["与无相应许可的企业合作用工"]
    again = the.cooperating(CooperationRelicensed, cooperation_id="k-it", licensed=True)
    await tell(complaints, again, at(8, 9))
    (lead,) = (await leads_about(**{"finding.cooperation_id": "k-it"})).values()
    assert lead.state == "withdrawn"


async def test_a_partner_without_recorded_cooperation_is_a_lead(complaints: Harness) -> None:
    """Either may come first; the lead goes once a cooperation of those days is on file, and is back when it is over."""
    for name, first in (("U1", "engagement"), ("U2", "cooperation")):
        partner = f"91510600MA6{name}0000"
        working = engagement(EngagementActivated, f"w-{name}", name, was_blocked=False)
        changed = {field: getattr(working, field) for field in working.__struct_fields__} | {"partner_uscc": partner}
        terms: dict[str, Any] = {"cooperation_id": f"k-{name}", "partner": partner, "starts_on": day(1, 1)}
        recorded = the.cooperating(CooperationRecorded, **terms, licensed=True)
        if first == "cooperation":
            await tell(complaints, recorded, at(8, 5))
        await tell(complaints, EngagementActivated(**changed), at(8, 6))
        found = await leads_about(**{"finding.firm": partner})
        if first == "cooperation":
            assert found == {}
            ended = the.cooperating(CooperationEnded, **terms | {"ends_on": day(8, 31)})
            await tell(complaints, ended, at(9, 1))
            (lead,) = (await leads_about(**{"finding.firm": partner})).values()
            assert (lead.kind, lead.finding["since"]) == ("partner_unrecorded", "2026-09-01")
            continue
        (lead,) = found.values()
        assert (lead.kind, lead.platform, lead.state) == ("partner_unrecorded", PLATFORM, "raised")
        assert lead.finding["since"] is None
        await tell(complaints, recorded, at(8, 7))
        (lead,) = (await leads_about(**{"finding.firm": partner})).values()
        assert lead.state == "withdrawn"


async def test_dispatch_by_nobody_knows_whom_is_a_lead(complaints: Harness) -> None:
    """Until the firm is named; then that one has no cooperation on file."""
    platform = "91510600MA6U300000"
    working = engagement(EngagementActivated, "w-U3", "U3", was_blocked=False)
    facts = {field: getattr(working, field) for field in working.__struct_fields__} | {"platform": platform}
    await tell(complaints, EngagementActivated(**facts | {"dispatched": True}), at(8, 6))
    (lead,) = (await leads_about(platform=platform)).values()
    assert (lead.kind, lead.finding["firm"], lead.state) == ("partner_unrecorded", None, "raised")
    named = facts | {"dispatched": True, "partner_uscc": the.PARTNER, "version": facts["version"] + 1}
    await tell(complaints, EngagementActivated(**named), at(8, 7))
    assert (await leads_about(platform=platform, state="withdrawn"))["partner_unrecorded"].id == lead.id
    (lead,) = (await leads_about(platform=platform, state="raised")).values()
    assert lead.finding["firm"] == the.PARTNER


async def test_any_order_and_redelivery_give_the_same_leads(complaints: Harness) -> None:
    def events(name: str) -> list[CloudEvent[Fact]]:
        mine = {"engagement_id": f"any-{name}"}
        told = [
            (the.missing(**mine), at(2, 2)),
            (the.recorded(day(3, 10), late=True, **mine), at(3, 11)),
            (the.enrolled(EnrolmentOpened, **mine, enrolment_id=f"any-{name}"), at(1, 1)),
            (the.enrolled(EnrolmentDutyOverdue, **mine, enrolment_id=f"any-{name}"), at(2, 3)),
            (the.enrolled(EnrolmentRefused, **mine, enrolment_id=f"any-{name}", reason="other"), at(2, 4)),
        ]
        return [CloudEvent(f"{n}", "/services/test", type(f).TYPE, when, f) for n, (f, when) in enumerate(told)]

    seen = set()
    for seed in range(6):
        some = events(str(seed))
        random.Random(seed).shuffle(some)
        for event in [*some, *some]:
            await commands.follow([event])
        found = await leads_about(**{"finding.engagement_id": f"any-{seed}"})
        seen.add(
            str(
                [
                    (k, v.state, v.events, {**v.finding, "engagement_id": "", "enrolment_id": ""})
                    for k, v in sorted(found.items())
                ]
            )
        )
    assert len(seen) == 1


async def test_orders_find_the_watched_by_their_index(complaints: Harness) -> None:
    await tell(complaints, engagement(EngagementBlocked, "w-index", "INDEX"), at(8, 1))
    query = {"watched": {"$in": [f"{PLATFORM}|INDEX", f"{PLATFORM}|NOBODY"]}}
    plan = await collection_of(Duty).find(query).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])


async def test_months_that_were_not_paid_for_are_one_lead(complaints: Harness) -> None:
    """It grows with each month, in whatever order they are told, and goes when all are settled."""
    person = {"platform": PLATFORM, "worker_id": "w-dues", "engagement_id": "engagement-of-DUES"}
    await tell(complaints, engagement(EngagementCorrected, "w-dues", "DUES"), at(1, 2))
    await tell(complaints, msgspec.structs.replace(the.dues("2026-02"), **person), at(3, 20), times=2)
    await tell(complaints, msgspec.structs.replace(the.settled("2026-01"), **person), at(3, 1))
    await tell(complaints, msgspec.structs.replace(the.dues("2026-01"), **person), at(2, 20))
    lead = (await leads_about(worker_id="w-dues"))["contributions_unpaid"]
    assert [one["month"] for one in lead.finding["months"]] == ["2026-02"]
    assert (lead.state, lead.worker_ref, lead.district, lead.lead_department) == ("raised", "DUES", "510603", "hrss")
    await tell(complaints, msgspec.structs.replace(the.dues("2026-03"), **person), at(4, 20))
    lead = (await leads_about(worker_id="w-dues"))["contributions_unpaid"]
    assert (len(lead.finding["months"]), lead.finding["owed"]) == (2, "2400.00")
    for month in ("2026-02", "2026-03"):
        await tell(complaints, msgspec.structs.replace(the.settled(month), **person), at(5, 1))
    lead = (await leads_about(worker_id="w-dues"))["contributions_unpaid"]
    assert (lead.state, lead.holds) == ("withdrawn", False)


async def test_unlawful_probation_gives_a_lead_until_it_is_taken_back(complaints: Harness) -> None:
    fault = TermFault(fault="probation_too_long", agreed_until=day(5, 31), allowed_until=day(2, 28), limit_months=2)
    own = {"engagement_id": new_id(), "agreement_id": new_id()}
    await tell(complaints, the.examined(fault, **own), at(1, 2), times=2)
    lead = (await leads_about(**{"finding.agreement_id": own["agreement_id"]}))["probation_unlawful"]
    assert (lead.state, lead.finding["void_days"], lead.lead_department) == ("raised", 92, "hrss")
    await tell(complaints, the.examined(**own), at(1, 3))
    lead = (await leads_about(**{"finding.agreement_id": own["agreement_id"]}))["probation_unlawful"]
    assert lead.state == "withdrawn"
