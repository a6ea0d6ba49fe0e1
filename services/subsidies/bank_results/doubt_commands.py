"""Follow what an officer has found out of a payment of which the bank has said both that it was paid and that it was not."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from services.subsidies.bank_results import rules
from services.subsidies.bank_results.commands import count, stand
from services.subsidies.bank_results.rules import Known, LineState
from services.subsidies.batches.commands import payment_rows
from services.subsidies.batches.documents import Batch, BatchLine
from services.subsidies.payments import commands as payments
from services.subsidies.payments.documents import Payment
from shared import clock
from shared.errors import Conflict
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

Found = Literal["paid", "not_paid"]
OWED: Final = ("failed", "due")
"""How a payment stands that would be paid anew."""


async def find_out(payment: Payment, found: Found, on: dt.date | None, by: str, tx: Transaction) -> None:
    """End the doubt. `on`: the day on which the bank paid. Where it was paid anew or given up meanwhile, nothing else changes: what is
    out twice is claimed back.

    Raises Conflict for what is not doubted, stands in another batch or is claimed back; RuleBroken for a day that cannot be.
    """
    if payment.doubted is None:
        raise Conflict("not-doubted", "银行对该笔款项没有矛盾的回盘结果", "the bank has not said both of it")
    batch = await Batch.of(payment.doubted, tx)
    assert batch is not None
    rules.check_finder(by, batch.made_by)
    if payment.state == "batched":
        raise Conflict(
            "on-its-way", "该笔款项已列入另一批次，请先取消该批次", "it is in another batch: cancel that first"
        )
    lines = await tx.rows(BatchLine, {"payment_id": payment.id}, {"batch": 1, "amount": 1, "state": 1})
    (line,) = [row for row in lines if row["batch"] == batch.id]
    known = Known(amount=line["amount"].to_decimal(), state=line["state"])
    became: LineState
    if found == "paid" and known.state == "failed" and payment.state in OWED:
        day = rules.check_paid_on(on, batch.day, shanghai_date(clock.now()))
        await payments.found_paid(payment, day, by, tx)
        became = "paid"
    elif found == "not_paid" and known.state == "paid" and payment.state == "paid":
        rules.check_unclaimed(payment.claimed)
        (row,) = (await payment_rows([payment.id], tx)).values()
        await payments.not_paid(row, batch.id, None, tx, by=by)
        became = "returned"
    else:
        payment.doubted = None
        await payment.put(tx)
        return
    await stand({line["_id"]: line}, {line["_id"]: became}, tx)
    count(batch, known, became)
    await batch.put(tx)
