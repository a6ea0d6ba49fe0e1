"""A person's insurance moves into and out of the city."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from services.insurance.transfers import commands, rules
from services.insurance.transfers.documents import Transfer
from shared import clock
from shared.contracts.insurance import (
    ContributionRecorded,
    TransferCompleted,
    TransferOverdue,
    TransferRefused,
    TransferRequested,
)
from shared.contracts.registry import WorkerMerged
from shared.ids import new_id
from shared.policy import calendar
from shared.policy.parameters import parameters
from shared.storage.client import storage
from tests.harness import Harness, bearer, eventually
from tests.integration.at_rest import holding
from tests.integration.insurance.paid_in import contribution, new_id_number, registered, tell
from tests.integration.years import BEFORE, before_2027, publish_2027


@pytest_asyncio.fixture(loop_scope="session")
async def worker_id(insurance: Harness, province: httpx2.AsyncClient) -> str:
    await province.post("/sandbox/behaviour", json={})
    worker_id = new_id()
    await insurance.publish(registered(worker_id, new_id_number()))
    await insurance.settled()
    return worker_id


async def ask(insurance: Harness, worker_id: str, /, **changes: Any) -> httpx2.Response:
    body = {"direction": "out", "insurance": "pension", "other_place": "510100"} | changes
    headers = insurance.headers("worker", worker_id=worker_id)
    return await insurance.http.post("/v1/transfers", json=body, headers=headers)


async def read(insurance: Harness, worker_id: str) -> dict[str, Any]:
    mine = await insurance.http.get("/v1/transfers", headers=bearer("worker", worker_id=worker_id))
    return dict(mine.json()["items"][0])


async def told(insurance: Harness, kind: Any, worker_id: str) -> list[Any]:
    return [fact for fact in await insurance.told(kind) if fact.worker_id == worker_id]


async def test_whoever_leaves_takes_their_months_along(insurance: Harness) -> None:
    worker_id, id_number = new_id(), new_id_number()
    await insurance.publish(registered(worker_id, id_number))
    await insurance.settled()
    for month, void in (("2026-07", False), ("2026-08", False), ("2026-09", True)):
        paid = contribution(id_number, month=month, reversed=void, changed_at="2026-10-10T08:00:00+08:00")
        assert (await tell(insurance, paid)).is_success
    assert len(await told(insurance, ContributionRecorded, worker_id)) == 3
    asked = await ask(insurance, worker_id)
    assert asked.status_code == 201
    [completed] = await eventually(lambda: told(insurance, TransferCompleted, worker_id))
    assert (completed.direction, completed.months, completed.other_place) == ("out", 2, "510100")
    [requested] = await told(insurance, TransferRequested, worker_id)
    assert requested.due_on.isoformat() == asked.json()["due_on"]
    used = {one["key"]: one["verified"] for one in asked.json()["used"]}
    assert used == {"transfer.transferable": True, "transfer.pension_workdays": False}
    assert (await read(insurance, worker_id))["state"] == "completed"
    assert (
        await storage().collection("timers").find_one({"_id": f"{commands.OVERDUE}:{asked.json()['transfer_id']}"})
        is None
    )


async def test_months_transferred_in_count_and_move_on(insurance: Harness, province: httpx2.AsyncClient) -> None:
    await province.post("/sandbox/behaviour", json={})
    worker_id, id_number = new_id(), new_id_number()
    await insurance.publish(registered(worker_id, id_number))
    await insurance.settled()
    await ask(insurance, worker_id, direction="in")
    await eventually(lambda: told(insurance, TransferCompleted, worker_id))
    for month in ("2026-08", "2026-09"):
        await tell(insurance, contribution(id_number, month=month, changed_at="2026-10-10T08:00:00+08:00"))
    mine = bearer("worker", worker_id=worker_id)
    [pension] = (await insurance.http.get("/v1/workers/me/rights", headers=mine)).json()["contributions"]
    assert (pension["months"], pension["transferred_in"], pension["latest_month"]) == (14, 12, "2026-09")
    await ask(insurance, worker_id, direction="out", other_place="510700")

    async def both() -> list[Any] | None:
        facts = await told(insurance, TransferCompleted, worker_id)
        return facts if len(facts) == 2 else None

    assert [(fact.direction, fact.months) for fact in await eventually(both)] == [("in", 12), ("out", 14)]
    [pension] = (await insurance.http.get("/v1/workers/me/rights", headers=mine)).json()["contributions"]
    assert (pension["months"], pension["transferred_in"]) == (0, 0)


async def test_one_insurance_moves_once_at_a_time(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    """Only those insurances move that can be moved."""
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    assert (await ask(insurance, worker_id)).status_code == 201
    assert (await ask(insurance, worker_id)).status_code == 409
    medical = await ask(insurance, worker_id, insurance="medical", direction="in")
    assert medical.status_code == 201
    assert (await ask(insurance, worker_id, insurance="work_injury")).status_code == 422
    assert (await ask(insurance, worker_id, insurance="unemployment", other_place="510683")).status_code == 422
    unknown = await ask(insurance, worker_id, insurance="unemployment")
    assert (unknown.json()["due_on"], bool(unknown.json()["watch"])) == (None, True)


async def test_a_refused_transfer_shows_why_and_may_be_asked_again(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    await province.post("/sandbox/behaviour", json={"fail_results_next": 1, "result_failure": "转入地信息有误"})
    asked = (await ask(insurance, worker_id)).json()
    [refused] = await eventually(lambda: told(insurance, TransferRefused, worker_id))
    assert refused.reason == "other"
    shown = await insurance.http.get(f"/v1/transfers/{asked['transfer_id']}", headers=insurance.officer)
    assert shown.json()["reason"] == "转入地信息有误"
    assert await holding("转入地信息有误") == []
    await province.post("/sandbox/behaviour", json={"refuse_next": 1})
    await ask(insurance, worker_id)

    async def twice() -> bool:
        return len(await told(insurance, TransferRefused, worker_id)) == 2

    await eventually(twice)
    await ask(insurance, worker_id, direction="in")
    [completed] = await eventually(lambda: told(insurance, TransferCompleted, worker_id))
    assert (completed.direction, completed.months) == ("in", 12)


async def test_an_overdue_transfer_is_still_completed(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000, "lose_answer_next": 1})
    transfer_id = (await ask(insurance, worker_id)).json()["transfer_id"]
    timers = storage().collection("timers")

    async def polled() -> bool:
        return await timers.find_one({"_id": f"{commands.POLL}:{transfer_id}"}) is not None

    await eventually(polled)
    await insurance.settled()
    await timers.update_one({"_id": f"{commands.OVERDUE}:{transfer_id}"}, {"$set": {"due_at": clock.now()}})
    [overdue] = await eventually(lambda: told(insurance, TransferOverdue, worker_id))
    assert overdue.due_on.isoformat() == (await read(insurance, worker_id))["due_on"]
    await province.post(f"/sandbox/results/{transfer_id}", json={"status": "completed", "months": 7})
    await timers.update_one({"_id": f"{commands.POLL}:{transfer_id}"}, {"$set": {"due_at": clock.now()}})
    [completed] = await eventually(lambda: told(insurance, TransferCompleted, worker_id))
    assert completed.months == 7


async def test_what_was_not_sent_yet_can_be_taken_back(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    await province.post("/sandbox/behaviour", json={"fail_next": 1, "status": 503, "delay_ms": 1000})
    asked = await ask(insurance, worker_id)
    path = f"/v1/transfers/{asked.json()['transfer_id']}/withdrawal"
    mine = insurance.headers("worker", worker_id=worker_id) | {"If-Match": asked.headers["etag"]}
    assert (await insurance.http.post(path, headers=mine)).json()["state"] == "withdrawn"
    again = insurance.headers("worker", worker_id=worker_id) | {"If-Match": '"2"'}
    assert (await insurance.http.post(path, headers=again)).status_code == 409
    await insurance.settled()
    kept = await Transfer.of(asked.json()["transfer_id"])
    assert kept is not None
    assert kept.receipt_number is None


async def test_what_was_on_its_way_when_taken_back_goes_on(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    """The province has it, though its answer was lost: it is not shown as taken back while the insurance moves."""
    await province.post("/sandbox/behaviour", json={"lose_answer_next": 3, "result_delay_ms": 600_000})
    before = (await province.get("/sandbox/counts")).json().get("accepted", 0)
    asked = await ask(insurance, worker_id)
    transfer_id = asked.json()["transfer_id"]

    async def came() -> bool:
        return bool((await province.get("/sandbox/counts")).json().get("accepted", 0) > before)

    await eventually(came)
    mine = insurance.headers("worker", worker_id=worker_id) | {"If-Match": asked.headers["etag"]}
    taken_back = await insurance.http.post(f"/v1/transfers/{transfer_id}/withdrawal", headers=mine)
    assert taken_back.json()["state"] == "withdrawn"

    async def sent() -> bool:
        return bool((await read(insurance, worker_id))["state"] == "sent")

    await eventually(sent)
    assert (await ask(insurance, worker_id)).status_code == 409
    timers, poll = storage().collection("timers"), f"{commands.POLL}:{transfer_id}"

    async def polled() -> bool:
        return await timers.find_one({"_id": poll}) is not None

    await eventually(polled)
    await province.post(f"/sandbox/results/{transfer_id}", json={"status": "completed", "months": 7})
    await timers.update_one({"_id": poll}, {"$set": {"due_at": clock.now()}})
    [completed] = await eventually(lambda: told(insurance, TransferCompleted, worker_id))
    assert completed.months == 7


async def test_officers_ask_for_workers_on_file_and_others_see_nothing(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    body = {"worker_id": worker_id, "direction": "in", "insurance": "pension", "other_place": "440300"}
    district = insurance.headers("officer", department="hrss", district="510603")
    # somebody who works in no district is the city's
    assert (await insurance.http.post("/v1/transfers", json=body, headers=district)).status_code == 404
    asked = await insurance.http.post("/v1/transfers", json=body, headers=insurance.officer)
    assert (asked.status_code, asked.json()["district"]) == (201, "510600")
    path = f"/v1/transfers/{asked.json()['transfer_id']}"
    elsewhere = insurance.headers("officer", department="hrss", district="510681")
    assert (await insurance.http.get(path, headers=elsewhere)).status_code == 404
    assert (await insurance.http.get(path, headers=bearer("worker", worker_id="somebody"))).status_code == 404
    assert (await insurance.http.get(path, headers=insurance.officer)).is_success
    unknown = await insurance.http.post("/v1/transfers", json=body | {"worker_id": "nobody"}, headers=insurance.officer)
    assert unknown.status_code == 404
    assert (await ask(insurance, worker_id, worker_id="somebody")).status_code == 403
    assert dt.date.fromisoformat(asked.json()["due_on"]) > dt.date.fromisoformat(asked.json()["asked_on"])


@pytest.mark.parametrize("place", ["5101", "德阳市", "010100"])
async def test_a_place_is_a_code(insurance: Harness, worker_id: str, place: str) -> None:
    assert (await ask(insurance, worker_id, other_place=place)).status_code == 422


async def test_what_moves_for_a_merged_record_moves_for_the_person(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str
) -> None:
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    merged = new_id()
    await insurance.publish(registered(merged, new_id_number()))
    await insurance.settled()
    assert (await ask(insurance, worker_id)).status_code == 201
    twice = (await ask(insurance, merged)).json()["transfer_id"]
    once = (await ask(insurance, merged, insurance="medical")).json()["transfer_id"]
    await insurance.publish(WorkerMerged(worker_id=worker_id, merged_worker_id=merged))

    async def moved() -> bool:
        transfer = await Transfer.of(once)
        return transfer is not None and transfer.worker_id == worker_id

    await eventually(moved)
    left = await Transfer.of(twice)
    assert left is not None
    assert (left.worker_id, left.watch) == (merged, commands.TWO_OF_ONE)
    assert (await ask(insurance, worker_id, insurance="medical")).status_code == 409


async def test_a_published_year_moves_a_transfers_last_day(
    insurance: Harness, province: httpx2.AsyncClient, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was reckoned by weekends alone; with New Year's Day off it comes a working day later."""
    await province.post("/sandbox/behaviour", json={"result_delay_ms": 600_000})
    with before_2027():
        provisional = dt.date.fromisoformat((await ask(insurance, worker_id)).json()["due_on"])
        await publish_2027(monkeypatch)

        async def moved() -> dt.date | None:
            due_on = dt.date.fromisoformat((await read(insurance, worker_id))["due_on"])
            return due_on if due_on != provisional else None

        due_on = await eventually(moved)
    asked_on = calendar.shanghai_date(BEFORE)
    assert due_on == rules.due_on("pension", asked_on, parameters.on(asked_on, place="510600"))
    assert due_on > provisional
