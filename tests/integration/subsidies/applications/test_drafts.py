"""Drafts, changes, and who applies for whom."""

from __future__ import annotations

from typing import Any

from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import DAY
from tests.integration.subsidies.filing import COURSE, FIRST, apply, apply_as, asked, do, officer, read, trained

PATH = "/v1/subsidy-applications"


async def change(subsidies: Harness, key: str, who: dict[str, str], body: Any) -> int:
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers["etag"]
    return (await subsidies.http.put(f"{PATH}/{key}", json=body, headers={**who, "If-Match": seen})).status_code


async def test_a_draft_is_its_filers_alone_until_it_is_handed_in(subsidies: Harness) -> None:
    await trained(subsidies, "w-draft")
    mine = bearer("worker", worker_id="w-draft")
    draft = await apply_as(subsidies, "w-draft", submit=False, stated={"course": "错", "completed_on": f"{DAY}"})
    key = draft["application_id"]
    assert (draft["state"], draft["proposal"]) == ("draft", None)
    assert (await subsidies.http.get(f"{PATH}/{key}", headers=officer(FIRST))).status_code == 404
    assert (
        await change(
            subsidies, key, mine, {"stated": {"course": COURSE, "completed_on": f"{DAY}", "public_pension": False}}
        )
        == 200
    )
    assert (await do(subsidies, key, "submission", mine))["proposal"]["met"] is True
    assert (
        await change(
            subsidies, key, mine, {"stated": {"course": COURSE, "completed_on": f"{DAY}", "public_pension": False}}
        )
        == 409
    )
    assert (await read(subsidies, key))["state"] == "submitted"
    page = (await subsidies.http.get(PATH, params={"state": "submitted"}, headers=officer(FIRST))).json()
    assert key in [one["application_id"] for one in page["items"]]


async def test_a_draft_without_an_account_is_not_handed_in(subsidies: Harness) -> None:
    draft = await apply_as(subsidies, "w-bare", submit=False, account=None)
    await do(subsidies, draft["application_id"], "submission", bearer("worker", worker_id="w-bare"), expect=422)
    gone = await do(subsidies, draft["application_id"], "withdrawal", bearer("worker", worker_id="w-bare"))
    assert gone["state"] == "withdrawn"


async def test_the_same_request_twice_files_once(subsidies: Harness) -> None:
    who = subsidies.headers("worker", worker_id="w-once")
    one, other = [await apply(subsidies, who) for _ in range(2)]
    assert one["application_id"] == other["application_id"]


async def test_an_officer_files_for_communities_alone(subsidies: Harness) -> None:
    who = officer(FIRST) | {"Idempotency-Key": "k-officer"}
    await apply(subsidies, who, expect=422)
    who["Idempotency-Key"] = "k-person"
    await apply(subsidies, who, expect=403, applicant={"kind": "person", "id": "w-draft"})


async def test_everybody_reads_what_can_be_applied_for(subsidies: Harness) -> None:
    kinds = (await subsidies.http.get("/v1/subsidy-kinds", headers=bearer("worker", worker_id="w-any"))).json()
    training = next(one for one in kinds if one["kind"] == "training")
    assert (training["title"], training["applicants"], training["announced"]) == ("职业技能培训补贴", ["person"], True)
    assert set(training["stated"]["properties"]) >= {"course", "certificate_id"}
    assert training["grounds"]["old_enough"]


async def test_a_kind_that_nobody_knows_is_not_found(subsidies: Harness) -> None:
    who = subsidies.headers("worker", worker_id="w-kind")
    answer = await subsidies.http.post(PATH, json=asked(kind="moon"), headers=who)
    assert answer.status_code == 404
