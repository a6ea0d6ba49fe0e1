"""Courses of bodies on file, from opening to publication."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.contracts.subsidies import ProgrammeCancelled, ProgrammeChecked, ProgrammeSubmitted
from shared.storage.client import storage
from tests.harness import Harness
from tests.integration.subsidies.bodies import course, in_days, on_file, provider, step, submit, uscc

FILINGS = "/v1/training-provider-filings"
PATH = "/v1/training-programme-filings"


async def open_course(subsidies: Harness, code: str, *, expect: int = 201, **more: Any) -> Any:
    answer = await subsidies.http.post(PATH, json=course(**more), headers=provider(subsidies, code))
    assert answer.status_code == expect, answer.text
    return answer.json()


async def listed(subsidies: Harness, **query: str) -> set[str]:
    who = subsidies.headers("worker", worker_id="w-1")
    found = await subsidies.http.get("/v1/training-programmes", params={"limit": "500", **query}, headers=who)
    assert found.status_code == 200, found.text
    return {one["programme_id"] for one in found.json()["items"]}


async def test_everybody_finds_a_course_once_it_is_published(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(101))
    asked = await open_course(subsidies, uscc(101))
    programme = asked["programme_id"]
    assert (asked["state"], asked["remarks"], asked["occupation_name"]) == (
        "submitted",
        ["hours_standard_unknown"],
        "网约配送员",
    )
    one = f"/v1/training-programmes/{programme}"
    worker = subsidies.headers("worker", worker_id="w-1")
    assert (await subsidies.http.get(one, headers=worker)).status_code == 404
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/publication")
    fitting = {"district": "510603", "industry": "instant_delivery", "level": "junior", "mode": "mixed"}
    assert programme in await listed(subsidies, open_now="true", occupation="4-02-07-10", **fitting)
    assert programme not in await listed(subsidies, level="senior")
    assert (await subsidies.http.get(one, headers=worker)).json()["capacity"] == 30
    for fact in (ProgrammeSubmitted, ProgrammeChecked):
        assert len([told for told in await subsidies.told(fact) if told.programme_id == programme]) == 1


async def test_who_is_not_on_file_that_day_opens_no_course(subsidies: Harness) -> None:
    await open_course(subsidies, uscc(102), expect=409)
    await submit(subsidies, uscc(102), "training_body")
    await open_course(subsidies, uscc(102), expect=409)
    await on_file(subsidies, uscc(103), days=9)  # over before the course begins
    assert (await open_course(subsidies, uscc(103), expect=409))["type"].endswith("provider-not-valid")


async def test_a_suspended_body_opens_and_publishes_no_course(subsidies: Harness) -> None:
    filing = await on_file(subsidies, uscc(104))
    programme = (await open_course(subsidies, uscc(104)))["programme_id"]
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing}/suspension", {"reason": "核查"}, seen=2)
    await open_course(subsidies, uscc(104), expect=409)
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/publication", expect=409)
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing}/resumption", seen=3)
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/publication")


async def test_a_course_lies_within_what_its_bodies_have_on_file(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(105))
    await open_course(subsidies, uscc(105), level="senior", expect=422)
    await open_course(subsidies, uscc(105), evaluator=uscc(106), expect=409)
    await on_file(subsidies, uscc(106), "evaluation_body")
    assert (await open_course(subsidies, uscc(105), evaluator=uscc(106)))["evaluator"] == uscc(106)
    await open_course(subsidies, uscc(106), kind="evaluation_body", expect=422)


async def test_a_refusal_is_read_by_the_body_alone(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(107))
    programme = (await open_course(subsidies, uscc(107)))["programme_id"]
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/refusal", {"reason": "师资不足"})
    own = await subsidies.http.get(f"{PATH}/{programme}", headers=provider(subsidies, uscc(107)))
    assert (own.json()["state"], own.json()["answer"]) == ("refused", "师资不足")
    strangers = await subsidies.http.get(f"{PATH}/{programme}", headers=provider(subsidies, uscc(108)))
    assert strangers.status_code == 404
    row = await storage().collection("programmes").find_one({"_id": programme})
    assert row is not None
    assert "师资" not in str(row)
    mine = await subsidies.http.get(f"{PATH}?state=refused", headers=provider(subsidies, uscc(107)))
    assert [one["programme_id"] for one in mine.json()["items"]] == [programme]


async def test_a_course_is_published_or_taken_back_once(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(109))
    programme = (await open_course(subsidies, uscc(109)))["programme_id"]
    seen = {"If-Match": '"1"'}
    answers = await asyncio.gather(
        subsidies.http.post(f"{PATH}/{programme}/publication", headers={**subsidies.officer, **seen}),
        subsidies.http.post(f"{PATH}/{programme}/withdrawal", headers={**provider(subsidies, uscc(109)), **seen}),
    )
    assert sorted(one.status_code for one in answers) == [200, 412]


async def test_a_cancelled_course_is_listed_no_more(subsidies: Harness) -> None:
    await on_file(subsidies, uscc(110))
    programme = (await open_course(subsidies, uscc(110), enrol_until=in_days(8)))["programme_id"]
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/publication")
    own, path = provider(subsidies, uscc(110)), f"{PATH}/{programme}/cancellation"
    await step(subsidies, own, path, {"reason": "报名人数不足"}, seen=2)
    await step(subsidies, own, path, {"reason": "报名人数不足"}, seen=3, expect=409)
    assert programme not in await listed(subsidies)
    assert len([told for told in await subsidies.told(ProgrammeCancelled) if told.programme_id == programme]) == 1


async def test_courses_of_whom_is_not_on_file_are_not_listed(subsidies: Harness) -> None:
    filing = await on_file(subsidies, uscc(111))
    programme = (await open_course(subsidies, uscc(111)))["programme_id"]
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/publication")
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing}/suspension", {"reason": "核查"}, seen=2)
    assert programme not in await listed(subsidies)
    assert await read(subsidies, programme) == 404
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing}/resumption", seen=3)
    assert programme in await listed(subsidies)
    assert await read(subsidies, programme) == 200
    await step(subsidies, subsidies.officer, f"{FILINGS}/{filing}/removal", {"reason": "虚假宣传"}, seen=4)
    assert programme not in await listed(subsidies)
    assert await read(subsidies, programme) == 404
    await on_file(subsidies, uscc(112))
    programme = (await open_course(subsidies, uscc(112)))["programme_id"]
    await step(subsidies, subsidies.officer, f"{PATH}/{programme}/publication")
    assert programme in await listed(subsidies)
    await storage().collection("providers").update_one({"uscc": uscc(112)}, {"$set": {"valid_to": in_days(-1)}})
    assert programme not in await listed(subsidies)
    assert await read(subsidies, programme) == 404


async def read(subsidies: Harness, programme: str) -> int:
    """How somebody's look at a course by its id ends."""
    answer = await subsidies.http.get(
        f"/v1/training-programmes/{programme}", headers=subsidies.headers("worker", worker_id="w-1")
    )
    return answer.status_code
