"""Paying bills: in whole, in part, twice, too much, too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.billing import payments
from services.insurance.billing.documents import Bill, Payment
from services.insurance.ledger import commands as charging
from shared import clock
from shared.contracts.insurance import BillDueNear, BillIssued, BillOverdue, BillPaid
from shared.errors import NotFound
from shared.policy import calendar
from shared.storage.client import Row, storage
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.insurance.facts import event, new_platform, order

TODAY = dt.date(2026, 10, 1)


def _months() -> Iterator[str]:
    for year in (2023, 2024):
        for month in range(1, 13):
            yield f"{year}-{month:02}"


MONTHS = _months()


@pytest.fixture
async def bill(insurance: Harness) -> str:
    """A bill of 2.00 yuan of a platform and month of its own."""
    return await issue(insurance, new_platform(), 10)


async def issue(insurance: Harness, platform: str, orders: int) -> str:
    month = next(MONTHS)
    facts = [order(f"{month}-{number}", f"{month}-12 12:30", industry="freight") for number in range(orders)]
    await charging.charge([event(platform, fact) for fact in facts])
    answer = await insurance.http.post("/v1/bill-closings", json={"month": month}, headers=insurance.officer)
    assert answer.status_code == 202
    await insurance.settled()
    return f"{platform}|{month}"


async def pay(
    insurance: Harness, bill: str, number: str, amount: str, paid_on: str = "2026-10-01", **headers: Any
) -> tuple[int, dict[str, Any]]:
    body = {"payment_id": f"{bill}-{number}"[-64:], "amount": amount, "paid_on": paid_on}
    answer = await insurance.http.post(
        f"/v1/bills/{bill}/payments", json=body, headers=headers.get("headers", insurance.officer)
    )
    return answer.status_code, answer.json()


async def paid_facts(insurance: Harness, bill: str) -> list[tuple[str, str, str, bool]]:
    facts = [fact for fact in await insurance.told(BillPaid) if fact.bill_id == bill]
    return [(fact.amount, fact.paid, fact.outstanding, fact.settled) for fact in facts]


async def test_a_bill_is_paid_in_parts(insurance: Harness, bill: str) -> None:
    status, shown = await pay(insurance, bill, "1", "0.50")
    assert status == 201
    assert (shown["status"], shown["paid"], shown["outstanding"]) == ("part_paid", "0.50", "1.50")
    status, shown = await pay(insurance, bill, "2", "1.50", "2026-09-30")
    assert (status, shown["status"], shown["outstanding"]) == (201, "paid", "0.00")
    assert [(one["amount"], one["paid_on"]) for one in shown["payments"]] == [
        ("1.50", "2026-09-30"),
        ("0.50", "2026-10-01"),
    ]
    assert await paid_facts(insurance, bill) == [("0.50", "0.50", "1.50", False), ("1.50", "2.00", "0.00", True)]


async def test_a_payment_counts_once_under_its_number(insurance: Harness, bill: str) -> None:
    for _ in range(2):
        status, shown = await pay(insurance, bill, "1", "0.50")
        assert (status, shown["paid"]) == (201, "0.50")
    status, problem = await pay(insurance, bill, "1", "0.60")
    assert (status, problem["type"]) == (409, "/problems/payment-number-used")
    assert len(await paid_facts(insurance, bill)) == 1


async def test_more_than_is_due_is_refused(insurance: Harness, bill: str) -> None:
    status, problem = await pay(insurance, bill, "1", "2.01")
    assert (status, problem["type"]) == (422, "/problems/more-than-due")
    assert (await pay(insurance, bill, "2", "2.00"))[0] == 201
    status, problem = await pay(insurance, bill, "3", "0.01")
    assert (status, problem["type"]) == (409, "/problems/nothing-due")
    assert await Payment.find({"bill_id": bill}).count() == 1


@pytest.mark.parametrize("amount", ["0", "-1.00", "0.001", "1,00"])
async def test_an_amount_that_is_none_is_refused(insurance: Harness, bill: str, amount: str) -> None:
    assert (await pay(insurance, bill, "1", amount))[0] == 422


async def test_a_payment_of_tomorrow_or_of_no_bill_is_refused(insurance: Harness, bill: str) -> None:
    tomorrow = calendar.shanghai_date(clock.now()) + dt.timedelta(days=1)
    assert (await pay(insurance, bill, "1", "1.00", tomorrow.isoformat()))[0] == 422
    assert (await pay(insurance, f"{new_platform()}|2023-01", "1", "1.00"))[0] == 404


async def test_only_officers_and_the_province_enter_payments(insurance: Harness, bill: str) -> None:
    platform = bill.partition("|")[0]
    assert (await pay(insurance, bill, "1", "1.00", headers=insurance.headers("platform", uscc=platform)))[0] == 403
    assert (await pay(insurance, bill, "1", "1.00", headers=insurance.headers("provincial")))[0] == 201


async def test_money_that_the_province_took_is_kept(insurance: Harness, bill: str) -> None:
    """Whatever it comes to: what is too much shows as overpaid."""

    async def twice(tx: Transaction) -> None:
        for _ in range(2):
            await payments.record_payment(f"{bill}-p1", bill, Decimal("2.50"), TODAY, tx)

    await transact(twice)
    await transact(lambda tx: payments.record_payment(f"{bill}-p2", bill, Decimal("0.10"), TODAY, tx))
    own = bearer("platform", uscc=bill.partition("|")[0])
    shown = (await insurance.http.get(f"/v1/bills/{bill}", headers=own)).json()
    assert (shown["status"], shown["paid"], shown["overpaid"]) == ("paid", "2.00", "0.60")
    assert [fact[0] for fact in await paid_facts(insurance, bill)] == ["2.50", "0.10"]
    with pytest.raises(NotFound):
        await transact(lambda tx: payments.record_payment("p3", "nobody|2023-01", Decimal(1), TODAY, tx))


async def test_what_came_too_much_pays_the_next_bill(insurance: Harness, bill: str) -> None:
    """And the one after it: each fen once."""
    platform = bill.partition("|")[0]
    await transact(lambda tx: payments.record_payment(f"{bill}-p1", bill, Decimal("5.00"), TODAY, tx))
    second, third = await issue(insurance, platform, 5), await issue(insurance, platform, 15)

    async def shown(bill_id: str) -> list[str]:
        found = (await insurance.http.get(f"/v1/bills/{bill_id}", headers=insurance.officer)).json()
        return [found[name] for name in ("status", "premium", "paid", "set_off", "outstanding", "overpaid", "credit")]

    assert await shown(bill) == ["paid", "2.00", "2.00", "0.00", "0.00", "3.00", "0.00"]
    assert await shown(second) == ["paid", "1.00", "0.00", "1.00", "0.00", "0.00", "0.00"]
    assert await shown(third) == ["issued", "3.00", "0.00", "2.00", "1.00", "0.00", "0.00"]
    told = {fact.bill_id: fact.set_off for fact in await insurance.told(BillIssued) if fact.platform == platform}
    assert told == {bill: "0.00", second: "1.00", third: "2.00"}
    assert await timer_of(payments.OVERDUE, second) is None
    assert (await pay(insurance, third, "1", "1.01"))[0] == 422
    assert (await pay(insurance, third, "2", "1.00"))[1]["status"] == "paid"


async def test_two_payments_at_once_are_both_kept(insurance: Harness, bill: str) -> None:
    async def another_comes_first(tx: Transaction) -> None:
        known = await Bill.of(bill, tx)
        if known is not None and known.paid == 0:
            await transact(lambda other: payments.record_payment(f"{bill}-1", bill, Decimal("0.30"), TODAY, other))
        await payments.record_payment(f"{bill}-2", bill, Decimal("0.40"), TODAY, tx)

    await transact(another_comes_first)
    found = await Bill.of(bill)
    assert found is not None
    assert found.paid == Decimal("0.70")


def fresh(bill_id: str, due_on: dt.date) -> Bill:
    platform, month = bill_id.split("|")
    return Bill(
        id=bill_id, platform=platform, month=month, status="issued", orders=1, premium=Decimal("1000"), due_on=due_on
    )


async def timer_of(kind: TimerKind[None], bill: str) -> Row | None:
    return await storage().collection("timers").find_one({"_id": f"{kind}:{bill}"})


async def test_a_bill_is_watched_until_it_is_paid(insurance: Harness) -> None:
    due_on = calendar.shanghai_date(clock.now()) + dt.timedelta(days=20)
    bill = fresh(f"{new_platform()}|2026-10", due_on)

    async def store(tx: Transaction) -> None:
        from services.insurance.billing.rules import law_of_bill

        await bill.put(tx)
        payments.watch(bill, law_of_bill("2026-10"), tx)

    await transact(store)
    near, late = await timer_of(payments.DUE_NEAR, bill.id), await timer_of(payments.OVERDUE, bill.id)
    assert near is not None
    assert late is not None
    assert near["due_at"] == calendar.start_of_day(due_on - dt.timedelta(days=3))
    assert late["due_at"] == calendar.end_of_day(due_on)
    await transact(lambda tx: payments.record_payment(f"{bill.id}-1", bill.id, Decimal("1000"), TODAY, tx))
    assert await timer_of(payments.DUE_NEAR, bill.id) is None
    assert await timer_of(payments.OVERDUE, bill.id) is None


async def test_a_bill_issued_after_its_day_is_not_overdue_at_once(insurance: Harness, bill: str) -> None:
    late = await timer_of(payments.OVERDUE, bill)
    assert late is not None
    wait = late["due_at"] - clock.now()
    assert dt.timedelta(minutes=50) < wait <= dt.timedelta(hours=1)
    assert await timer_of(payments.DUE_NEAR, bill) is None


async def test_an_unpaid_bill_is_told_before_and_after_its_day(
    insurance: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its day it is told again and again until the last reminder."""
    bill = fresh(f"{new_platform()}|2026-09", dt.date(2026, 10, 15))
    await transact(bill.put)

    async def on_the_day(day: int, act: Any) -> None:
        async def with_bill(tx: Transaction) -> None:
            found = await Bill.of(bill.id, tx)
            assert found is not None
            await act(found, tx)

        monkeypatch.setattr(clock, "now", lambda: calendar.start_of_day(dt.date(2026, 10, day)))
        await transact(with_bill)

    async def taken_off() -> dt.datetime | None:
        """When the next reminder was set for; it is taken away while it lies ahead, so that the scheduler does not do it too."""
        row = await storage().collection("timers").find_one_and_delete({"_id": f"{payments.OVERDUE}:{bill.id}"})
        return row["due_at"] if row else None

    await on_the_day(12, payments.remind)
    for day, following in ((16, dt.date(2026, 10, 23)), (23, dt.date(2026, 10, 30)), (30, dt.date(2026, 11, 6))):
        await on_the_day(day, payments.lapse)
        assert await taken_off() == calendar.start_of_day(following)
    await on_the_day(31, payments.lapse)
    assert await taken_off() is None
    monkeypatch.undo()
    [near] = [fact for fact in await insurance.told(BillDueNear) if fact.bill_id == bill.id]
    assert (near.outstanding, near.due_on) == ("1000.00", dt.date(2026, 10, 15))
    told = [fact for fact in await insurance.told(BillOverdue) if fact.bill_id == bill.id]
    assert [(fact.reminders, fact.late_fee) for fact in told] == [(0, "0.50"), (1, "4.00"), (2, "7.50"), (3, "8.00")]
    own = bearer("platform", uscc=bill.platform)
    shown = (await insurance.http.get(f"/v1/bills/{bill.id}", headers=own)).json()
    assert (shown["status"], shown["reminders"]) == ("overdue", 3)
    assert "oip.late_fee_per_day" in [one["key"] for one in shown["used"]]
    await transact(lambda tx: payments.record_payment(f"{bill.id}-1", bill.id, Decimal("1000"), TODAY, tx))
    await on_the_day(31, payments.lapse)
    found = await Bill.of(bill.id)
    assert found is not None
    assert (found.status, found.reminders) == ("paid", 3)
