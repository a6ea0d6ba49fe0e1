"""Aid that is given: papers made up for later, another lawyer, and what goes on again after an objection."""

from __future__ import annotations

import datetime as dt

import pytest_asyncio
import time_machine

from services.complaints.legal_aid import commands
from services.complaints.legal_aid.documents import Lawyer, LegalAid
from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import (
    LegalAidAssigned,
    LegalAidReplacementAsked,
    LegalAidReplacementDecided,
    LegalAidWithdrawn,
)
from shared.contracts.registry import WorkerErased
from shared.policy.calendar import add_days, add_working_days, shanghai_date
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.complaints.legal_aid.test_legal_aid import Aid, applied
from tests.integration.complaints.staff import on_register

HERE = "510682"
WHY = "承办人员两个月没有联系我"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def centre(complaints: Harness) -> dict[str, str]:
    """The officer of the legal aid centre of another district, with a lawyer of its own."""
    headers = await on_register("justice", HERE, subject="g-1")
    await register(complaints, headers, "g-law-1")
    return headers


async def register(complaints: Harness, headers: dict[str, str], lawyer_id: str, *, active: bool = True) -> None:
    path = f"/v1/lawyers/{lawyer_id}"
    entry = {"name": "周测试", "firm": "测试律师事务所", "body": "centre", "districts": [HERE], "active": active}
    known = await Lawyer.of(lawyer_id)
    seen = {} if known is None else {"If-Match": f'"{known.revision}"'}
    answer = await complaints.http.put(path, json=entry, headers=headers | seen)
    assert answer.status_code == 200, answer.text


async def load(complaints: Harness, headers: dict[str, str], lawyer_id: str) -> int:
    listed = (await complaints.http.get("/v1/lawyers", headers=headers)).json()["items"]
    return next(int(one["load"]) for one in listed if one["lawyer_id"] == lawyer_id)


async def given_first(complaints: Harness, centre: dict[str, str]) -> Aid:
    soon = str(shanghai_date(clock.now()) + dt.timedelta(days=3))
    aid = await applied(complaints, ends_on=soon, district=HERE)
    assert await aid.do("first-aid", centre, {}) == 200
    return aid


async def assigned(complaints: Harness, centre: dict[str, str]) -> Aid:
    aid = await applied(complaints, district=HERE)
    assert await aid.do("grant", centre) == 200
    assert await aid.do("assignment", centre, {"lawyer_id": "g-law-1"}) == 200
    return aid


async def term_of(aid: Aid, step: str) -> Term:
    [term] = [one for one in await Term.find({"matter_id": aid.id}).to_list() if one.step == step]
    return term


async def test_papers_of_aid_given_first_come_later(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await given_first(complaints, centre)
    assert await aid.do("supplement", aid.worker, {"text": "先补一份工资记录"}) == 200  # unasked
    assert await aid.do("supplement-request", centre, {"text": "请补充身份证明"}) == 200
    asked = shanghai_date(clock.now())
    assert (aid.shown["state"], (await term_of(aid, "supplement")).due) == ("provided_first", add_days(asked, 15).due)
    assert (await term_of(aid, "decide")).state == "paused"
    assert await aid.do("supplement", aid.worker, {"text": "身份证明"}) == 200
    assert ((await term_of(aid, "supplement")).state, (await term_of(aid, "decide")).state) == ("met", "running")
    assert "先补一份工资记录" in aid.shown["text"]
    assert await aid.do("grant", centre) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=40), tick=True):
        await complaints.settled()
        row = await LegalAid.of(aid.id)
    assert row is not None
    assert row.state == "assigned"


async def test_what_was_asked_for_always_has_room(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await given_first(complaints, centre)
    page = {"text": "补" * 5000}
    for _ in range(4):
        assert await aid.do("supplement", aid.worker, page) == 200
    assert await aid.do("supplement", aid.worker, page) == 409
    assert await aid.do("supplement-request", centre, {"text": "请补充身份证明"}) == 200
    assert await aid.do("supplement", aid.worker, page) == 200
    await transact(lambda tx: commands.lapse(aid.id, tx))  # a timer that was under way
    row = await LegalAid.of(aid.id)
    assert row is not None
    assert row.state == "provided_first"


async def test_aid_given_first_ends_where_papers_never_come(complaints: Harness, centre: dict[str, str]) -> None:
    """Also where they were asked for before it was given."""
    soon = str(shanghai_date(clock.now()) + dt.timedelta(days=3))
    early = await applied(complaints, ends_on=soon, district=HERE)
    assert await early.do("supplement-request", centre, {"text": "请补充身份证明"}) == 200
    assert await early.do("first-aid", centre, {}) == 200
    later = await given_first(complaints, centre)
    before = await load(complaints, centre, "g-law-1")
    assert await later.do("supplement-request", centre, {"text": "请补充身份证明"}) == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=40), tick=True):
        await complaints.settled()
        rows = [await LegalAid.of(one.id) for one in (early, later)]
    assert [None if row is None else row.state for row in rows] == ["withdrawn", "withdrawn"]
    assert await load(complaints, centre, "g-law-1") == before - 2
    told = [one for one in await complaints.told(LegalAidWithdrawn) if one.legal_aid_id in (early.id, later.id)]
    assert [one.lapsed for one in told] == [True, True]


async def test_another_lawyer_is_assigned_as_was_asked(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await assigned(complaints, centre)
    assert await aid.do("replacement", aid.worker, {"text": WHY}) == 200
    due = add_working_days(shanghai_date(clock.now()), 5).due
    asked = [one for one in await complaints.told(LegalAidReplacementAsked) if one.legal_aid_id == aid.id]
    assert [one.due_on for one in asked] == [due] == [(await term_of(aid, "replacement")).due]
    assert await aid.do("replacement", aid.worker, {"text": WHY}) == 409
    replace = {"replace": True, "text": "情况属实"}
    assert await aid.do("replacement-decision", centre, replace) == 409  # nobody else is there: it waits
    assert aid.shown["replacements"][0]["replaced"] is None
    await register(complaints, centre, "g-law-2")
    before = await load(complaints, centre, "g-law-1")
    assert await aid.do("replacement-decision", centre, replace) == 200
    await register(complaints, centre, "g-law-2", active=False)
    assert (aid.shown["lawyers"], aid.shown["state"]) == (["g-law-1", "g-law-2"], "assigned")
    assert [one["replaced"] for one in aid.shown["replacements"]] == [True]
    assert await load(complaints, centre, "g-law-1") == before - 1
    decided = [one for one in await complaints.told(LegalAidReplacementDecided) if one.legal_aid_id == aid.id]
    told = [one for one in await complaints.told(LegalAidAssigned) if one.legal_aid_id == aid.id]
    assert ([one.replaced for one in decided], [one.again for one in told]) == ([True], [False, True])
    assert (await term_of(aid, "replacement")).state == "met"
    assert await aid.do("replacement-decision", centre, replace) == 409


async def test_another_lawyer_is_refused_in_writing(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await assigned(complaints, centre)
    assert await aid.do("replacement", aid.worker, {"text": WHY}) == 200
    assert await aid.do("replacement-decision", centre, {"replace": False, "text": "已依法履职"}) == 200
    [shown] = aid.shown["replacements"]
    assert (shown["text"], shown["replaced"], shown["answer"]) == (WHY, False, "已依法履职")
    assert aid.shown["lawyers"] == ["g-law-1"]
    row = await collection_of(LegalAid).find_one({"_id": aid.id})
    assert WHY not in str(row)
    decided = [one for one in await complaints.told(LegalAidReplacementDecided) if one.legal_aid_id == aid.id]
    assert [one.replaced for one in decided] == [False]
    await complaints.publish(WorkerErased(worker_id=aid.worker_id))

    async def gone() -> bool:
        return WHY not in (await aid.read(centre)).text

    await eventually(gone)


async def test_a_wish_for_another_lawyer_ends_with_the_aid(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await given_first(complaints, centre)
    assert await aid.do("replacement", aid.worker, {"text": WHY}) == 200
    assert await aid.do("grant", centre) == 200
    assert (await term_of(aid, "replacement")).state == "running"
    assert await aid.do("outcome", centre, {"outcome": "advised"}) == 200
    assert (await term_of(aid, "replacement")).state == "met"
    [shown] = aid.shown["replacements"]
    assert (shown["replaced"], shown["decided_on"]) == (None, str(shanghai_date(clock.now())))
    nobody = await applied(complaints, district=HERE)
    assert await nobody.do("replacement", nobody.worker, {"text": WHY}) == 409


async def test_aid_that_goes_on_waits_for_a_free_lawyer(complaints: Harness, centre: dict[str, str]) -> None:
    aid = await assigned(complaints, centre)
    assert await aid.do("termination", centre, {"ending": "own_counsel", "text": "已自行委托"}) == 200
    assert await aid.do("objection", aid.worker, {"text": "没有委托他人"}) == 200
    await register(complaints, centre, "g-law-1", active=False)
    other = await on_register("justice", HERE, subject="g-2")
    before = await load(complaints, centre, "g-law-1")
    assert await aid.do("objection-decision", other, {"uphold": False, "text": "继续援助"}) == 200
    assert (aid.shown["state"], aid.shown["ending"]) == ("granted", None)
    terms = [one for one in await Term.find({"matter_id": aid.id}).to_list() if one.step == "assign" and one.open]
    assert [one.due for one in terms] == [add_days(shanghai_date(clock.now()), 3).due]
    assert await load(complaints, centre, "g-law-1") == before
    await register(complaints, centre, "g-law-1")
    assert await aid.do("assignment", centre, {}) == 200
    assert (aid.shown["state"], aid.shown["lawyers"]) == ("assigned", ["g-law-1", "g-law-1"])
