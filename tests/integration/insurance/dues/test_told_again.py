"""What an employer owes of a month turns out otherwise afterwards: it, the tax office and its people's months hear of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bson import Decimal128

from services.insurance.dues import commands, declarations
from services.insurance.dues.amounts import INSURANCES
from services.insurance.dues.documents import DuesMonth, MonthDue, UnitMonth
from shared.contracts.insurance import DuesDeclared, DuesMonthOverdue
from shared.storage.client import collection_of
from tests.harness import Harness, eventually
from tests.integration.insurance.dues.test_dues import (
    BEFORE,
    EARLIER,
    FIRST,
    LAST,
    PAY_BY,
    TODAY,
    Employee,
    fire,
    set_figures,
    waiting,
)


async def declare(person: Employee, wage: str, month: str = LAST) -> None:
    body = {"month": month, "wages": [{"worker_id": person.worker_id, "wage": wage}]}
    headers = person.insurance.headers("platform", uscc=person.platform)
    answer = await person.insurance.http.post("/v1/wage-declarations", json=body, headers=headers)
    assert answer.status_code == 201, answer.text


async def overdue(person: Employee, fits: Callable[[DuesMonthOverdue], bool]) -> DuesMonthOverdue:
    """Let what is set for a unit's month come, and what it is told then."""

    async def told() -> Any:
        facts = [fact for fact in await person.told(DuesMonthOverdue) if fact.month == EARLIER]
        return facts[-1] if facts and fits(facts[-1]) else None

    await fire(commands.MONTH_LAPSE, f"{person.platform}|{EARLIER}")
    return await eventually(told)


async def test_a_month_missed_after_all_was_paid_is_told(insurance: Harness) -> None:
    """Somebody was employed in it who is known only later: the unit, and with it the tax office, hears of 110 per cent."""
    one = Employee(insurance)
    await one.employ()
    await one.pay(BEFORE, employer_amount="800.00", worker_amount="400.00")
    await one.pay(EARLIER)
    await fire(commands.MONTH_LAPSE, f"{one.platform}|{EARLIER}")
    await insurance.settled()
    assert await one.told(DuesMonthOverdue) == []
    two = Employee(insurance, "w2", one.platform)
    await two.employ()
    await two.lapse(EARLIER)
    fact = await overdue(one, lambda fact: fact.people == 1)
    assert (fact.ground, fact.amounts["medical"]) == ("deemed", "1320.00")


async def test_more_that_is_missed_is_told_again(insurance: Harness) -> None:
    """A contribution was booked by mistake: the unit was told of the others only."""
    one = Employee(insurance)
    await one.employ()
    await one.pay(BEFORE, employer_amount="800.00", worker_amount="400.00")
    [paid] = await one.pay(EARLIER, "medical", employer_amount="1.00", worker_amount="0.00")
    await one.lapse(EARLIER)
    first = await overdue(one, lambda _: True)
    assert (first.amounts["pension"], first.amounts["medical"]) == ("1320.00", "1.00")
    await one.pay(EARLIER, "medical", number=paid["number"], reversed=True)
    again = await overdue(one, lambda fact: fact.amounts["medical"] != "1.00")
    assert (again.amounts["medical"], again.amounts["pension"]) == ("1320.00", "1320.00")


async def test_what_was_paid_before_and_comes_late_is_deemed(insurance: Harness) -> None:
    """The month waited for a person, who has nothing to set any more."""
    one = Employee(insurance)
    await one.employ()
    await one.lapse(EARLIER)
    first = await overdue(one, lambda _: True)
    assert len(first.unknown) == len(INSURANCES) - 1
    assert await waiting(one) == [EARLIER]
    await one.pay(BEFORE, employer_amount="800.00", worker_amount="400.00")

    async def known() -> bool:
        return not await waiting(one)

    await eventually(known)
    again = await overdue(one, lambda fact: not fact.unknown)
    assert (again.ground, again.amounts["pension"]) == ("deemed", "1320.00")


async def test_a_figure_set_later_opens_what_was_paid_short(insurance: Harness) -> None:
    """While nobody knew the rate anything paid was enough; by the rate it was not."""
    one = Employee(insurance)
    await one.employ()
    await declare(one, "5000.00")
    await one.pay(LAST, employer_amount="100.00", worker_amount="0.00", paid_on=str(TODAY))
    await insurance.http.post(
        "/v1/contribution-figures",
        json={
            "kind": "work_injury",
            "unit": one.platform,
            "since": str(FIRST),
            "values": {"class": "8"},
            "source": "x",
        },
        headers=insurance.officer,
    )
    await set_figures(insurance, one.platform)

    async def missed() -> bool:
        return bool((await one.detail(LAST))["missing"] == ["pension", "medical"])

    await eventually(missed)
    assert (await one.states())[LAST] == "owed"


async def test_another_law_has_declared_months_told_again(insurance: Harness) -> None:
    """As where floor and cap of a year are published in July."""
    one = Employee(insurance)
    await one.employ()
    await set_figures(insurance, one.platform)
    await declare(one, "5000.00")
    await insurance.settled()
    key = f"{one.platform}|{LAST}"
    old = {"amounts.pension": Decimal128("1.00")}
    await collection_of(UnitMonth).update_one({"_id": key}, {"$set": old})
    await collection_of(MonthDue).update_one({"_id": one.id_of(LAST)}, {"$set": {"state": "settled", "missing": []}})
    before = len(await one.told(DuesDeclared))
    await declarations.follow_law()
    await insurance.settled()
    assert len(await one.told(DuesDeclared)) == before
    await collection_of(DuesMonth).update_one({}, {"$pop": {"law": -1}})
    await declarations.follow_law()

    async def told() -> Any:
        facts = await one.told(DuesDeclared)
        return facts[-1] if len(facts) > before else None

    fact = await eventually(told)
    assert Decimal(fact.amounts["pension"]) == Decimal("1200.00")
    assert fact.due_on == PAY_BY
    assert (await one.states())[LAST] == "owed"
