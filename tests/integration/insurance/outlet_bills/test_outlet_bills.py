"""An outlet's statement becomes a bill: issued, reminded of, paid, overdue, and set off against the next."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from services.insurance.outlet_bills.commands import late_fee_on
from services.insurance.outlet_bills.documents import OutletBill
from shared import clock
from shared.contracts.base import to_fen
from shared.contracts.insurance import BillDueNear, BillIssued, BillOverdue, BillPaid
from shared.contracts.registry import EngagementActivated
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from tests.harness import Harness, bearer, eventually
from tests.integration.insurance.facts import engagement, new_platform, worker
from tests.integration.insurance.paid_in import tell
from tests.integration.insurance.recognised import make_due

WAGE = {"average_wage": "8000.00", "source": "德阳市2025年平均工资公告"}
FACTS = {"name": "旌阳一部", "district": "510603", "filing": "licensed", "since": "2026-08-01"}


async def insured(insurance: Harness, outlet: str, *numbers: int) -> None:
    """Couriers who work through an outlet since September."""
    platform = new_platform()
    for number in numbers:
        await insurance.publish(
            worker(f"person-{platform}-w{number}"),
            engagement(
                EngagementActivated, platform, f"w{number}", industry="courier", relation="partial", partner_uscc=outlet
            ),
        )
        enrolment = f"/v1/enrolments/{platform}-w{number}"

        async def through(path: str = enrolment) -> bool:
            found = await insurance.http.get(path, headers=insurance.officer)
            return found.status_code == 200 and found.json()["segments"][-1]["basis"] == "outlet"

        await eventually(through)


async def billed(insurance: Harness, outlet: str, month: str, wage: dict[str, str] = WAGE) -> dict[str, Any]:
    """The bill of a month, for which the wage was entered."""
    path = f"/v1/outlets/{outlet}/contributions"
    drawn = await insurance.http.post(path, json={"month": month}, headers=insurance.officer)
    assert drawn.status_code == 201, drawn.text
    headers = {**insurance.officer, "If-Match": drawn.headers["etag"]}
    entered = await insurance.http.put(f"{path}/{month}/average-wage", json=wage, headers=headers)
    assert entered.status_code == 200, entered.text
    return await bill_of(insurance, outlet, month)


async def bill_of(insurance: Harness, outlet: str, month: str) -> dict[str, Any]:
    found = await insurance.http.get(f"/v1/outlets/{outlet}/bills/{month}", headers=insurance.officer)
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    return answer


async def pay(insurance: Harness, outlet: str, month: str, who: dict[str, str], **payment: Any) -> httpx2.Response:
    body = {"payment_id": f"p-{outlet}-{month}", "paid_on": "2026-10-12"} | payment
    headers = {**who, "Idempotency-Key": insurance.officer["Idempotency-Key"]}
    return await insurance.http.post(f"/v1/outlets/{outlet}/bills/{month}/payments", json=body, headers=headers)


@pytest.fixture
async def outlet(insurance: Harness) -> str:
    """An outlet with a licence of its own, on the scheme since August, with two couriers."""
    uscc = new_platform()
    added = await insurance.http.post("/v1/outlets", json={"uscc": uscc, **FACTS}, headers=insurance.officer)
    assert added.status_code == 201, added.text
    await insured(insurance, uscc, 1, 2)
    return uscc


async def test_a_statement_becomes_a_bill_that_is_paid(insurance: Harness, outlet: str) -> None:
    """2 persons × 8000 × 0.4 % = 64.00 yuan, due on 15 October; paid in two parts."""
    bill = await billed(insurance, outlet, "2026-09")
    assert (bill["amount"], bill["people"], bill["status"], bill["due_on"]) == ("64.00", 2, "issued", "2026-10-15")
    [told] = [fact for fact in await insurance.told(BillIssued) if fact.platform == outlet]
    assert (told.scheme, told.outlet, told.people, told.premium) == ("work_injury", outlet, 2, "64.00")
    part = await pay(insurance, outlet, "2026-09", insurance.officer, amount="24.00", payment_id=f"p1-{outlet}")
    assert (part.status_code, part.json()["status"], part.json()["outstanding"]) == (201, "part_paid", "40.00")
    more = await pay(insurance, outlet, "2026-09", insurance.officer, amount="40.01", payment_id=f"p2-{outlet}")
    assert (more.status_code, more.json()["type"]) == (422, "/problems/more-than-due")
    for _ in range(2):
        rest = await pay(insurance, outlet, "2026-09", insurance.officer, amount="40.00", payment_id=f"p3-{outlet}")
        assert (rest.json()["status"], rest.json()["paid"], rest.json()["settled_on"]) == (
            "paid",
            "64.00",
            "2026-10-12",
        )
    paid = [fact for fact in await insurance.told(BillPaid) if fact.platform == outlet]
    assert [(fact.amount, fact.settled) for fact in paid] == [("24.00", False), ("40.00", True)]
    other = await pay(insurance, outlet, "2026-09", insurance.officer, amount="39.00", payment_id=f"p3-{outlet}")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/payment-number-used")


async def test_what_is_overpaid_is_set_off_against_the_next(insurance: Harness, outlet: str) -> None:
    """The province says that 100 came for 64: 36 stand on the next bill, of which 28 are left to be paid."""
    await billed(insurance, outlet, "2026-09")
    province = bearer("provincial")
    for _ in range(2):
        over = await pay(insurance, outlet, "2026-09", province, amount="100.00")
        assert (over.json()["status"], over.json()["overpaid"]) == ("paid", "36.00")
    following = await billed(insurance, outlet, "2026-10")
    assert (following["status"], following["paid"], following["outstanding"]) == ("part_paid", "36.00", "28.00")
    assert [one["kind"] for one in following["receipts"]] == ["set_off"]
    first = await bill_of(insurance, outlet, "2026-09")
    assert (first["overpaid"], first["given"], first["outstanding"]) == ("0.00", "36.00", "0.00")


async def test_a_statement_drawn_again_changes_its_bill(insurance: Harness, outlet: str) -> None:
    """Cheaper after it was paid: the rest is set off against what is owed; dearer: it is owed."""
    await billed(insurance, outlet, "2026-09")
    await pay(insurance, outlet, "2026-09", insurance.officer, amount="64.00")
    await billed(insurance, outlet, "2026-10")
    cheaper = await billed(insurance, outlet, "2026-09", WAGE | {"average_wage": "6000.00"})
    assert (cheaper["amount"], cheaper["status"], cheaper["given"]) == ("48.00", "paid", "16.00")
    following = await bill_of(insurance, outlet, "2026-10")
    assert (following["paid"], following["outstanding"], following["status"]) == ("16.00", "48.00", "part_paid")
    dearer = await billed(insurance, outlet, "2026-09", WAGE | {"average_wage": "9000.00"})
    assert (dearer["amount"], dearer["status"], dearer["outstanding"]) == ("72.00", "part_paid", "24.00")


async def test_a_bill_is_settled_when_its_last_money_came(insurance: Harness, outlet: str) -> None:
    """Whichever payment is entered last; and a bill that comes to less is settled on the day on which that much had come."""
    await billed(insurance, outlet, "2026-09")
    await pay(insurance, outlet, "2026-09", insurance.officer, amount="48.00", payment_id=f"a-{outlet}")
    late = {"amount": "10.00", "payment_id": f"b-{outlet}", "paid_on": "2026-11-02"}
    await pay(insurance, outlet, "2026-09", insurance.officer, **late)
    rest = await pay(insurance, outlet, "2026-09", insurance.officer, amount="6.00", payment_id=f"c-{outlet}")
    assert (rest.json()["status"], rest.json()["settled_on"]) == ("paid", "2026-11-02")
    cheaper = await billed(insurance, outlet, "2026-09", WAGE | {"average_wage": "6000.00"})
    assert (cheaper["amount"], cheaper["status"], cheaper["settled_on"]) == ("48.00", "paid", "2026-10-12")


async def test_a_bill_that_was_lowered_was_paid_when_it_was(insurance: Harness, outlet: str) -> None:
    """What was paid in time covers it, though the statement is drawn again months later; nothing is owed of a bill of nothing."""
    await billed(insurance, outlet, "2026-09")
    await pay(insurance, outlet, "2026-09", insurance.officer, amount="48.00")
    cheaper = await billed(insurance, outlet, "2026-09", WAGE | {"average_wage": "6000.00"})
    assert (cheaper["status"], cheaper["settled_on"]) == ("paid", "2026-10-12")


async def test_a_bill_raised_again_bears_a_fee_from_then_on(insurance: Harness, outlet: str) -> None:
    """Paid in time, lowered, and the rest set off: raised again, that is owed, with no fee for the time in which nobody asked for it;
    and in default it is from the day after."""
    lower, higher = WAGE | {"average_wage": "6000.00"}, WAGE | {"average_wage": "9000.00"}
    await billed(insurance, outlet, "2026-09")
    await pay(insurance, outlet, "2026-09", insurance.officer, amount="64.00")
    await billed(insurance, outlet, "2026-10")
    await billed(insurance, outlet, "2026-09", lower)
    raised = await billed(insurance, outlet, "2026-09")
    assert (raised["outstanding"], raised["late_fee"], raised["status"]) == ("16.00", "0.00", "part_paid")
    assert [one["amount"] for one in raised["asked"]] == ["64.00", "48.00", "64.00"]
    assert [(one["amount"], one["number"]) for one in raised["gifts"]] == [("16.00", f"{outlet}:2026-10")]
    bill = await OutletBill.of(f"{outlet}:2026-09")
    assert bill is not None
    today = shanghai_date(clock.now())
    later, law = today + dt.timedelta(days=100), parameters.on(bill.due_on, place=bill.district)
    assert late_fee_on(bill, later, law) == Decimal("0.80")  # 16 yuan for 100 days
    dearer = await billed(insurance, outlet, "2026-09", higher)
    days = (today - bill.due_on).days
    assert Decimal(dearer["late_fee"]) == to_fen(8 * days * Decimal("0.0005"))  # 8 yuan were never asked for before


async def test_a_number_of_another_payment_is_no_payment(insurance: Harness, outlet: str) -> None:
    """What the province says under a number that an officer entered otherwise is not lost: the route refuses it, and of what is told
    an officer sees the difference."""
    await billed(insurance, outlet, "2026-09")
    await pay(insurance, outlet, "2026-09", insurance.officer, amount="24.00")
    other = await pay(insurance, outlet, "2026-09", bearer("provincial"), amount="40.00")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/payment-number-used")
    again = await pay(insurance, outlet, "2026-09", bearer("provincial"), amount="24.00")
    assert (again.status_code, again.json()["paid"]) == (201, "24.00")
    number = f"p-{outlet}-2026-09"
    notice = {
        "kind": "bill",
        "number": number,
        "bill_id": f"{outlet}:2026-09",
        "amount": "40.00",
        "paid_on": "2026-10-12",
        "changed_at": clock.now().isoformat(),
    }
    told = await tell(insurance, notice)
    assert told.is_success, told.text

    async def seen() -> dict[str, Any] | None:
        found = await insurance.http.get("/v1/differences?limit=200", headers=insurance.officer)
        return next((one for one in found.json()["items"] if one["number"] == number), None)

    difference = await eventually(seen)
    assert difference is not None
    assert (difference["kind"], difference["state"]) == ("other_payment", "open")
    assert (difference["ours"]["amount"], difference["theirs"]["amount"]) == ("24.00", "40.00")
    assert (await bill_of(insurance, outlet, "2026-09"))["paid"] == "24.00"


async def test_an_unpaid_bill_is_overdue_and_reminded_of(insurance: Harness, outlet: str) -> None:
    bill = await billed(insurance, outlet, "2026-09")
    await make_due("outlet_bill_overdue", bill["bill_id"])

    async def overdue() -> list[Any]:
        return [fact for fact in await insurance.told(BillOverdue) if fact.outlet == outlet]

    [told] = await eventually(overdue)
    days = (shanghai_date(clock.now()) - told.due_on).days
    assert (told.outstanding, told.reminders) == ("64.00", 0)
    assert Decimal(told.late_fee) == to_fen(Decimal("64.00") * days * Decimal("0.0005"))
    shown = await bill_of(insurance, outlet, "2026-09")
    assert (shown["status"], shown["late_fee"]) == ("overdue", told.late_fee)
    await make_due("outlet_bill_overdue", bill["bill_id"])
    assert [fact.reminders for fact in await eventually_many(insurance, outlet, 2)] == [0, 1]
    done = await pay(insurance, outlet, "2026-09", insurance.officer, amount="64.00")
    assert done.json()["status"] == "paid"
    assert not [fact for fact in await insurance.told(BillDueNear) if fact.outlet == outlet], "its day had passed"


async def eventually_many(insurance: Harness, outlet: str, count: int) -> list[BillOverdue]:
    async def look() -> list[BillOverdue] | None:
        found = [fact for fact in await insurance.told(BillOverdue) if fact.outlet == outlet]
        return found if len(found) == count else None

    found = await eventually(look)
    assert found is not None
    return found


async def test_a_bill_is_its_insurers_and_its_districts(insurance: Harness, outlet: str) -> None:
    await billed(insurance, outlet, "2026-09")
    own, other = bearer("platform", uscc=outlet), bearer("platform", uscc=new_platform())
    path = f"/v1/outlets/{outlet}/bills/2026-09"
    assert (await insurance.http.get(path, headers=own)).status_code == 200
    for caller in (other, bearer("officer", department="hrss", district="510681")):
        assert (await insurance.http.get(path, headers=caller)).status_code == 404
    listed = (await insurance.http.get("/v1/outlet-bills", headers=own)).json()["items"]
    assert [one["bill_id"] for one in listed] == [f"{outlet}:2026-09"]
    assert (await insurance.http.get("/v1/outlet-bills", headers=other)).json()["items"] == []
    away = await pay(
        insurance, outlet, "2026-09", bearer("officer", department="hrss", district="510681"), amount="1.00"
    )
    assert away.status_code == 404
