from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx2
import pytest_asyncio
import time_machine

from services.complaints.disputes.documents import Dispute
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import (
    DisputeAwarded,
    DisputeLimitationNear,
    DisputeOpened,
    DisputeOverdue,
    DisputeStepped,
)
from shared.contracts.registry import EngagementActivated, WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM, engagement
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

HERE = "510681"
OTHER = make_uscc("MA0000002")
PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 2000


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def offices(complaints: Harness) -> dict[str, dict[str, str]]:
    """An officer of each body that mediates or decides."""
    return {name: await on_register(name, HERE, subject=f"{name}-1") for name in ("hrss", "court", "union")}


def today() -> dt.date:
    return shanghai_date(clock.now())


def days_on(days: int) -> time_machine.travel:
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=True)


class Matter:
    """A dispute, and what is done with it over HTTP."""

    def __init__(self, complaints: Harness, worker_id: str, shown: dict[str, Any]) -> None:
        self.complaints, self.http, self.worker_id, self.shown = complaints, complaints.http, worker_id, shown

    @property
    def worker(self) -> dict[str, str]:
        return bearer("worker", worker_id=self.worker_id)

    @property
    def platform(self) -> dict[str, str]:
        return bearer("platform", uscc=PLATFORM)

    @property
    def id(self) -> str:
        return str(self.shown["dispute_id"])

    @property
    def state(self) -> str:
        return str(self.shown["state"])

    async def read(self, by: dict[str, str] | None = None) -> httpx2.Response:
        return await self.http.get(f"/v1/disputes/{self.id}", headers=by or self.worker)

    async def send(self, by: dict[str, str], what: str, body: Any, method: str = "POST") -> httpx2.Response:
        headers = by | {"If-Match": (await self.read()).headers["etag"]}
        answer = await self.http.request(method, f"/v1/disputes/{self.id}/{what}", json=body, headers=headers)
        if answer.status_code == 200:
            self.shown = answer.json()
        return answer

    async def step(self, by: dict[str, str], step: str, **more: Any) -> int:
        answer = await self.send(by, "steps", {"step": step} | more)
        return answer.status_code

    async def steps(self) -> list[tuple[str, str]]:
        """What was told of it: each step and the state that it led to."""
        told = await self.complaints.told(DisputeStepped)
        return [(one.step, one.state) for one in told if one.dispute_id == self.id]

    async def later(self, days: int) -> None:
        """Let days pass, and what happens in them by itself."""
        with days_on(days):
            await self.complaints.settled()
        self.shown = (await self.read()).json()


async def opened(complaints: Harness, worker_id: str | None = None, **changes: Any) -> Matter:
    worker_id = worker_id or f"w-{new_id()}"
    body = {
        "enterprises": [PLATFORM],
        "relation": "employment",
        "category": "late_pay",
        "district": HERE,
        "text": "平台拖欠骑手三个月的配送报酬。",
        "claims": [{"kind": "pay", "known_on": "2026-08-03", "amount": "5400.00"}],
    }
    answer = await complaints.http.post(
        "/v1/disputes", json=body | changes, headers=complaints.headers("worker", worker_id=worker_id)
    )
    assert answer.status_code == 201, answer.text
    return Matter(complaints, worker_id, answer.json())


async def in_arbitration(complaints: Harness, office: dict[str, str], **changes: Any) -> Matter:
    matter = await opened(complaints, **changes)
    assert await matter.step(matter.platform, "answer", text="不同意") == 200
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(office, "accept") == 200
    return matter


async def test_a_dispute_goes_from_the_grievance_to_the_court(complaints: Harness, offices: Any) -> None:
    hrss, court = offices["hrss"], offices["court"]
    matter = await in_arbitration(complaints, hrss)
    assert matter.state == "arbitration"
    assert await matter.step(hrss, "serve") == 200
    assert await matter.step(matter.platform, "defend", text="已按约定结算") == 200
    assert await matter.step(hrss, "copy_defence") == 200
    assert await matter.step(hrss, "name_panel") == 200
    hearing = str(today() + dt.timedelta(days=10))
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


async def test_a_final_award_binds_the_employer(complaints: Harness, offices: Any) -> None:
    hrss, court = offices["hrss"], offices["court"]
    matter = await in_arbitration(complaints, hrss)
    assert await matter.step(hrss, "award", awards={"1": "5400.00"}) == 200
    assert matter.state == "awarded_finally"
    assert await matter.step(matter.platform, "sue") == 409
    assert await matter.step(matter.platform, "ask_to_set_aside") == 200
    assert await matter.step(court, "set_aside") == 200
    await matter.later(20)
    assert matter.state == "closed"
    other = await in_arbitration(complaints, hrss)
    assert await other.step(hrss, "award", awards={"1": "5400.00"}) == 200
    await other.later(40)
    assert other.state == "effective"


async def test_arbitration_that_is_late_opens_the_court(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    await matter.step(matter.platform, "answer")
    assert await matter.step(matter.worker, "apply") == 200
    assert await matter.step(matter.worker, "sue") == 409
    await matter.later(10)
    assert matter.shown["overdue"] is True
    late = [one.step for one in await complaints.told(DisputeOverdue) if one.dispute_id == matter.id]
    assert late == ["accept"]
    with days_on(10):
        assert await matter.step(matter.worker, "sue") == 200
    assert matter.state == "court_filed"


async def test_an_award_may_be_postponed_and_wait(complaints: Harness, offices: Any) -> None:
    matter = await in_arbitration(complaints, offices["hrss"])
    before = matter.shown["due_on"]
    assert await matter.step(offices["hrss"], "extend", text="案情复杂") == 200
    assert matter.shown["due_on"] > before
    assert await matter.step(offices["hrss"], "pause", text="等待鉴定") == 200
    await matter.later(100)
    assert matter.shown["overdue"] is False
    assert await matter.step(offices["hrss"], "resume") == 200
    assert matter.shown["due_on"] > before


async def test_two_disputes_of_one_claim_are_not_decided_at_once(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    matters = [await opened(complaints, worker_id) for _ in range(2)]
    for matter in matters:
        await matter.step(matter.platform, "answer")
    statuses = await asyncio.gather(*(matter.step(matter.worker, "apply") for matter in matters))
    assert sorted(statuses) == [200, 409]
    first, second = sorted(matters, key=lambda one: one.state != "filed")
    assert await first.step(first.worker, "leave") == 200
    assert await second.step(second.worker, "apply") == 200
    other = await opened(complaints, worker_id, claims=[{"kind": "rest", "known_on": "2026-08-03"}])
    await other.step(other.platform, "answer")
    assert await other.step(other.worker, "apply") == 200


async def test_part_of_a_dispute_is_awarded_first(complaints: Harness, offices: Any) -> None:
    claims = [{"kind": "pay", "known_on": "2026-08-03"}, {"kind": "contract", "known_on": "2026-08-03"}]
    matter = await in_arbitration(complaints, offices["hrss"], claims=claims)
    clear = {"awards": {"1": "5400.00"}, "clear": True, "hardship": True}
    assert await matter.step(offices["hrss"], "advance", **clear) == 200
    assert await matter.step(offices["hrss"], "award_part", awards={"1": "5400.00"}, text="报酬部分事实清楚") == 200
    assert (matter.state, [one["kind"] for one in matter.shown["claims"]]) == ("arbitration", ["contract"])
    listed = await matter.http.get("/v1/disputes?state=awarded_finally", headers=matter.worker)
    (part,) = listed.json()["items"]
    read = await matter.http.get(f"/v1/disputes/{part['dispute_id']}", headers=matter.worker)
    assert (read.json()["origin"], read.json()["text"]) == (f"dispute:{matter.id}", matter.shown["text"])
    again = await opened(complaints, matter.worker_id, claims=claims[:1])
    await again.step(again.platform, "answer")
    assert await again.step(again.worker, "apply") == 409


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
    assert await breached.step(breached.worker, "ask_payment_order") == 200
    assert await breached.step(offices["court"], "end_order") == 200
    assert await breached.step(breached.worker, "sue") == 200


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


async def test_inspection_of_the_same_matter_comes_first(complaints: Harness, offices: Any) -> None:
    worker_id = f"w-{new_id()}"
    complaint = {"category": "late_pay", "text": "拖欠", "district": HERE, "occurred_on": str(today())}
    headers = complaints.headers("worker", worker_id=worker_id)
    case = (await complaints.http.post("/v1/cases", json=complaint, headers=headers)).json()
    path = f"/v1/cases/{case['case_id']}/acceptance"
    assert (await complaints.http.post(path, headers=offices["hrss"])).status_code == 200
    matter = await opened(complaints, worker_id, case_id=case["case_id"])
    await matter.step(matter.platform, "answer")
    assert await matter.step(matter.worker, "apply") == 409


async def test_the_worker_is_warned_twice_of_a_limitation(complaints: Harness) -> None:
    matter = await opened(complaints, claims=[{"kind": "dismissal", "known_on": "2026-08-03"}])
    last = dt.date.fromisoformat(matter.shown["limitation_on"])
    days = (last - today()).days
    for before in (90, 59, 58, 14, 13):
        await matter.later(days - before)
    warned = [one for one in await complaints.told(DisputeLimitationNear) if one.dispute_id == matter.id]
    assert [one.limitation_on for one in warned] == [last, last]
    fact = {"ground": "force_majeure", "first": str(today()), "last": str(today() + dt.timedelta(days=30))}
    assert (await matter.send(matter.worker, "facts", fact)).status_code == 200
    assert dt.date.fromisoformat(matter.shown["limitation_on"]) > last


async def test_pay_in_a_running_relation_has_no_limitation(complaints: Harness) -> None:
    assert (await opened(complaints)).shown["limitation_on"] is None


async def test_ten_workers_act_by_their_representatives(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    claims = [{"kind": "pay", "known_on": "2026-08-03", "amount": "100.00"}]
    others = [f"w-{new_id()}" for _ in range(9)]
    for one in others:
        headers = complaints.headers("worker", worker_id=one)
        joining = {"number": matter.shown["number"], "claims": claims}
        answer = await complaints.http.post("/v1/disputes/joining", json=joining, headers=headers)
        assert answer.status_code == 201, answer.text
    assert await matter.step(matter.worker, "mediate", forum="arbitration") == 200
    chosen = {"representatives": others[:2]}
    assert (await matter.send(offices["hrss"], "representatives", chosen, "PUT")).status_code == 200
    assert await matter.step(matter.worker, "fail") == 403
    assert await matter.step(bearer("worker", worker_id=others[0]), "fail") == 200
    told = [one for one in await complaints.told(DisputeStepped) if one.dispute_id == matter.id and one.step == "fail"]
    assert {one.worker_id for one in told} == {matter.worker_id, *others}
    assert [one.platforms for one in told if one.first] == [(PLATFORM,)]
    assert all(one.platforms == () for one in told if not one.first)


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


async def test_an_enterprise_knows_a_worker_by_its_own_reference(complaints: Harness) -> None:
    worker_id = f"w-{new_id()}"
    await complaints.publish(engagement(EngagementActivated, worker_id, "rider-77", was_blocked=False))
    await complaints.settled()
    matter = await opened(complaints, worker_id)
    answer = await matter.read(matter.platform)
    assert answer.json()["workers"] == ["rider-77"]
    assert worker_id not in answer.text
    assert (await matter.read(bearer("platform", uscc=OTHER))).status_code == 404


async def test_what_is_said_lies_open_nowhere(complaints: Harness) -> None:
    matter = await opened(complaints)
    await matter.step(matter.platform, "answer", text="骑手未完成配送")
    row = await collection_of(Dispute).find_one({"_id": matter.id})
    assert "拖欠" not in str(row)
    assert "未完成" not in str(row)
    assert matter.shown["entries"][-1]["text"] == "骑手未完成配送"


async def test_a_merger_takes_disputes_and_their_claims_along(complaints: Harness) -> None:
    matter = await opened(complaints, relation="partial")
    await matter.step(matter.platform, "answer")
    await matter.step(matter.worker, "sue")
    kept = f"w-{new_id()}"
    await complaints.publish(WorkerMerged(worker_id=kept, merged_worker_id=matter.worker_id))
    await complaints.settled()
    assert (await matter.read()).status_code == 404
    assert (await matter.read(bearer("worker", worker_id=kept))).json()["workers"] == [kept]
    again = await opened(complaints, kept, relation="partial")
    assert again.shown["doubled"] is False
    await again.step(again.platform, "answer")
    assert await again.step(again.worker, "sue") == 409


async def test_two_records_with_one_claim_are_shown_to_officers(complaints: Harness) -> None:
    matters = [await opened(complaints, relation="partial") for _ in range(2)]
    for matter in matters:
        await matter.step(matter.platform, "answer")
        assert await matter.step(matter.worker, "sue") == 200
    kept, merged = matters
    await complaints.publish(WorkerMerged(worker_id=kept.worker_id, merged_worker_id=merged.worker_id))
    await complaints.settled()
    shown = [(await complaints.http.get(f"/v1/disputes/{one.id}", headers=kept.worker)).json() for one in matters]
    assert [one["doubled"] for one in shown] == [False, True]


async def test_a_mediator_reads_no_more_once_it_is_over(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    await matter.step(matter.worker, "mediate", forum="court")
    assert (await matter.read(offices["court"])).status_code == 200
    await matter.step(matter.worker, "fail")
    assert (await matter.read(offices["court"])).status_code == 404
    await matter.step(matter.worker, "apply")
    assert (await matter.read(offices["hrss"])).status_code == 200
    assert (await matter.read(offices["court"])).status_code == 404


async def test_a_grievance_is_told_to_both_sides(complaints: Harness) -> None:
    matter = await opened(complaints, enterprises=[PLATFORM, OTHER])
    told = [one for one in await complaints.told(DisputeOpened) if one.dispute_id == matter.id]
    assert [(one.worker_id, one.platforms) for one in told] == [(matter.worker_id, (PLATFORM, OTHER))]
    assert (await matter.read(bearer("platform", uscc=OTHER))).status_code == 200


async def test_an_erased_person_leaves_no_word(complaints: Harness, offices: Any) -> None:
    matter = await opened(complaints)
    await matter.step(matter.worker, "negotiate")
    running = await in_arbitration(complaints, offices["hrss"], worker_id=matter.worker_id)
    await complaints.publish(WorkerErased(worker_id=matter.worker_id))
    await complaints.settled()
    gone, kept = await Dispute.of(matter.id), await Dispute.of(running.id)
    assert gone is not None
    assert kept is not None
    assert matter.worker_id not in str(gone.model_dump())
    assert "拖欠" not in gone.clear_text
    assert kept.workers == [matter.worker_id]  # it is being decided
