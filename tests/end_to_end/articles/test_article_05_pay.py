"""五 保障劳动报酬权利: what a platform pays, held against the minimum wage of each footing, its due day and what it deducts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared.policy.calendar import SHANGHAI
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, event, order, profile
from tests.harness import eventually

DAY, LATE = dt.date(2026, 9, 2), dt.date(2026, 9, 5)


def ten_hours(platform: str, worker_ref: str) -> dict[str, Any]:
    begins = dt.datetime.combine(DAY, dt.time(8), SHANGHAI)
    ends = begins + dt.timedelta(hours=10)
    return order(platform, f"{platform}-{worker_ref}", worker_ref, begins.isoformat(), ends.isoformat())


def paid(platform: str, worker_ref: str, gross: str, *, hour: int = 10, **changes: Any) -> dict[str, Any]:
    data = {
        "settlement_id": f"{platform}-{worker_ref}",
        "worker_ref": worker_ref,
        "period_start": str(DAY),
        "period_end": str(DAY),
        "orders": 1,
        "gross": gross,
        "deductions": [],
        "net": gross,
        "due_on": str(DAY),
        "paid_on": str(DAY),
    }
    told = dt.datetime.combine(LATE, dt.time(hour), SHANGHAI)
    return event("settlement.paid", told.isoformat(), data | changes, platform)


async def leads_of(city: City, platform: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The leads on a platform as the district's officer finds them, by worker and kind."""
    path = f"/v1/leads?limit=500&platform={platform}"
    found = (await city.get("officer@510603", "complaints", path))["items"]
    return {(lead["worker_ref"], lead["kind"]): lead for lead in found}


async def test_pay_below_the_law_is_found_on_each_footing(city: City) -> None:
    """Told late and short, with a deposit, and corrected in the end; the self-employed agree on their pay."""
    platform = new_platform()
    await city.push(
        platform,
        profile(platform),
        engagement(platform, "partial", new_id_number()),
        engagement(platform, "own", new_id_number(), relation="self_employed"),
        *(ten_hours(platform, ref) for ref in ("partial", "own")),
        paid(platform, "own", "50.00"),
        paid(
            platform,
            "partial",
            "200.00",
            deductions=[{"kind": "deposit", "amount": "20.00"}],
            net="170.00",
            paid_on=str(LATE),
            components=[{"kind": "orders", "amount": "190.00"}, {"kind": "heat_allowance", "amount": "10.00"}],
        ),
    )

    async def raised() -> dict[tuple[str, str], dict[str, Any]] | None:
        found = await leads_of(city, platform)
        return found if ("partial", "pay_below_hourly_minimum") in found else None

    found = await eventually(raised, 40)
    await city.settled("registry", "complaints")
    found = await leads_of(city, platform)
    kinds = {"pay_below_hourly_minimum", "pay_late", "pay_short", "deduction_unlawful"}
    unbroken = {(ref, "rest_exceeded") for ref in ("partial", "own")}
    assert set(found) == {("partial", kind) for kind in kinds} | unbroken
    # ten hours of 21 yuan are 210; 200 less the heat allowance and the deposit are 170
    minimum = found["partial", "pay_below_hourly_minimum"]["finding"]
    assert (minimum["due"], minimum["pay"], minimum["excluded"], minimum["shortfall"]) == (
        "210.00",
        "170.00",
        "10.00",
        "40.00",
    )
    assert found["partial", "pay_late"]["finding"]["days"] == 3
    assert found["partial", "pay_short"]["finding"]["shortfall"] == "10.00"
    own = await city.get("officer@510603", "complaints", f"/v1/settlements/{platform}/{platform}-own")
    assert (own["no_minimum_wage"], own["leads"]) == (True, {})

    await city.push(platform, paid(platform, "partial", "230.00", hour=12))

    async def put_right() -> bool:
        now = await leads_of(city, platform)
        return all(now["partial", kind]["state"] == "withdrawn" for kind in kinds)

    await eventually(put_right, 40)
