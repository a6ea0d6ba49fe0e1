"""Transfers under attack: tokens and records of the past, answers that are none, and months paid on the way."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from services.insurance.province import client, connection
from services.insurance.transfers import commands
from services.insurance.transfers.documents import Moving, Transfer
from services.insurance.transfers.months import months_of
from shared import clock
from shared.contracts.insurance import TransferCompleted, TransferRefused, TransferRequested, TransferWithdrawn
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import Harness, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.paid_in import contribution, new_id_number, registered, tell
from tests.integration.insurance.transfers.test_transfers import ask, told, worker_id

__all__ = ["worker_id"]


async def poll(transfer_id: str) -> None:
    """Ask the province now how a transfer came out."""
    timers, key = storage().collection("timers"), f"{commands.POLL}:{transfer_id}"

    async def set_() -> bool:
        return await timers.find_one({"_id": key}) is not None

    await eventually(set_)
    await timers.update_one({"_id": key}, {"$set": {"due_at": clock.now()}})


async def merged_into(insurance: Harness, worker_id: str) -> str:
    """Another record, which has turned out to be this person's."""
    other = new_id()
    await insurance.publish(registered(other, new_id_number()))
    await insurance.settled()
    return other


async def test_a_token_of_a_merged_record_asks_for_the_person(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    """Else one insurance would move twice at a time, the second time with no months."""
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    old = await merged_into(insurance, worker_id)
    await insurance.publish(WorkerMerged(worker_id=worker_id, merged_worker_id=old))
    await insurance.settled()
    assert (await ask(insurance, worker_id)).status_code == 201
    assert (await ask(insurance, old)).status_code == 409
    other = await ask(insurance, old, insurance="medical")
    assert (other.status_code, other.json()["worker_id"]) == (201, worker_id)


async def test_months_paid_on_the_way_stay_here(insurance: Harness, province: httpx2.AsyncClient) -> None:
    """The province carried what was paid when it was asked; a month that comes before it has answered is not lost."""
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    worker_id, number = new_id(), new_id_number()
    await insurance.publish(registered(worker_id, number))
    await insurance.settled()
    for month in ("2026-07", "2026-08"):
        assert (
            await tell(insurance, contribution(number, month=month, changed_at="2026-10-10T08:00:00+08:00"))
        ).is_success
    transfer_id = (await ask(insurance, worker_id)).json()["transfer_id"]
    await insurance.settled()
    assert (
        await tell(insurance, contribution(number, month="2026-09", changed_at="2026-10-20T08:00:00+08:00"))
    ).is_success
    await province.post(f"/sandbox/results/{transfer_id}", json={"status": "completed", "months": 2})
    await poll(transfer_id)
    [done] = await eventually(lambda: told(insurance, TransferCompleted, worker_id))
    assert done.months == 2
    mine = insurance.headers("worker", worker_id=worker_id)
    [pension] = (await insurance.http.get("/v1/workers/me/rights", headers=mine)).json()["contributions"]
    assert pension["months"] == 1


async def test_what_is_taken_back_keeps_nobodys_record(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    """It is told, so that the matter is over; and told as asked for again where the province has taken it all the same."""
    await province.post("/sandbox/behaviour", json={"lose_answer_next": 3, "result_delay_ms": 600_000})
    before = (await province.get("/sandbox/counts")).json().get("accepted", 0)
    asked = await ask(insurance, worker_id)

    async def came() -> bool:
        return bool((await province.get("/sandbox/counts")).json().get("accepted", 0) > before)

    await eventually(came)
    mine = insurance.headers("worker", worker_id=worker_id) | {"If-Match": asked.headers["etag"]}
    path = f"/v1/transfers/{asked.json()['transfer_id']}/withdrawal"
    assert (await insurance.http.post(path, headers=mine)).is_success
    assert len(await told(insurance, TransferWithdrawn, worker_id)) == 1

    async def again() -> bool:
        return len(await told(insurance, TransferRequested, worker_id)) == 2

    await eventually(again)


async def test_an_erased_person_is_named_to_nobody(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    """What was not sent is taken back; what the province says of the rest is kept without its words."""
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    sent = (await ask(insurance, worker_id)).json()["transfer_id"]
    await insurance.settled()
    await province.post("/sandbox/behaviour", json={"fail_next": 50, "status": 503})
    waiting = (await ask(insurance, worker_id, insurance="medical")).json()["transfer_id"]
    await insurance.publish(WorkerErased(worker_id=worker_id))

    async def taken_back() -> bool:
        one = await Transfer.of(waiting)
        return one is not None and one.state == "withdrawn"

    await eventually(taken_back)
    assert await Moving.of(f"{worker_id}|medical") is None
    await province.post("/sandbox/behaviour", json={})
    await province.post(f"/sandbox/results/{sent}", json={"status": "refused", "reason": "张某某信息有误"})
    await poll(sent)
    await eventually(lambda: told(insurance, TransferRefused, worker_id))
    assert await holding("张某某信息有误") == []
    one = await Transfer.of(sent)
    assert one is not None
    assert (one.state, one.reason) == ("refused", None)


@pytest.mark.parametrize("months", [None, -5, 100_000])
async def test_no_answer_is_one_without_sensible_months(
    insurance: Harness, province: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, months: Any
) -> None:
    async def answers(*_: Any) -> httpx2.Response:
        return httpx2.Response(200, json={"status": "completed", "months": months})

    monkeypatch.setattr(type(connection.LINE), "get", answers)
    with pytest.raises(client.Unanswered):
        await client.transfer_result("t-1")


async def test_what_a_merged_record_brought_counts_for_the_person(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    """Two were under way: the one that comes to nothing does not hide what the other has brought."""
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    old = await merged_into(insurance, worker_id)
    mine = (await ask(insurance, worker_id, direction="in")).json()["transfer_id"]
    theirs = (await ask(insurance, old, direction="in")).json()["transfer_id"]
    await insurance.settled()
    await insurance.publish(WorkerMerged(worker_id=worker_id, merged_worker_id=old))
    await insurance.settled()
    for transfer_id, result in (
        (mine, {"status": "refused", "reason": "x"}),
        (theirs, {"status": "completed", "months": 30}),
    ):
        await province.post(f"/sandbox/results/{transfer_id}", json=result)
        await poll(transfer_id)

        async def over(one: str = transfer_id) -> bool:
            found = await Transfer.of(one)
            return found is not None and not found.under_way

        await eventually(over)
    assert await months_of(worker_id, "pension") == 30
    again = await ask(insurance, worker_id, direction="in")
    assert again.status_code == 201
