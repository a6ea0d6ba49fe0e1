"""Commercial policies on file, and the gaps between them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest

from shared import clock
from shared.contracts.insurance import PolicyGapFound, PolicyRecorded
from shared.contracts.registry import EngagementActivated
from shared.policy import calendar
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.facts import engagement, new_platform, worker
from tests.integration.insurance.recognised import make_due, timer_set


@pytest.fixture
def platform() -> str:
    return new_platform()


def day(offset: int) -> str:
    """The legal day so many days from today."""
    return str(calendar.shanghai_date(clock.now()) + dt.timedelta(days=offset))


def terms(platform: str, first: int, last: int, **changes: Any) -> dict[str, Any]:
    body = {
        "kind": "personal_accident",
        "insurer": "测试保险",
        "number": f"{platform}/{first}/{last}",
        "valid_from": day(first),
        "valid_to": day(last),
        "insured": 3,
        "sum_insured": "600000.00",
    }
    return body | changes


async def record(insurance: Harness, platform: str, first: int, last: int, *, expect: int = 201, **changes: Any) -> Any:
    headers = insurance.headers("platform", uscc=platform)
    answer = await insurance.http.post("/v1/policies", json=terms(platform, first, last, **changes), headers=headers)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def change(insurance: Harness, platform: str, policy: Any, what: str, body: Any) -> httpx2.Response:
    path, headers = f"/v1/policies/{policy['policy_id']}", bearer("platform", uscc=platform)
    seen = await insurance.http.get(path, headers=headers)
    return await insurance.http.put(path + what, json=body, headers={**headers, "If-Match": seen.headers["etag"]})


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def gaps_told(insurance: Harness, platform: str, count: int) -> list[tuple[str, str | None, int, bool]]:
    async def enough() -> Any:
        found = await told(insurance, PolicyGapFound, platform)
        return found if len(found) == count else None

    found = await eventually(enough)
    return [(str(one.since), str(one.until) if one.until else None, one.persons, one.begun) for one in found]


async def engage(insurance: Harness, platform: str, *refs: str) -> None:
    people = [worker(f"person-{platform}-{ref}") for ref in refs]
    await insurance.publish(*people, *(engagement(EngagementActivated, platform, ref) for ref in refs))
    await insurance.settled()


async def coverage(insurance: Harness, platform: str) -> Any:
    answer = await insurance.http.get("/v1/policy-coverage", headers=bearer("platform", uscc=platform))
    [found] = answer.json()
    return found


async def test_a_platform_is_warned_before_its_last_policy_ends(insurance: Harness, platform: str) -> None:
    """It is told again when the policy has ended."""
    await engage(insurance, platform, "w1", "w2")
    policy = await record(insurance, platform, -300, 60)
    watch = f"{platform}|personal_accident"
    await make_due("policy_warning", watch)
    assert await gaps_told(insurance, platform, 1) == [(day(61), None, 2, False)]
    corrected = terms(platform, -300, -1, reason="保险期间录入有误")
    assert (await change(insurance, platform, policy, "", corrected)).status_code == 200
    await make_due("policy_gap", watch)
    assert (await gaps_told(insurance, platform, 2))[1] == (day(0), None, 2, True)
    assert [fact.valid_to for fact in await told(insurance, PolicyRecorded, platform)] == [
        dt.date.fromisoformat(day(60)),
        dt.date.fromisoformat(day(-1)),
    ]


async def test_a_following_policy_closes_the_gap_in_time(insurance: Harness, platform: str) -> None:
    await record(insurance, platform, -300, 60)
    await record(insurance, platform, 61, 400)
    watch = f"{platform}|personal_accident"
    await make_due("policy_warning", watch)
    assert await gaps_told(insurance, platform, 1) == [(day(401), None, 0, False)]
    assert await coverage(insurance, platform) == {
        "kind": "personal_accident",
        "covered": [{"since": day(-300), "until": day(400)}],
        "gaps": [{"since": day(401), "until": None}],
        "engaged": 0,
        "uninsured": 0,
    }


async def test_a_gap_that_has_an_end_is_told_once(insurance: Harness, platform: str) -> None:
    """After it the next one is watched."""
    await record(insurance, platform, 10, 100)
    await record(insurance, platform, -100, -5)
    watch = f"{platform}|personal_accident"
    await make_due("policy_gap", watch)
    assert await gaps_told(insurance, platform, 1) == [(day(-4), day(9), 0, True)]
    await insurance.settled()
    assert await timer_set("policy_warning", watch)
    await make_due("policy_gap", watch)
    await insurance.settled()
    assert len(await told(insurance, PolicyGapFound, platform)) == 1
    await make_due("policy_warning", watch)
    assert (await gaps_told(insurance, platform, 2))[1] == (day(101), None, 0, False)


async def test_a_cancelled_policy_leaves_a_gap_and_cannot_be_changed(insurance: Harness, platform: str) -> None:
    policy = await record(insurance, platform, -100, 200)
    early = {"since": day(-101), "reason": "退保"}
    assert (await change(insurance, platform, policy, "/cancellation", early)).status_code == 422
    answer = await change(insurance, platform, policy, "/cancellation", {"since": day(0), "reason": "退保"})
    assert (answer.json()["state"], answer.json()["cancelled_from"]) == ("cancelled", day(0))
    assert answer.json()["history"][-1]["reason"] == "退保"
    assert await holding("退保") == []
    await make_due("policy_gap", f"{platform}|personal_accident")
    assert await gaps_told(insurance, platform, 1) == [(day(0), None, 0, True)]
    again = terms(platform, -100, 300, reason="续保")
    assert (await change(insurance, platform, policy, "", again)).status_code == 409


async def test_a_policy_is_on_file_once(insurance: Harness, platform: str) -> None:
    policy = await record(insurance, platform, 0, 10)
    answer = await record(insurance, platform, 0, 10, expect=409)
    assert answer["type"] == "/problems/already-on-file"
    # a number that was recorded wrongly is free for the policy that has it
    corrected = terms(platform, 0, 10, number=f"{platform}/right", reason="保单号录入有误")
    assert (await change(insurance, platform, policy, "", corrected)).status_code == 200
    await record(insurance, platform, 0, 10)
    back = terms(platform, 0, 10, reason="保单号录入有误")
    assert (await change(insurance, platform, policy, "", back)).status_code == 409


async def test_persons_whom_no_policy_names_or_counts_are_calculated(insurance: Harness, platform: str) -> None:
    await engage(insurance, platform, "w1", "w2", "w3")
    await record(insurance, platform, -1, 10, worker_refs=["w1", "gone"], insured=None)
    found = await coverage(insurance, platform)
    assert (found["engaged"], found["uninsured"]) == (3, 2)
    await record(insurance, platform, -1, 11, insured=1)
    assert (await coverage(insurance, platform))["uninsured"] == 1


async def test_a_worker_sees_the_policies_that_may_cover_them(insurance: Harness, platform: str) -> None:
    await engage(insurance, platform, "w1", "w2")
    await record(insurance, platform, -1, 10, worker_refs=["w1"], insured=None)
    await record(insurance, platform, -1, 11, kind="employers_liability")
    for ref, expected in (
        ("w1", [("employers_liability", False), ("personal_accident", True)]),
        ("w2", [("employers_liability", False)]),
    ):
        headers = bearer("worker", worker_id=f"person-{platform}-{ref}")
        mine = (await insurance.http.get("/v1/workers/me/policies", headers=headers)).json()
        assert [(one["kind"], one["by_name"]) for one in mine] == expected
        assert all(one["in_force"] for one in mine)


async def test_each_writes_and_sees_what_is_theirs(insurance: Harness, platform: str) -> None:
    policy = await record(insurance, platform, 0, 10)
    path = f"/v1/policies/{policy['policy_id']}"
    other = new_platform()
    assert (await insurance.http.get(path, headers=bearer("platform", uscc=other))).status_code == 404
    assert (await insurance.http.get(path, headers=bearer("worker", worker_id="x"))).status_code == 403
    assert (await insurance.http.get("/v1/policies", headers=bearer("worker", worker_id="x"))).status_code == 403
    listed = (await insurance.http.get(f"/v1/policies?platform={platform}", headers=insurance.officer)).json()
    assert [one["policy_id"] for one in listed["items"]] == [policy["policy_id"]]
    mine = (await insurance.http.get("/v1/policies", headers=bearer("platform", uscc=other))).json()["items"]
    assert mine == []
    for_it = terms(platform, 0, 12) | {"platform": platform}
    theirs = insurance.headers("platform", uscc=other)
    assert (await insurance.http.post("/v1/policies", json=for_it, headers=theirs)).status_code == 403
    answer = await insurance.http.post("/v1/policies", json=for_it, headers=insurance.officer)
    assert answer.json()["platform"] == platform
    transport = insurance.headers("officer", department="transport", district="510600")
    assert (await insurance.http.post("/v1/policies", json=for_it, headers=transport)).status_code == 403


@pytest.mark.parametrize("wrong", [{"insured": None}, {"worker_refs": ["w1"]}, {"sum_insured": "0"}, {"kind": "life"}])
async def test_terms_that_do_not_hold_together_are_refused(
    insurance: Harness, platform: str, wrong: dict[str, Any]
) -> None:
    await record(insurance, platform, 0, 10, expect=422, **wrong)
    await record(insurance, platform, 10, 0, expect=422)


async def test_a_policy_is_corrected_only_so_often(
    insurance: Harness, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.insurance.cover.rules.MOST_STEPS", 2)
    policy = await record(insurance, platform, 0, 10)
    body = terms(platform, 0, 10, reason="人数有误")
    assert (await change(insurance, platform, policy, "", body)).status_code == 200
    refused = await change(insurance, platform, policy, "", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-corrections")
    cancelled = await change(insurance, platform, policy, "/cancellation", {"since": day(5), "reason": "退保"})
    assert cancelled.status_code == 200
