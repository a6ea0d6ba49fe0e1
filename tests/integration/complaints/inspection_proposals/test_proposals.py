"""Repeated or broad leads of an enterprise become a proposed inspection; false alarms do not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.complaints.inspection_proposals.documents import Proposal
from services.complaints.leads import commands as leads
from services.complaints.leads.documents import Lead
from services.complaints.leads.rules import Sign
from shared import clock
from shared.contracts.complaints import InspectionProposed
from shared.contracts.complaints.pay_findings import PayBelowHourlyMinimum
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.inspections.fleet import NOW, code, enterprises, inspectors
from tests.integration.complaints.inspections.test_draws import announced
from tests.integration.complaints.staff import on_register

HERE = "510623"


async def raised(enterprise: str, people: list[str], about: str = "s") -> list[str]:
    """Leads of an enterprise, one about each of these persons; their ids."""
    ids: list[str] = []

    async def store(tx: Transaction) -> None:
        ids.clear()
        for number, person in enumerate(people):
            finding = PayBelowHourlyMinimum(
                settlement_id=f"{about}-{number}",
                period_start=shanghai_date(NOW),
                period_end=shanghai_date(NOW),
                orders=1,
                working_seconds=3600,
                pay="1.00",
                excluded="0.00",
                due="22.00",
                shortfall="21.00",
                parts=(),
            )
            sign = Sign(
                about=f"{enterprise}|{about}-{number}",
                platform=enterprise,
                worker_ref=person,
                worker_id=None,
                district=HERE,
                finding=finding,
                events=[],
                used=[],
                to_judge=[],
            )
            ids.append((await leads.raise_lead(sign, tx)).id)

    await transact(store)
    return ids


async def proposal_of(enterprise: str, state: str, number: int = 1) -> Proposal:
    async def look() -> Proposal | None:
        found = await Proposal.of(f"{enterprise}:hrss:{number}")
        return found if found is not None and found.state == state else None

    return await eventually(look)


async def test_leads_about_three_persons_are_taken_up_at_once(complaints: Harness) -> None:
    (enterprise,) = await enterprises(HERE, [900])
    ids = await raised(enterprise, ["a", "b", "c"])
    proposal = await proposal_of(enterprise, "proposed")
    assert (proposal.lead_count, proposal.persons, proposal.district) == (3, 3, HERE)
    (told,) = [fact for fact in await complaints.told(InspectionProposed) if fact.uscc == enterprise]
    assert (told.leads, told.persons, told.lead_department) == (3, 3, "hrss")
    headers = await on_register("hrss", HERE)
    ids += await raised(enterprise, ["c", "d"], "meanwhile")
    ids += await raised(enterprise, ["e"], "meanwhile-too")
    listed = await complaints.http.get("/v1/inspection-proposals", params={"state": "proposed"}, headers=headers)
    assert proposal.id in [one["proposal_id"] for one in listed.json()["items"]]
    ends_on = str(shanghai_date(clock.now()) + dt.timedelta(days=300))
    campaign = await announced(complaints, HERE, kind="special", source=None, known_from=None, ends_on=ends_on)
    people = await inspectors(HERE, 2, prefix="p")
    body = {"campaign_id": campaign["campaign_id"], "inspectors": people}
    path = f"/v1/inspection-proposals/{proposal.id}/taking-up"
    taken = await complaints.http.post(path, json=body, headers=headers)
    assert taken.status_code == 200, taken.text
    inspection = taken.json()["inspection_id"]
    assert (taken.json()["lead_count"], taken.json()["persons"]) == (6, 5)
    for lead_id in ids:
        lead = await Lead.of(lead_id)
        assert lead is not None
        assert lead.decision is not None
        assert (lead.state, lead.decision.became_id) == ("taken_up", inspection)
    assert (await complaints.http.post(path, json=body, headers=headers)).status_code == 409


async def test_false_alarms_do_not_count(complaints: Harness) -> None:
    enterprise = code(901)
    ids = await raised(enterprise, ["a", "b", "c"])
    await proposal_of(enterprise, "proposed")
    headers = await on_register("hrss", HERE)
    reason = next(iter(leads.reasons()))
    lead = await complaints.http.get(f"/v1/leads/{ids[0]}", headers=headers)
    etag = {"If-Match": lead.headers["etag"]}
    body: dict[str, Any] = {"reason": reason}
    answer = await complaints.http.post(f"/v1/leads/{ids[0]}/dismissal", json=body, headers=headers | etag)
    assert answer.status_code == 200, answer.text
    await proposal_of(enterprise, "withdrawn")


async def test_only_later_leads_make_another_proposal(complaints: Harness) -> None:
    enterprise = code(902)
    await raised(enterprise, ["a", "b", "c"])
    proposal = await proposal_of(enterprise, "proposed")
    path = f"/v1/inspection-proposals/{proposal.id}/dismissal"
    headers = await on_register("hrss", HERE)
    elsewhere = bearer("officer", department="hrss", district="510681")
    assert (await complaints.http.post(path, json={"reason": "已约谈"}, headers=elsewhere)).status_code == 404
    assert (await complaints.http.post(path, json={"reason": "已约谈"}, headers=headers)).json()["state"] == "dismissed"
    await raised(enterprise, ["a", "b"], "later")
    await complaints.settled()
    assert await Proposal.of(f"{enterprise}:hrss:2") is None
    await raised(enterprise, ["d"], "last")
    assert (await proposal_of(enterprise, "proposed", 2)).persons == 3
