"""The tax office is told what payers owe, and compared with, however it misbehaves."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from services.insurance.billing import payments
from services.insurance.outlet_bills import commands as outlet_bills
from services.insurance.outlet_bills.commands import Drawn
from services.insurance.tax import commands
from services.insurance.tax.client import Answer
from services.insurance.tax.connection import LINE
from services.insurance.tax.documents import TaxStatement
from shared import circuit, clock
from shared.contracts.insurance import (
    BillIssued,
    DuesDeclared,
    DuesMonthOverdue,
    TaxStatementOverdue,
    TaxStatementRefused,
)
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.client import storage
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.facts import new_platform
from tests.integration.insurance.paid_in import contribution, new_id_number, registered, tell

DUE = dt.date(2026, 10, 15)


@pytest.fixture(autouse=True)
def sound_line() -> Iterator[None]:
    LINE.reset()
    yield
    LINE.reset()


async def behave(province: httpx2.AsyncClient, **how: Any) -> None:
    assert (await province.post("/sandbox/behaviour", json=how)).is_success


def issued(platform: str, premium: str = "10.00", **changes: Any) -> BillIssued:
    values: dict[str, Any] = {"set_off": "0.00"} | changes
    return BillIssued(
        bill_id=f"{platform}|2026-09", platform=platform, month="2026-09", orders=1, late_orders=0, premium=premium,
        due_on=DUE, **values,
    )  # fmt: skip


def declared(platform: str, amounts: dict[Any, str], *unknown: Any) -> DuesDeclared:
    return DuesDeclared(
        platform=platform, month="2026-09", due_on=DUE, people=1, amounts=amounts, unknown=tuple(unknown)
    )


async def statement(insurance: Harness, key: str, **wanted: Any) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        path = f"/v1/tax-statements/{quote(key, safe='')}"
        answer = await insurance.http.get(path, headers=insurance.officer)
        found = answer.json() if answer.is_success else {}
        return found if found and wanted.items() <= found.items() else None

    return await eventually(look)


async def there(province: httpx2.AsyncClient, number: str, **change: str) -> dict[str, Any]:
    answer = await province.patch(f"/sandbox/statements/{quote(number, safe='')}", json=change)
    return dict(answer.json()) if answer.is_success else {}


async def compared(insurance: Harness) -> dict[str, Any]:
    """Have everything compared, and give the result."""
    asked_at = clock.now()
    await (
        storage()
        .collection("tax_statements")
        .update_many({}, {"$set": {"updated_at": asked_at - dt.timedelta(minutes=1)}})
    )
    assert (await insurance.http.post("/v1/tax-comparisons", headers=insurance.officer)).status_code == 202

    async def finished() -> dict[str, Any] | None:
        found = (await insurance.http.get("/v1/tax-comparison", headers=insurance.officer)).json()
        done = found["finished_at"] and dt.datetime.fromisoformat(found["finished_at"]) >= asked_at
        return dict(found) if done else None

    result = await eventually(finished)
    await insurance.settled()
    return result


async def differences(insurance: Harness, number: str, state: str = "open") -> list[str]:
    path = f"/v1/differences?state={state}&limit=200"
    items = (await insurance.http.get(path, headers=insurance.officer)).json()["items"]
    return [item["kind"] for item in items if item["number"] == number]


async def test_a_bill_is_declared_once_however_often_it_is_told(
    insurance: Harness, province: httpx2.AsyncClient
) -> None:
    await behave(province)
    platform, credited = new_platform(), new_platform()
    event_id = new_id()
    for _ in range(2):
        await insurance.publish(issued(platform, "10.00", set_off="4.00"), event_id=event_id)
    await insurance.publish(issued(credited, "-3.00"))
    await insurance.settled()
    shown = await statement(insurance, f"premium|{platform}|2026-09", state="accepted")
    assert (shown["amount"], shown["amounts"], shown["payer"]) == ("6.00", {"occupational_injury": "6.00"}, platform)
    kept = await there(province, shown["number"])
    assert (kept["amount"], kept["receipt_number"], kept["kind"]) == ("6.00", shown["receipt_number"], "premium")
    assert await TaxStatement.of(f"premium|{credited}|2026-09") is None


async def outlet_bill(insurer: str, month: str, amount: str) -> str:
    """An outlet's bill that was drawn; its id."""
    outlet = insurer.replace("91", "92", 1)

    async def draw(tx: Transaction) -> None:
        await outlet_bills.issue(Drawn(outlet, insurer, month, "510603", 1, Decimal(amount)), tx)

    await transact(draw)
    return f"{outlet}:{month}"


async def test_an_outlets_bill_is_told_as_it_stands(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """What was paid too much for August pays a part of September; drawn again to nothing, nothing is collected."""
    await behave(province)
    insurer = new_platform()
    earlier = await outlet_bill(insurer, "2026-08", "30.00")
    await statement(insurance, f"premium|{earlier}", state="accepted", amount="30.00")
    paid = partial(outlet_bills.record_payment, new_id(), earlier, Decimal(30), DUE)
    await transact(paid)
    later = await outlet_bill(insurer, "2026-09", "20.00")
    await statement(insurance, f"premium|{later}", state="accepted", amount="20.00")
    await outlet_bill(insurer, "2026-08", "18.00")
    shown = await statement(insurance, f"premium|{later}", state="accepted", amount="8.00")
    assert shown["amounts"] == {"work_injury": "8.00"}
    await outlet_bill(insurer, "2026-09", "0.00")
    gone = await statement(insurance, f"premium|{later}", state="accepted", amount="0.00")
    assert (await there(province, gone["number"]))["amount"] == "0.00"


async def test_what_set_another_bill_off_is_not_lost(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """August came to less after it was paid, so that 12 of it pay September, and to more again: what is collected of both adds up to
    both, 26 and 20."""
    await behave(province)
    insurer = new_platform()
    earlier = await outlet_bill(insurer, "2026-08", "30.00")
    await statement(insurance, f"premium|{earlier}", state="accepted", amount="30.00")
    await transact(partial(outlet_bills.record_payment, new_id(), earlier, Decimal(30), DUE))
    later = await outlet_bill(insurer, "2026-09", "20.00")
    await outlet_bill(insurer, "2026-08", "18.00")
    await statement(insurance, f"premium|{later}", state="accepted", amount="8.00")
    await outlet_bill(insurer, "2026-08", "26.00")
    await statement(insurance, f"premium|{earlier}", state="accepted", amount="38.00")


async def test_another_insurers_bill_is_told_as_its_own(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """The outlet's insurer is another firm now, by the same sum."""
    await behave(province)
    insurer, other = new_platform(), new_platform()
    bill_id = await outlet_bill(insurer, "2026-09", "20.00")
    first = await statement(insurance, f"premium|{bill_id}", state="accepted", payer=insurer)
    drawn = Drawn(bill_id.partition(":")[0], other, "2026-09", "510603", 1, Decimal(20))
    await transact(partial(outlet_bills.issue, drawn))
    second = await statement(insurance, f"premium|{bill_id}", state="accepted", payer=other)
    assert second["number"] != first["number"]


async def test_a_declaration_is_told_when_all_of_it_is_known(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """And again where it changes: the later one takes the earlier one's place."""
    await behave(province)
    platform = new_platform()
    key = f"contributions|{platform}|2026-09"
    await insurance.publish(declared(platform, {"pension": "1200.00"}, "medical"))
    await insurance.settled()
    assert await TaxStatement.of(key) is None
    await insurance.publish(declared(platform, {"pension": "1200.00", "medical": "400.00"}))
    first = await statement(insurance, key, state="accepted")
    assert first["amount"] == "1600.00"
    await insurance.publish(declared(platform, {"pension": "1300.00", "medical": "400.00"}))
    second = await statement(insurance, key, state="accepted", amount="1700.00")
    assert second["number"] != first["number"]
    assert [(await there(province, one["number"]))["replaced"] for one in (first, second)] == [True, False]
    await compared(insurance)
    assert await differences(insurance, first["number"]) == []


@pytest.mark.parametrize("fault", [{"lose_answer_next": 1}, {"fail_next": 2, "status": 503}, {"answer_delay_ms": 400}])
async def test_however_the_office_fails_it_has_it_once(
    insurance: Harness, province: httpx2.AsyncClient, fault: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LINE, "seconds", 0.2)
    await behave(province, **fault)
    platform = new_platform()
    await insurance.publish(issued(platform))
    await eventually(lambda: there(province, f"premium|{platform}|2026-09:1"))
    await behave(province)
    shown = await statement(insurance, f"premium|{platform}|2026-09", state="accepted")
    assert shown["number"].endswith(":1")
    assert (await there(province, shown["number"]))["receipt_number"] == shown["receipt_number"]


async def test_an_office_that_is_away_is_left_alone(
    insurance: Harness, province: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit, "REST", dt.timedelta(seconds=1))
    await behave(province, fail_next=500, status=503)
    platforms = [new_platform() for _ in range(circuit.FAILURES + 1)]
    await insurance.publish(*[issued(platform) for platform in platforms])

    async def resting() -> bool:
        return await insurance.figure("xindun_insurance_tax_circuit_open") == 1

    await eventually(resting)
    await behave(province)
    for platform in platforms:
        await statement(insurance, f"premium|{platform}|2026-09", state="accepted")
    assert await insurance.figure("xindun_insurance_tax_circuit_open") == 0


async def told(insurance: Harness, kind: Any, platform: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.platform == platform]


async def settle_timer(key: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await storage().collection("timers").find_one({"_id": f"{commands.SETTLE}:{key}"})
    return found


async def test_a_refusal_is_told_and_is_a_task_with_a_term(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """The payer hears of it, the bureau has three working days, and word is given when they are over; corrected, it is done."""
    await behave(province, refuse_next=1)
    platform = new_platform()
    key = f"contributions|{platform}|2026-09"
    await insurance.publish(declared(platform, {"pension": "1200.00"}))
    refused = await statement(insurance, key, state="rejected")
    today = calendar.shanghai_date(clock.now())
    settle_by = calendar.add_working_days(today, 3).due
    assert (refused["refused_on"], refused["settle_by"], refused["overdue"]) == (str(today), str(settle_by), False)
    assert [one["key"] for one in refused["used"]] == ["tax.settle_workdays"]
    await insurance.settled()
    [fact] = await told(insurance, TaxStatementRefused, platform)
    assert (fact.statement, fact.month, fact.amount, fact.settle_by) == (
        "contributions",
        "2026-09",
        "1200.00",
        settle_by,
    )
    assert "核验" not in str(fact)
    timer = await settle_timer(key)
    assert timer is not None
    assert timer["due_at"] == calendar.end_of_day(settle_by)
    for _ in range(2):
        await transact(partial(commands.miss, key))
    await insurance.settled()
    assert len(await told(insurance, TaxStatementOverdue, platform)) == 1
    assert (await statement(insurance, key))["overdue"] is True
    await insurance.publish(declared(platform, {"pension": "1300.00"}))
    again = await statement(insurance, key, state="accepted")
    assert (again["amount"], again["settle_by"], again["overdue"], again["used"]) == ("1300.00", None, False, [])
    assert await settle_timer(key) is None
    await transact(partial(commands.miss, key))
    await insurance.settled()
    assert len(await told(insurance, TaxStatementOverdue, platform)) == 1


async def test_what_is_deemed_is_told_until_it_is_declared(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """社会保险法 art. 62: 110 % of the month before; what is declared late takes its place."""
    await behave(province)
    platform = new_platform()
    about: dict[str, Any] = {"platform": platform, "month": "2026-09", "due_on": DUE, "people": 2, "ground": "deemed"}
    key = f"contributions|{platform}|2026-09"
    await insurance.publish(DuesMonthOverdue(**about, amounts={"pension": "1430.00"}, unknown=("medical",)))
    await insurance.publish(DuesMonthOverdue(**{**about, "ground": "declared"}, amounts={"pension": "1430.00"}))
    await insurance.settled()
    assert await TaxStatement.of(key) is None
    await insurance.publish(DuesMonthOverdue(**about, amounts={"pension": "1430.00", "medical": "100.00"}))
    first = await statement(insurance, key, state="accepted", amount="1530.00")
    await insurance.publish(declared(platform, {"pension": "1200.00", "medical": "100.00"}))
    later = await statement(insurance, key, state="accepted", amount="1300.00")
    assert [(await there(province, one["number"]))["replaced"] for one in (first, later)] == [True, False]


async def test_a_refused_statement_goes_out_again_by_an_officer(
    insurance: Harness, province: httpx2.AsyncClient
) -> None:
    await behave(province, refuse_next=1)
    platform = new_platform()
    key = f"premium|{platform}|2026-09"
    await insurance.publish(issued(platform))
    refused = await statement(insurance, key, state="rejected")
    assert refused["reason"] == "申报数据核验未通过"
    assert await holding("申报数据核验未通过") == []
    path = f"/v1/tax-statements/{quote(key, safe='')}"
    own, other = (insurance.headers("platform", uscc=one) for one in (platform, new_platform()))
    assert (await insurance.http.get(path, headers=own)).status_code == 200
    assert (await insurance.http.get(path, headers=other)).status_code == 404
    assert (await insurance.http.post(f"{path}/requests", headers=own)).status_code == 403
    assert (await insurance.http.post(f"{path}/requests", headers=insurance.officer)).status_code == 201
    again = await statement(insurance, key, state="accepted")
    assert (again["number"], again["reason"]) == (f"{key}:2", None)
    assert (await insurance.http.post(f"{path}/requests", headers=insurance.officer)).status_code == 409
    listed = await insurance.http.get("/v1/tax-statements?state=accepted", headers=own)
    assert [item["statement_id"] for item in listed.json()["items"]] == [key]


async def test_an_answer_to_an_earlier_number_changes_nothing(insurance: Harness) -> None:
    key = f"premium|{new_platform()}|2026-09"
    kept = TaxStatement(
        id=key, kind="premium", payer=key.split("|")[1], month="2026-09", due_on=DUE, amounts={}, amount=Decimal(1),
        sent=2,
    )  # fmt: skip
    await transact(kept.put)
    for number, status, state in ((1, "rejected", "waiting"), (2, "accepted", "accepted"), (2, "rejected", "accepted")):
        answer = Answer(f"{key}:{number}", "r", status)  # type: ignore[arg-type]
        await transact(lambda tx, answer=answer: commands.record_answer(key, answer, tx))  # type: ignore[misc]
        found = await TaxStatement.of(key)
        assert found is not None
        assert found.state == state
    await storage().collection("tax_statements").delete_one({"_id": key})


async def test_what_differs_from_the_tax_office_is_found(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """What was lost goes out again, an answer that was lost is taken, and the rest is an officer's, until it is gone."""
    await behave(province)
    platforms = [new_platform() for _ in range(4)]
    random.Random(1).shuffle(platforms)
    await insurance.publish(*[issued(platform) for platform in platforms])
    keys = [f"premium|{platform}|2026-09" for platform in platforms]
    numbers = [(await statement(insurance, key, state="accepted"))["number"] for key in keys]
    lost, unheard, other, paid = numbers
    await province.delete(f"/sandbox/statements/{quote(lost, safe='')}")
    row = {"state": "waiting", "receipt_number": None}
    await storage().collection("tax_statements").update_one({"_id": keys[1]}, {"$set": row})
    await there(province, other, amount="11.00")
    await there(province, paid, paid="10.00")
    stray = f"stray-{platforms[0]}"
    body = {
        "request_number": stray, "replaces": [], "kind": "premium", "payer": platforms[0], "month": "2026-08",
        "amounts": {}, "amount": "1.00", "due_on": "2026-09-15",
    }  # fmt: skip
    assert (await province.post("/sandbox/statements", json=body)).is_success
    await compared(insurance)
    assert (await there(province, lost))["amount"] == "10.00"
    assert (await statement(insurance, keys[1], state="accepted"))["receipt_number"]
    found = [await differences(insurance, number) for number in (lost, unheard, other, paid, stray)]
    assert found == [[], [], ["tax_other_amount"], ["tax_other_paid"], ["tax_unknown_here"]]

    await there(province, other, amount="10.00")
    amounts = {keys[3]: "10.00"}
    shown = await statement(insurance, keys[3])
    assert (shown["paid"], shown["paid_there"]) == ("0.00", amounts[keys[3]])
    await province.delete(f"/sandbox/statements/{quote(stray, safe='')}")
    await there(province, paid, paid="0.00")
    await compared(insurance)
    found = [await differences(insurance, number) for number in (other, paid, stray)]
    assert found == [[], [], []]
    assert await differences(insurance, other, "mended") == ["tax_other_amount"]


async def test_what_came_here_is_held_against_the_office(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """Payments of a bill, and an employer's contributions of a month."""
    await behave(province)
    platform, id_number = new_platform(), new_id_number()
    await insurance.publish(registered(new_id(), id_number), declared(platform, {"pension": "1200.00"}))
    key = f"contributions|{platform}|2026-09"
    number = (await statement(insurance, key, state="accepted"))["number"]
    item = contribution(
        id_number, payer=platform, employer_amount="800.00", worker_amount="400.00",
        changed_at="2026-10-10T08:00:00+08:00",
    )  # fmt: skip
    await tell(insurance, item)
    await compared(insurance)
    assert (await statement(insurance, key))["state"] == "collected"
    assert await differences(insurance, number) == ["tax_other_paid"]
    await there(province, number, paid="1200.00")
    await compared(insurance)
    assert await differences(insurance, number) == []
    await tell(insurance, item | {"reversed": True, "changed_at": "2026-10-11T08:00:00+08:00"})
    await compared(insurance)
    assert (await statement(insurance, key))["state"] == "accepted"
    assert await differences(insurance, number) == ["tax_other_paid"]


async def test_the_daily_hour_compares_with_the_tax_office(insurance: Harness) -> None:
    timers, row_id = storage().collection("timers"), f"{commands.DAILY}:next"
    row = await timers.find_one({"_id": row_id})
    assert row is not None
    asked_at = clock.now()
    await timers.update_one({"_id": row_id}, {"$set": {"due_at": asked_at}})

    async def finished() -> bool:
        shown = (await insurance.http.get("/v1/tax-comparison", headers=insurance.officer)).json()["finished_at"]
        return bool(shown) and dt.datetime.fromisoformat(shown) >= asked_at

    await eventually(finished)
    following = await timers.find_one({"_id": row_id})
    assert following is not None
    assert following["due_at"] > asked_at


async def test_a_bill_of_the_service_itself_is_declared(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """Closed, set off, declared, paid: the statement is for what no credit pays."""
    from services.insurance.ledger import commands as charging
    from tests.integration.insurance.facts import event, order

    await behave(province)
    platform = new_platform()
    for month in ("2025-01", "2025-02"):
        facts = [order(f"{month}-{n}", f"{month}-12 12:30", industry="freight") for n in range(10)]
        await charging.charge([event(platform, fact) for fact in facts])
        await insurance.http.post("/v1/bill-closings", json={"month": month}, headers=insurance.officer)
        await insurance.settled()
        if month == "2025-01":
            bill = f"{platform}|{month}"
            paid = Decimal("2.50")
            await transact(lambda tx: payments.record_payment(f"{bill}-p", bill, paid, DUE, tx))  # noqa: B023
    first, second = [
        await statement(insurance, f"premium|{platform}|{month}", state="accepted") for month in ("2025-01", "2025-02")
    ]
    assert (first["amount"], second["amount"]) == ("2.00", "1.50")
