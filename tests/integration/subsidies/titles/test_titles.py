"""Nominations for professional titles, from who nominates to the review body's word."""

from __future__ import annotations

from typing import Any

from shared.contracts.registry import WorkerMerged
from shared.contracts.subsidies import TitleChecked, TitleDecided, TitleNominated
from shared.storage.client import storage
from tests.harness import Harness, bearer
from tests.integration.subsidies.bodies import step, today
from tests.integration.subsidies.facts import PLATFORM, engagement, tell, worker

PATH = "/v1/title-nominations"
SUMMARY = {"kind": "work_summary", "text": "从事即时配送五年", "digest": "a" * 64}
ALL = [
    SUMMARY,
    *({"kind": kind, "text": "见附件"} for kind in ("application_form", "qualification_proof", "integrity_commitment")),
]


async def nominate(subsidies: Harness, who: dict[str, str], *, expect: int = 201, **more: Any) -> Any:
    body = {
        "agreed": True,
        "nominator_name": "德阳某平台",
        "title": "物流助理工程师",
        "rank": "assistant",
        "district": "510603",
        "materials": [SUMMARY],
    }
    answer = await subsidies.http.post(PATH, json=body | more, headers=who)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_a_nomination_goes_through_to_the_result(subsidies: Harness) -> None:
    await tell(subsidies, engagement("w-title", "TITLE"))
    await subsidies.settled()
    platform = subsidies.headers("platform", uscc=PLATFORM)
    made = await nominate(subsidies, platform, worker_ref="TITLE")
    lacking = {"application_form", "qualification_proof", "integrity_commitment"}
    assert (made["worker_id"], set(made["missing"]), made["used"][0]["verified"]) == ("w-title", lacking, False)
    again = subsidies.headers("platform", uscc=PLATFORM)
    await nominate(subsidies, again, worker_ref="TITLE", expect=409)
    one = f"{PATH}/{made['nomination_id']}"
    await step(subsidies, subsidies.officer, f"{one}/return", {"note": "缺申报表"})
    handed = await subsidies.http.put(
        f"{one}/materials", json={"materials": ALL}, headers={**platform, "If-Match": '"2"'}
    )
    assert (handed.json()["state"], handed.json()["missing"]) == ("submitted", [])
    await step(subsidies, subsidies.officer, f"{one}/forwarding", {"review_body": "德阳市工程系列评委会"}, seen=3)
    decided = {"awarded": True, "decided_on": str(today()), "certificate": "ZC-1"}
    await step(subsidies, subsidies.officer, f"{one}/result", decided, seen=4)
    read = await subsidies.http.get(one, headers=bearer("worker", worker_id="w-title"))
    assert [(one["move"], one["note"]) for one in read.json()["steps"]] == [
        ("submit", None),
        ("return", "缺申报表"),
        ("resubmit", None),
        ("forward", None),
        ("award", None),
    ]
    assert read.json()["certificate"] == "ZC-1"
    told = [fact.outcome for fact in await subsidies.told(TitleChecked) if fact.worker_id == "w-title"]
    assert told == ["returned", "handed_in_again", "forwarded"]
    assert [fact.platform for fact in await subsidies.told(TitleNominated) if fact.worker_id == "w-title"] == [PLATFORM]
    assert [fact.awarded for fact in await subsidies.told(TitleDecided) if fact.worker_id == "w-title"] == [True]
    row = str(await storage().collection("title_nominations").find_one({"_id": made["nomination_id"]}))
    assert "五年" not in row
    assert "申报表" not in row


async def test_a_worker_takes_a_nomination_back(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-title2"))
    await subsidies.settled()
    union = subsidies.headers("union", sub="union:couriers")
    made = await nominate(subsidies, union, worker_id="w-title2", nominator_name="德阳市快递协会")
    one = f"{PATH}/{made['nomination_id']}"
    await step(subsidies, bearer("worker", worker_id="w-else"), f"{one}/withdrawal", expect=404)
    await step(subsidies, bearer("worker", worker_id="w-title2"), f"{one}/withdrawal")
    anew = subsidies.headers("union", sub="union:couriers")
    refused = await nominate(subsidies, anew, worker_id="w-title2")
    await step(subsidies, subsidies.officer, f"{PATH}/{refused['nomination_id']}/refusal", {"note": "年限不足"})
    found = await subsidies.http.get(f"{PATH}?state=refused", headers=union)
    assert [item["nomination_id"] for item in found.json()["items"]] == [refused["nomination_id"]]


async def test_nobody_is_nominated_unasked_or_unknown(subsidies: Harness) -> None:
    def union() -> dict[str, str]:
        return subsidies.headers("union", sub="union:couriers")

    await nominate(subsidies, union(), worker_id="w-nobody", expect=404)
    await nominate(subsidies, union(), worker_id="w-nobody", agreed=False, expect=403)
    await nominate(subsidies, union(), worker_ref="TITLE", expect=422)
    await nominate(subsidies, subsidies.headers("platform", uscc=PLATFORM), worker_ref="STRANGER", expect=404)


async def test_two_records_of_one_person_are_nominated_once(subsidies: Harness) -> None:
    await tell(subsidies, worker("w-title3"), worker("w-title4"))
    await subsidies.settled()
    await nominate(subsidies, subsidies.headers("union", sub="union:couriers"), worker_id="w-title3")
    await tell(subsidies, WorkerMerged(worker_id="w-title4", merged_worker_id="w-title3"))
    await subsidies.settled()
    await nominate(subsidies, subsidies.headers("union", sub="union:couriers"), worker_id="w-title4", expect=409)
    own = await subsidies.http.get(PATH, headers=bearer("worker", worker_id="w-title4"))
    assert len(own.json()["items"]) == 1
