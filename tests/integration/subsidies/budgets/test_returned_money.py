"""What came back from the bank, and was made available to others before its payee had it paid anew."""

from __future__ import annotations

from decimal import Decimal

from services.subsidies.budgets import commands as budgets
from services.subsidies.budgets.documents import Reservation
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness
from tests.integration.subsidies.batches.test_contradictions import PAYMENTS, correct
from tests.integration.subsidies.money import (
    act,
    allot,
    exported,
    heaps,
    line,
    money_officer,
    owed,
    reserve,
    result,
    send_result,
    states,
)


async def returned(subsidies: Harness, kind: str) -> str:
    """100 yuan that were paid, came back, and are made available by two officers."""
    await allot(kind, "100.00")
    (one,) = await owed(kind, "100.00")
    batch_id, _ = await exported(subsidies, kind)
    for word in ("成功", "退汇"):
        await send_result(subsidies, batch_id, result((f"{batch_id}-000001", "100.00", word)))
    assert (await states([one]), await heaps(kind)) == (["returned"], ("0.00", "0.00", "0.00", "100.00"))

    async def reclaim(tx: Transaction) -> None:
        change = await budgets.propose(line(kind), "reclaim", Decimal("100.00"), "退回资金", "officer:a", tx)
        await budgets.approve(change, "officer:b", tx)

    await transact(reclaim)
    assert await heaps(kind) == ("100.00", "0.00", "0.00", "0.00")
    return one


async def test_what_was_made_available_is_reserved_again(subsidies: Harness) -> None:
    one = await returned(subsidies, "came_back")
    assert (await correct(subsidies, one)).status_code == 200
    assert (await states([one]), await heaps("came_back")) == (["due"], ("0.00", "100.00", "0.00", "0.00"))


async def test_what_others_have_meanwhile_is_waited_for(subsidies: Harness) -> None:
    one = await returned(subsidies, "gone_since")
    assert await reserve("gone_since", "60.00")
    refused = await correct(subsidies, one)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/budget-too-small")
    await allot("gone_since", "60.00")
    assert (await correct(subsidies, one)).status_code == 200
    assert await heaps("gone_since") == ("0.00", "160.00", "0.00", "0.00")


async def test_what_came_back_is_given_up_once(subsidies: Harness) -> None:
    one = await returned(subsidies, "given_up")
    assert await reserve("given_up", "100.00")
    head = await money_officer(subsidies, "chief", "head")
    await act(subsidies, head, f"{PAYMENTS}/{one}/cancellation")
    reservation = await Reservation.get(one)
    assert reservation is not None
    assert (reservation.released, reservation.returned) == (True, Decimal("0.00"))
    assert (await states([one]), await heaps("given_up")) == (["cancelled"], ("0.00", "100.00", "0.00", "0.00"))


async def test_what_came_back_and_is_not_owed_is_free(subsidies: Harness) -> None:
    await allot("free_again", "100.00")
    (one,) = await owed("free_again", "100.00")
    batch_id, _ = await exported(subsidies, "free_again")
    for word in ("成功", "退汇"):
        await send_result(subsidies, batch_id, result((f"{batch_id}-000001", "100.00", word)))
    head = await money_officer(subsidies, "chief", "head")
    await act(subsidies, head, f"{PAYMENTS}/{one}/cancellation")
    assert await heaps("free_again") == ("100.00", "0.00", "0.00", "0.00")
