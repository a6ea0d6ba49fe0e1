"""What was taken back, cancelled or merged while its money was under way."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from services.subsidies.applications import payment_commands
from services.subsidies.applications.documents import Application
from services.subsidies.budgets import commands as budgets
from services.subsidies.budgets.documents import Budget, Reservation
from services.subsidies.decisions.documents import PaidFact
from services.subsidies.payments import commands as payments
from services.subsidies.payments.commands import Settled
from services.subsidies.payments.documents import Payment
from services.subsidies.recoveries import commands as recoveries
from services.subsidies.recoveries.documents import Recovery
from services.subsidies.revisions import commands as revisions
from services.subsidies.revisions.documents import Revision
from shared import clock
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer, eventually
from tests.integration.subsidies.facts import tell, worker
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
from tests.integration.subsidies.money import act, allot, money_officer, payable, reserve

PAYMENTS = "/v1/subsidy-payments"
BUDGET = f"{clock.now().year}:training:employment_fund:510603"


async def queued(subsidies: Harness, worker_id: str) -> str:
    """An approved application that waits for money."""
    await trained(subsidies, worker_id)
    key = str((await apply_as(subsidies, worker_id))["application_id"])
    await signed(subsidies, key)
    await funded(amount="0.00")
    await end_notice(key)
    assert (await do(subsidies, key, "approval", officer(SECOND)))["state"] == "queued"
    return key


async def available() -> Decimal:
    budget = await Budget.get(BUDGET)
    assert budget is not None
    return budget.available


async def test_what_is_taken_back_as_money_comes_is_not_owed(subsidies: Harness) -> None:
    """The budget has given it money; before that is followed, the applicant takes it back."""
    key = await queued(subsidies, "w-late-back")
    await do(subsidies, key, "withdrawal", bearer("worker", worker_id="w-late-back"))
    await funded(amount="5000.00")
    await transact(lambda tx: payment_commands.serve(key, tx))
    assert await Payment.get(key) is None
    assert (await read(subsidies, key))["state"] == "withdrawn"
    reservation = await Reservation.get(key)
    assert reservation is not None
    assert reservation.released
    assert await available() == Decimal("5000.00")


async def test_a_part_that_waits_goes_with_its_application(subsidies: Harness) -> None:
    key = await queued(subsidies, "w-part")

    async def more(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        application.decisions = 2
        await application.put(tx)
        await payment_commands.supplement(application, 2, Decimal("100.00"), tx)

    await transact(more)
    await do(subsidies, key, "withdrawal", bearer("worker", worker_id="w-part"))
    await funded(amount="5000.00")
    await transact(lambda tx: budgets.serve(BUDGET, tx))
    await subsidies.settled()
    assert await Payment.find({"application_id": key}).to_list() == []
    assert await available() == Decimal("5000.00")


async def test_what_a_head_cancels_is_over_for_the_applicant(subsidies: Harness) -> None:
    await trained(subsidies, "w-cancelled")
    key = (await apply_as(subsidies, "w-cancelled"))["application_id"]
    await approved(subsidies, key)
    head = await money_officer(subsidies, "head-cancels", "head")
    assert (await act(subsidies, head, f"{PAYMENTS}/{key}/cancellation"))["state"] == "cancelled"

    async def over() -> bool:
        return bool((await read(subsidies, key))["state"] == "recovered")

    await eventually(over)
    assert await PaidFact.find({"holder": key}).count() == 0


async def test_payments_follow_a_person_who_is_merged(subsidies: Harness) -> None:
    await trained(subsidies, "w-gone")
    key = (await apply_as(subsidies, "w-gone"))["application_id"]
    await approved(subsidies, key)

    async def claim(tx: Transaction) -> None:
        payment = await Payment.of(key, tx)
        assert payment is not None
        payment.state = "paid"
        await recoveries.propose(payment, Decimal("100.00"), "not_entitled", "测试", 1, "officer:x", tx)

    await transact(claim)
    await tell(subsidies, WorkerMerged(worker_id="w-stays", merged_worker_id="w-gone"))
    await subsidies.settled()
    mine, gone = bearer("worker", worker_id="w-stays"), bearer("worker", worker_id="w-gone")
    assert (await subsidies.http.get(f"{PAYMENTS}/{key}", headers=mine)).status_code == 200
    assert (await subsidies.http.get(f"{PAYMENTS}/{key}", headers=gone)).status_code == 404
    recovery = await Recovery.find_one({"payment_id": key})
    assert recovery is not None
    seen = await subsidies.http.get(f"/v1/subsidy-recoveries/{recovery.id}", headers=mine)
    assert seen.status_code == 200


async def test_a_payment_is_no_workers_who_shares_a_name(subsidies: Harness) -> None:
    """A community has the id that a worker has too: what it is owed is none of the worker's."""
    one = f"w-{new_id()}"
    await allot("namesake", "100.00")
    assert await reserve("namesake", "10.00", one)
    owed = payable("namesake", "10.00", one, role="community", applicant=one)
    await transact(lambda tx: payments.owe(owed, tx))
    namesake = bearer("worker", worker_id=one)
    assert (await subsidies.http.get(f"{PAYMENTS}/{one}", headers=namesake)).status_code == 404
    assert (await subsidies.http.get(PAYMENTS, headers=namesake)).json()["items"] == []


async def test_an_application_under_an_old_id_is_the_persons(subsidies: Harness) -> None:
    """Two records were found to be one person before they applied by the old one."""
    await tell(subsidies, worker("w-now"), WorkerMerged(worker_id="w-now", merged_worker_id="w-then"))
    await subsidies.settled()
    filed = await apply_as(subsidies, "w-then")
    assert filed["applicant_id"] == "w-now"
    for worker_id in ("w-now", "w-then"):
        await read(subsidies, filed["application_id"], bearer("worker", worker_id=worker_id))


async def test_erasure_removes_drafts_and_lets_payment_go_on(subsidies: Harness) -> None:
    await trained(subsidies, "w-erased")
    key = (await apply_as(subsidies, "w-erased"))["application_id"]
    draft = (await apply_as(subsidies, "w-erased", submit=False))["application_id"]
    await approved(subsidies, key)
    await tell(subsidies, WorkerErased(worker_id="w-erased"))
    await subsidies.settled()
    assert await Application.get(draft) is None
    payment = await Payment.get(key)
    assert payment is not None
    assert payment.state == "due"

    async def again(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        await revisions.decide_again(application, "parameters", tx)

    await transact(again)
    assert await Revision.find({"application_id": key}).to_list() == []


async def test_a_word_that_is_late_changes_nothing(subsidies: Harness) -> None:
    """The bank says paid and then returned; that it came back is followed first."""
    await trained(subsidies, "w-overtaken")
    key = (await apply_as(subsidies, "w-overtaken"))["application_id"]
    await approved(subsidies, key)

    async def bank(tx: Transaction) -> None:
        payment = await Payment.of(key, tx)
        assert payment is not None
        payment.state = "returned"
        await payment.put(tx)

    await transact(bank)
    for outcome in ("returned", "paid"):
        await transact(lambda tx, outcome=outcome: payment_commands.settle(Settled(key, outcome, 1), tx))  # type: ignore[misc]
    assert (await read(subsidies, key))["state"] == "failed"


async def test_a_part_that_is_paid_settles_not_the_whole(subsidies: Harness) -> None:
    await trained(subsidies, "w-two-parts")
    key = (await apply_as(subsidies, "w-two-parts"))["application_id"]
    await approved(subsidies, key)

    async def bank(tx: Transaction, payment_id: str) -> None:
        payment = await Payment.of(payment_id, tx)
        assert payment is not None
        payment.state = "paid"
        await payment.put(tx)
        await payment_commands.settle(Settled(payment_id, "paid", 1), tx)

    async def more(tx: Transaction) -> None:
        application = await Application.of(key, tx)
        assert application is not None
        application.decisions = 2
        await application.put(tx)
        await payment_commands.supplement(application, 2, Decimal("100.00"), tx)

    await transact(more)
    await transact(lambda tx: bank(tx, f"{key}:002"))
    assert (await read(subsidies, key))["state"] == "paying"
    await transact(lambda tx: bank(tx, key))
    assert (await read(subsidies, key))["state"] == "paid"


async def test_the_last_money_goes_to_one_of_two_at_once(subsidies: Harness) -> None:
    keys = []
    for worker_id in ("w-last-a", "w-last-b"):
        await trained(subsidies, worker_id)
        keys.append((await apply_as(subsidies, worker_id))["application_id"])
        await signed(subsidies, keys[-1])
        await end_notice(keys[-1])
    await funded(amount="800.00")

    async def approve(key: str) -> int:
        path, who = f"/v1/subsidy-applications/{key}", officer(SECOND)
        seen = (await subsidies.http.get(path, headers=who)).headers["etag"]
        return (await subsidies.http.post(f"{path}/approval", headers={**who, "If-Match": seen})).status_code

    answers = await asyncio.gather(*(approve(key) for key in keys for _ in range(2)))
    assert answers.count(200) == 2
    assert {answer for answer in answers if answer != 200} <= {409, 412}
    assert sorted([(await read(subsidies, key))["state"] for key in keys]) == ["paying", "queued"]
    assert await available() == Decimal("0.00")
