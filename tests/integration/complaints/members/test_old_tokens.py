"""A token outlives the merging of the record that it names: what stands under the one that took its place is still its bearer's."""

from __future__ import annotations

from typing import Any

import pytest

from services.complaints.members import commands as members
from services.complaints.recusals.documents import RecusalRequest
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.course import HERE, course
from tests.integration.complaints.disputes.matters import opened

AID = {"body": "centre", "subject": "pay", "form": "advice", "text": "拖欠报酬", "district": HERE}


def person() -> str:
    return f"w-{new_id()}"


async def merge(complaints: Harness, *pairs: tuple[str, str]) -> None:
    """Merge the first record of each pair into the second."""
    for merged, into in pairs:
        await complaints.publish(WorkerMerged(worker_id=into, merged_worker_id=merged))
        await complaints.settled()


async def applied(complaints: Harness, worker_id: str) -> str:
    headers = complaints.headers("worker", worker_id=worker_id)
    answer = await complaints.http.post("/v1/legal-aid", json=AID, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["legal_aid_id"])


async def ids(complaints: Harness, path: str, name: str, worker_id: str) -> list[Any]:
    answer = await complaints.http.get(f"/v1/{path}", headers=bearer("worker", worker_id=worker_id))
    assert answer.status_code == 200, answer.text
    return [one[name] for one in answer.json()["items"]]


async def test_an_old_token_reads_and_acts_in_a_case(complaints: Harness) -> None:
    old, stands = person(), person()
    case = await course(complaints, old, category="rest")
    await merge(complaints, (old, stands))
    shown = await case.read(case.worker)
    assert (shown["worker_id"], shown["asking"]) == (stands, [])
    assert await ids(complaints, "cases", "case_id", old) == [case.case_id]
    assert await ids(complaints, "cases?state=opened", "case_id", old) == [case.case_id]
    assert await ids(complaints, "cases?state=closed", "case_id", old) == []
    query = {"platform": shown["platform"], "category": "rest"}
    twins = await complaints.http.get("/v1/cases/likely-duplicates", params=query, headers=case.worker)
    assert [one["case_id"] for one in twins.json()["own"]] == [case.case_id]
    assert twins.json()["others"] == "0"
    await case.do("recusal-requests", case.worker, {"reason": "是亲戚"}, expect=201)
    [request] = await find(RecusalRequest, {"matter": f"case:{case.case_id}"})
    assert request.worker_id == stands  # erased and merged with its record
    await case.do("withdrawal", case.worker, {"reason": "已经解决"})


async def test_an_old_token_reads_and_acts_in_a_dispute(complaints: Harness) -> None:
    matter = await opened(complaints)
    stands = person()
    await merge(complaints, (matter.worker_id, stands))
    assert (await matter.read()).json()["workers"] == [stands]
    assert await ids(complaints, "disputes", "dispute_id", matter.worker_id) == [matter.id]
    assert await ids(complaints, "disputes?state=court", "dispute_id", matter.worker_id) == []
    assert await matter.step(matter.platform, "answer") == 200
    assert await matter.step(matter.worker, "negotiate") == 200
    assert await matter.step(matter.worker, "withdraw") == 200


async def test_an_old_token_reads_and_acts_in_legal_aid(complaints: Harness) -> None:
    old, stands = person(), person()
    aid_id = await applied(complaints, old)
    await merge(complaints, (old, stands))
    assert await ids(complaints, "legal-aid", "legal_aid_id", old) == [aid_id]
    own = bearer("worker", worker_id=old)
    read = await complaints.http.get(f"/v1/legal-aid/{aid_id}", headers=own)
    assert read.status_code == 200
    path = f"/v1/legal-aid/{aid_id}/withdrawal"
    taken_back = await complaints.http.post(path, headers={**own, "If-Match": read.headers["etag"]})
    assert taken_back.status_code == 200, taken_back.text


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 1, 2, 0, 1, 2)])
async def test_a_chain_of_mergers_leads_to_who_stands(complaints: Harness, order: tuple[int, ...]) -> None:
    """Told in any order, also twice: A to B, B to C, C to D."""
    a, b, c, d = (person() for _ in range(4))
    case = await course(complaints, a)
    matter = await opened(complaints, b)
    links = [(a, b), (b, c), (c, d)]
    await merge(complaints, *(links[one] for one in order))
    for worker_id in (a, b, c, d):
        own = bearer("worker", worker_id=worker_id)
        assert (await case.read(own))["worker_id"] == d
        assert (await matter.read(own)).json()["workers"] == [d]
        assert await ids(complaints, "cases", "case_id", worker_id) == [case.case_id]
        assert await ids(complaints, "disputes", "dispute_id", worker_id) == [matter.id]


async def test_a_merger_the_other_way_about_shows_the_same(complaints: Harness) -> None:
    a, b = person(), person()
    case = await course(complaints, a)
    await merge(complaints, (a, b), (b, a))
    for worker_id in (a, b):
        assert (await case.read(bearer("worker", worker_id=worker_id)))["worker_id"] == a


async def test_an_old_token_opens_nothing_of_others(complaints: Harness) -> None:
    """A merged record leads to the one that stands for it and to nobody else's: not from that to it, nor to what others have."""
    old, stands, stranger, into = (person() for _ in range(4))
    case, matter, aid_id = (
        await course(complaints, stands),
        await opened(complaints, stands),
        await applied(complaints, stands),
    )
    await merge(complaints, (stranger, into))
    paths = (f"cases/{case.case_id}", f"disputes/{matter.id}", f"legal-aid/{aid_id}")

    async def opens(worker_id: str) -> list[int]:
        own = bearer("worker", worker_id=worker_id)
        return [(await complaints.http.get(f"/v1/{path}", headers=own)).status_code for path in paths]

    assert await opens(old) == [404] * 3  # not merged yet
    await merge(complaints, (old, stands))
    assert await opens(old) == await opens(stands) == [200] * 3
    for worker_id in (stranger, into, person(), case.case_id):
        assert await opens(worker_id) == [404] * 3
        assert await ids(complaints, "cases", "case_id", worker_id) == []
    outside = bearer("worker", worker_id=stranger)
    await case.do("withdrawal", outside, {"reason": "不告了"}, expect=404)
    assert (await matter.send(outside, "steps", {"step": "withdraw"})).status_code == 404


async def test_a_member_under_an_old_token_speaks_for_nobody(complaints: Harness) -> None:
    """Who joined reads the case as before, and neither who filed it nor who asks to join."""
    old, stands, asking = person(), person(), person()
    case = await course(complaints, person())
    number = (await case.read(case.worker))["number"]
    await case.do("members", case.handler, {"worker_id": old})
    await merge(complaints, (old, stands))
    body = {"number": number, "platform": (await case.read(case.worker))["platform"], "category": "late_pay"}
    asked = await complaints.http.post(
        "/v1/cases/joining", json=body, headers=complaints.headers("worker", worker_id=asking)
    )
    assert asked.status_code == 204
    own = bearer("worker", worker_id=old)
    shown = await case.read(own)
    assert (shown["worker_id"], shown["asking"], shown["people"]) == (None, [], 2)
    await case.do("withdrawal", own, {"reason": "不告了"}, expect=403)


async def test_an_old_token_of_an_erased_person_finds_nothing(complaints: Harness) -> None:
    old, stands = person(), person()
    case, matter = await course(complaints, old), await opened(complaints, old)
    await merge(complaints, (old, stands))
    await complaints.publish(WorkerErased(worker_id=stands))
    await complaints.settled()
    own = bearer("worker", worker_id=old)
    assert (await complaints.http.get(f"/v1/cases/{case.case_id}", headers=own)).status_code == 404
    assert (await matter.read(own)).status_code == 404
    assert await ids(complaints, "cases", "case_id", old) == []


async def test_nobody_looks_for_a_merger_who_finds_their_own(
    complaints: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_id = person()
    case, matter = await course(complaints, worker_id), await opened(complaints, worker_id)
    aid_id = await applied(complaints, worker_id)

    async def never(*_: Any) -> str:
        raise AssertionError("a further read")

    monkeypatch.setattr(members, "current", never)
    assert (await case.read(case.worker))["worker_id"] == worker_id
    assert (await matter.read()).status_code == 200
    for path, name, found in (("cases", "case_id", case.case_id), ("disputes", "dispute_id", matter.id)):
        assert await ids(complaints, path, name, worker_id) == [found]
    assert await ids(complaints, "legal-aid", "legal_aid_id", worker_id) == [aid_id]
    await case.do("withdrawal", case.worker, {"reason": "已经解决"})
