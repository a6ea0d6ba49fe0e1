"""What waits for money when the year of its budget is over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from services.subsidies.applications.documents import Application
from services.subsidies.budgets import commands
from services.subsidies.budgets.documents import Budget, Reservation
from services.subsidies.budgets.rules import Line
from services.subsidies.payments.documents import Payment
from shared import clock
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.applications.test_withdrawn_money import queued
from tests.integration.subsidies.filing import do, read
from tests.integration.subsidies.money import money_officer

BUDGETS = "/v1/budgets"


def line(kind: str, years_ago: int = 0) -> Line:
    return Line(year=clock.now().year - years_ago, kind=kind, source="employment_fund", district="510603")


async def wait_for(where: Line, amount: str = "100.00") -> str:
    """An approved sum that waits for money of a budget."""
    one = new_id()
    has = await transact(
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
    assert not has
    return one


async def allot(where: Line, amount: str) -> None:
    async def store(tx: Transaction) -> None:
        proposed = await commands.propose(where, "allot", Decimal(amount), "年初预算", "officer:a", tx)
        await commands.approve(proposed, "officer:b", tx)

    await transact(store)


async def carry(subsidies: Harness, where: Line, *, expect: int = 202) -> str:
    who = await money_officer(subsidies, "carrier")
    answer = await subsidies.http.post(f"{BUDGETS}/{where.id}/carry-over", headers=who)
    assert answer.status_code == expect, answer.text
    return str(answer.json().get("type"))


async def waiting(where: Line) -> int:
    budget = await Budget.get(where.id)
    return 0 if budget is None else budget.waiting


async def places(keys: list[str]) -> list[bool]:
    """Which of these wait for money."""
    found = [await Reservation.get(one) for one in keys]
    return [one is not None and one.place is not None for one in found]


@pytest.mark.parametrize("order", [((1, 4), (2, 6)), ((2, 4), (1, 6))])
async def test_an_earlier_year_goes_first_in_its_order(subsidies: Harness, order: tuple[tuple[int, int], ...]) -> None:
    kind = f"carry_order_{'ab'[order[0][0] - 1]}"
    oldest = [await wait_for(line(kind, 2)) for _ in range(2)]
    old = [await wait_for(line(kind, 1)) for _ in range(2)]
    own = [await wait_for(line(kind)) for _ in range(2)]
    for years_ago, count in order:
        await carry(subsidies, line(kind, years_ago))
        await eventually(lambda count=count: _waits(line(kind), count))  # type: ignore[misc]
    assert await waiting(line(kind, 1)) == await waiting(line(kind, 2)) == 0
    await allot(line(kind), "300.00")
    await eventually(lambda: _waits(line(kind), 3))
    assert await places(oldest + old + own) == [False, False, False, True, True, True]


async def _waits(where: Line, count: int) -> bool:
    return await waiting(where) == count


async def test_more_than_one_step_are_moved_whole(subsidies: Harness) -> None:
    kind = "carry_many"
    old = [await wait_for(line(kind, 1), "1.00") for _ in range(commands.QUEUE_AT_ONCE + 7)]
    await carry(subsidies, line(kind, 1))
    await eventually(lambda: _waits(line(kind), len(old)))
    assert await waiting(line(kind, 1)) == 0
    await allot(line(kind), f"{len(old)}.00")
    await eventually(lambda: _waits(line(kind), 0))
    assert not any(await places(old))
    budget = await Budget.get(line(kind).id)
    assert budget is not None
    assert (budget.available, budget.reserved) == (Decimal("0.00"), Decimal(len(old)))


async def test_this_years_budget_is_not_carried_over(subsidies: Harness) -> None:
    kind = "carry_now"
    await wait_for(line(kind))
    assert await carry(subsidies, line(kind), expect=409) == "/problems/year-not-over"
    await allot(line(kind, 1), "5.00")
    assert await carry(subsidies, line(kind, 1), expect=409) == "/problems/nothing-waits"
    clerk = subsidies.headers("officer", sub="officer:clerk", department="hrss", district="510600")
    answer = await subsidies.http.post(f"{BUDGETS}/{line(kind, 1).id}/carry-over", headers=clerk)
    assert answer.status_code == 403


async def last_years(key: str) -> None:
    """Make an application one that waits since last year."""

    async def move(tx: Transaction) -> None:
        application, reservation = await Application.of(key, tx), await Reservation.of(key, tx)
        assert application is not None
        assert reservation is not None
        assert application.decided_on is not None
        application.decided_on = application.decided_on.replace(year=application.decided_on.year - 1, day=1)
        past = replace(line("training"), year=application.decided_on.year)
        reservation.budget = past.id
        budget = await Budget.of(past.id, tx) or Budget(
            id=past.id, year=past.year, kind=past.kind, source=past.source, department="hrss", district=past.district
        )
        budget.waiting += 1
        await budget.put(tx)
        now = await Budget.of(line("training").id, tx)
        assert now is not None
        now.waiting -= 1
        for one in (application, reservation, now):
            await one.put(tx)

    await transact(move)


async def test_an_application_of_last_year_is_paid_out_of_this(subsidies: Harness) -> None:
    key = await queued(subsidies, "w-last-year")
    await last_years(key)
    await carry(subsidies, line("training", 1))
    await allot(line("training"), "800.00")

    async def owed() -> bool:
        return bool((await read(subsidies, key))["state"] == "paying")

    await eventually(owed)
    payment = await Payment.get(key)
    assert payment is not None
    assert (payment.year, payment.amount) == (clock.now().year, Decimal("800.00"))


async def test_who_takes_it_back_after_the_move_frees_the_place(subsidies: Harness) -> None:
    key = await queued(subsidies, "w-last-back")
    await last_years(key)
    before = await waiting(line("training"))
    await carry(subsidies, line("training", 1))
    await eventually(lambda: _waits(line("training"), before + 1))
    assert (await do(subsidies, key, "withdrawal", bearer("worker", worker_id="w-last-back")))["state"] == "withdrawn"
    assert await waiting(line("training")) == before
