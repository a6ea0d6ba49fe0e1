from __future__ import annotations

import datetime as dt
from typing import Any

from services.complaints.terms.documents import Term
from shared.contracts.complaints import DisputeAwarded
from tests.harness import Harness, bearer
from tests.integration.complaints.disputes.matters import HERE, days_on, in_arbitration, opened, today
from tests.integration.complaints.staff import on_register

PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 2000


async def test_a_dispute_goes_from_the_grievance_to_the_court(complaints: Harness, offices: Any) -> None:
    hrss, court = offices["hrss"], offices["court"]
    matter = await in_arbitration(complaints, hrss)
    assert matter.state == "arbitration"
    assert await matter.step(hrss, "serve") == 200
    assert await matter.step(matter.platform, "defend", text="已按约定结算") == 200
    assert await matter.step(hrss, "copy_defence") == 200
    assert await matter.step(hrss, "name_panel") == 200
    hearing = str(today() + dt.timedelta(days=30))
    assert await matter.step(hrss, "set_hearing", due_on=hearing) == 200
    assert await matter.step(hrss, "award", awards={"1": "90000.00"}) == 200
    assert (matter.state, matter.shown["finality"]) == ("awarded", ["pay:above:26400"])
    assert any(one["key"] == "minimum_wage.monthly" for one in matter.shown["rests_on"])
    assert await matter.step(matter.platform, "sue") == 200
    assert await matter.step(court, "accept") == 200
    assert await matter.step(court, "judge") == 200
    assert await matter.step(court, "take_effect") == 200
    assert await matter.step(matter.worker, "execute") == 200
    assert await matter.step(matter.worker, "perform") == 200
    assert [step for step, _ in await matter.steps()] == [
        "answer", "apply", "accept", "serve", "defend", "copy_defence", "name_panel", "set_hearing", "sue", "accept",
        "judge", "take_effect", "execute", "perform",
    ]  # fmt: skip
    awards = [one for one in await complaints.told(DisputeAwarded) if one.dispute_id == matter.id]
    assert [one.final for one in awards] == [False]
    terms = await Term.find({"matter_id": matter.id}).to_list()
    assert {term.step: term.state for term in terms} == dict.fromkeys(
        ("accept", "serve", "panel", "award", "defence", "copy_defence"), "met"
    )


async def test_nobody_answers_and_no_mediation_succeeds(complaints: Harness) -> None:
    matter = await opened(complaints)
    with days_on(20):
        await complaints.settled()
        assert await matter.step(matter.worker, "mediate", forum="union") == 200
        union, hrss = [await on_register(name, HERE, subject=f"{name}-1") for name in ("union", "hrss")]
        assert (await matter.read(union)).status_code == 200
        assert (await matter.read(hrss)).status_code == 404
        with days_on(20):
            await complaints.settled()
            assert (await matter.read(bearer("worker", worker_id=matter.worker_id))).json()["state"] == "open"
        assert (await matter.read(union)).status_code == 404
    assert await matter.steps() == [("lapse", "open"), ("mediate", "mediation"), ("lapse", "open")]


async def test_the_way_depends_on_the_footing(complaints: Harness) -> None:
    partial = await opened(complaints, relation="partial")
    await partial.step(partial.platform, "answer")
    assert await partial.step(partial.worker, "apply") == 422
    assert await partial.step(partial.worker, "sue") == 200
    proof = await opened(
        complaints, relation="partial", claims=[{"kind": "employment_relation", "known_on": "2026-08-03"}]
    )
    await proof.step(proof.platform, "answer")
    assert await proof.step(proof.worker, "sue") == 422
    assert await proof.step(proof.worker, "apply") == 200


async def test_an_agreement_is_confirmed_by_both_or_breached(complaints: Harness, offices: Any) -> None:
    soon = str(today() + dt.timedelta(days=10))
    matter = await opened(complaints)
    assert await matter.step(matter.worker, "mediate", forum="union") == 200
    assert await matter.step(offices["union"], "settle", due_on=soon, text="十日内支付") == 200
    assert await matter.step(matter.worker, "ask_confirmation", forum="court") == 200
    assert matter.state == "agreed"
    assert await matter.step(matter.platform, "ask_confirmation", forum="court") == 200
    assert await matter.step(offices["court"], "confirm") == 200
    assert matter.state == "effective"
    breached = await opened(complaints)
    assert await breached.step(breached.platform, "settle", due_on=soon) == 200
    assert await breached.step(breached.worker, "breach") == 200
    assert await breached.step(breached.worker, "sue") == 422
    assert await breached.step(breached.worker, "apply") == 200


async def test_a_mediator_reads_no_more_once_it_is_over(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    await matter.step(matter.worker, "mediate", forum="court")
    assert (await matter.read(offices["court"])).status_code == 200
    await matter.step(matter.worker, "fail")
    assert (await matter.read(offices["court"])).status_code == 404
    await matter.step(matter.worker, "apply")
    assert (await matter.read(offices["hrss"])).status_code == 200
    assert (await matter.read(offices["court"])).status_code == 404


async def test_evidence_goes_along_and_is_shown_by_the_office(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    path = f"/v1/disputes/{matter.id}/evidence"
    headers = complaints.headers("worker", worker_id=matter.worker_id)
    sent = await complaints.http.post(
        path, files={"file": ("工资条.png", PHOTO)}, data={"about": "九月工资条"}, headers=headers
    )
    assert sent.status_code == 201, sent.text
    evidence = sent.json()["evidence_id"]
    assert (await complaints.http.get(path, headers=matter.platform)).json()["items"] == []
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert matter.shown["handed"][-1]["evidence"] == [evidence]
    listed = (await complaints.http.get(path, headers=offices["hrss"])).json()["items"]
    assert [one["evidence_id"] for one in listed] == [evidence]
    shown = await complaints.http.post(
        f"{path}/{evidence}/disclosure", json={"to": "enterprise"}, headers=offices["hrss"]
    )
    assert shown.status_code == 200, shown.text
    got = await complaints.http.get(f"{path}/{evidence}", headers=matter.platform)
    assert got.content == PHOTO
