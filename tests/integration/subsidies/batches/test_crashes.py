"""A subsidies service that dies by SIGKILL at a step of a batch pays each payment once, and no fen is lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.subsidies.app import service
from services.subsidies.bank_results.documents import ResultEnd, ResultFile
from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.budgets.documents import Budget, Reservation
from services.subsidies.officers.documents import MoneyOfficer
from services.subsidies.payments.documents import Payment, sealed
from services.subsidies.payments.rules import Payee
from shared.contracts.subsidies import SubsidyPaid
from shared.storage import client
from shared.storage.bulk import insert_new
from shared.storage.transaction import Transaction, transact
from shared.storage.writes import encode
from tests.harness import bearer, eventually
from tests.integration.dying import own
from tests.integration.subsidies.money import BATCHES, HERE, result, today

PAYMENTS = 620
"""More than are put into a batch, or worked off of a result, in one step."""
TOTAL = Decimal(PAYMENTS)
BUDGET = "2026:dies:employment_fund:510603"
WHERE: dict[str, Any] = {
    "kind": "dies",
    "source": "employment_fund",
    "year": 2026,
    "department": "hrss",
    "district": HERE,
}
PLACES = ["batch.collecting", "batch.sealing", "batch.exported", "bank_result.kept", "bank_result.working"]


async def prepare() -> None:
    """A budget, and payments of one yuan each that are due."""
    payee = Payee(name="李测试", account="6222020000000000001")
    ids = [f"dies-{number:04d}" for number in range(PAYMENTS)]
    reserved = [
        encode(Reservation(id=one, budget=BUDGET, amount=Decimal(1), reserved=Decimal(1), revision=1)) for one in ids
    ]
    due = [
        encode(
            Payment(
                id=one,
                application_id=one,
                number=one,
                **WHERE,
                role="worker",
                applicant=one,
                amount=Decimal(1),
                due_on=today(),
                revision=1,
                **sealed(one, payee),
            )
        )
        for one in ids
    ]
    await insert_new(Reservation, reserved)
    await insert_new(Payment, due)

    async def officers(tx: Transaction) -> None:
        for name in ("maker", "second"):
            await MoneyOfficer(id=f"officer:{name}", department="hrss", district="510600", duties=["finance"]).put(tx)
        await Budget(id=BUDGET, **WHERE, reserved=TOTAL).put(tx)

    await transact(officers)


def officer(name: str) -> dict[str, str]:
    return bearer("officer", sub=f"officer:{name}", department="hrss", district="510600")


async def batch_in(*states: str) -> Batch:
    async def there() -> Batch | None:
        found = await Batch.find().to_list()
        return found[0] if found and found[0].state in states else None

    return await eventually(there, 180)  # the lease of who died runs out first


async def drive(port: int) -> None:
    """Take every step of the batch that is not taken yet, as an officer would who tries again."""
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        body = {"kind": "dies", "source": "employment_fund", "district": HERE, "day": str(today())}
        made = await http.post(BATCHES, json=body, headers={**officer("maker"), "Idempotency-Key": "the-one-batch"})
        assert made.status_code == 201, made.text
        batch = await batch_in("ready", "approved", "exported", "concluded")
        path = f"{BATCHES}/{batch.id}"
        if batch.state == "ready":
            seen = {**officer("second"), "If-Match": f'"{batch.revision}"'}
            assert (await http.post(f"{path}/approval", headers=seen)).status_code == 200
        assert (await http.post(f"{path}/exports", headers=officer("maker"))).status_code == 200
        lines = await BatchLine.find({"batch": batch.id}).sort("_id").to_list()
        said = result(*((line.id, "1.00", "成功") for line in lines))
        sent = await http.post(f"{path}/results", content=said, headers=officer("maker"))
        assert sent.status_code == 202, sent.text
        await batch_in("concluded")


async def outcome() -> Sequence[Any]:
    """What is there in the end: payments that are paid, with one step of each kind, the lines and totals of the batch, ends of
    results, what was told, and the heaps of the budget."""
    paid = await Payment.find({"state": "paid"}).to_list()
    steps = {tuple(step.move for step in one.steps) for one in paid}
    (batch,) = await Batch.find().to_list()
    lines = await BatchLine.find({"batch": batch.id, "state": "paid"}).to_list()
    (file,) = await ResultFile.find().to_list()
    ends = await ResultEnd.find({"heap": "matched"}).count()
    told = await client.storage().collection("outbox").distinct("key", {"type": SubsidyPaid.TYPE})
    count = await client.storage().collection("outbox").count_documents({"type": SubsidyPaid.TYPE})
    budget = await Budget.get(BUDGET)
    assert budget is not None
    return [
        len(paid),
        steps,
        (batch.declared, batch.total, batch.paid, batch.paid_total, batch.open),
        len({line.payment_id for line in lines}),
        (file.lines, file.matched, ends),
        (len(told), count),
        (budget.available, budget.reserved, budget.spent, budget.returned),
    ]


@pytest.mark.parametrize("place", PLACES)
async def test_a_kill_at_a_step_pays_each_payment_once(place: str, kafka_bootstrap: str, tmp_path: Path) -> None:
    async with own(service, kafka_bootstrap, tmp_path) as doomed:
        await prepare()
        await doomed.killed_at(place, drive)
        async with doomed.serving():
            await drive(doomed.port)
            found = await outcome()
    assert found == [
        PAYMENTS,
        {("take", "pay")},
        (PAYMENTS, TOTAL, PAYMENTS, TOTAL, 0),
        PAYMENTS,
        (PAYMENTS, PAYMENTS, PAYMENTS),
        (PAYMENTS, PAYMENTS),
        (0, 0, TOTAL, 0),
    ]
