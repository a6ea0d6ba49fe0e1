"""What is claimed back is a decision of its own, also where a finance officer proposed it: it is contested in its own time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from services.subsidies.applications.documents import Application
from services.subsidies.payments import commands as payments
from services.subsidies.payments.documents import Payment
from shared import clock
from shared.policy.calendar import add_days, shanghai_date
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness, bearer
from tests.integration.subsidies.filing import FIRST, PATH, do, officer, read
from tests.integration.subsidies.money import money_officer, today
from tests.integration.subsidies.recoveries.test_recoveries import propose, step
from tests.integration.subsidies.revisions.test_revisions import paid_for


async def pay(subsidies: Harness, key: str) -> None:
    async def store(tx: Transaction) -> None:
        await payments.take(await tx.rows(Payment, {"_id": key}), "batch", "officer", tx)
        await payments.paid(await tx.rows(Payment, {"_id": key}), "batch", today(), tx)

    await transact(store)
    await subsidies.settled()


async def contest(subsidies: Harness, key: str, worker_id: str) -> tuple[int, Any]:
    mine = bearer("worker", worker_id=worker_id)
    seen = (await subsidies.http.get(f"{PATH}/{key}", headers=mine)).headers["etag"]
    answer = await subsidies.http.post(
        f"{PATH}/{key}/appeals", json={"forum": "review", "text": "不应追回"}, headers={**mine, "If-Match": seen}
    )
    return answer.status_code, answer.json()


async def test_a_claim_is_contested_long_after_the_approval(subsidies: Harness) -> None:
    worker_id = "w-claimed-late"
    key = await paid_for(subsidies, worker_id)
    await pay(subsidies, key)
    letter = {"way": "direct", "on": f"{shanghai_date(clock.now())}", "evidence": "回证"}
    await do(subsidies, key, "services", officer(FIRST), letter)
    with time_machine.travel(clock.now() + dt.timedelta(days=90), tick=True):
        assert (await contest(subsidies, key, worker_id))[0] == 409  # the approval is no longer contested
        recovery = (await propose(subsidies, key))["recovery_id"]
        assert (await contest(subsidies, key, worker_id))[0] == 409  # and nothing else is decided yet
        await step(subsidies, bearer("worker", worker_id=worker_id), recovery, "statement", {"text": "我符合条件"})
        await step(subsidies, await money_officer(subsidies, "second"), recovery, "decision")
        await subsidies.settled()
        assert (await read(subsidies, key))["served_on"] is None
        day = shanghai_date(clock.now())
        letter = {"way": "direct", "on": f"{day}", "evidence": "追回决定回证"}
        served = await do(subsidies, key, "services", officer(FIRST), letter)
        assert served["review_by"] == f"{add_days(day, 60).due}"
        status, appeal = await contest(subsidies, key, worker_id)
        assert status == 201, appeal
        application = await Application.get(key)
        assert application is not None
        assert application.decided_by == ["officer:maker", "officer:second"]
        assert (await contest(subsidies, key, worker_id))[1]["type"] == "/problems/contested-already"


async def test_a_second_claim_of_a_day_is_a_decision_again(subsidies: Harness) -> None:
    worker_id = "w-claimed-twice"
    key = await paid_for(subsidies, worker_id)
    await pay(subsidies, key)
    for amount in ("100.00", "200.00"):
        recovery = (await propose(subsidies, key, amount=amount))["recovery_id"]
        await step(subsidies, bearer("worker", worker_id=worker_id), recovery, "statement", {"text": "我符合条件"})
        await step(subsidies, await money_officer(subsidies, "second"), recovery, "decision")
        await subsidies.settled()
        assert (await contest(subsidies, key, worker_id))[0] == 201
