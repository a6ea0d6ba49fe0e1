from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import httpx2
import pytest_asyncio
import time_machine

from services.complaints.cases.documents import Case
from services.complaints.legal_aid.documents import LegalAid
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import (
    LegalAidAssigned,
    LegalAidDecided,
    LegalAidFinished,
    LegalAidObjectionDecided,
    LegalAidSubmitted,
)
from shared.contracts.registry import WorkerErased
from shared.ids import new_id
from shared.policy.calendar import Pause, add_days, due_with_pauses, shanghai_date
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.complaints.course import course
from tests.integration.complaints.disputes.matters import opened
from tests.integration.complaints.staff import on_register

HERE = "510681"
TEXT = "平台拖欠我三个月的报酬，请求法律援助。"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def centre(complaints: Harness) -> dict[str, str]:
    """The officer of the legal aid centre, with a lawyer on its register."""
    headers = await on_register("justice", HERE, subject="j-1")
    entry = {"name": "孙测试", "firm": "测试律师事务所", "body": "centre", "districts": [HERE], "fields": ["pay"]}
    answer = await complaints.http.put("/v1/lawyers/l-1", json=entry, headers=headers)
    assert answer.status_code == 200, answer.text
    return headers


class Aid:
    """An application, and what is done with it over HTTP."""

    def __init__(self, complaints: Harness, worker: str, shown: dict[str, Any]) -> None:
        self.http, self.worker_id, self.shown = complaints.http, worker, shown

    @property
    def worker(self) -> dict[str, str]:
        return bearer("worker", worker_id=self.worker_id)

    @property
    def id(self) -> str:
        return str(self.shown["legal_aid_id"])

    async def read(self, by: dict[str, str]) -> httpx2.Response:
        return await self.http.get(f"/v1/legal-aid/{self.id}", headers=by)

    async def do(self, what: str, by: dict[str, str], body: Any = None) -> int:
        etag = (await self.read(self.worker)).headers["etag"]
        path = f"/v1/legal-aid/{self.id}/{what}"
        answer = await self.http.post(path, json=body, headers=by | {"If-Match": etag})
        if answer.status_code == 200:
            self.shown = answer.json()
        return answer.status_code


async def applied(complaints: Harness, **changes: Any) -> Aid:
    worker = f"w-{new_id()}"
    body = {
        "body": "centre",
        "subject": "pay",
        "form": "mediation_or_arbitration",
        "text": TEXT,
        "district": HERE,
        "ground": "migrant_pay_or_injury",
    }
    headers = complaints.headers("worker", worker_id=worker)
    answer = await complaints.http.post("/v1/legal-aid", json=body | changes, headers=headers)
    assert answer.status_code == 201, answer.text
    return Aid(complaints, worker, answer.json())


async def load_of_the_lawyer(complaints: Harness, centre: dict[str, str]) -> int:
    listed = (await complaints.http.get("/v1/lawyers", headers=centre)).json()["items"]
    return next(int(one["load"]) for one in listed if one["lawyer_id"] == "l-1")


async def test_aid_goes_from_the_application_to_the_outcome(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints)
    assert (aid.shown["grant_proposed"], aid.shown["state"]) == (True, "submitted")
    assert await aid.do("grant", centre) == 200
    assert await aid.do("assignment", centre, {}) == 200
    assert aid.shown["lawyers"] == ["l-1"]
    today = str(shanghai_date(clock.now()))
    assert await aid.do("steps", centre, {"on": today, "kind": "met", "note": "会见当事人"}) == 200
    assert await aid.do("outcome", centre, {"outcome": "settled", "recovered": "5400.00"}) == 200
    assert (aid.shown["state"], aid.shown["recovered"]) == ("finished", "5400.00")
    own = aid.id
    told = [
        type(fact).__name__
        for kind in (LegalAidSubmitted, LegalAidDecided, LegalAidAssigned, LegalAidFinished)
        for fact in await complaints.told(kind)
        if fact.legal_aid_id == own
    ]
    assert told == ["LegalAidSubmitted", "LegalAidDecided", "LegalAidAssigned", "LegalAidFinished"]


async def test_what_it_is_about_lies_open_nowhere(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints)
    await aid.do("refusal", centre, {"text": "不属于法律援助范围"})
    row = await collection_of(LegalAid).find_one({"_id": aid.id})
    assert "拖欠" not in str(row)
    assert "不属于" not in str(row)


async def test_a_refusal_is_looked_at_by_somebody_else(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints)
    assert await aid.do("refusal", centre, {"text": "材料不能证明"}) == 200
    assert aid.shown["answer"] == "材料不能证明"
    assert await aid.do("objection", aid.worker, {"text": "我有工资记录"}) == 200
    answer = {"uphold": False, "text": "应予援助"}
    assert await aid.do("objection-decision", centre, answer) == 409
    other = await on_register("justice", HERE, subject="j-2")
    assert await aid.do("objection-decision", other, answer) == 200
    assert aid.shown["state"] == "granted"
    told = [one for one in await complaints.told(LegalAidObjectionDecided) if one.number == aid.shown["number"]]
    assert [one.upheld for one in told] == [False]


async def test_aid_that_cannot_wait_is_given_first(complaints: Harness, centre: dict[str, str]) -> None:
    soon = str(shanghai_date(clock.now()) + dt.timedelta(days=3))
    aid = await applied(complaints, ends_on=soon)
    assert await aid.do("first-aid", centre, {}) == 200
    assert (aid.shown["first"], aid.shown["lawyers"]) == (True, ["l-1"])
    assert await aid.do("grant", centre) == 200
    assert aid.shown["state"] == "assigned"
    calm = await applied(complaints)
    assert await calm.do("first-aid", centre, {}) == 409


async def test_what_was_given_first_may_still_be_refused(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints, ends_on=str(shanghai_date(clock.now()) + dt.timedelta(days=3)))
    assert await aid.do("first-aid", centre, {}) == 200
    before = await load_of_the_lawyer(complaints, centre)
    assert await aid.do("refusal", centre, {"text": "不符合法律援助条件"}) == 200
    assert (aid.shown["state"], await load_of_the_lawyer(complaints, centre)) == ("refused", before - 1)
    assert await aid.do("objection", aid.worker, {"text": "我有证明"}) == 200
    other = await on_register("justice", HERE, subject="j-2")
    assert await aid.do("objection-decision", other, {"uphold": False, "text": "应予援助"}) == 200
    assert await aid.do("assignment", centre, {}) == 200
    assert aid.shown["state"] == "assigned"


async def test_without_what_was_asked_for_it_counts_as_withdrawn(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints)
    assert await aid.do("supplement-request", centre, {"text": "请补充工资记录"}) == 200
    late = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    with time_machine.travel(late, tick=True):
        await complaints.settled()
        row = await LegalAid.of(aid.id)
    assert row is not None
    assert row.state == "withdrawn"


async def test_what_is_missing_is_said_once(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints)
    assert await aid.do("supplement-request", centre, {"text": "请补充工资记录"}) == 200
    assert await aid.do("supplement", aid.worker, {"text": "已补充"}) == 200
    assert aid.shown["state"] == "submitted"
    assert await aid.do("supplement-request", centre, {"text": "再补充"}) == 409


async def term_to_decide(aid: Aid) -> Term:
    found = [one for one in await Term.find({"matter_id": aid.id}).to_list() if one.step == "decide"]
    assert len(found) == 1, "the term to decide is one, and begins once"
    return found[0]


async def test_seven_days_stand_still_for_a_supplement(complaints: Harness) -> None:
    begun = dt.datetime.combine(shanghai_date(clock.now()) + dt.timedelta(days=1), dt.time(2), dt.UTC)
    with time_machine.travel(begun, tick=True):
        aid = await applied(complaints)
    with time_machine.travel(begun + dt.timedelta(days=2), tick=True):
        centre = await on_register("justice", HERE, subject="j-1")
        assert await aid.do("supplement-request", centre, {"text": "请补充工资记录"}) == 200
        assert (await term_to_decide(aid)).state == "paused"
    with time_machine.travel(begun + dt.timedelta(days=7), tick=True):
        assert await aid.do("supplement", aid.worker, {"text": "已补充"}) == 200
    term, first = await term_to_decide(aid), shanghai_date(begun)
    assert term.state == "running"
    stood = Pause(first + dt.timedelta(days=3), first + dt.timedelta(days=7))
    due = due_with_pauses(first, days=7, pauses=[stood])
    assert due is not None
    assert term.due == due.due >= first + dt.timedelta(days=12)


async def test_aid_given_first_meets_the_same_seven_days(complaints: Harness, centre: dict[str, str]) -> None:
    """What is handed in later (art. 44) does not begin them anew: they stand still until it comes."""
    aid = await applied(complaints, ends_on=str(shanghai_date(clock.now()) + dt.timedelta(days=3)))
    before = (await term_to_decide(aid)).due
    assert await aid.do("supplement-request", centre, {"text": "请补充工资记录"}) == 200
    assert await aid.do("first-aid", centre, {}) == 200
    assert (await term_to_decide(aid)).state == "paused"
    assert await aid.do("supplement", aid.worker, {"text": "已补充"}) == 200
    assert ((await term_to_decide(aid)).state, (await term_to_decide(aid)).due) == ("running", before)
    assert await aid.do("grant", centre) == 200
    assert (await term_to_decide(aid)).state == "met"


async def test_two_decisions_at_once_are_one(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints)
    etag = (await aid.read(centre)).headers["etag"]
    answers = await asyncio.gather(
        *(complaints.http.post(f"/v1/legal-aid/{aid.id}/grant", headers=centre | {"If-Match": etag}) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_an_officer_of_another_body_or_place_sees_nothing(complaints: Harness) -> None:
    aid = await applied(complaints)
    for department, district in (("justice", "510603"), ("union", HERE)):
        stranger = await on_register(department, district)
        assert (await aid.read(stranger)).status_code == 404
    unknown = bearer("officer", department="justice", district=HERE, sub="nobody")
    assert (await aid.read(unknown)).status_code == 403


async def test_a_term_runs_from_the_application(complaints: Harness) -> None:
    aid = await applied(complaints)
    told = [one for one in await complaints.told(LegalAidSubmitted) if one.number == aid.shown["number"]]
    assert [one.decide_by for one in told] == [add_days(shanghai_date(clock.now()), 7).due]


async def test_aid_ends_early_or_is_taken_back(complaints: Harness, centre: dict[str, str]) -> None:
    ended = await applied(complaints)
    await ended.do("grant", centre)
    await ended.do("assignment", centre, {})
    assert await ended.do("termination", centre, {"ending": "own_counsel", "text": "已自行委托"}) == 200
    assert await ended.do("objection", ended.worker, {"text": "没有委托他人"}) == 200
    other = await on_register("justice", HERE, subject="j-2")
    assert await ended.do("objection-decision", other, {"uphold": False, "text": "继续援助"}) == 200
    assert (ended.shown["state"], ended.shown["ending"]) == ("assigned", None)
    early = await applied(complaints)
    await early.do("grant", centre)  # and it turns out before anybody is assigned
    assert await early.do("termination", centre, {"ending": "obtained_by_deceit", "text": "材料系伪造"}) == 200
    assert (early.shown["state"], early.shown["ending"]) == ("terminated", "obtained_by_deceit")
    assert await early.do("assignment", centre, {}) == 409
    back = await applied(complaints)
    assert await back.do("withdrawal", back.worker) == 200
    assert back.shown["state"] == "withdrawn"


async def test_a_lawyers_load_is_what_is_in_hand(complaints: Harness, centre: dict[str, str]) -> None:
    before, aid = await load_of_the_lawyer(complaints, centre), await applied(complaints)
    await aid.do("grant", centre)
    await aid.do("assignment", centre, {"lawyer_id": "l-1"})
    assert await load_of_the_lawyer(complaints, centre) == before + 1
    await aid.do("outcome", centre, {"outcome": "advised"})
    assert await load_of_the_lawyer(complaints, centre) == before


async def test_whom_a_refusal_let_go_is_let_go_once(complaints: Harness, centre: dict[str, str]) -> None:
    busy, aid = await applied(complaints), await applied(complaints, form="litigation")
    await busy.do("grant", centre)
    assert await busy.do("assignment", centre, {"lawyer_id": "l-1"}) == 200
    before = await load_of_the_lawyer(complaints, centre)
    assert await aid.do("first-aid", centre, {"preservation": True}) == 200
    assert await aid.do("refusal", centre, {"text": "不予援助"}) == 200
    assert await aid.do("objection", aid.worker, {"text": "应予援助"}) == 200
    other = await on_register("justice", HERE, subject="j-2")
    assert await aid.do("objection-decision", other, {"uphold": False, "text": "应予援助"}) == 200
    assert await aid.do("termination", centre, {"ending": "own_counsel", "text": "已自行委托"}) == 200
    assert await load_of_the_lawyer(complaints, centre) == before


async def test_nobody_elses_case_is_the_origin(complaints: Harness) -> None:
    theirs = await course(complaints, "w-theirs")
    headers = complaints.headers("worker", worker_id="w-nosy")
    body = {"body": "centre", "subject": "pay", "form": "advice", "text": TEXT, "district": HERE}
    for origin in (f"case:{theirs.case_id}", "case:no-such"):
        answer = await complaints.http.post("/v1/legal-aid", json=body | {"origin": origin}, headers=headers)
        assert answer.status_code == 404
    own = complaints.headers("worker", worker_id="w-theirs")
    answer = await complaints.http.post("/v1/legal-aid", json=body | {"origin": f"case:{theirs.case_id}"}, headers=own)
    assert answer.status_code == 201, answer.text


async def test_nobody_elses_dispute_is_the_origin(complaints: Harness) -> None:
    theirs = await opened(complaints)
    body = {"body": "union", "subject": "pay", "form": "advice", "text": TEXT, "district": HERE}
    body["origin"] = f"dispute:{theirs.id}"
    for worker, expected in (("w-nosy", 404), (theirs.worker_id, 201)):
        headers = complaints.headers("worker", worker_id=worker)
        answer = await complaints.http.post("/v1/legal-aid", json=body, headers=headers)
        assert answer.status_code == expected, answer.text


async def test_days_off_that_are_published_keep_it_alive(complaints: Harness, centre: dict[str, str]) -> None:
    """The last day to hand in what was asked for may move: an application is not taken as withdrawn before."""
    aid = await applied(complaints)
    assert await aid.do("supplement-request", centre, {"text": "请补充工资记录"}) == 200
    [term] = [one for one in await Term.find({"matter_id": aid.id}).to_list() if one.step == "supplement"]
    before, term.due = term.due, term.due + dt.timedelta(days=5)
    await transact(term.put)
    for days, state in ((1, "supplementing"), (6, "withdrawn")):
        late = dt.datetime.combine(before + dt.timedelta(days=days), dt.time(2), dt.UTC)
        with time_machine.travel(late, tick=True):
            await complaints.settled()
            row = await LegalAid.of(aid.id)
        assert row is not None
        assert row.state == state


async def test_no_officer_learns_by_aid_who_reports_in_confidence(complaints: Harness, centre: dict[str, str]) -> None:
    for confidential in (True, False):
        worker = f"w-{new_id()}"
        case = await course(complaints, worker, district=HERE, confidential=confidential)
        body = {"body": "centre", "subject": "pay", "form": "advice", "text": TEXT, "district": HERE}
        body["origin"] = f"case:{case.case_id}"
        headers = complaints.headers("worker", worker_id=worker)
        asked = await complaints.http.post("/v1/legal-aid", json=body, headers=headers)
        assert (asked.status_code, asked.json()["origin"]) == (201, body["origin"]), asked.text
        path = f"/v1/legal-aid/{asked.json()['legal_aid_id']}"
        read = await complaints.http.get(path, headers=centre)
        assert (case.case_id in read.text) is not confidential, read.text
        away = await on_register("justice", HERE, subject="aid-away")
        await collection_of(Case).update_one({"_id": case.case_id}, {"$set": {"away": ["aid-away"]}})
        told = await complaints.http.get(path, headers=away)
        assert (told.status_code, case.case_id in told.text) == (200, False)


async def test_of_an_erased_person_no_words_are_left(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await applied(complaints, ground=None, monthly_income="900.00")
    assert await aid.do("refusal", centre, {"text": "王某的材料不能证明"}) == 200
    row = await collection_of(LegalAid).find_one({"_id": aid.id})
    assert row is not None
    await complaints.publish(WorkerErased(worker_id=row["worker_id"]))

    async def gone() -> bool:
        return TEXT not in (await aid.read(centre)).text

    await eventually(gone)
    left = (await aid.read(centre)).json()
    assert "王某" not in str(left)
    kept = await LegalAid.of(aid.id)
    assert kept is not None
    assert (kept.income, left["state"]) == (None, "refused")
