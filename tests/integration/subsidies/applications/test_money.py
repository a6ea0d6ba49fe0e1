"""What is approved, and its money."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.subsidies.applications.documents import Application
from services.subsidies.budgets import commands as budgets
from services.subsidies.budgets.documents import Budget, Reservation
from services.subsidies.decisions.documents import PaidFact
from services.subsidies.payments import commands as payments
from services.subsidies.payments.documents import Payment
from shared import clock
from shared.contracts.subsidies import ApplicationQueued
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.filing import (
    SECOND,
    apply_as,
    approved,
    do,
    end_notice,
    funded,
    officer,
    read,
    signed,
    trained,
)


async def payment_of(key: str) -> Payment:
    payment = await Payment.get(key)
    assert payment is not None
    return payment


async def test_an_approved_amount_is_owed_and_reserved(subsidies: Harness) -> None:
    await trained(subsidies, "w-owed")
    key = (await apply_as(subsidies, "w-owed"))["application_id"]
    assert (await approved(subsidies, key))["state"] == "paying"
    payment = await payment_of(key)
    assert (payment.amount, payment.payee.account) == (Decimal("800.00"), "6222020000000001234")


async def test_an_application_is_paid_when_the_bank_says_so(subsidies: Harness) -> None:
    await trained(subsidies, "w-bank")
    key = (await apply_as(subsidies, "w-bank"))["application_id"]
    await approved(subsidies, key)

    async def bank(tx: Transaction, *, paid: bool) -> None:
        await payments.take(await tx.rows(Payment, {"_id": key}), "batch", "officer", tx)
        rows = await tx.rows(Payment, {"_id": key})
        if paid:
            await payments.paid(rows, "batch", dt.date(2026, 12, 1), tx)
        else:
            await payments.not_paid(rows[0], "batch", "账号错误", tx)

    async def stands(state: str) -> bool:
        return bool((await read(subsidies, key))["state"] == state)

    await transact(lambda tx: bank(tx, paid=False))
    await eventually(lambda: stands("failed"))

    async def correct(tx: Transaction) -> None:
        payment = await Payment.of(key, tx)
        assert payment is not None
        await payments.correct_account(payment, payment.payee, "worker", tx)

    await transact(correct)
    await transact(lambda tx: bank(tx, paid=True))
    await eventually(lambda: stands("paid"))


async def test_an_exhausted_budget_queues_and_is_served_later(subsidies: Harness) -> None:
    await trained(subsidies, "w-queue")
    key = (await apply_as(subsidies, "w-queue"))["application_id"]
    await signed(subsidies, key)
    await funded(amount="799.99")
    await end_notice(key)
    assert (await do(subsidies, key, "approval", officer(SECOND)))["state"] == "queued"
    assert [one.amount for one in await subsidies.told(ApplicationQueued) if one.application_id == key] == ["800.00"]
    await funded(amount="5000.00")

    async def serve(tx: Transaction) -> None:
        budget = (await tx.find(Budget, {"_id": f"{clock.now().year}:training:employment_fund:510603"}))[0]
        tx.schedule(budgets.SERVE, budget.id, clock.now())

    await transact(serve)

    async def owed() -> bool:
        return bool((await read(subsidies, key))["state"] == "paying")

    await eventually(owed)
    assert (await payment_of(key)).amount == Decimal("800.00")


async def test_who_takes_back_a_queued_application_frees_its_facts(subsidies: Harness) -> None:
    await trained(subsidies, "w-back")
    key = (await apply_as(subsidies, "w-back"))["application_id"]
    await signed(subsidies, key)
    await funded(amount="0.00")
    await end_notice(key)
    await do(subsidies, key, "approval", officer(SECOND))
    assert await PaidFact.find({"holder": key}).count() == 3
    mine = bearer("worker", worker_id="w-back")
    assert (await do(subsidies, key, "withdrawal", mine))["state"] == "withdrawn"
    assert await PaidFact.find({"holder": key}).count() == 0
    reservation = await Reservation.get(key)
    assert reservation is not None
    assert reservation.released
    application = await Application.get(key)
    assert application is not None
    assert not application.public
