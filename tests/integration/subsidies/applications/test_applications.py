"""An application from filing to its decision."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import time_machine

from services.subsidies.applications.documents import Application
from services.subsidies.decisions.documents import PaidFact
from services.subsidies.officers.documents import MoneyOfficer
from shared import clock
from shared.contracts.subsidies import (
    ApplicationApproved,
    ApplicationRefused,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    NoticeOpened,
)
from shared.policy.calendar import shanghai_date
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import DAY
from tests.integration.subsidies.filing import (
    COURSE,
    ELSEWHERE,
    FIRST,
    HERE,
    PATH,
    SECOND,
    apply,
    apply_as,
    approved,
    do,
    end_notice,
    funded,
    officer,
    read,
    signed,
    trained,
)


async def told(subsidies: Harness, kind: type[Any], application_id: str) -> list[Any]:
    return [one for one in await subsidies.told(kind) if one.application_id == application_id]


async def recorded(*heads: str) -> None:
    """Heads of the office, on the register."""

    async def put(tx: Transaction) -> None:
        for name in heads:
            await MoneyOfficer(id=f"officer:{name}", department="hrss", district="510600", duties=["head"]).put(tx)

    await transact(put)


async def test_the_machine_proposes_and_officers_decide(subsidies: Harness) -> None:
    await trained(subsidies, "w-whole")
    filed = await apply_as(subsidies, "w-whole")
    key = filed["application_id"]
    assert (filed["state"], filed["account"]) == ("submitted", "***************1234")
    proposal = filed["proposal"]
    assert (proposal["met"], proposal["amount"], proposal["barred"]) == (True, None, [])
    assert {one["code"]: one["met"] for one in proposal["grounds"]}["old_enough"] is True
    assert ("training_subsidy.min_age", False) in {(one["key"], one["verified"]) for one in proposal["used"]}
    announced = await signed(subsidies, key)
    assert (announced["state"], announced["due_on"]) == ("notice", None)
    await do(subsidies, key, "approval", officer(SECOND), expect=409)
    await funded()
    await end_notice(key)
    done = await do(subsidies, key, "approval", officer(SECOND))
    assert (done["state"], done["amount"], done["decisions"]) == ("paying", "800.00", 1)
    assert (done["decided_on"] is not None, done["review_by"]) == (True, None)
    assert [one["move"] for one in done["steps"]] == [
        "submit", "accept", "review", "announce", "approve", "pay",
    ]  # fmt: skip
    (event,) = await told(subsidies, ApplicationApproved, key)
    assert (event.worker_id, event.amount, event.title) == ("w-whole", "800.00", "职业技能培训补贴")
    assert [len(await told(subsidies, kind, key)) for kind in (ApplicationSubmitted, NoticeOpened)] == [1, 1]


async def test_what_is_personal_is_stored_encrypted(subsidies: Harness) -> None:
    filed = await apply_as(subsidies, "w-secret", name="李小四", stated={"certificate_number": "PX-SECRET"})
    row = str(await collection_of(Application).find_one({"_id": filed["application_id"]}))
    assert not [text for text in ("李小四", "PX-SECRET", "6222020000000001234", "工商银行") if text in row]
    seen = await read(subsidies, filed["application_id"])
    assert (seen["name"], seen["stated"]["certificate_number"]) == ("李**", "PX-SECRET")


async def test_one_officer_alone_cannot_approve(subsidies: Harness) -> None:
    await trained(subsidies, "w-two")
    key = (await apply_as(subsidies, "w-two"))["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"})
    await do(subsidies, key, "confirmation", officer(FIRST), {"to_head": False}, expect=409)
    await do(subsidies, key, "confirmation", officer("away", ELSEWHERE), {"to_head": False}, expect=404)
    await do(subsidies, key, "confirmation", officer("union", HERE, "union"), {"to_head": False}, expect=404)
    await do(subsidies, key, "approval", officer(SECOND), expect=409)


async def test_a_second_officer_may_send_a_finding_back(subsidies: Harness) -> None:
    await trained(subsidies, "w-return")
    key = (await apply_as(subsidies, "w-return"))["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"})
    path, who = f"/v1/subsidy-applications/{key}/return", officer(SECOND)
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers["etag"]
    back = await subsidies.http.post(path, json={"reason": "请核对金额"}, headers={**who, "If-Match": seen})
    assert (back.json()["state"], back.json()["review"]) == ("reviewing", None)


async def test_an_officer_with_an_interest_stays_away(subsidies: Harness) -> None:
    await trained(subsidies, "w-kin")
    key = (await apply_as(subsidies, "w-kin"))["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"})
    back = await do(subsidies, key, "recusal", officer(FIRST))
    assert (back["state"], back["review"]) == ("reviewing", None)
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"}, expect=403)


async def test_the_head_signs_where_the_second_officer_says_so(subsidies: Harness) -> None:
    await trained(subsidies, "w-head")
    key = (await apply_as(subsidies, "w-head"))["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "80000.00"})
    await do(subsidies, key, "confirmation", officer(SECOND), {}, expect=422)
    assert (await do(subsidies, key, "confirmation", officer(SECOND), {"to_head": True}))["state"] == "endorsing"
    await do(subsidies, key, "endorsement", officer("third"), expect=403)
    await recorded("head", SECOND)
    await do(subsidies, key, "endorsement", officer(SECOND, "510600"), expect=409)
    assert (await do(subsidies, key, "endorsement", officer("head", "510600")))["state"] == "notice"


async def test_a_refusal_names_its_grounds(subsidies: Harness) -> None:
    filed = await apply_as(subsidies, "w-none")
    key = filed["application_id"]
    assert filed["proposal"]["met"] is False
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"}, expect=422)
    await do(subsidies, key, "review", officer(FIRST), {"approve": False}, expect=422)
    await do(subsidies, key, "review", officer(FIRST), {"approve": False, "against": ["certificate"]})
    done = await do(subsidies, key, "confirmation", officer(SECOND), {})
    assert (done["state"], done["grounds"][0]["text"]) == ("refused", "本人已完成该培训并取得结业或者等级证书")
    (event,) = await told(subsidies, ApplicationRefused, key)
    assert event.reasons == ("certificate",)
    assert await PaidFact.find({"holder": key}).to_list() == []


async def test_a_later_certificate_is_proposed_by(subsidies: Harness) -> None:
    filed = await apply_as(subsidies, "w-late")
    key = filed["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await trained(subsidies, "w-late")
    await do(subsidies, key, "proposal", officer(FIRST))
    assert (await read(subsidies, key))["proposal"]["met"] is True


async def test_what_changed_after_the_first_finding_is_found_anew(subsidies: Harness) -> None:
    await trained(subsidies, "w-moved", COURSE, "无人机驾驶员（四级）")
    one = (await apply_as(subsidies, "w-moved"))["application_id"]
    stated = {"course": "无人机驾驶员（四级）", "completed_on": f"{DAY}", "public_pension": False}
    other = (await apply_as(subsidies, "w-moved", stated=stated))["application_id"]
    await do(subsidies, one, "acceptance", officer(FIRST))
    await do(subsidies, one, "review", officer(FIRST), {"approve": True, "amount": "800.00"})
    await approved(subsidies, other)
    await do(subsidies, one, "confirmation", officer(SECOND), {"to_head": False}, expect=409)
    assert (await do(subsidies, one, "proposal", officer(SECOND)))["state"] == "reviewing"


async def test_the_same_training_is_paid_once(subsidies: Harness) -> None:
    """Two applications for one training, approved at the same moment."""
    await trained(subsidies, "w-again")
    await funded()
    keys = [(await apply_as(subsidies, "w-again"))["application_id"] for _ in range(2)]
    for key in keys:
        await signed(subsidies, key)
        await end_notice(key)

    async def approve(key: str) -> int:
        seen = (await subsidies.http.get(f"{PATH}/{key}", headers=officer(SECOND))).headers["etag"]
        answer = await subsidies.http.post(f"{PATH}/{key}/approval", headers={**officer(SECOND), "If-Match": seen})
        return answer.status_code

    assert sorted(await asyncio.gather(*map(approve, keys))) == [200, 409]
    assert len(await PaidFact.find({"_id": {"$regex": "^training:w-again:"}}).to_list()) == 2
    states = sorted([(await read(subsidies, key))["state"] for key in keys])
    assert states == ["notice", "paying"]


async def test_an_agent_files_with_a_mandate_for_a_person(subsidies: Harness) -> None:
    await trained(subsidies, "w-principal")
    union = subsidies.headers("union", sub="union:agent")
    body: dict[str, Any] = {"applicant": {"kind": "person", "id": "w-principal"}}
    await apply(subsidies, union, expect=422, **body)
    body["mandate"] = {"number": "委2026-1", "until": "2099-01-01"}
    filed = await apply(subsidies, subsidies.headers("union", sub="union:agent"), **body)
    assert (filed["by_agent"], filed["applicant_id"]) == (True, "w-principal")
    mine = bearer("worker", worker_id="w-principal")
    page = (await subsidies.http.get(PATH, headers=mine)).json()
    assert [one["application_id"] for one in page["items"]] == [filed["application_id"]]
    assert (await do(subsidies, filed["application_id"], "withdrawal", mine))["state"] == "withdrawn"
    told = [one for one in await subsidies.told(ApplicationSubmitted) if one.application_id == filed["application_id"]]
    assert [one.filing_union for one in told] == ["union:agent"]


async def test_a_union_whose_mandate_is_over_is_not_named(subsidies: Harness) -> None:
    await trained(subsidies, "w-mandate")
    body: dict[str, Any] = {"applicant": {"kind": "person", "id": "w-mandate"}}
    body["mandate"] = {"number": "委2026-2", "until": f"{shanghai_date(clock.now())}"}
    key = (await apply(subsidies, subsidies.headers("union", sub="union:agent"), **body))["application_id"]
    with time_machine.travel(clock.now() + dt.timedelta(days=2)):
        await do(subsidies, key, "withdrawal", bearer("worker", worker_id="w-mandate"))
    told = [one for one in await subsidies.told(ApplicationWithdrawn) if one.application_id == key]
    assert [one.filing_union for one in told] == [None]


async def test_a_kind_is_for_those_whom_it_names(subsidies: Harness) -> None:
    platform = subsidies.headers("platform", uscc="91510600MA0000001E")
    await apply(subsidies, platform, expect=422)


async def test_what_is_stated_is_checked_and_not_quoted(subsidies: Harness) -> None:
    for stated in ({}, {"course": COURSE}, {"certificate_id": "a", "certificate_number": "private-7"}):
        answer = await subsidies.http.post(
            PATH,
            json={"kind": "training", "name": "张三", "district": HERE, "stated": stated},
            headers=subsidies.headers("worker", worker_id="w-x"),
        )
        assert answer.status_code == 422
        assert "private-7" not in answer.text
