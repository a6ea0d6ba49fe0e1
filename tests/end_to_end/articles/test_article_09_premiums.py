"""九 强化职业伤害保障: every order is insured; platforms pay by the order, at their rate, and each bill can be calculated again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from urllib.parse import quote

from shared import clock
from shared.contracts.insurance import BillOverdue
from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, order, profile
from tests.harness import eventually


def delivered(platform: str, day: str, number: int = 1) -> dict[str, Any]:
    return order(platform, f"{day}-{number}", "rider-1", f"{day}T12:00:00+08:00", f"{day}T12:30:00+08:00")


async def orders_of(city: City, caller: str, month: str, count: int, path: str = "/v1/orders") -> list[dict[str, Any]]:
    async def all_there() -> list[dict[str, Any]] | None:
        items = (await city.get(caller, "insurance", f"{path}?month={month}"))["items"]
        return items if len(items) == count else None

    return await eventually(all_there, 40)


async def bill_of(city: City, platform: str, month: str) -> dict[str, Any]:
    await city.post("officer", "insurance", "/v1/bill-closings", {"month": month})

    async def issued() -> dict[str, Any] | None:
        items = (await city.get("officer", "insurance", f"/v1/bills?platform={platform}&month={month}"))["items"]
        return items[0] if items else None

    found: dict[str, Any] = await eventually(issued, 40)
    return found


async def test_orders_are_charged_billed_paid_and_corrected(city: City) -> None:
    """The platform sees every step of it."""
    platform = new_platform()
    us = f"platform:{platform}"
    rider = engagement(platform, "rider-1", new_id_number(), started_on="2025-09-01")
    await city.push(platform, profile(platform), rider)
    await city.settled("registry", "insurance")
    orders = [delivered(platform, f"2025-09-{day}") for day in (10, 20, 21)]
    await city.push(platform, *orders, orders[0])
    await orders_of(city, us, "2025-09", 3)
    first = await bill_of(city, platform, "2025-09")
    assert (first["orders"], first["premium"], first["status"]) == (3, "0.21", "issued")

    path = f"/v1/platforms/{platform}/rates/instant_delivery/2025-09-20"
    body = {"kind": "factor", "value": "2", "document": "德人社办〔2025〕9号"}
    await city.call("officer", "insurance", "PUT", path, json=body)
    shown = await city.get(us, "insurance", f"/v1/platforms/{platform}/rates?industry=instant_delivery")
    assert [(one["since"], one["premium"], one["why"]) for one in shown[-2:]] == [
        ("2025-07-01", "0.07", "declared_class"),
        ("2025-09-20", "0.14", "own_rate"),
    ]
    await city.push(platform, delivered(platform, "2025-09-11"), delivered(platform, "2025-10-01"))
    await orders_of(city, us, "2025-09", 4)
    await orders_of(city, us, "2025-10", 1)

    async def corrected() -> list[dict[str, Any]] | None:
        items = (await city.get(us, "insurance", "/v1/orders?month=2025-09"))["items"]
        found = [one["order_id"] for one in items if one["premium"] == "0.14" and one["corrections"]]
        return found if len(found) == 2 else None

    await eventually(corrected, 40)
    second = await bill_of(city, platform, "2025-10")
    assert (second["orders"], second["late_orders"], second["premium"]) == (2, 1, "0.35")

    at = f"/v1/bills/{quote(second['bill_id'])}"
    full = await city.get(us, "insurance", at)
    assert full["charged"] == {"entries": 2, "orders": 2, "premium": "0.21"}
    assert full["corrected"] == {"entries": 2, "orders": 0, "premium": "0.14"}
    table = (await city.get(us, "insurance", f"{at}/detail")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["correction_of"] for row in rows} == {"", "2025-09-20-1", "2025-09-21-1"}
    for bill in (first, second):
        again = await city.get("officer", "insurance", f"/v1/bills/{quote(bill['bill_id'])}/recomputation")
        assert (again["difference_count"], again["premium"]) == (0, bill["premium"])

    for number, amount, status in ((1, "0.10", "part_paid"), (2, "0.25", "paid")):
        payment = {"payment_id": f"{platform}-{number}", "amount": amount, "paid_on": "2025-11-03"}
        paid = await city.post("provincial", "insurance", f"{at}/payments", payment)
        assert paid["status"] == status
    assert (paid["outstanding"], paid["late_fee"]) == ("0.00", "0.00")
    refused = {"payment_id": f"{platform}-3", "amount": "0.01", "paid_on": "2025-11-03"}
    problem = await city.post("officer", "insurance", f"{at}/payments", refused, expect=409)
    assert problem["type"] == "/problems/nothing-due"

    unpaid = {name: first[name] for name in ("bill_id", "platform", "month", "premium", "paid", "outstanding")}
    due_on = dt.date.fromisoformat(first["due_on"])
    await city.tell("insurance", BillOverdue(**unpaid, due_on=due_on, late_fee="0.04", reminders=0))
    lead = await city.lead("bill_overdue", platform, "officer", month="2025-09")
    found = lead["finding"]
    assert (found["premium"], found["outstanding"], found["paid_on"]) == ("0.21", "0.21", None)
    late = shanghai_date(clock.now()) - dt.date.fromisoformat(found["due_on"])
    assert (found["days_late"], found["late_fee_per_day"]) == (late.days, "0.0005")
    assert "social_insurance.late_fee_per_day" in [one["key"] for one in lead["used"]]
    assert [one["code"] for one in lead["to_judge"]] == ["payment_under_way"]

    worker_id = (await city.engagement_of(platform, "rider-1"))["worker_id"]
    own = await orders_of(city, f"worker:{worker_id}", "2025-09", 4, "/v1/workers/me/orders")
    assert {one["platform"] for one in own} == {platform}
