"""Those who keep a budget hear, once its year is over, of what still waits for its money."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.subsidies.budgets import year_end
from shared import clock
from shared.policy.calendar import start_of_day
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.budgets.test_carry_over import carry, line, wait_for, waiting


async def told(kind: str) -> list[dict[str, Any]]:
    rows = storage().collection("outbox").find({"type": "cn.deyang.subsidies.budget.year_ended.v1"})
    return [row async for row in rows if kind in row["key"]]


async def due_at() -> dt.datetime:
    standing = await storage().collection("timers").find_one({"_id": year_end.TELL.id_of(year_end.ALL)})
    assert standing is not None
    at: dt.datetime = standing["due_at"]
    return at


async def test_at_the_start_the_next_day_is_set(subsidies: Harness) -> None:
    before = await due_at()
    assert before > clock.now()
    await year_end.begin(subsidies.running)
    assert await due_at() == before


async def test_it_is_told_until_it_is_carried_over(subsidies: Harness) -> None:
    kind = "told_past"
    for _ in range(2):
        await wait_for(line(kind, 1))
    await wait_for(line(kind))
    await transact(year_end.tell)
    assert [row["key"] for row in await told(kind)] == [line(kind, 1).id]
    await transact(year_end.tell)
    assert len(await told(kind)) == 2
    await carry(subsidies, line(kind, 1))

    async def carried() -> bool:
        return await waiting(line(kind, 1)) == 0

    await eventually(carried)
    await transact(year_end.tell)
    assert len(await told(kind)) == 2


async def test_the_timer_tells_by_itself_and_is_set_again(subsidies: Harness) -> None:
    kind = "told_timer"
    await wait_for(line(kind, 1))
    wanted = {"_id": year_end.TELL.id_of(year_end.ALL), "holder": None}
    await storage().collection("timers").update_one(wanted, {"$set": {"due_at": clock.now()}})

    async def said() -> bool:
        return len(await told(kind)) == 1

    await eventually(said)
    assert await due_at() > clock.now()


async def test_what_waits_in_a_past_years_line_is_listed(subsidies: Harness) -> None:
    kind = "told_listed"
    old = [await wait_for(line(kind, 1), "12.50") for _ in range(3)]
    await wait_for(line(kind))
    listed = await subsidies.http.get(
        "/v1/budgets", params={"left_waiting": "true", "limit": "500"}, headers=subsidies.officer
    )
    assert [one["budget_id"] for one in listed.json()["items"] if one["kind"] == kind] == [line(kind, 1).id]
    path = f"/v1/budgets/{line(kind, 1).id}/queue"
    first = (await subsidies.http.get(path, params={"limit": "2"}, headers=subsidies.officer)).json()
    rest = (await subsidies.http.get(path, params={"cursor": first["next"]}, headers=subsidies.officer)).json()
    assert [one["application_id"] for one in first["items"] + rest["items"]] == old
    assert {one["amount"] for one in first["items"]} == {"12.50"}
    assert start_of_day(dt.date.fromisoformat(first["told_on"])) > clock.now()
    assert {one["key"] for one in first["used"]} == {"subsidy_budget.carry_over_days"}
    own = (await subsidies.http.get(f"/v1/budgets/{line(kind).id}/queue", headers=subsidies.officer)).json()
    assert (own["told_on"], len(own["items"])) == (None, 1)


@pytest.mark.parametrize("department", ["union", "market"])
async def test_another_department_sees_no_queue(subsidies: Harness, department: str) -> None:
    await wait_for(line("told_foreign", 1))
    other = bearer("officer", sub="officer:other", department=department, district="510600")
    answer = await subsidies.http.get(f"/v1/budgets/{line('told_foreign', 1).id}/queue", headers=other)
    assert answer.status_code in (403, 404)
