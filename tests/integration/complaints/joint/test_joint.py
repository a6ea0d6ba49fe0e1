"""Joint enforcement: each department its part, one result (德人社发〔2022〕95号 art. 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.complaints.cases.documents import Case
from services.complaints.joint import commands
from services.complaints.joint.documents import JointTask
from shared import clock
from shared.contracts.complaints import JointConcluded, JointPartAnswered, JointPartAsked, JointPartMissed
from shared.policy.calendar import end_of_day, shanghai_date
from shared.storage.client import collection_of
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

HERE = "510623"


async def a_case(complaints: Harness, district: str = HERE) -> str:
    body = {
        "platform": PLATFORM,
        "category": "late_pay",
        "text": "拖欠配送费",
        "district": district,
        "occurred_on": str(shanghai_date(clock.now())),
    }
    headers = complaints.headers("worker", worker_id="w-joint")
    return str((await complaints.http.post("/v1/cases", json=body, headers=headers)).json()["case_id"])


def body(case_id: str, **changes: Any) -> dict[str, Any]:
    due = str(shanghai_date(clock.now()) + dt.timedelta(days=10))
    parts = [
        {"department": "hrss", "demand": "核查报酬支付", "due_on": due},
        {"department": "transport", "demand": "核查经营许可，联系人张三", "due_on": due},
        {"department": "commerce", "demand": "核查平台规则", "due_on": due},
    ]
    asked = {
        "article": "5",
        "enterprise": PLATFORM,
        "district": HERE,
        "subject": "拖欠报酬联合检查",
        "origin": {"kind": "case", "id": case_id},
        "parts": parts,
    }
    return asked | changes


async def opened(complaints: Harness, **changes: Any) -> dict[str, Any]:
    headers = complaints.headers("officer", department="hrss", district=HERE)
    await everybody()
    asked = body(await a_case(complaints), **changes)
    answer = await complaints.http.post("/v1/joint-tasks", json=asked, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def everybody() -> None:
    for department in ("hrss", "transport", "commerce", "health"):
        await on_register(department, HERE)


async def post(complaints: Harness, department: str, task: dict[str, Any], path: str, json: Any) -> Any:
    headers = complaints.headers("officer", department=department, district=HERE)
    return await complaints.http.post(f"/v1/joint-tasks/{task['joint_id']}/{path}", json=json, headers=headers)


async def test_departments_answer_and_the_lead_draws_one_result(complaints: Harness) -> None:
    task = await opened(complaints)
    own: list[Any] = [fact for fact in await complaints.told(JointPartAsked) if fact.joint_id == task["joint_id"]]
    assert [fact.department for fact in own] == ["hrss", "transport", "commerce"]
    for department in ("hrss", "transport", "commerce"):
        answered = await post(complaints, department, task, f"parts/{department}/answer", {"answer": "已核查，未发现"})
        assert answered.status_code == 200, answered.text
    told = [fact for fact in await complaints.told(JointPartAnswered) if fact.joint_id == task["joint_id"]]
    assert [(fact.department, fact.waiting, fact.in_time) for fact in told] == [
        ("hrss", 2, True),
        ("transport", 1, True),
        ("commerce", 0, True),
    ]
    result = {"outcome": "corrected", "result": "已补发报酬"}
    assert (await post(complaints, "transport", task, "conclusion", result)).status_code == 403
    concluded = await post(complaints, "hrss", task, "conclusion", result)
    assert (concluded.json()["state"], concluded.json()["result"]) == ("concluded", "已补发报酬")
    again = await post(complaints, "hrss", task, "conclusion", result)
    assert again.status_code == 409
    (last,) = [fact for fact in await complaints.told(JointConcluded) if fact.joint_id == task["joint_id"]]
    assert (last.outcome, last.missing, last.departments) == ("corrected", (), ("hrss", "transport", "commerce"))


async def test_each_department_answers_its_own_part_alone(complaints: Harness) -> None:
    task = await opened(complaints)
    text = {"answer": "已核查"}
    assert (await post(complaints, "transport", task, "parts/commerce/answer", text)).status_code == 403
    assert (await post(complaints, "health", task, "parts/transport/answer", text)).status_code == 404
    assert (await post(complaints, "transport", task, "parts/transport/answer", text)).status_code == 200
    assert (await post(complaints, "transport", task, "parts/transport/answer", text)).status_code == 409


async def test_an_answer_is_given_back_and_asked_for_again(complaints: Harness) -> None:
    task = await opened(complaints)
    await post(complaints, "transport", task, "parts/transport/answer", {"answer": "无"})
    again = {"remark": "请附许可证编号", "due_on": str(shanghai_date(clock.now()) + dt.timedelta(days=20))}
    back = await post(complaints, "hrss", task, "parts/transport/return", again)
    assert back.status_code == 200, back.text
    (part,) = [one for one in back.json()["parts"] if one["department"] == "transport"]
    assert (part["state"], part["rounds"], part["remark"]) == ("asked", 2, "请附许可证编号")
    asked = [fact.again for fact in await complaints.told(JointPartAsked) if fact.joint_id == task["joint_id"]]
    assert asked == [False, False, False, True]
    assert (await post(complaints, "transport", task, "parts/transport/answer", {"answer": "川A1"})).status_code == 200


async def test_the_lead_gives_reasons_where_it_does_not_wait(complaints: Harness) -> None:
    task = await opened(complaints)
    await post(complaints, "hrss", task, "parts/hrss/answer", {"answer": "已核查"})
    result = {"outcome": "ordered", "result": "责令限期支付"}
    refused = await post(complaints, "hrss", task, "conclusion", result)
    assert (refused.status_code, refused.json()["departments"]) == (409, ["commerce", "transport"])
    concluded = await post(complaints, "hrss", task, "conclusion", result | {"reason": "劳动者亟需报酬"})
    assert concluded.status_code == 200, concluded.text
    assert {one["department"]: one["state"] for one in concluded.json()["parts"]} == {
        "hrss": "answered",
        "transport": "closed",
        "commerce": "closed",
    }
    (last,) = [fact for fact in await complaints.told(JointConcluded) if fact.joint_id == task["joint_id"]]
    assert last.missing == ("transport", "commerce")


async def test_a_missed_part_is_told_once_to_the_lead(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await opened(complaints)
    await post(complaints, "hrss", task, "parts/hrss/answer", {"answer": "已核查"})
    due = dt.date.fromisoformat(task["parts"][1]["due_on"])
    monkeypatch.setattr(clock, "now", lambda: end_of_day(due) + dt.timedelta(hours=1))

    async def missed() -> list[str] | None:
        told = [fact for fact in await complaints.told(JointPartMissed) if fact.joint_id == task["joint_id"]]
        return sorted(fact.department for fact in told) if len(told) >= 2 else None

    assert await eventually(missed) == ["commerce", "transport"]
    late = await post(complaints, "transport", task, "parts/transport/answer", {"answer": "补报"})
    (part,) = [one for one in late.json()["parts"] if one["department"] == "transport"]
    assert (part["missed"], part["state"]) == (True, "answered")
    told = [fact for fact in await complaints.told(JointPartAnswered) if fact.joint_id == task["joint_id"]]
    assert told[-1].in_time is False


async def test_nothing_that_is_written_lies_open(complaints: Harness) -> None:
    task = await opened(complaints)
    row = await collection_of(JointTask).find_one({"_id": task["joint_id"]})
    assert row is not None
    assert "张三" not in str(row)
    assert "张三" in str(task["parts"])


@pytest.mark.parametrize("change", ["one department", "not responsible", "no lead", "due today", "no such case"])
async def test_a_task_that_cannot_be_is_not_opened(complaints: Harness, change: str) -> None:
    await everybody()
    asked = body(await a_case(complaints))
    match change:
        case "one department":
            asked["parts"] = asked["parts"][:1]
        case "not responsible":
            asked["parts"][1]["department"] = "health"
        case "no lead":
            asked["parts"] = asked["parts"][1:]
        case "due today":
            asked["parts"][0]["due_on"] = str(shanghai_date(clock.now()))
        case _:
            asked["origin"]["id"] = "nothing"
    headers = complaints.headers("officer", department="hrss", district=HERE)
    answer = await complaints.http.post("/v1/joint-tasks", json=asked, headers=headers)
    assert answer.status_code == (404 if change == "no such case" else 422), answer.text


async def test_another_matter_is_within_reach_or_not_found(complaints: Harness) -> None:
    await everybody()
    elsewhere = body(await a_case(complaints, "510681"))
    headers = complaints.headers("officer", department="hrss", district=HERE)
    assert (await complaints.http.post("/v1/joint-tasks", json=elsewhere, headers=headers)).status_code == 404
    by_another = complaints.headers("officer", department="transport", district=HERE)
    own = body(await a_case(complaints))
    assert (await complaints.http.post("/v1/joint-tasks", json=own, headers=by_another)).status_code == 403


async def test_a_task_is_about_what_its_origin_is_about(complaints: Harness) -> None:
    """Else an order that follows from it would be an act of somebody else's case."""
    await everybody()
    headers = complaints.headers("officer", department="hrss", district=HERE)
    asked = body(await a_case(complaints), enterprise=make_uscc("DD0000021"))
    answer = await complaints.http.post("/v1/joint-tasks", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "origin-differs")


@pytest.mark.parametrize("due", ["9999-12-31", "9998-01-01", "1900-01-01"])
async def test_a_part_is_due_on_a_day_that_comes(complaints: Harness, due: str) -> None:
    await everybody()
    asked = body(await a_case(complaints))
    asked["parts"][1]["due_on"] = due
    headers = complaints.headers("officer", department="hrss", district=HERE)
    answer = await complaints.http.post("/v1/joint-tasks", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "due-day")


async def test_a_case_of_a_closed_circle_is_no_origin(complaints: Harness) -> None:
    await everybody()
    case_id = await a_case(complaints)
    case = await Case.of(case_id)
    assert case is not None
    case.circle = "discrimination"
    await transact(case.put)
    headers = complaints.headers("officer", department="hrss", district=HERE)
    answer = await complaints.http.post("/v1/joint-tasks", json=body(case_id), headers=headers)
    assert answer.status_code == 404


async def test_a_sensitive_case_stays_in_its_circle(complaints: Harness) -> None:
    await everybody()
    case_id = await a_case(complaints)
    await collection_of(Case).update_one({"_id": case_id}, {"$set": {"circle": "discrimination"}})
    inside = {
        one: await on_register(one, HERE, subject=f"{one}-circle", circles=["discrimination"])
        for one in ("hrss", "transport")
    }
    key = complaints.headers("officer", department="hrss", district=HERE)
    outside = await complaints.http.post("/v1/joint-tasks", json=body(case_id), headers=key)
    assert outside.status_code in (403, 404)
    key = complaints.headers("officer", department="hrss", district=HERE)
    begun = await complaints.http.post("/v1/joint-tasks", json=body(case_id), headers=key | inside["hrss"])
    assert begun.status_code == 201, begun.text
    path = f"/v1/joint-tasks/{begun.json()['joint_id']}"
    for who, sees in (
        (inside["transport"], True),
        (complaints.headers("officer", department="transport", district=HERE), False),
    ):
        assert (await complaints.http.get(path, headers=who)).status_code == (200 if sees else 404)
        listed = await complaints.http.get("/v1/joint-tasks", headers=who)
        assert (begun.json()["joint_id"] in listed.text) is sees
        answer = await complaints.http.post(f"{path}/parts/transport/answer", json={"answer": "已核查"}, headers=who)
        assert answer.status_code == (200 if sees else 404)


async def test_no_department_reads_who_reported(complaints: Harness) -> None:
    """劳动保障监察条例 art. 9: those who work together know what was reported, and not by whom."""
    await everybody()
    words = "我是城北站点的夜班骑手，上月被扣了三百元"
    filed = {
        "platform": PLATFORM, "category": "late_pay", "text": words, "district": HERE, "confidential": True,
        "occurred_on": str(shanghai_date(clock.now())),
    }  # fmt: skip
    reporter = complaints.headers("worker", worker_id="w-joint-kept")
    case = (await complaints.http.post("/v1/cases", json=filed, headers=reporter)).json()

    async def begin(asked: dict[str, Any]) -> Any:
        headers = complaints.headers("officer", department="hrss", district=HERE)
        return await complaints.http.post("/v1/joint-tasks", json=asked, headers=headers)

    demanded = body(case["case_id"])
    demanded["parts"][1]["demand"] = f"核查{words}"
    for asked in (body(case["case_id"], subject=f"据{case['number']}"), demanded):
        told = await begin(asked)
        assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (409, "would-tell-reporter")
    begun = await begin(body(case["case_id"]))
    assert begun.status_code == 201, begun.text
    task = begun.json()
    await post(complaints, "transport", task, "parts/transport/answer", {"answer": "无"})
    due = str(shanghai_date(clock.now()) + dt.timedelta(days=20))
    back = {"remark": f"请核对{words}", "due_on": due}
    assert (await post(complaints, "hrss", task, "parts/transport/return", back)).status_code == 409
    result = {"outcome": "corrected", "result": "已补发报酬", "reason": f"举报人称{words}"}
    assert (await post(complaints, "hrss", task, "conclusion", result)).status_code == 409
    assert (await post(complaints, "hrss", task, "conclusion", result | {"reason": "情况紧急"})).status_code == 200


async def test_who_stays_away_from_a_case_acts_in_no_joint_task(complaints: Harness) -> None:
    task = await opened(complaints)
    away = {"$set": {"away": [f"officer:transport-{HERE}"]}}
    await collection_of(Case).update_one({"_id": task["origin"]["id"]}, away)
    for department, status in (("transport", 403), ("commerce", 200)):
        answer = await post(complaints, department, task, f"parts/{department}/answer", {"answer": "已核查"})
        assert answer.status_code == status, answer.text


async def test_no_part_is_missed_before_its_day_by_the_calendar(complaints: Harness) -> None:
    """A year's days off may have moved it since it was asked."""
    task = await opened(complaints)
    stored = await JointTask.of(task["joint_id"])
    assert stored is not None
    part = stored.parts[0]
    before = part.due_on
    part.due_on = shanghai_date(clock.now()) - dt.timedelta(days=1)
    await transact(stored.put)
    missing = commands.Missing(stored.id, part.department, part.rounds)
    await transact(lambda tx: commands.record_missed(missing, tx))
    kept = await JointTask.of(stored.id)
    assert kept is not None
    assert (kept.parts[0].due_on, kept.parts[0].missed) == (before, False)
    assert [fact for fact in await complaints.told(JointPartMissed) if fact.joint_id == stored.id] == []
