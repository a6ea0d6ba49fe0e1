from __future__ import annotations

import asyncio
from typing import Any

from services.complaints.officers import commands
from services.complaints.officers.documents import Load, Officer, with_loads
from services.complaints.officers.rules import Matter
from shared.storage.client import collection_of
from shared.storage.records import find
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.complaints.facts import PLATFORM
from tests.integration.complaints.staff import on_register


def entry(**changes: Any) -> dict[str, Any]:
    body = {"name": "赵测试", "department": "post", "district": "510681", "duties": ["chief"]}
    return body | changes


def officer(subject: str, department: str = "post", district: str = "510681") -> dict[str, str]:
    return bearer("officer", department=department, district=district, sub=subject)


async def load_of(subject: str) -> int:
    held = await Officer.of(subject)
    assert held is not None
    [person] = await with_loads([held])
    return person.load


async def test_a_register_grows_from_the_operators_first_chief(complaints: Harness) -> None:
    http = complaints.http
    assert (
        await http.put("/v1/officers/p-1", json=entry(duties=["handler"]), headers=bearer("operator"))
    ).status_code == 403
    assert (await http.put("/v1/officers/p-1", json=entry(), headers=officer("p-1"))).status_code == 403
    chief = await http.put("/v1/officers/p-1", json=entry(), headers=bearer("operator"))
    assert chief.status_code == 200, chief.text
    handler = entry(duties=["handler", "inspector"], certificate="川510600-7")
    recorded = await http.put("/v1/officers/p-2", json=handler, headers=officer("p-1"))
    assert recorded.json()["duties"] == ["handler", "inspector"]
    listed = await http.get("/v1/officers", headers=officer("p-1"))
    assert [one["subject"] for one in listed.json()["items"]] == ["p-1", "p-2"]
    assert (await http.get("/v1/officers", headers=officer("p-2"))).status_code == 403
    assert (await http.get("/v1/officers/p-2", headers=officer("p-2"))).status_code == 200
    assert (await http.get("/v1/officers/p-1", headers=officer("p-2"))).status_code == 404


async def test_a_chief_keeps_the_own_office_alone(complaints: Harness) -> None:
    await complaints.http.put("/v1/officers/c-1", json=entry(department="commerce"), headers=bearer("operator"))
    chief = officer("c-1", "commerce")
    for elsewhere in (entry(department="transport"), entry(department="commerce", district="510603")):
        answer = await complaints.http.put("/v1/officers/c-9", json=elsewhere, headers=chief)
        assert answer.status_code == 403
    own = entry(department="commerce", duties=["handler"])
    etag = (await complaints.http.get("/v1/officers/c-1", headers=chief)).headers["etag"]
    without = await complaints.http.put("/v1/officers/c-1", json=own, headers=chief | {"If-Match": etag})
    assert without.status_code == 409


async def test_an_old_reading_changes_no_entry(complaints: Harness) -> None:
    await complaints.http.put("/v1/officers/m-1", json=entry(department="market"), headers=bearer("operator"))
    again = await complaints.http.put("/v1/officers/m-1", json=entry(department="market"), headers=bearer("operator"))
    assert again.status_code == 428
    stale = {"If-Match": '"9"'}
    answer = await complaints.http.put(
        "/v1/officers/m-1", json=entry(department="market"), headers=bearer("operator") | stale
    )
    assert answer.status_code == 412


async def test_a_token_of_another_office_is_not_on_the_register(complaints: Harness) -> None:
    await on_register("transport", "510681", subject="t-1")
    for department, district in (("transport", "510603"), ("hrss", "510681")):
        moved = officer("t-1", department, district)
        assert (await complaints.http.get("/v1/officers/t-1", headers=moved)).status_code == 403


async def test_who_has_an_interest_is_given_nothing_of_the_firm(complaints: Harness) -> None:
    headers = await on_register("health", "510681", subject="h-1", duties=["handler"])
    body = {"enterprise": PLATFORM, "reason": "近亲属在该单位任职"}
    answer = await complaints.http.post("/v1/officers/h-1/interests", json=body, headers=headers)
    assert answer.json()["stays_away_from"] == [PLATFORM]
    assert "近亲属" not in str(await collection_of(Officer).find_one({"_id": "h-1"}))
    matter = Matter(departments=["health"], district="510681", enterprise=PLATFORM)
    assert await transact(lambda tx: commands.find_assignee(matter, "handler", tx)) is None
    await on_register("health", "510600", subject="h-2", duties=["handler"])
    found = await transact(lambda tx: commands.find_assignee(matter, "handler", tx))
    assert found is not None
    assert found.id == "h-2"


async def test_two_matters_at_once_are_both_counted(complaints: Harness) -> None:
    await on_register("reform", "510681", subject="r-1", duties=["handler"])
    matter = Matter(departments=["reform"], district="510681")

    async def give() -> None:
        async def assign(tx: Any) -> None:
            found = await commands.find_assignee(matter, "handler", tx)
            assert found is not None
            commands.take_on(found.id, tx)

        await transact(assign)

    await asyncio.gather(give(), give(), give())
    assert await load_of("r-1") == 3


async def test_matters_counted_by_an_earlier_version_still_count(complaints: Harness) -> None:
    await on_register("post", "510623", subject="r-2", duties=["handler"])
    await on_register("post", "510623", subject="r-3", duties=["handler"])
    await collection_of(Officer).update_one({"_id": "r-2"}, {"$set": {"load": 2}})
    matter = Matter(departments=["post"], district="510623")

    async def take(tx: Any) -> None:
        commands.take_on("r-3", tx)
        commands.give_up("r-2", tx)

    await transact(take)
    assert (await load_of("r-2"), await load_of("r-3")) == (1, 1)
    await transact(take)
    found = await transact(lambda tx: commands.find_assignee(matter, "handler", tx))
    assert found is not None
    assert (found.id, await load_of("r-2"), await load_of("r-3")) == ("r-2", 0, 2)
    shown = await complaints.http.get("/v1/officers/r-3", headers=officer("r-3", "post", "510623"))
    assert shown.json()["load"] == 2


async def test_matters_of_a_desk_do_not_write_the_same_row(complaints: Harness) -> None:
    await on_register("reform", "510604", subject="r-4", duties=["handler"])
    before = await Officer.of("r-4")
    for _ in range(40):
        await transact(_take)
    after = await Officer.of("r-4")
    assert before is not None
    assert after is not None
    assert (after.revision, await load_of("r-4")) == (before.revision, 40)
    counts = [row.held for row in await find(Load, {"officer": "r-4"})]
    assert len(counts) > 10
    assert max(counts) < 10


async def _take(tx: Transaction) -> None:
    commands.take_on("r-4", tx)
