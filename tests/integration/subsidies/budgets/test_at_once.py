"""Budgets over HTTP, where several officers do the same at the same moment, or ask for what cannot be."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from services.subsidies.budgets import commands
from services.subsidies.budgets.documents import Budget, Reservation
from shared import clock
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.subsidies.budgets.test_carry_over import line, wait_for
from tests.integration.subsidies.money import money_officer

CHANGES = "/v1/budget-changes"


def body(kind: str, amount: str, purpose: str = "allot", years_ago: int = 0) -> dict[str, Any]:
    where = {"year": clock.now().year - years_ago, "kind": kind, "source": "employment_fund", "district": "510603"}
    return where | {"purpose": purpose, "amount": amount, "reason": "年初预算"}


async def proposed(subsidies: Harness, kind: str, amount: str, purpose: str = "allot", years_ago: int = 0) -> str:
    who = await money_officer(subsidies, "proposer")
    answer = await subsidies.http.post(CHANGES, json=body(kind, amount, purpose, years_ago), headers=who)
    assert answer.status_code == 201, answer.text
    return f"{CHANGES}/{answer.json()['change_id']}"


async def decide(subsidies: Harness, path: str, name: str, what: str = "approval") -> int:
    who = await money_officer(subsidies, name)
    answer = await subsidies.http.post(f"{path}/{what}", headers={**who, "If-Match": '"1"'})
    return answer.status_code


async def heaps(kind: str, years_ago: int = 0) -> tuple[str, str]:
    budget = await Budget.get(line(kind, years_ago).id)
    assert budget is not None
    return f"{budget.available:.2f}", f"{budget.reserved:.2f}"


async def test_a_change_decided_by_several_at_once_counts_once(subsidies: Harness) -> None:
    path = await proposed(subsidies, "at_once", "100.00")
    decided = await asyncio.gather(
        *(decide(subsidies, path, f"decider{number}") for number in range(3)),
        decide(subsidies, path, "decider3", "refusal"),
    )
    assert sorted(decided)[0] == 200
    assert set(sorted(decided)[1:]) <= {409, 412}
    shown = await subsidies.http.get(path, headers=await money_officer(subsidies, "proposer"))
    if shown.json()["state"] == "approved":
        assert await heaps("at_once") == ("100.00", "0.00")
    else:
        assert await Budget.get(line("at_once").id) is None


async def test_two_lowerings_take_no_more_than_there_is(subsidies: Harness) -> None:
    kind = "lowered_twice"
    await decide(subsidies, await proposed(subsidies, kind, "100.00"), "second")
    has = await transact(
        lambda tx: commands.reserve(
            application_id=f"{kind}-1",
            kind=kind,
            source="employment_fund",
            year=clock.now().year,
            district="510603",
            amount=Decimal("30.00"),
            tx=tx,
        )
    )
    assert has
    paths = [await proposed(subsidies, kind, "60.00", "lower") for _ in range(2)]
    decided = await asyncio.gather(*(decide(subsidies, path, "second") for path in paths))
    assert sorted(decided) == [200, 409]
    assert await heaps(kind) == ("10.00", "30.00")
    again = await decide(subsidies, paths[decided.index(409)], "third")
    assert again == 409, "what is reserved is not lowered"


async def test_a_line_carried_over_by_several_at_once_moves_once(subsidies: Harness) -> None:
    kind = "carried_at_once"
    waiting = [await wait_for(line(kind, 1)) for _ in range(3)]
    who = await money_officer(subsidies, "carrier")
    path = f"/v1/budgets/{line(kind, 1).id}/carry-over"
    answers = await asyncio.gather(*(subsidies.http.post(path, headers=who) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {202, 409}

    async def moved() -> bool:
        budget = await Budget.get(line(kind).id)
        return budget is not None and budget.waiting == len(waiting)

    await eventually(moved)
    await subsidies.settled()
    old, new = await Budget.get(line(kind, 1).id), await Budget.get(line(kind).id)
    assert old is not None
    assert new is not None
    assert (old.waiting, new.waiting) == (0, len(waiting))
    assert {one.budget for one in await Reservation.find({"_id": {"$in": waiting}}).to_list()} == {line(kind).id}


@pytest.mark.parametrize("amount", ["0", "-1.00", "0.001", "1e400", "NaN", "Infinity", "1" * 40, None, True, []])
async def test_what_is_no_sum_is_no_change(subsidies: Harness, amount: Any) -> None:
    who = await money_officer(subsidies, "proposer")
    answer = await subsidies.http.post(CHANGES, json=body("no_sum", "1.00") | {"amount": amount}, headers=who)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    "odd",
    [{"year": 2019}, {"year": 2100}, {"district": "510100"}, {"source": "x"}, {"kind": "a:b"}, {"purpose": "spend"}],
)
async def test_a_line_that_cannot_be_is_refused(subsidies: Harness, odd: dict[str, Any]) -> None:
    who = await money_officer(subsidies, "proposer")
    answer = await subsidies.http.post(CHANGES, json=body("no_line", "1.00") | odd, headers=who)
    assert answer.status_code in (403, 422), answer.text


async def test_an_officer_of_a_district_reaches_no_other_line(subsidies: Harness) -> None:
    kind = "elsewhere_line"
    await wait_for(line(kind, 1))
    path = await proposed(subsidies, kind, "1.00")
    other = await money_officer(subsidies, "of_guanghan", "finance", "510681")
    asked = (
        ("GET", f"/v1/budgets/{line(kind, 1).id}"),
        ("GET", f"/v1/budgets/{line(kind, 1).id}/queue"),
        ("POST", f"/v1/budgets/{line(kind, 1).id}/carry-over"),
        ("POST", f"{path}/approval"),
    )
    for method, where in asked:
        answer = await subsidies.http.request(method, where, headers={**other, "If-Match": '"1"'})
        assert answer.status_code == 404, where
    listed = await subsidies.http.get("/v1/budgets", params={"left_waiting": "true", "limit": "500"}, headers=other)
    assert {one["district"] for one in listed.json()["items"]} <= {"510681"}
