from __future__ import annotations

from typing import Any

from services.subsidies.counselling.documents import Referral
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import tell

PATH = "/v1/counselling-referrals"
HERE, ELSEWHERE = "510603", "510681"
WORDS = "最近总睡不着，想找人聊聊"


def union(name: str = "one") -> dict[str, str]:
    return bearer("union", sub=f"union:{name}")


def desk() -> dict[str, str]:
    return bearer("officer", department="union", district=HERE)


async def asked(subsidies: Harness, worker_id: str) -> str:
    body = {"district": HERE, "words": WORDS}
    answer = await subsidies.http.post(PATH, json=body, headers=subsidies.headers("worker", worker_id=worker_id))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["referral_id"])


async def step(subsidies: Harness, key: str, name: str, who: dict[str, str], json: Any = None) -> int:
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=who)).headers.get("etag", '"1"')
    answer = await subsidies.http.post(f"{PATH}/{key}/{name}", json=json, headers=who | {"If-Match": seen})
    return answer.status_code


async def seen(subsidies: Harness, key: str, who: dict[str, str]) -> int | dict[str, Any]:
    answer = await subsidies.http.get(f"{PATH}/{key}", headers=who)
    return dict(answer.json()) if answer.status_code == 200 else answer.status_code


async def test_only_the_union_assigned_reads_what_is_said(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    key, me = await asked(subsidies, one), bearer("worker", worker_id=one)
    assert await seen(subsidies, key, union()) == 404
    shown = await seen(subsidies, key, desk())
    assert isinstance(shown, dict)
    assert (shown["words"], shown["worker_id"], shown["state"]) == (None, None, "asked")
    assert await step(subsidies, key, "assignment", desk(), {"union": "union:one"}) == 200
    theirs = await seen(subsidies, key, union())
    assert isinstance(theirs, dict)
    assert (theirs["words"], theirs["worker_id"]) == (WORDS, one)
    for stranger, status in (
        (union("two"), 404),
        (bearer("officer", department="hrss", district=HERE), 403),
        (bearer("officer", department="hrss", district="510600"), 403),
        (bearer("officer", department="union", district=ELSEWHERE), 404),
        (bearer("worker", worker_id="w-somebody"), 404),
        (bearer("platform", uscc="91510600MA0000001E"), 403),
    ):
        assert await seen(subsidies, key, stranger) == status
    office = await seen(subsidies, key, desk())
    assert isinstance(office, dict)
    assert office["words"] is None
    assert await step(subsidies, key, "acceptance", union()) == 200
    assert await step(subsidies, key, "end", union(), {"note": "已谈三次"}) == 200
    mine = await seen(subsidies, key, me)
    assert isinstance(mine, dict)
    assert (mine["state"], mine["note"]) == ("finished", "已谈三次")


async def test_a_union_that_gives_it_back_reads_it_no_more(subsidies: Harness) -> None:
    key = await asked(subsidies, f"w-{new_id()}")
    await step(subsidies, key, "assignment", desk(), {"union": "union:one"})
    assert await step(subsidies, key, "refusal", union()) == 204
    assert await seen(subsidies, key, union()) == 404
    assert await step(subsidies, key, "assignment", desk(), {"union": "union:two"}) == 200
    assert isinstance(await seen(subsidies, key, union("two")), dict)


async def test_what_is_taken_back_is_gone(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    key = await asked(subsidies, one)
    row = await collection_of(Referral).find_one({"_id": key})
    assert row is not None
    assert WORDS not in str(row)
    assert await step(subsidies, key, "withdrawal", bearer("worker", worker_id=one)) == 200
    row = await collection_of(Referral).find_one({"_id": key})
    assert row is not None
    assert (row["words"], row["state"]) == (None, "withdrawn")


async def test_it_moves_with_its_person_and_goes_with_them(subsidies: Harness) -> None:
    old, new = f"w-{new_id()}", f"w-{new_id()}"
    key = await asked(subsidies, old)
    await tell(subsidies, WorkerMerged(worker_id=new, merged_worker_id=old))
    await subsidies.settled()
    assert isinstance(await seen(subsidies, key, bearer("worker", worker_id=new)), dict)
    await tell(subsidies, WorkerErased(worker_id=new))
    await subsidies.settled()
    assert await collection_of(Referral).find_one({"_id": key}) is None
