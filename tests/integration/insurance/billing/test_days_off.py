"""Days by which something is paid follow the days off, once those of their year are published."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from services.insurance.app import service
from services.insurance.benefits.advance_documents import Advance
from services.insurance.benefits.documents import Benefit, Step
from services.insurance.billing.documents import Bill
from services.insurance.dues.documents import MonthDue, UnitMonth
from services.insurance.outlet_bills.documents import OutletBill
from shared.policy.calendar import end_of_day
from shared.storage.client import storage
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.insurance.facts import new_platform
from tests.integration.years import all_followed, before_2027, publish_2027

BEFORE, AFTER = dt.date(2027, 1, 15), dt.date(2027, 1, 18)
"""A Friday, and the Monday behind it."""


async def test_days_to_pay_follow_the_calendar(insurance: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they were stored before anything watched them."""
    unit, month = new_platform(), "2026-12"
    kept = (
        Bill(id=f"{unit}|{month}", platform=unit, month=month, status="issued", premium=Decimal("8.00"), due_on=BEFORE),
        OutletBill(
            id=f"{unit}:{month}", outlet=unit, insurer=unit, month=month, district="510603", people=1,
            amount=Decimal("8.00"), status="issued", due_on=BEFORE,
        ),
        UnitMonth(id=f"{unit}|{month}", unit=unit, month=month, due_on=BEFORE),
        MonthDue(
            id=MonthDue.id_of(unit, f"p-{unit}", month), unit=unit, worker_id=f"p-{unit}", month=month,
            engagement_id="e", district="510603", due_on=BEFORE, state="owed",
        ),
    )  # fmt: skip
    with before_2027():
        for one in kept:
            await transact(one.put)
        await publish_2027(monkeypatch, BEFORE, stored=service.deadlines)

        async def moved() -> bool:
            found = [
                await Bill.of(kept[0].id), await OutletBill.of(kept[1].id), await UnitMonth.of(kept[2].id),
                await MonthDue.of(kept[3].id),
            ]  # fmt: skip
            return [one.due_on for one in found if one] == 4 * [AFTER]

        await eventually(moved)
        assert await eventually(lambda: all_followed(service.deadlines))
        timers = storage().collection("timers")
        for kind, key in (("bill_overdue", kept[0].id), ("outlet_bill_overdue", kept[1].id)):
            timer = await timers.find_one({"_id": f"insurance.{kind}:{key}"})
            assert timer is not None
            assert timer["due_at"] == end_of_day(AFTER)


async def test_natural_days_move_back_too(insurance: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that were set to the Monday, for a Friday off that is none after all, end on the Friday again: who employs pays a month,
    who must pay a benefit itself, and a platform advances, from the days on which their terms began."""
    unit, month = new_platform(), "2026-12"
    told = Step(at=dt.datetime(2026, 12, 31, 1, tzinfo=dt.UTC), event="due", by="timer")
    common = {"claim_id": f"c-{unit}", "worker_id": f"p-{unit}", "platform": unit, "district": "510603"}
    due = MonthDue(
        id=MonthDue.id_of(unit, f"p-{unit}", month), unit=unit, worker_id=f"p-{unit}", month=month,
        engagement_id="e", district="510603", due_on=AFTER, state="owed",
    )  # fmt: skip
    benefit = Benefit.model_validate(common | {
        "id": f"c-{unit}:1", "partner": unit, "scheme": "work_injury", "kind": "suspended_pay", "payer": "partner",
        "occurred_on": dt.date(2026, 12, 1), "state": "granted", "amount": Decimal("9.00"), "missing": None, "month": None,
        "last_month": None, "due_on": AFTER, "due_since": dt.date(2026, 12, 16), "payee": None, "basis": {}, "used": [],
    })  # fmt: skip
    advance = Advance.model_validate(common | {
        "id": f"c-{unit}:1:a1", "benefit_id": benefit.id, "partner": unit, "month": None, "amount": Decimal("9.00"),
        "due_on": AFTER, "history": [told],
    })  # fmt: skip
    with before_2027():
        for one in (due, benefit, advance):
            await transact(one.put)
        await publish_2027(monkeypatch, stored=service.deadlines)

        async def moved() -> bool:
            found = [await MonthDue.of(due.id), await Benefit.of(benefit.id), await Advance.of(advance.id)]
            return [one.due_on for one in found if one] == 3 * [BEFORE]

        await eventually(moved)
        assert await eventually(lambda: all_followed(service.deadlines))
