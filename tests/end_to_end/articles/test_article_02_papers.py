"""二 明确劳动用工关系: each engagement on its footing, with the paper that the footing demands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.contracts.registry import AgreementMissing
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, profile
from tests.harness import eventually


async def test_each_footing_demands_its_paper(city: City) -> None:
    """A footing that was contested with success demands another one."""
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    found = await city.engagement_of(platform, "rider-1")
    path, worker = f"/v1/engagements/{found['engagement_id']}", f"worker:{found['worker_id']}"
    papers = await city.get(worker, "registry", f"{path}/agreements")
    assert (papers["state"], papers["kind"], papers["due_on"]) == ("due", "written_agreement", "2026-10-08")

    models = await city.get(f"platform:{platform}", "registry", "/v1/agreement-models?industry=instant_delivery")
    [model] = [one for one in models if one["kind"] == "written_agreement"]
    text = await city.get(worker, "registry", f"/v1/agreement-models/{model['code']}/{model['version']}")
    assert "不完全符合确立劳动关系" in text["text"]
    signed = {
        "kind": "written_agreement",
        "number": "XY-2026-1",
        "signed_on": "2026-09-10",
        "model": model["code"],
        "model_version": model["version"],
    }
    papers = await city.post(f"platform:{platform}", "registry", f"{path}/agreements", signed)
    assert (papers["state"], papers["papers"][0]["model"]) == ("signed", model["code"])

    claim = {"claimed": "employment", "since": "2026-09-01", "grounds": "固定排班，站长考勤，按月计薪"}
    contest = await city.post(worker, "registry", f"{path}/footing-contests", claim)
    decision = {
        "outcome": "changed",
        "relation": "employment",
        "effective_on": "2026-09-01",
        "reasons": "受用人单位劳动管理，从事其安排的有报酬劳动",
    }
    place = f"/v1/footing-contests/{contest['contest_id']}"
    decided = await city.call(
        "officer@510603", "registry", "PUT", f"{place}/decision", json=decision, headers={"if-match": '"1"'}
    )
    assert decided["state"] == "changed"
    papers = await city.get(worker, "registry", f"{path}/agreements")
    assert (papers["state"], papers["kind"]) == ("due", "contract")

    async def undeclared() -> dict[str, Any] | None:
        listed = await city.get(f"platform:{platform}", "insurance", "/v1/enrolments?state=undeclared")
        return next((one for one in listed["items"] if one["scheme"] == "work_injury"), None)

    employee = await eventually(undeclared, 40)
    assert (employee["unit"], employee["starts_on"], employee["due_on"]) == (platform, "2026-09-01", "2026-10-08")
    declarations = f"/v1/enrolments/{employee['enrolment_id']}/declarations"
    declared = await city.post(f"platform:{platform}", "insurance", declarations, {"starts_on": "2026-09-01"})
    assert (declared["state"], declared["scheme"]) == ("open", "work_injury")
    contract = {"kind": "contract", "number": "LD-2026-1", "signed_on": "2026-10-20"}
    papers = await city.post("officer@510603", "registry", f"{path}/agreements", contract)
    assert papers["state"] == "signed_late"
    owed = papers["consequences"]
    assert (owed["double_wage_from"], owed["double_wage_until"]) == ("2026-10-02", "2026-10-19")

    lead = await city.lead("agreement_missing", platform, "officer@510603/transport", signed_on="2026-10-20")
    late = lead["finding"]
    assert (late["paper"], late["due_on"], late["days_late"]) == ("contract", "2026-10-08", 12)
    assert (late["double_wage_from"], late["double_wage_until"]) == ("2026-10-02", owed["double_wage_until"])
    assert (late["double_wage_months"], late["open_ended_from"]) == (1, None)
    used = {one["key"] for one in lead["used"]}
    assert {"contract.double_wage_months[after]", "contract.open_ended_after_months"} <= used
    assert [one["code"] for one in lead["to_judge"]] == ["signed_elsewhere", "wage_of_month"]
    assert (lead["worker_ref"], lead["state"], lead["lead_department"]) == ("rider-1", "raised", "hrss")
    elsewhere = f"/v1/leads?kind=agreement_missing&platform={platform}"
    assert (await city.get("officer@510683", "complaints", elsewhere))["items"] == []


async def test_a_platform_sees_how_many_papers_it_still_owes(city: City) -> None:
    platform = new_platform()
    events = [
        engagement(platform, "with", new_id_number(), agreement=_paper("written_agreement")),
        engagement(platform, "without", new_id_number()),
        engagement(platform, "wrong", new_id_number(), relation="employment", agreement=_paper("written_agreement")),
        engagement(platform, "own-trade", new_id_number(), relation="self_employed"),
    ]
    await city.push(platform, profile(platform), *events)

    async def all_there() -> dict[str, Any] | None:
        found: dict[str, Any] = await city.get(f"platform:{platform}", "registry", "/v1/engagements/summary")
        return found if found["total"] == len(events) else None

    summary = await eventually(all_there, 40)
    assert summary["papers"] == {"signed": 1, "due": 2, "not_needed": 1}
    assert summary["without_paper"] == 2
    await city.settled("registry", "complaints")  # what follows is told weeks after the engagements
    missing: dict[str, Any] = {"platform": platform, "district": "510603", "due_on": dt.date(2026, 10, 8)}
    for ref, relation, paper, judged in (
        ("without", "partial", "written_agreement", ["signed_elsewhere"]),
        ("wrong", "employment", "contract", ["signed_elsewhere", "wage_of_month"]),
    ):
        found = await city.engagement_of(platform, ref)
        about: dict[str, Any] = {
            "engagement_id": found["engagement_id"],
            "worker_id": found["worker_id"],
            "kind": paper,
            "relation": relation,
        }
        await city.tell("registry", AgreementMissing(**missing, **about))
        lead = await city.lead("agreement_missing", platform, paper=paper)
        assert (lead["worker_ref"], lead["finding"]["signed_on"]) == (ref, None)
        assert (lead["finding"]["due_on"], lead["finding"]["days_late"]) == ("2026-10-08", None)
        assert [one["code"] for one in lead["to_judge"]] == judged
    # whoever is employed without a contract is owed double from the second month on
    assert (lead["finding"]["double_wage_from"], lead["finding"]["open_ended_from"]) == ("2026-10-02", "2027-09-01")


async def test_a_term_is_followed_to_its_end_and_beyond(city: City) -> None:
    """Two fixed terms call for a contract without term, and an end with the term owes compensation (劳动合同法 art. 14, 46)."""
    platform = new_platform()
    begun = engagement(platform, "staff-2", new_id_number(), relation="employment", started_on="2024-09-01")
    await city.push(platform, profile(platform), begun)
    found = await city.engagement_of(platform, "staff-2")
    path, worker = f"/v1/engagements/{found['engagement_id']}", f"worker:{found['worker_id']}"
    terms = (("2024-09-01", "2025-08-31"), ("2025-09-01", "2026-08-31"), ("2026-09-01", "2027-08-31"))
    for number, (first, last) in enumerate(terms, 1):
        signed = {"kind": "contract", "number": f"LD-{number}", "signed_on": first}
        term = {"term": "fixed", "starts_on": first, "ends_on": last}
        await city.post(f"platform:{platform}", "registry", f"{path}/agreements", signed | term)
    view = await city.get(worker, "registry", f"{path}/contract-terms")
    assert (view["current"]["number"], view["state"]) == ("LD-3", "running")
    assert view["open_owed"] == {"reason": "two_fixed_terms", "since": "2026-09-01"}
    left = {"worker_ref": "staff-2", "ended_on": "2027-08-31", "reason": "合同期满"}
    await city.push(platform, event("engagement.ended", "2026-09-21T08:00:00+08:00", left, platform))

    async def over() -> dict[str, Any] | None:
        shown: dict[str, Any] = await city.get(worker, "registry", f"{path}/contract-terms")
        return shown if shown["state"] == "over" else None

    assert (await eventually(over, 40))["compensation"] == {"months": "3"}
    models = (await city.http.get(f"{city.urls['registry']}/v1/agreement-models?kind=contract")).json()
    latest = next(one for one in models if one["latest"])
    changed = f"{city.urls['registry']}/v1/agreement-models/{latest['code']}/{latest['version']}/changes"
    assert "无固定期限合同" in str((await city.http.get(changed)).json()["changes"])


def _paper(kind: str) -> dict[str, str]:
    return {"kind": kind, "number": "P-1", "signed_on": "2026-09-01"}
