"""Budgets: two officers change them, approvals reserve, and every fen is in one heap."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from services.subsidies.budgets import commands
from services.subsidies.budgets.documents import Budget, Reservation
from services.subsidies.budgets.rules import HEAPS, Line
from services.subsidies.officers.documents import MoneyOfficer
from shared.errors import Conflict
from shared.ids import new_id
from shared.storage.client import storage
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, eventually
from tests.integration.subsidies.bodies import step

CHANGES = "/v1/budget-changes"
HERE = "510603"


def line(kind: str) -> Line:
    return Line(year=2026, kind=kind, source="employment_fund", district=HERE)


async def finance(subsidies: Harness, name: str, district: str = "510600") -> dict[str, str]:
    """A finance officer who is on the register."""

    async def record(tx: Transaction) -> None:
        if await MoneyOfficer.of(f"officer:{name}", tx) is None:
            await MoneyOfficer(id=f"officer:{name}", department="hrss", district=district, duties=["finance"]).put(tx)

    await transact(record)
    return subsidies.headers("officer", sub=f"officer:{name}", department="hrss", district=district)


def change(kind: str, amount: str, purpose: str = "allot") -> dict[str, Any]:
    where = {"year": 2026, "kind": kind, "source": "employment_fund", "district": HERE}
    return where | {"purpose": purpose, "amount": amount, "reason": "年初预算"}


async def allot(kind: str, amount: str) -> None:
    async def store(tx: Transaction) -> None:
        proposed = await commands.propose(line(kind), "allot", Decimal(amount), "年初预算", "officer:a", tx)
        await commands.approve(proposed, "officer:b", tx)

    await transact(store)


async def reserve(kind: str, amount: str, application_id: str | None = None) -> bool:
    where = line(kind)
    one = application_id or new_id()
    return await transact(
        lambda tx: commands.reserve(
            application_id=one,
            kind=where.kind,
            source=where.source,
            year=where.year,
            district=where.district,
            amount=Decimal(amount),
            tx=tx,
        )
    )


async def heaps(kind: str) -> tuple[Decimal, ...]:
    budget = await Budget.get(line(kind).id)
    assert budget is not None
    return tuple(getattr(budget, heap) for heap in HEAPS)


async def test_a_budget_is_there_when_a_second_officer_approves(subsidies: Harness) -> None:
    first, second = await finance(subsidies, "first"), await finance(subsidies, "second")
    proposed = await subsidies.http.post(CHANGES, json=change("by_two", "1000.00"), headers=first)
    assert proposed.status_code == 201, proposed.text
    path = f"{CHANGES}/{proposed.json()['change_id']}/approval"
    refused = await step(subsidies, first, path, expect=409)
    assert refused["type"] == "/problems/second-officer-needed"
    assert (await step(subsidies, second, path))["state"] == "approved"
    shown = await subsidies.http.get(f"/v1/budgets/{line('by_two').id}", headers=second)
    assert (shown.json()["available"], shown.json()["total"]) == ("1000.00", "1000.00")
    row = await storage().collection("budget_changes").find_one({"_id": proposed.json()["change_id"]})
    assert row is not None
    assert "年初" not in str(row)


async def test_nobody_off_the_register_touches_a_budget(subsidies: Harness) -> None:
    answer = await subsidies.http.post(CHANGES, json=change("closed", "1000.00"), headers=subsidies.officer)
    assert answer.status_code == 403, answer.text
    elsewhere = await finance(subsidies, "elsewhere", "510681")
    answer = await subsidies.http.post(CHANGES, json=change("closed", "1000.00"), headers=elsewhere)
    assert answer.status_code == 403, answer.text


async def test_what_is_exhausted_queues_and_is_served_in_order(
    subsidies: Harness, scheduled: list[tuple[str, Any]]
) -> None:
    kind = "queued"
    await allot(kind, "100.00")
    first, second, third = new_id(), new_id(), new_id()
    assert await reserve(kind, "80.00")
    assert not await reserve(kind, "50.00", first)
    assert not await reserve(kind, "30.00", second)
    assert not await reserve(kind, "10.00", third), "nobody overtakes, though there would be money"
    assert not await reserve(kind, "50.00", first), "asked again it still waits"
    await allot(kind, "45.00")

    async def places() -> list[int | None]:
        found = [await Reservation.get(one) for one in (first, second, third)]
        return [one.place for one in found if one is not None]

    async def first_is_served() -> bool:
        return (await places())[0] is None

    await eventually(first_is_served)
    assert await places() == [None, 2, 3]
    assert await heaps(kind) == (Decimal("15.00"), Decimal("130.00"), Decimal(0), Decimal(0))
    await transact(lambda tx: commands.release(second, tx))

    async def third_is_served() -> bool:
        return (await places())[2] is None

    await eventually(third_is_served)
    assert await heaps(kind) == (Decimal("5.00"), Decimal("140.00"), Decimal(0), Decimal(0))
    assert {told.application_id for kind, told in scheduled if kind == "subsidies.budget_reserved"} == {first, third}


async def test_no_more_is_taken_than_there_is(subsidies: Harness) -> None:
    kind = "lowered"
    await allot(kind, "100.00")
    assert await reserve(kind, "60.00")

    async def lower(tx: Transaction) -> None:
        proposed = await commands.propose(line(kind), "lower", Decimal("50.00"), "调减", "officer:a", tx)
        await commands.approve(proposed, "officer:b", tx)

    with pytest.raises(Conflict):
        await transact(lower)
    assert await heaps(kind) == (Decimal("40.00"), Decimal("60.00"), Decimal(0), Decimal(0))


async def test_twenty_at_the_same_moment_do_not_overdraw(subsidies: Harness) -> None:
    kind = "crowded"
    await allot(kind, "100.00")
    got = await asyncio.gather(*(reserve(kind, "9.99") for _ in range(20)))
    assert sum(got) == 10
    assert await heaps(kind) == (Decimal("0.10"), Decimal("99.90"), Decimal(0), Decimal(0))
    budget = await Budget.get(line(kind).id)
    assert budget is not None
    assert budget.waiting == 10


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_fen_stays_in_one_heap(subsidies: Harness, seed: int) -> None:
    """Steps of many applications at once, in any order, some of them impossible."""
    draw, kind = random.Random(seed), f"mixed_{seed}{'abcd'[seed]}"
    applications = [new_id() for _ in range(12)]
    allotted = 0

    async def work(application_id: str, amount: str, what: str) -> str:
        async def act(tx: Transaction) -> None:
            match what:
                case "release":
                    await commands.release(application_id, tx)
                case "spend":
                    await commands.spend(application_id, tx)
                case "send_back":
                    await commands.send_back(application_id, Decimal(amount), tx)
                case "reserve_again":
                    await commands.reserve_again(application_id, tx)

        try:
            if what == "allot":
                await allot(kind, amount)
            elif what == "reserve":
                await reserve(kind, amount, application_id)
            else:
                await transact(act)
        except Exception as error:
            return type(error).__name__
        return "done"

    async def look(tx: Transaction) -> tuple[Budget | None, list[Reservation]]:
        """Both at one instant: a queue may be served at any."""
        return await tx.get(Budget, line(kind).id), await tx.find(Reservation, {"budget": line(kind).id})

    ends: Counter[str] = Counter()
    for _ in range(12):
        steps = [
            (
                draw.choice(applications),
                f"{draw.randint(1, 3000) / 100:.2f}",
                draw.choice(["allot", "reserve", "reserve", "release", "spend", "send_back", "reserve_again"]),
            )
            for _ in range(8)
        ]
        results = await asyncio.gather(*(work(*one) for one in steps))
        allotted += sum(
            int(Decimal(amount) * 100)
            for (_, amount, what), result in zip(steps, results, strict=True)
            if what == "allot" and result == "done"
        )
        ends.update(results)
        budget, found = await transact(look)
        if budget is None:
            continue
        assert sum(getattr(budget, heap) for heap in HEAPS) * 100 == allotted
        assert all(getattr(budget, heap) >= 0 for heap in HEAPS)
        for heap in ("reserved", "spent", "returned"):
            assert getattr(budget, heap) == sum((getattr(one, heap) for one in found), Decimal(0)), heap
    assert ends["done"] > 20
    assert set(ends) <= {"done", "Conflict", "NotFound"}, ends


async def test_officers_read_and_refuse_changes(subsidies: Harness) -> None:
    first, second = await finance(subsidies, "first"), await finance(subsidies, "second")
    proposed = await subsidies.http.post(CHANGES, json=change("refused", "1000.00"), headers=first)
    change_id = proposed.json()["change_id"]
    shown = await subsidies.http.get(f"{CHANGES}/{change_id}", headers=second)
    assert (shown.json()["state"], shown.json()["reason"]) == ("proposed", "年初预算")
    refused = await subsidies.http.post(f"{CHANGES}/{change_id}/refusal", headers={**second, "If-Match": '"1"'})
    assert refused.json()["state"] == "refused"
    again = await subsidies.http.post(f"{CHANGES}/{change_id}/approval", headers={**second, "If-Match": '"2"'})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/budget-change-state")
    listed = await subsidies.http.get("/v1/budgets", params={"limit": "500"}, headers=second)
    assert "refused" not in {one["kind"] for one in listed.json()["items"]}


async def test_a_head_keeps_the_register(subsidies: Harness) -> None:
    operator = subsidies.headers("operator")
    entry = {"district": "510600", "duties": ["head"]}
    none = await subsidies.http.put(
        "/v1/money-officers/officer:new", json={"district": "510600", "duties": ["finance"]}, headers=operator
    )
    assert none.status_code == 403, "an operator records heads alone"
    first = await subsidies.http.put("/v1/money-officers/officer:chief", json=entry, headers=operator)
    assert first.status_code == 200, first.text
    head = subsidies.headers("officer", sub="officer:chief", department="hrss", district="510600")
    named = {"district": HERE, "duties": ["finance"]}
    recorded = await subsidies.http.put("/v1/money-officers/officer:new", json=named, headers=head)
    assert recorded.json()["duties"] == ["finance"]
    listed = await subsidies.http.get("/v1/money-officers", params={"limit": "500"}, headers=head)
    assert {"officer:chief", "officer:new"} <= {one["subject"] for one in listed.json()["items"]}
    own = subsidies.headers("officer", sub="officer:new", department="hrss", district=HERE)
    assert (await subsidies.http.get("/v1/money-officers/officer:new", headers=own)).status_code == 200
    assert (await subsidies.http.get("/v1/money-officers", headers=own)).status_code == 403
    alone = {"district": "510600", "duties": ["finance"]}
    refused = await subsidies.http.put(
        "/v1/money-officers/officer:chief", json=alone, headers={**head, "If-Match": first.headers["ETag"]}
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-duty")
