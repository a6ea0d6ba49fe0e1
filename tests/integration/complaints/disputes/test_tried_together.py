"""Two disputes between the same parties are tried together: one award or mediation ends both."""

from __future__ import annotations

from typing import Any

import httpx2

from services.complaints.disputes.documents import DisputeClaim
from services.complaints.terms.documents import Term
from shared.contracts.complaints import DisputeAwarded, DisputeStepped
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import OTHER, Matter, in_arbitration, opened
from tests.integration.complaints.disputes.test_enterprise_applications import applied

REST = [{"kind": "rest", "known_on": "2026-08-03"}]


async def both(complaints: Harness, hrss: dict[str, str], *, answered: bool = True) -> tuple[Matter, Matter]:
    """A worker's dispute, and the enterprise's application against the same worker."""
    lead = await in_arbitration(complaints, hrss)
    other = await applied(complaints, lead.worker_id)
    assert await other.step(hrss, "accept") == 200
    assert await other.step(hrss, "serve") == 200
    if answered:
        assert await other.step(other.worker, "defend", text="不同意") == 200
    return lead, other


async def join(lead: Matter, other: Matter, by: dict[str, str]) -> httpx2.Response:
    return await lead.send(by, "tried-together", {"dispute_id": other.id, "text": "同一事实，合并审理"})


async def test_one_award_ends_both(complaints: Harness, offices: Any) -> None:
    hrss = offices["hrss"]
    lead, other = await both(complaints, hrss)
    assert (await join(lead, other, lead.worker)).status_code == 403
    assert (await join(other, lead, hrss)).status_code == 409  # the worker's answer to the lead is out
    assert (await join(lead, other, hrss)).status_code == 200
    shown = (await other.read()).json()
    assert (shown["state"], shown["joined_to"], shown["due_on"]) == ("closed", lead.id, None)
    assert [(one["applicant"], one["kind"]) for one in lead.shown["claims"]] == [
        ("worker", "pay"),
        ("enterprise", "damages"),
    ]
    assert [(one["origin"], one["state"], one["text"]) for one in lead.shown["further"]] == [
        (other.id, "joined", shown["text"])
    ]
    terms = await find(Term, {"matter_kind": "dispute", "matter_id": other.id})
    assert not [one for one in terms if one.open]
    held = await DisputeClaim.find({"holder": {"$in": [lead.id, other.id]}}).to_list()
    assert {one.holder for one in held} == {lead.id}
    told = [one for one in await complaints.told(DisputeStepped) if one.step in ("join", "joined")]
    assert {(one.dispute_id, one.step) for one in told if one.dispute_id in (lead.id, other.id)} == {
        (lead.id, "join"),
        (other.id, "joined"),
    }
    assert await lead.step(hrss, "award", awards={"1": "100.00", "2": "50.00"}) == 200
    awards = [one for one in await complaints.told(DisputeAwarded) if one.dispute_id in (lead.id, other.id)]
    assert [(one.dispute_id, one.final) for one in awards] == [(lead.id, False)]
    assert await lead.step(lead.platform, "sue") == 200
    assert (await other.read(offices["court"])).status_code == 200  # the court reads both files


async def test_one_mediation_ends_both(complaints: Harness, offices: Any) -> None:
    lead, other = await both(complaints, offices["hrss"])
    assert (await join(lead, other, offices["hrss"])).status_code == 200
    assert await lead.step(offices["hrss"], "settle", text="一并调解") == 200
    assert lead.state == "effective"
    assert (await other.read()).json()["state"] == "closed"


async def test_two_of_one_side_are_joined_and_left(complaints: Harness, offices: Any) -> None:
    hrss = offices["hrss"]
    lead = await in_arbitration(complaints, hrss)
    other = await in_arbitration(complaints, hrss, worker_id=lead.worker_id, claims=REST)
    assert await other.step(hrss, "serve") == 200
    assert (await join(lead, other, hrss)).json()["type"].endswith("/answer-runs")
    assert await other.step(other.platform, "defend", text="不同意") == 200
    assert (await join(lead, other, hrss)).status_code == 200
    assert await lead.step(lead.worker, "leave") == 200
    assert (lead.state, [one["kind"] for one in lead.shown["claims"]]) == ("open", ["pay", "rest"])
    assert await lead.step(lead.worker, "apply") == 200


async def test_what_is_joined_goes_on_alone(complaints: Harness, offices: Any) -> None:
    """Where the application with which it is tried is taken back."""
    lead, other = await both(complaints, offices["hrss"])
    assert (await join(lead, other, offices["hrss"])).status_code == 200
    assert await lead.step(lead.worker, "leave") == 200
    assert (lead.state, lead.shown["applicant"]) == ("arbitration", "enterprise")
    assert await lead.step(lead.platform, "leave") == 200
    assert lead.state == "open"


async def test_other_parties_are_not_tried_together(complaints: Harness, offices: Any) -> None:
    hrss = offices["hrss"]
    lead, other = await both(complaints, hrss, answered=False)
    assert (await join(lead, other, hrss)).json()["type"].endswith("/answer-runs")
    strange = await opened(complaints, lead.worker_id, enterprises=[OTHER])
    assert await strange.step(bearer("platform", uscc=OTHER), "answer") == 200
    assert await strange.step(strange.worker, "apply") == 200
    assert await strange.step(hrss, "accept") == 200
    assert (await join(lead, strange, hrss)).json()["type"].endswith("/other-parties")
    assert (await join(lead, lead, hrss)).status_code == 409
