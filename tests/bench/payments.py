"""A batch of payments at volume: put together, written as a file and ended by a bank's result, beside the plain insertion of as
many rows; without Kafka."""

from __future__ import annotations

import resource
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any

from services.subsidies.bank_results import commands as results
from services.subsidies.bank_results.documents import ResultFile
from services.subsidies.batches import bank_files, commands
from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.budgets.documents import Budget, Reservation
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.payments.documents import Payment, sealed
from services.subsidies.payments.rules import Payee
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.spooled import pieces
from shared.storage.bulk import insert_new
from shared.storage.client import Row, collection_of
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import encode
from tests.bench.alone import connected
from tests.bench.stack import Found

AT_ONCE = 2_000
WHERE: dict[str, Any] = {
    "kind": "bench",
    "source": "employment_fund",
    "year": 2026,
    "department": "hrss",
    "district": "510603",
}
BUDGET = "2026:bench:employment_fund:510603"
ONE = Decimal("1.00")
PAYEE = Payee(name="李测试", account="6222020000000000001", bank="中国工商银行")


async def payments(count: int) -> Found:
    """Seconds of each step, and how much more memory this process has after the first tenth of making and at the end."""
    async with connected("bench_payments"):
        return await _measure(count)


async def _measure(count: int) -> Found:
    seconds: dict[str, float] = {"inserted": await _timed(partial(_prepare, count))}
    before = _memory()
    batch_id, seconds["made"] = await _made()
    batch = await _batch(batch_id)
    seconds["sealed"] = await _timed(partial(_seal, batch))
    seconds["exported"] = await _timed(partial(_export, batch_id))
    said = await _file_of_bank(batch_id)
    exported = await _batch(batch_id)
    seconds["taken_in"] = await _timed(lambda: results.take_in_file(exported, said, "officer:maker"))
    (file,) = await ResultFile.find({"batch": batch_id}).to_list()
    seconds["reconciled"] = await _timed(partial(_work_off, file))
    ended, budget = await _batch(batch_id), await Budget.get(BUDGET)
    assert budget is not None
    assert (ended.state, ended.paid, ended.paid_total, budget.spent) == ("concluded", count, ONE * count, ONE * count)
    whole = sum(spent for name, spent in seconds.items() if name != "inserted")
    figures = {
        "payments": count,
        **{f"payments_{name}_seconds": round(spent, 1) for name, spent in seconds.items()},
        "payments_whole_seconds": round(whole, 1),
        "payments_to_inserted": round(whole / seconds["inserted"], 2),
        "payments_memory_growth_mb": _memory() - before,
    }
    return Found(figures)


async def _prepare(count: int) -> None:
    """What is owed and reserved, stored plainly: what the rest is compared to."""
    for start in range(0, count, AT_ONCE):
        ids = [f"p-{number:07d}" for number in range(start, min(start + AT_ONCE, count))]
        await insert_new(Reservation, [_reserved(one) for one in ids])
        await insert_new(Payment, [_owed(one) for one in ids])

    async def others(tx: Transaction) -> None:
        await Budget(id=BUDGET, **WHERE, reserved=ONE * count).put(tx)
        for name in ("maker", "second"):
            await MoneyOfficer(
                id=f"officer:{name}", department="hrss", district="510600", duties=["finance", "head"]
            ).put(tx)

    await transact(others)


def _reserved(one: str) -> Row:
    return encode(Reservation(id=one, budget=BUDGET, amount=ONE, reserved=ONE, revision=1))


def _owed(one: str) -> Row:
    payment = Payment(
        id=one,
        application_id=one,
        number=one,
        **WHERE,
        role="worker",
        applicant=one,
        amount=ONE,
        due_on=shanghai_date(clock.now()),
        revision=1,
        **sealed(one, PAYEE),
    )
    return encode(payment)


async def _made() -> tuple[str, float]:
    began = time.perf_counter()
    batch = await transact(
        lambda tx: commands.make(
            kind="bench",
            source="employment_fund",
            district="510603",
            day=shanghai_date(clock.now()),
            layout="plain",
            purpose="补贴",
            by="officer:maker",
            tx=tx,
        )
    )
    while (await _batch(batch.id)).state == "collecting":
        await transact(lambda tx: commands.collect(batch.id, tx))
    return batch.id, time.perf_counter() - began


async def _seal(batch: Batch) -> None:
    hashes = await bank_files.hashes(batch)
    await transact(lambda tx: commands.seal(batch.id, *hashes, tx))


async def _export(batch_id: str) -> None:
    """Approve a batch, and write its file in both forms as it goes out."""

    async def approve(name: str, tx: Transaction) -> Batch:
        officer, batch = await MoneyOfficer.of(f"officer:{name}", tx), await Batch.of(batch_id, tx)
        assert officer is not None
        assert batch is not None
        return await commands.approve(batch, officer, tx)

    async def export(tx: Transaction) -> Batch:
        batch = await Batch.of(batch_id, tx)
        assert batch is not None
        return await commands.export(batch, tx)

    await transact(partial(approve, "second"))
    batch = await transact(export)
    forms: tuple[bank_files.Form, ...] = ("csv", "xlsx")
    for form in forms:
        file, sha256 = await bank_files.written(batch, form)
        commands.check_file(batch, sha256, form)
        async for _ in pieces(file):
            pass


async def _file_of_bank(batch_id: str) -> bytes:
    rows = collection_of(BatchLine).find({"batch": batch_id}, {"_id": 1}).sort("position", 1)
    lines = ["流水号,金额,结果", *[f"{row['_id']},1.00,成功" async for row in rows]]
    return "\r\n".join(lines).encode("gb18030")


async def _work_off(file: ResultFile) -> None:
    for _ in range(file.parts):
        await transact(lambda tx: results.work_off(file.id, tx))


async def _batch(batch_id: str) -> Batch:
    batch = await Batch.get(batch_id)
    assert batch is not None
    return batch


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
