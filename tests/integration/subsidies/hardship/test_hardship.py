from __future__ import annotations

from typing import Any

from services.subsidies.hardship.documents import HardshipVisit
from shared import clock
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.client import collection_of
from tests.harness import Harness, bearer
from tests.integration.subsidies.facts import tell, worker
from tests.integration.subsidies.filing import FIRST, PATH, SECOND, apply_as, do, officer, read

STATED = {"happened": [{"circumstance": "illness", "since": "2026-08-01"}], "words": "妻子住院，家里没有收入"}


def of_union(name: str, district: str = "510603") -> dict[str, str]:
    return officer(name, district, "union")


async def visit(
    subsidies: Harness, key: str, who: dict[str, str], companion: str = "officer:second", **more: Any
) -> int:
    today = shanghai_date(clock.now())
    body = {"visited_on": f"{today}", "companion": companion, "found": {"illness": True}, "note": "属实"} | more
    path = f"/v1/hardship-applications/{key}/visits"
    headers = who | {"Idempotency-Key": new_id()}
    return (await subsidies.http.post(path, json=body, headers=headers)).status_code


async def test_the_union_looks_and_decides_and_the_bureau_sees_nothing(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await tell(subsidies, worker(one))
    await subsidies.settled()
    filed = await apply_as(subsidies, one, kind="hardship", stated=STATED)
    key = filed["application_id"]
    met = {ground["code"]: ground["met"] for ground in filed["proposal"]["grounds"]}
    assert (met["visited"], met["illness"], filed["proposal"]["amount"]) == (False, None, None)
    for stranger in (officer("hrss"), officer("hrss", "510600")):
        assert (await subsidies.http.get(f"{PATH}/{key}", headers=stranger)).status_code == 404
    await do(subsidies, key, "acceptance", of_union(FIRST))
    assert await visit(subsidies, key, officer("hrss")) == 403
    assert await visit(subsidies, key, of_union(FIRST), "officer:first") == 422
    assert await visit(subsidies, key, of_union("away", "510681")) == 201  # another district's counts for nothing here
    assert await visit(subsidies, key, of_union(FIRST)) == 201
    shown = await subsidies.http.get(f"/v1/hardship-applications/{key}/visits", headers=of_union(SECOND))
    assert [item["found"] for item in shown.json()["items"]] == [{"illness": True}]
    row = await collection_of(HardshipVisit).find_one({"application_id": key})
    assert "illness" not in str(row)
    judged = {"approve": True, "amount": "1000.00", "judged": ["worker"]}
    await do(subsidies, key, "review", of_union(FIRST), judged)
    now = await read(subsidies, key, of_union("reader"))
    met = {ground["code"]: ground["met"] for ground in now["proposal"]["grounds"]}
    assert (met["visited"], met["illness"], now["state"]) == (True, True, "reviewed")


async def test_a_person_reads_their_own_and_nobody_elses(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    filed = await apply_as(subsidies, one, kind="hardship", stated=STATED)
    path = f"{PATH}/{filed['application_id']}"
    assert (await subsidies.http.get(path, headers=bearer("worker", worker_id=one))).status_code == 200
    assert (await subsidies.http.get(path, headers=bearer("worker", worker_id="w-else"))).status_code == 404


async def test_the_unions_answer_is_no_decision_of_an_authority(subsidies: Harness) -> None:
    """行政复议法 art. 2, 行政诉讼法 art. 2: reviewed and sued for is what an authority decides."""
    one = f"w-{new_id()}"
    mine = bearer("worker", worker_id=one)
    key = (await apply_as(subsidies, one, kind="hardship", stated=STATED))["application_id"]
    await do(subsidies, key, "acceptance", of_union(FIRST))
    await do(subsidies, key, "review", of_union(FIRST), {"approve": False, "against": ["illness"]})
    await do(subsidies, key, "confirmation", of_union(SECOND), {})
    shown = await read(subsidies, key, mine)
    assert (shown["state"], shown["review_by"], shown["sue_by"]) == ("refused", None, None)
    answer = await do(subsidies, key, "appeals", mine, {"forum": "review", "text": "不服"}, expect=422)
    assert answer["type"] == "/problems/no-authority"


async def test_the_union_looks_at_an_application_for_help(subsidies: Harness) -> None:
    other = (await apply_as(subsidies, f"w-{new_id()}"))["application_id"]
    for key in (other, new_id()):
        assert await visit(subsidies, key, of_union(FIRST)) == 404
        shown = await subsidies.http.get(f"/v1/hardship-applications/{key}/visits", headers=of_union(FIRST))
        assert shown.status_code == 404
        assert await HardshipVisit.find({"application_id": key}).count() == 0
