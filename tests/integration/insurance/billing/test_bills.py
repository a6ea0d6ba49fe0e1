"""Closing months: every charged order on one bill, late ones on the next."""

from __future__ import annotations

import asyncio
import csv
import io
import random
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from services.insurance.billing import commands as billing
from services.insurance.billing.documents import Bill, Closing, MonthEnd
from services.insurance.billing.rules import closes_on
from services.insurance.ledger import commands as charging
from services.insurance.ledger.sheets import SheetTaken
from shared import clock
from shared.contracts.insurance import BillIssued
from shared.contracts.platform import OrderFinished
from shared.contracts.registry import EngagementActivated
from shared.policy import calendar
from shared.policy.calendar import first_day
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, bearer
from tests.integration.insurance.facts import engagement, event, new_platform, order, worker

Line = tuple[str, int, int, str]


@pytest.fixture
def platform() -> str:
    return new_platform()


def _months() -> Iterator[tuple[str, str, str]]:
    """Three months in a row that no other test of this module closes: a closed month is closed for all."""
    for year in range(2023, 2026):
        for month in (1, 4, 7, 10):
            yield f"{year}-{month:02}", f"{year}-{month + 1:02}", f"{year}-{month + 2:02}"


MONTHS = _months()


@pytest.fixture
def months() -> tuple[str, str, str]:
    return next(MONTHS)


LONE_MONTHS = iter(["2022-07", "2022-08", "2022-10", "2022-11", "2022-12"])


@pytest.fixture
def month() -> str:
    """A month that no other test of this module closes."""
    return next(LONE_MONTHS)


async def charge(platform: str, *orders: OrderFinished) -> None:
    await charging.charge([event(platform, one) for one in orders])


def taxi(order_id: str, month: str, **changes: Any) -> OrderFinished:
    return order(order_id, f"{month}-12 12:30", industry="freight", **changes)


async def close(insurance: Harness, month: str) -> dict[str, Any]:
    answer = await insurance.http.post("/v1/bill-closings", json={"month": month}, headers=insurance.officer)
    assert answer.status_code == 202
    await insurance.settled()
    closed: dict[str, Any] = answer.json()
    return closed


async def bills(insurance: Harness, platform: str) -> list[Line]:
    answer = await insurance.http.get("/v1/bills", params={"platform": platform}, headers=insurance.officer)
    return [(one["month"], one["orders"], one["late_orders"], one["premium"]) for one in answer.json()["items"]]


def price(month: str, orders: int) -> str:
    return f"{Decimal('0.20' if month < '2025-07' else '0.18') * orders:.2f}"


async def test_a_closed_month_is_one_bill_for_each_platform(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    other = new_platform()
    await charge(platform, *(taxi(str(number), months[0]) for number in range(3)), taxi("next", months[1]))
    await charge(other, taxi("1", months[0]), order("2", f"{months[0]}-12 12:30", industry="courier"))
    closed = await close(insurance, months[0])
    assert {bill["platform"] for bill in closed["bills"]} >= {platform, other}
    assert await bills(insurance, platform) == [(months[0], 3, 0, price(months[0], 3))]
    assert await bills(insurance, other) == [(months[0], 1, 0, price(months[0], 1))]
    [issued] = [fact for fact in await insurance.told(BillIssued) if fact.platform == platform]
    assert (issued.orders, issued.premium) == (3, price(months[0], 3))
    assert issued.due_on.isoformat()[:7] == months[1]


async def test_a_platform_without_a_charged_order_gets_no_bill(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    await charge(platform, order("1", f"{months[0]}-12 12:30", industry="courier"))
    await close(insurance, months[0])
    assert await bills(insurance, platform) == []
    assert await Bill.of(f"{platform}|{months[0]}") is None


async def test_what_comes_for_a_closed_month_is_late_in_the_next_bill(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    await charge(platform, taxi("1", months[0]))
    await close(insurance, months[0])
    await charge(platform, taxi("late", months[0]), taxi("2", months[1]), taxi("3", months[2]))
    await close(insurance, months[0])
    assert await bills(insurance, platform) == [(months[0], 1, 0, price(months[0], 1))]
    await close(insurance, months[1])
    await close(insurance, months[2])
    assert await bills(insurance, platform) == [
        (months[0], 1, 0, price(months[0], 1)),
        (months[1], 2, 1, f"{Decimal(price(months[0], 1)) + Decimal(price(months[1], 1)):.2f}"),
        (months[2], 1, 0, price(months[2], 1)),
    ]


async def test_a_first_order_after_the_closing_is_billed_next_month(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    await close(insurance, months[0])
    await charge(platform, taxi("late", months[0]))
    await close(insurance, months[1])
    assert await bills(insurance, platform) == [(months[1], 1, 1, price(months[0], 1))]


async def test_an_earlier_month_still_open_keeps_its_orders(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    """They come in that month's own bill, though a later month is closed first."""
    await charge(platform, taxi("1", months[0]), taxi("2", months[1]))
    await close(insurance, months[1])
    await close(insurance, months[0])
    assert await bills(insurance, platform) == [
        (months[0], 1, 0, price(months[0], 1)),
        (months[1], 1, 0, price(months[1], 1)),
    ]


async def test_a_correction_of_a_billed_order_is_credited_next(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    await charge(platform, taxi("1", months[0]), taxi("2", months[0]), taxi("3", months[0], worker_ref="w2"))
    await close(insurance, months[0])
    started = {"relation": "employment", "started_on": f"{months[0]}-01"}
    await insurance.publish(worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **started))
    await insurance.settled()
    await close(insurance, months[1])
    assert (await bills(insurance, platform))[1] == (months[1], -2, -2, f"-{price(months[0], 2)}")


async def test_a_bill_is_filled_in_parts_and_comes_to_the_same(
    insurance: Harness, platform: str, months: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing, "SHEETS_AT_ONCE", 2)
    for number in range(5):
        await charge(platform, taxi(str(number), months[0]))
    await close(insurance, months[0])
    for number in range(5, 8):
        await charge(platform, taxi(str(number), months[0]), taxi(f"next {number}", months[1]))
    await close(insurance, months[1])
    assert [line[1:3] for line in await bills(insurance, platform)] == [(5, 0), (6, 3)]


async def test_orders_between_the_parts_of_a_closing_are_billed_once(
    insurance: Harness, platform: str, months: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing, "SHEETS_AT_ONCE", 1)
    original = billing.fill
    told: list[int] = []

    async def orders_come_meanwhile(bill: Bill, tx: Any) -> None:
        if bill.platform == platform and len(told) < 6:
            told.append(len(told))
            if len(told) % 2:
                await charge(platform, taxi(f"before {len(told)}", bill.month))
        await original(bill, tx)
        if bill.platform == platform and len(told) < 6:
            await charge(platform, taxi(f"after {len(told)}", bill.month))

    await charge(platform, taxi("1", months[0]))
    monkeypatch.setattr(billing, "fill", orders_come_meanwhile)
    await close(insurance, months[0])
    monkeypatch.undo()
    await close(insurance, months[1])
    await close(insurance, months[2])
    lines = await bills(insurance, platform)
    totals = await storage().collection("ledger").count_documents({"platform": platform})
    assert totals > 4
    assert sum(line[1] for line in lines) == totals
    assert all(line[2] == line[1] for line in lines[1:])


async def test_a_later_bill_filled_first_leaves_earlier_orders(
    insurance: Harness, platform: str, months: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The orders of the earlier month come in that month's own bill."""
    original = billing.fill

    async def wait_for_the_later(bill: Bill, tx: Any) -> None:
        later = await Bill.of(f"{platform}|{months[1]}")
        if bill.id == f"{platform}|{months[0]}" and (later is None or later.status == "draft"):
            raise TimeoutError("not yet")
        await original(bill, tx)

    async def close_both(tx: Any) -> None:
        for month in months[:2]:
            await billing.close(month, "test", tx)

    await charge(platform, taxi("1", months[0]), taxi("2", months[1]))
    monkeypatch.setattr(billing, "fill", wait_for_the_later)
    await transact(close_both)
    await insurance.settled()
    assert [line[:3] for line in await bills(insurance, platform)] == [(months[0], 1, 0), (months[1], 1, 0)]


async def test_the_running_month_can_be_closed_and_one_to_come_cannot(insurance: Harness, platform: str) -> None:
    running = calendar.month_of(clock.now())
    day = calendar.shanghai_date(clock.now()).isoformat()
    await charge(platform, order("1", f"{day} 00:01"))
    await close(insurance, running)
    assert [line[0] for line in await bills(insurance, platform)] == [running]
    for month, status in (("2099-01", 422), ("2026-13", 422), ("September", 422)):
        answer = await insurance.http.post("/v1/bill-closings", json={"month": month}, headers=insurance.officer)
        assert answer.status_code == status


async def test_a_platform_sees_its_own_bills_only(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    await charge(platform, taxi("1", months[0]))
    await close(insurance, months[0])
    own, other = bearer("platform", uscc=platform), bearer("platform", uscc=new_platform())
    [shown] = (await insurance.http.get("/v1/bills", headers=own)).json()["items"]
    assert (shown["bill_id"], shown["status"]) == (f"{platform}|{months[0]}", "issued")
    path = f"/v1/bills/{shown['bill_id']}"
    assert (await insurance.http.get(path, headers=own)).json().items() >= shown.items()
    assert (await insurance.http.get("/v1/bills", headers=other)).json()["items"] == []
    assert (await insurance.http.get(path, headers=other)).status_code == 404
    assert (await insurance.http.get(f"/v1/bills?platform={platform}", headers=other)).status_code == 403
    assert (await insurance.http.get("/v1/bills", headers=bearer("worker", worker_id="p1"))).status_code == 403


async def test_bills_are_paged(insurance: Harness, months: tuple[str, str, str]) -> None:
    platforms = sorted(new_platform() for _ in range(3))
    for one in platforms:
        await charge(one, taxi("1", months[0]))
    await close(insurance, months[0])
    seen: list[str] = []
    params = {"month": months[0], "limit": "2"}
    while True:
        page = (await insurance.http.get("/v1/bills", params=params, headers=insurance.officer)).json()
        seen += [item["platform"] for item in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert seen == platforms


async def test_only_an_officer_of_the_city_closes_a_month(insurance: Harness) -> None:
    for role, claims in (
        ("officer", {"department": "hrss", "district": "510603"}),
        ("platform", {"uscc": new_platform()}),
    ):
        headers = insurance.headers(role, **claims)
        answer = await insurance.http.post("/v1/bill-closings", json={"month": "2022-09"}, headers=headers)
        assert answer.status_code == 403
    assert await Closing.of("2022-09") is None


async def test_an_officer_of_the_city_sees_how_far_the_bills_are(insurance: Harness, platform: str, month: str) -> None:
    """The bills of a closed month; of an open one there is nothing to see."""
    await charge(platform, taxi("1", month))
    path = f"/v1/bill-closings/{month}"
    assert (await insurance.http.get(path, headers=insurance.officer)).status_code == 404
    await close(insurance, month)
    found = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert found["month"] == month
    bill = {"bill_id": f"{platform}|{month}", "platform": platform, "status": "issued"}
    assert bill in found["bills"]
    district = bearer("officer", department="hrss", district="510603")
    for caller in (district, bearer("platform", uscc=platform)):
        assert (await insurance.http.get(path, headers=caller)).status_code == 403
    assert (await insurance.http.get("/v1/bill-closings/September", headers=insurance.officer)).status_code == 422


async def test_months_close_by_themselves_from_the_first_start_on(insurance: Harness) -> None:
    running = calendar.month_of(clock.now())
    begun = await MonthEnd.of("month_end")
    assert begun is not None
    assert begun.since == running
    timers = storage().collection("timers")
    row = await timers.find_one({"_id": "insurance.month_end:next"})
    assert row is not None
    assert row["data"] == {"month": running}
    assert calendar.shanghai_date(row["due_at"]) == closes_on(running)
    # the month before: the next one is to close in a time that has not come
    last = f"{calendar.months_after(first_day(running), -1):%Y-%m}"
    await transact(lambda tx: billing.end_month(last, tx))
    closing = await Closing.of(last)
    assert closing is not None
    assert closing.by == "timer"
    again = await timers.find_one({"_id": "insurance.month_end:next"})
    assert again is not None
    assert (again["data"], again["due_at"]) == (row["data"], row["due_at"])


async def table(insurance: Harness, bill: str, headers: dict[str, str]) -> list[dict[str, str]]:
    answer = await insurance.http.get(f"/v1/bills/{bill}/detail", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_bill_shows_charges_and_corrections_apart(
    insurance: Harness, platform: str, months: tuple[str, str, str]
) -> None:
    """Its table lists each entry, for its platform and for officers alone."""
    await charge(platform, taxi("1", months[0]), taxi("2", months[0], worker_ref="w2"))
    await close(insurance, months[0])
    started = {"relation": "employment", "started_on": f"{months[0]}-01"}
    await insurance.publish(worker(f"person-{platform}-w1"), engagement(EngagementActivated, platform, **started))
    await charge(platform, taxi("3", months[1], worker_ref="w2"), taxi("4", months[1], worker_ref="w2"))
    await insurance.settled()
    await close(insurance, months[1])
    own, bill = bearer("platform", uscc=platform), f"{platform}|{months[1]}"
    shown = (await insurance.http.get(f"/v1/bills/{bill}", headers=own)).json()
    one = price(months[0], 1)
    assert shown["corrected"] == {"entries": 1, "orders": -1, "premium": f"-{one}"}
    assert shown["charged"] == {"entries": 2, "orders": 2, "premium": price(months[1], 2)}
    assert (shown["orders"], shown["premium"]) == (1, f"{Decimal(price(months[1], 2)) - Decimal(one):.2f}")
    listed = await table(insurance, bill, own)
    assert [(row["order_id"], row["orders"], row["premium"], row["correction_of"]) for row in listed] == [
        ("1", "-1", f"-{one}", "1"),
        ("3", "1", price(months[1], 1), ""),
        ("4", "1", price(months[1], 1), ""),
    ]
    assert listed[0]["reason"] == "employment"
    assert listed[1]["finished_at"] == f"{months[1]}-12T12:30:00+08:00"
    first = await table(insurance, f"{platform}|{months[0]}", insurance.officer)
    assert [(row["worker_ref"], row["industry"]) for row in first] == [("w1", "freight"), ("w2", "freight")]
    other = bearer("platform", uscc=new_platform())
    assert (await insurance.http.get(f"/v1/bills/{bill}/detail", headers=other)).status_code == 404


async def test_a_bill_is_taken_away_as_an_excel_sheet(insurance: Harness, platform: str, month: str) -> None:
    for number in range(3):
        await charge(platform, *(taxi(f"{number}-{one}", month) for one in range(150)))
    await close(insurance, month)
    path = f"/v1/bills/{platform}|{month}/detail"
    answer = await insurance.http.get(path, params={"format": "xlsx"}, headers=insurance.officer)
    assert answer.content[:2] == b"PK"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 451
    assert len(await table(insurance, f"{platform}|{month}", insurance.officer)) == 450


async def take(platform: str, batch: list[OrderFinished]) -> None:
    """Charge a batch as the consumer does: again, where another process took this one for dead."""
    try:
        await charge(platform, *batch)
    except SheetTaken:
        await take(platform, batch)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_bill_is_the_same_however_orders_arrive(
    insurance: Harness, platform: str, month: str, seed: int
) -> None:
    """In any order, with repetitions, split into any batches, and two at once."""
    chance = random.Random(seed)
    orders = [taxi(str(number), month, worker_ref=f"w{number % 3}") for number in range(60)]
    arriving = [*orders, *chance.sample(orders, 20)]
    chance.shuffle(arriving)
    batches: list[list[OrderFinished]] = []
    while arriving:
        size = chance.randint(1, 15)
        batches.append(arriving[:size])
        arriving = arriving[size:]
    started = {"relation": "employment", "started_on": f"{month}-01"}
    told = chance.randrange(len(batches))
    for number, batch in enumerate(batches):
        if number == told:
            person = worker(f"person-{platform}-w1")
            await insurance.publish(person, engagement(EngagementActivated, platform, **started))
        if chance.random() < 0.5:  # two at once, as two processes would
            await asyncio.gather(take(platform, batch), take(platform, chance.choice(batches)))
        else:
            await charge(platform, *batch)
    await insurance.settled()
    await close(insurance, month)
    assert await bills(insurance, platform) == [(month, 40, 0, price(month, 40))]
