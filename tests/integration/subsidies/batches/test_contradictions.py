"""A bank that says of one line both that it was paid and that it was not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from services.subsidies.batches.documents import Batch
from services.subsidies.payments.documents import Payment
from tests.harness import Harness, eventually
from tests.integration.subsidies.money import (
    BATCHES,
    act,
    allot,
    exported,
    heaps,
    make_batch,
    money_officer,
    owed,
    result,
    send_result,
    states,
    today,
)

PAYMENTS = "/v1/subsidy-payments"
ACCOUNT = {"name": "李测试", "account": "6222020000000000099"}


async def said(subsidies: Harness, kind: str, *words: str) -> tuple[str, str]:
    """A payment of 100 yuan of whose line the bank has said these in turn, and its batch."""
    await allot(kind, "1000.00")
    (one,) = await owed(kind, "100.00")
    batch_id, _ = await exported(subsidies, kind)
    for word in words:
        await send_result(subsidies, batch_id, result((f"{batch_id}-000001", "100.00", word)))
    return one, batch_id


async def correct(subsidies: Harness, payment_id: str) -> Any:
    worker = subsidies.headers("worker", worker_id=f"w-{payment_id}")
    shown = await subsidies.http.get(f"{PAYMENTS}/{payment_id}", headers=worker)
    return await subsidies.http.put(
        f"{PAYMENTS}/{payment_id}/account", json=ACCOUNT, headers={**worker, "If-Match": shown.headers["ETag"]}
    )


async def find(subsidies: Harness, payment_id: str, found: str, *, by: str = "chief", expect: int = 200) -> Any:
    who = await money_officer(subsidies, by, "head")
    shown = await subsidies.http.get(f"{PAYMENTS}/{payment_id}", headers=who)
    body = {"found": found, "on": str(today()), "evidence": "回单20261130001"}
    answer = await subsidies.http.post(
        f"{PAYMENTS}/{payment_id}/bank-finding", json=body, headers={**who, "If-Match": shown.headers["ETag"]}
    )
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_what_may_be_out_is_not_paid_anew(subsidies: Harness) -> None:
    one, batch_id = await said(subsidies, "both_failed", "失败")
    later = await send_result(subsidies, batch_id, result((f"{batch_id}-000001", "100.00", "成功")))
    assert (later["unknown"], await states([one])) == (1, ["failed"])
    refused = await correct(subsidies, one)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/bank-contradicts")
    head = await money_officer(subsidies, "chief", "head")
    assert (await act(subsidies, head, f"{PAYMENTS}/{one}/cancellation", expect=409))["type"].endswith("contradicts")
    listed = await subsidies.http.get(PAYMENTS, params={"doubted": "true", "limit": "500"}, headers=head)
    assert one in [row["payment_id"] for row in listed.json()["items"]]
    shown = await find(subsidies, one, "paid")
    assert (shown["state"], shown["doubted"], shown["paid_on"]) == ("paid", False, str(today()))
    assert await heaps("both_failed") == ("900.00", "0.00", "100.00", "0.00")
    batch = await Batch.get(batch_id)
    assert batch is not None
    assert (batch.paid, batch.failed, batch.paid_total) == (1, 0, Decimal("100.00"))
    await find(subsidies, one, "paid", expect=409)


async def test_what_failed_after_all_is_paid_anew(subsidies: Harness) -> None:
    one, _ = await said(subsidies, "both_not", "失败", "成功")
    await find(subsidies, one, "not_paid")
    assert await states([one]) == ["failed"]
    assert (await correct(subsidies, one)).status_code == 200
    assert await states([one]) == ["due"]


async def test_what_the_bank_did_not_pay_is_owed_again(subsidies: Harness) -> None:
    one, batch_id = await said(subsidies, "both_paid", "成功", "失败")
    assert (await states([one]), await heaps("both_paid")) == (["paid"], ("900.00", "0.00", "100.00", "0.00"))
    shown = await find(subsidies, one, "not_paid")
    assert (shown["state"], shown["doubted"]) == ("returned", False)
    assert await heaps("both_paid") == ("900.00", "0.00", "0.00", "100.00")
    assert (await correct(subsidies, one)).status_code == 200
    batch = await Batch.get(batch_id)
    assert batch is not None
    assert (batch.paid, batch.returned, batch.open) == (0, 1, 0)


async def test_a_corrected_payment_waits_for_the_answer(subsidies: Harness) -> None:
    """It was corrected, and stands due or in the next batch, when the bank says that it was paid after all."""
    one, batch_id = await said(subsidies, "both_due", "失败")
    assert (await correct(subsidies, one)).status_code == 200
    maker, second = await money_officer(subsidies, "maker"), await money_officer(subsidies, "second")
    later = await make_batch(subsidies, maker, "both_due")
    await send_result(subsidies, batch_id, result((f"{batch_id}-000001", "100.00", "成功")))
    path = f"{BATCHES}/{later['batch_id']}"
    refused = await act(subsidies, second, f"{path}/approval", expect=409)
    assert refused["type"] == "/problems/bank-contradicts"
    await find(subsidies, one, "paid", expect=409)
    await act(subsidies, maker, f"{path}/cancellation")

    async def due() -> bool:
        return await states([one]) == ["due"]

    await eventually(due)
    assert (await make_batch(subsidies, maker, "both_due"))["state"] == "cancelled"
    await find(subsidies, one, "paid")
    assert await states([one]) == ["paid"]
    assert await heaps("both_due") == ("900.00", "0.00", "100.00", "0.00")


async def test_who_made_the_batch_does_not_find_out_alone(subsidies: Harness) -> None:
    one, _ = await said(subsidies, "both_maker", "失败", "成功")
    payment = await Payment.get(one)
    assert payment is not None
    await find(subsidies, one, "paid", by="second", expect=403)
    who = await money_officer(subsidies, "chief", "head")
    shown = await subsidies.http.get(f"{PAYMENTS}/{one}", headers=who)
    body = {"found": "paid", "on": str(today() + dt.timedelta(days=1)), "evidence": "回单"}
    answer = await subsidies.http.post(
        f"{PAYMENTS}/{one}/bank-finding", json=body, headers={**who, "If-Match": shown.headers["ETag"]}
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/paid-day")
