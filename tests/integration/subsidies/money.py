"""Money of subsidies as tests need it: officers on the register, budgets, payments that are owed, and batches."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.subsidies.batches.documents import Batch
from services.subsidies.budgets import commands as budgets
from services.subsidies.budgets.documents import Budget
from services.subsidies.budgets.rules import HEAPS, Line
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.officers.rules import Duty
from services.subsidies.payments import commands as payments
from services.subsidies.payments.documents import Payment
from services.subsidies.payments.rules import Payee
from shared import clock
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, eventually

HERE, CITY = "510603", "510600"
BATCHES = "/v1/payment-batches"


def today() -> dt.date:
    return shanghai_date(clock.now())


def line(kind: str) -> Line:
    return Line(year=2026, kind=kind, source="employment_fund", district=HERE)


async def money_officer(subsidies: Harness, name: str, duty: Duty = "finance", district: str = CITY) -> dict[str, str]:
    """Headers of an officer who is on the register."""

    async def record(tx: Transaction) -> None:
        if await MoneyOfficer.of(f"officer:{name}", tx) is None:
            await MoneyOfficer(id=f"officer:{name}", department="hrss", district=district, duties=[duty]).put(tx)

    await transact(record)
    return subsidies.headers("officer", sub=f"officer:{name}", department="hrss", district=district)


async def allot(kind: str, amount: str) -> None:
    async def store(tx: Transaction) -> None:
        proposed = await budgets.propose(line(kind), "allot", Decimal(amount), "年初预算", "officer:a", tx)
        await budgets.approve(proposed, "officer:b", tx)

    await transact(store)


async def reserve(kind: str, amount: str, application_id: str | None = None) -> bool:
    where, one = line(kind), application_id or new_id()
    return await transact(
        lambda tx: budgets.reserve(
            application_id=one,
            kind=where.kind,
            source=where.source,
            year=where.year,
            district=where.district,
            amount=Decimal(amount),
            tx=tx,
        )
    )


async def heaps(kind: str) -> tuple[str, ...]:
    """What is available, reserved, spent and returned of a budget."""
    budget = await Budget.get(line(kind).id)
    assert budget is not None
    return tuple(f"{getattr(budget, heap):.2f}" for heap in HEAPS)


def payable(kind: str, amount: str, payment_id: str, **more: Any) -> payments.Payable:
    values: dict[str, Any] = {
        "id": payment_id,
        "application_id": payment_id,
        "number": f"BT{payment_id[-6:]}",
        "kind": kind,
        "source": "employment_fund",
        "district": HERE,
        "role": "worker",
        "applicant": f"w-{payment_id}",
        "payee": Payee(name="李测试", account="6222020000000000001", bank="工行"),
        "amount": Decimal(amount),
        "due_on": today(),
    }
    return payments.Payable(**values | more)


async def owed(kind: str, *amounts: str) -> list[str]:
    """Payments of these amounts that are reserved and due."""
    found = [new_id() for _ in amounts]
    for payment_id, amount in zip(found, amounts, strict=True):
        assert await reserve(kind, amount, payment_id)
        one = payable(kind, amount, payment_id)
        await transact(lambda tx, one=one: payments.owe(one, tx))  # type: ignore[misc]
    return found


async def make_batch(subsidies: Harness, who: dict[str, str], kind: str, **more: Any) -> Any:
    """A batch of what is due, when it is ready or cancelled."""
    body = {"kind": kind, "source": "employment_fund", "district": HERE, "day": str(today())} | more
    made = await subsidies.http.post(BATCHES, json=body, headers={**who, "Idempotency-Key": new_id()})
    assert made.status_code == 201, made.text
    batch_id = made.json()["batch_id"]

    async def stands() -> bool:
        batch = await Batch.get(batch_id)
        return batch is not None and batch.state in ("ready", "cancelled")

    await eventually(stands)
    shown = await subsidies.http.get(f"{BATCHES}/{batch_id}", headers=who)
    return shown.json() | {"etag": shown.headers["ETag"]}


async def act(subsidies: Harness, who: dict[str, str], path: str, *, expect: int = 200) -> Any:
    """Take a step with a batch or a payment as it stands."""
    shown = await subsidies.http.get(path.rpartition("/")[0], headers=who)
    answer = await subsidies.http.post(path, headers={**who, "If-Match": shown.headers["ETag"]})
    assert answer.status_code == expect, answer.text
    return answer.json()


async def exported(subsidies: Harness, kind: str, **more: Any) -> tuple[str, bytes]:
    """A batch that was approved, and its file."""
    first, second = await money_officer(subsidies, "maker"), await money_officer(subsidies, "second")
    batch = await make_batch(subsidies, first, kind, **more)
    await act(subsidies, second, f"{BATCHES}/{batch['batch_id']}/approval")
    file = await subsidies.http.post(f"{BATCHES}/{batch['batch_id']}/exports", headers=first)
    assert file.status_code == 200, file.text
    return batch["batch_id"], file.content


async def send_result(subsidies: Harness, batch_id: str, content: bytes, *, expect: int = 202) -> Any:
    """A result of the bank, when it is worked off."""
    who = await money_officer(subsidies, "maker")
    sent = await subsidies.http.post(f"{BATCHES}/{batch_id}/results", content=content, headers=who)
    assert sent.status_code == expect, sent.text
    if expect != 202:
        return sent.json()

    async def finished() -> Any:
        shown = await subsidies.http.get(f"{BATCHES}/{batch_id}/results/{sent.json()['result_id']}", headers=who)
        assert shown.status_code == 200, shown.text
        return shown.json() if shown.json()["state"] == "finished" else None

    return await eventually(finished)


def result(*rows: tuple[str, str, str]) -> bytes:
    """A bank's result as CSV in GB 18030: reference, amount, word."""
    lines = ["流水号,金额,结果,原因", *(f"{','.join(row)},账号户名不符" for row in rows)]
    return "\r\n".join(lines).encode("gb18030")


async def states(ids: list[str]) -> list[str]:
    found = [await Payment.get(one) for one in ids]
    return [one.state for one in found if one is not None]
